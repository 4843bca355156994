// Saying what was really said, in the place where it is read. What was heard
// stays below, and is never edited.

import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { Problem } from "../api";
import { clock } from "../format";
import { Icon } from "../parts/icon";
import { me } from "../session";
import { clean } from "../text";
import type { CallDetail, Correction, User, Utterance } from "../wire";
import type { CallPage } from "./store";

/** Longest correction that the server takes, in characters. */
const longest = 2000;

/** Whether somebody may correct a call: an agent their own, an administrator all. */
export function mayCorrect(who: User | null | undefined, d: Pick<CallDetail, "agent"> | undefined): boolean {
  if (!who || !d) return false;
  if (who.role === "admin") return true;
  return who.role === "agent" && !!d.agent && d.agent.toLowerCase() === who.name.toLowerCase();
}

interface Props {
  utterance: Utterance;
  page: CallPage;
  /** The words as they were heard. */
  children: ComponentChildren;
}

/** An utterance's words: as heard, as corrected, or being corrected. */
export function Correctable({ utterance: u, page, children }: Props): JSX.Element {
  const editing = useSignal(false);
  const opener = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  useLayoutEffect(() => {
    if (was.current && !editing.value) opener.current?.focus();
    was.current = editing.value;
  }, [editing.value]);
  const c = page.corrections.value.get(u.id);
  const may = mayCorrect(me.value, page.detail.value);
  if (editing.value) return <Editor utterance={u} page={page} correction={c} close={() => (editing.value = false)}>{children}</Editor>;
  const pencil = may && (
    <button ref={opener} type="button" class="quiet correct-open" title="Correct" aria-label={`Correct what was said at ${clock(u.start)}`}
      onClick={inside(() => (editing.value = true))}>
      <Icon name="pencil" />
    </button>
  );
  if (!c) return <>{children}{pencil}</>;
  return (
    <>
      <span class="corrected" dir="auto">
        {clean(c.text)}
        <span class="tag" title={`by ${c.by || "somebody"}, ${new Date(c.at).toLocaleString()}`}>corrected</span>
      </span>
      {pencil}
      <Heard>{children}</Heard>
    </>
  );
}

function Heard({ children }: { children: ComponentChildren }): JSX.Element {
  return <small class="heard muted"><span>heard: </span>{children}</small>;
}

interface EditorProps extends Props {
  correction: Correction | undefined;
  close(): void;
}

function Editor({ utterance: u, page, correction, close, children }: EditorProps): JSX.Element {
  // Where there is a form that people write, they correct that one.
  const before = correction?.text ?? ((u as { written?: string }).written || u.text);
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const busy = useSignal(false);
  const problem = useSignal<Problem | undefined>(undefined);
  useLayoutEffect(() => {
    const el = field.current;
    el?.focus();
    el?.setSelectionRange(el.value.length, el.value.length);
    if (el) fit(el);
  }, []);
  const send = (what: () => Promise<void>): void => {
    busy.value = true;
    problem.value = undefined;
    what().then(close, (err: unknown) => {
      problem.value = err instanceof Problem ? err : new Problem(0, "It was not saved", String(err));
      busy.value = false;
      field.current?.focus();
    });
  };
  const save = (): void => {
    const text = field.current?.value.trim() ?? "";
    if (busy.peek()) return;
    if (text === "" || text === before) close();
    else send(() => page.correct(u.id, text));
  };
  const key = (e: KeyboardEvent): void => {
    if (e.isComposing) return;
    if (e.key === "Escape") close();
    else if (e.key === "Enter" && !e.shiftKey) save();
    else return;
    e.preventDefault();
    e.stopPropagation();
  };
  return (
    // Clicks on a line play it; here they do not.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <div class="correct" onClick={(e) => e.stopPropagation()}>
      <label class="unseen" for={id}>What was said at {clock(u.start)}</label>
      <textarea ref={field} id={id} dir="auto" rows={1} maxLength={longest} defaultValue={clean(before)} readOnly={busy.value}
        aria-invalid={problem.value ? true : undefined} aria-describedby={`${id}-heard`} onKeyDown={key} onInput={(e) => fit(e.currentTarget)} />
      <span id={`${id}-heard`}><Heard>{children}</Heard></span>
      {problem.value && <span class="tone-bad" role="alert">{problem.value.message}</span>}
      <span class="correct-keys">
        <button type="button" class="main" disabled={busy.value} onClick={save}>Save <kbd>Enter</kbd></button>
        <button type="button" disabled={busy.value} onClick={close}>Cancel <kbd>Esc</kbd></button>
        {correction && <button type="button" class="quiet" disabled={busy.value} onClick={() => send(() => page.uncorrect(u.id))}>Undo the correction</button>}
      </span>
    </div>
  );
}

/** Makes a field as high as its text. */
function fit(el: HTMLTextAreaElement): void {
  el.style.height = "auto";
  el.style.height = `${el.scrollHeight + 2}px`;
}

/** Runs a click and keeps it from the line around it, which would play. */
function inside(run: () => void): (e: Event) => void {
  return (e) => {
    e.stopPropagation();
    run();
  };
}
