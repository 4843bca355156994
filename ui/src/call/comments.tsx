// What people wrote beside a call: at its lines, and together at the side.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { clock, figure } from "../format";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Cap, When } from "../parts/bits";
import { clean } from "../text";
import type { Utterance } from "../wire";
import { mayComment, type Place } from "./notes";
import type { Player } from "./player";
import type { CallPage } from "./store";
import type { Comment } from "./wire";

/** Longest comment that the server takes, in characters. */
const longest = 2000;

export function Comments({ page, player }: { page: CallPage; player: Player }): JSX.Element | null {
  const { call } = t();
  const notes = page.notes;
  const open = notes.writing.value;
  useKeys(call.comments, mayComment() ? [
    { key: "c", label: call.commentKey, run: () => (notes.writing.value = { second: player.at.peek() }) },
  ] : []);
  if (!mayComment() && notes.all.value.length === 0) return null;
  return (
    <section class="side-part" aria-labelledby="comments-title">
      <h2 id="comments-title">{call.comments} <span class="muted num">{figure(notes.all.value.length)}</span></h2>
      {notes.all.value.length === 0 && <p class="muted">{call.noComments}</p>}
      <ul class="comments">{notes.all.value.map((c) => <One key={c.id} of={c} page={page} player={player} />)}</ul>
      <div role="status">
        {notes.removed.value && (
          <p class="note note-accent"><span>{call.commentRemoved}</span><button type="button" onClick={() => void notes.restore()}>{call.undo}</button></p>
        )}
      </div>
      {notes.problem.value && <p class="tone-bad" role="alert">{notes.problem.value.message}</p>}
      {mayComment() && (open && !open.utterance
        ? <Composer page={page} place={open} player={player} />
        : <button type="button" onClick={() => (notes.writing.value = { second: player.at.peek() })}>{call.addComment} <Cap k="C" /></button>)}
    </section>
  );
}

/** The comments on a line, and writing one there. */
export function CommentsAt({ utterance: u, page }: { utterance: Utterance; page: CallPage }): JSX.Element | null {
  const mine = page.notes.byLine.value.get(u.id);
  const open = page.notes.writing.value;
  if (!mine && open?.utterance !== u.id) return null;
  return (
    // Clicks on a line play it; here they do not.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <span class="line-notes" onClick={(e) => e.stopPropagation()}>
      {mine?.map((c) => <span key={c.id} class="line-note"><b><bdi>{c.by}</bdi></b> <span dir="auto">{clean(c.text)}</span></span>)}
      {open?.utterance === u.id && <Composer page={page} place={open} />}
    </span>
  );
}

function One({ of: c, page, player }: { of: Comment; page: CallPage; player: Player }): JSX.Element {
  const { call } = t();
  const notes = page.notes;
  if (notes.changing.value === c.id) return <li><Changing of={c} page={page} /></li>;
  return (
    <li>
      <p class="comment-head">
        {c.second !== undefined && <button type="button" class="at" aria-label={call.playFrom(clock(c.second))} onClick={() => player.playFrom(c.second ?? 0)}>{clock(c.second)}</button>}
        <b><bdi>{c.by || call.somebody}</bdi></b> <span class="muted"><When at={c.at} />{c.edited && <> · {call.edited}</>}</span>
      </p>
      <p dir="auto">{clean(c.text)}</p>
      {(notes.mayChange(c) || notes.mayRemove(c)) && (
        <p class="comment-acts">
          {notes.mayChange(c) && <button type="button" class="quiet" onClick={() => (notes.changing.value = c.id)}>{call.edit}</button>}
          {notes.mayRemove(c) && <button type="button" class="quiet" onClick={() => void notes.remove(c)}>{call.remove}</button>}
        </p>
      )}
    </li>
  );
}

function Composer({ page, place, player }: { page: CallPage; place: Place; player?: Player }): JSX.Element {
  const { call } = t();
  const whole = useSignal(place.second === undefined || (place.utterance === undefined && place.second < 0.5));
  const at = whole.value ? {} : place;
  return (
    <Field label={call.newComment} before="" page={page} send={(text) => page.notes.add(text, at)} close={() => (page.notes.writing.value = undefined)}>
      {player && place.second !== undefined && place.second >= 0.5 && (
        <label><input type="checkbox" checked={!whole.value} onChange={(e) => (whole.value = !e.currentTarget.checked)} /> {call.atSecond(clock(place.second))}</label>
      )}
    </Field>
  );
}

function Changing({ of: c, page }: { of: Comment; page: CallPage }): JSX.Element {
  return (
    <Field label={t().call.editComment} before={c.text} page={page} close={() => (page.notes.changing.value = "")}
      send={(text) => page.notes.change(c, text)} />
  );
}

interface FieldProps {
  label: string;
  before: string;
  page: CallPage;
  send(text: string): Promise<boolean>;
  close(): void;
  children?: JSX.Element | false | undefined;
}

function Field({ label, before, page, send, close, children }: FieldProps): JSX.Element {
  const { call } = t();
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const busy = page.notes.busy.value;
  const save = (): void => {
    const text = field.current?.value.trim() ?? "";
    if (text === "" || text === before) close();
    else if (!page.notes.busy.peek()) void send(text);
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
    <span class="comment-field">
      <textarea ref={field} rows={2} dir="auto" maxLength={longest} aria-label={label} placeholder={label} defaultValue={before} readOnly={busy} onKeyDown={key} />
      {children}
      <span class="correct-keys">
        <button type="button" class="main" disabled={busy} onClick={save}>{call.save} <kbd>{call.enterKey}</kbd></button>
        <button type="button" disabled={busy} onClick={close}>{call.cancel} <kbd>{call.escapeKey}</kbd></button>
      </span>
    </span>
  );
}
