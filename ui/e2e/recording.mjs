// What the mock makes of an order about the recording of a live call.

const over = "that is not possible any more: the call is over, or its caller refused to be recorded";

/** Gives the status and the body of the answer. */
export function ordered(world, r, action) {
  const { recording, status, started_at, id } = r.call;
  if (status !== "live" || recording.state === "refused") return [409, { title: "Conflict", status: 409, detail: over }];
  const at = (Date.now() - Date.parse(started_at)) / 1000;
  const paused = recording.paused ?? [];
  const next = {
    pause: { ...recording, state: "paused", paused: [...paused, { start: at, end: 0 }] },
    resume: { ...recording, state: "recording", paused: paused.map((p) => (p.end ? p : { ...p, end: at })) },
    allow: { ...recording, state: "recording", answer: "yes" },
    refuse: { ...recording, state: "refused", answer: "no" },
  }[action];
  if (action === "refuse") Object.assign(r, { utterances: [], insights: [] });
  world.change(id, { recording: next, ...(action === "refuse" ? { captions: "off" } : {}) });
  return [200, { done: true }];
}
