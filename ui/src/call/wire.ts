// What people add to a call, field for field as the HTTP API has it.

/** A comment on a call, as the HTTP API has it. */
export interface Comment {
  id: string;
  call_id: string;
  second?: number;
  utterance_id?: string;
  text: string;
  actor: string;
  by: string;
  at: string;
  edited?: string;
}

/** One step in how a line came to read as it does; without text it was taken back. */
export interface Rewording {
  at: string;
  by?: string;
  text?: string;
}
