// What the agent types during a call. It is kept in this browser; another tab
// with the same call is never written over unseen.

import { signal, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { useKeys } from "../keys";
import { t } from "../lang";
import { keepNotes, notesKey, notesOf } from "../prefs";

export class Pad {
  readonly text: Signal<string>;
  readonly kept = signal(true);
  /** What another tab has written over words that were typed here. */
  readonly other = signal<string | undefined>(undefined);

  /** What both tabs had when this one was last in step. */
  private common: string;

  constructor(private readonly call: string) {
    this.common = notesOf(call);
    this.text = signal(this.common);
  }

  write(text: string): void {
    this.text.value = text;
    // While another tab's words wait for a choice, none of both is lost.
    if (this.other.peek() !== undefined) return;
    this.common = text;
    this.kept.value = keepNotes(this.call, text);
  }

  /** Another tab has kept something: taken, unless both have written. */
  changed(text: string, typing: boolean): void {
    if (text === this.text.peek()) this.other.value = undefined;
    else if (!typing && this.text.peek() === this.common) this.take(text);
    else this.other.value = text;
  }

  take(text = this.other.peek() ?? ""): void {
    this.text.value = this.common = text;
    this.other.value = undefined;
    this.kept.value = keepNotes(this.call, text);
  }

  mine(): void {
    this.other.value = undefined;
    this.write(this.text.peek());
  }
}

export function Notes({ call }: { call: string }): JSX.Element {
  const pad = useMemo(() => new Pad(call), [call]);
  const d = t().desk;
  useKeys(d.notes, [{ key: "n", label: d.writeNotes, run: () => document.getElementById("notes")?.focus() }]);
  useEffect(() => {
    const told = (e: StorageEvent): void => {
      if (e.key === notesKey(call)) pad.changed(e.newValue ?? "", document.activeElement?.id === "notes");
    };
    addEventListener("storage", told);
    return () => removeEventListener("storage", told);
  }, [call, pad]);
  return (
    <section class="notes">
      <label class="label" for="notes">{d.notes}</label>
      {pad.other.value !== undefined && (
        <div class="note note-warn" role="alert">
          <span>{d.notesOther}</span>
          <button type="button" onClick={() => pad.take()}>{d.notesTheirs}</button>
          <button type="button" onClick={() => pad.mine()}>{d.notesMine}</button>
        </div>
      )}
      <textarea id="notes" dir="auto" value={pad.text.value} placeholder={d.notesHint} onKeyDown={(e) => e.key === "Escape" && e.currentTarget.blur()}
        onInput={(e) => pad.write(e.currentTarget.value)} />
      <small class="muted">{pad.kept.value ? d.notesKept : d.notesLost}</small>
    </section>
  );
}
