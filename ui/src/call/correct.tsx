// Saying what was really said, in the place where it is read. What was heard
// stays below, and is never edited.

import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { asProblem, Problem } from "../api";
import { clock, exact } from "../format";
import { t } from "../lang";
import { When } from "../parts/bits";
import { Icon } from "../parts/icon";
import { me } from "../session";
import { clean, pieces } from "../text";
import { many, type CallDetail, type Correction, type Span, type User, type Utterance } from "../wire";
import type { CallPage } from "./store";
import { foundMarks, Part, removedIn } from "./words";
import type { Rewording } from "./wire";

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
  /** Whether the tab key stops at its button. */
  stop?: 0 | -1;
  /** Where a search stands in the corrected text, and the match that is shown now. */
  found?: readonly Span[] | undefined;
  here?: number | undefined;
  /** The words as they were heard. */
  children: ComponentChildren;
}

/** An utterance's words: as heard, as corrected, or being corrected. */
export function Correctable({ utterance: u, page, stop = 0, found, here, children }: Props): JSX.Element {
  const { call } = t();
  const editing = useSignal(false);
  const opener = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  useLayoutEffect(() => {
    // Back to where it was opened, unless the reader is somewhere else by now.
    if (was.current && !editing.value && (document.activeElement ?? document.body) === document.body) opener.current?.focus();
    was.current = editing.value;
  }, [editing.value]);
  const c = page.corrections.value.get(u.id);
  const may = mayCorrect(me.value, page.detail.value);
  if (editing.value) return <Editor utterance={u} page={page} correction={c} close={() => (editing.value = false)}>{children}</Editor>;
  const pencil = may && (
    <button ref={opener} type="button" class="quiet line-act correct-open" tabIndex={stop} title={call.correct} aria-label={call.correctAt(clock(u.start))}
      onClick={inside(() => (editing.value = true))}>
      <Icon name="pencil" />
    </button>
  );
  if (!c) return <>{children}{pencil}</>;
  return (
    <>
      <span class="corrected" dir="auto">
        {pieces(c.text, [], [...removedIn(c.text), ...foundMarks(found, here)]).map((p, i) => <Part key={i} piece={p} second={undefined} playing={false} />)}
        <span class="tag" title={call.correctedBy(c.by || call.somebody, exact(c.at))}>{call.corrected}</span>
      </span>
      {pencil}
      <Heard>{children}</Heard>
    </>
  );
}

function Heard({ children }: { children: ComponentChildren }): JSX.Element {
  return <small class="heard muted"><span>{t().call.heard} </span>{children}</small>;
}

interface EditorProps extends Props {
  correction: Correction | undefined;
  close(): void;
}

function Editor({ utterance: u, page, correction, close, children }: EditorProps): JSX.Element {
  // Where there is a form that people write, they correct that one.
  const { call } = t();
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
      problem.value = asProblem(err, t().call.notSaved);
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
      <label class="unseen" for={id}>{call.saidAt(clock(u.start))}</label>
      <textarea ref={field} id={id} dir="auto" rows={1} maxLength={longest} defaultValue={clean(before)} readOnly={busy.value}
        aria-invalid={problem.value ? true : undefined} aria-describedby={`${id}-heard`} onKeyDown={key} onInput={(e) => fit(e.currentTarget)} />
      <span id={`${id}-heard`}><Heard>{children}</Heard></span>
      {problem.value && <span class="tone-bad" role="alert">{problem.value.message}</span>}
      <span class="correct-keys">
        <button type="button" class="main" disabled={busy.value} onClick={save}>{call.save} <kbd>{call.enterKey}</kbd></button>
        <button type="button" disabled={busy.value} onClick={close}>{call.cancel} <kbd>{call.escapeKey}</kbd></button>
        {correction && <button type="button" class="quiet" disabled={busy.value} onClick={() => send(() => page.uncorrect(u.id))}>{call.undoCorrection}</button>}
      </span>
      <History utterance={u} page={page} />
    </div>
  );
}

/** Who said that what was said, and who took it back; asked for when it is opened. */
function History({ utterance: u, page }: { utterance: Utterance; page: CallPage }): JSX.Element {
  const { call } = t();
  const steps = useSignal<readonly Rewording[] | undefined>(undefined);
  const failed = useSignal("");
  const ask = (open: boolean): void => {
    if (!open || steps.peek()) return;
    page.rewordings(u.id).then((all) => (steps.value = all), (err: unknown) => (failed.value = err instanceof Error ? err.message : String(err)));
  };
  return (
    <details class="more" onToggle={(e) => ask(e.currentTarget.open)}>
      <summary>{call.history}</summary>
      {failed.value && <p class="tone-bad" role="alert">{failed.value}</p>}
      {steps.value?.length === 0 && <p class="muted">{call.neverCorrected}</p>}
      <ol class="plain">
        {many(steps.value).map((s) => (
          <li key={s.at}><small class="muted"><When at={s.at} /> <bdi>{s.by || call.somebody}</bdi>:</small> {s.text ? <q dir="auto">{clean(s.text)}</q> : call.tookBack}</li>
        ))}
      </ol>
    </details>
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
