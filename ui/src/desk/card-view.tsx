// What to do next: one suggestion in full, the others by their titles, and
// what became of those that were answered.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { clock, figure, moment, span } from "../format";
import { useKeys, type Key } from "../keys";
import { t } from "../lang";
import { Cap } from "../parts/bits";
import { Icon, type IconName } from "../parts/icon";
import { Why } from "../parts/why";
import { mayHandle } from "../session";
import type { Answer, Choice } from "../wire";
import { secondsOf, type Answered } from "./cards";
import { showSecond } from "./captions-view";
import type { LiveCall } from "./live";
import { whileMinutes } from "./mute";
import { WrapUpZone } from "./wrap-view";
import { Offered, ProposalPrompt } from "./proposal-view";

export function CardZone({ desk }: { desk: LiveCall }): JSX.Element {
  const wide = useSignal(false);
  const d = t().desk;
  useKeys(d.suggestion, [
    ...(mayHandle() ? answerKeys(desk) : []),
    { key: "j", label: d.keys.next, run: () => desk.next() },
    { key: "w", label: d.keys.why, run: toggleWhy },
    { key: "m", label: d.keys.more, run: () => (wide.value = !wide.value) },
    { key: "s", label: d.keys.focus, run: focusCard },
  ]);
  useLeaving(desk);
  const card = desk.answering.held.value ?? desk.card.value;
  return (
    <section class="next" aria-label={d.doNext}>
      <p class="unseen" role="status">{spoken(desk)}</p>
      <ProposalPrompt desk={desk} />
      {desk.over.value && mayHandle() && <WrapUpZone desk={desk} />}
      {card ? <Card desk={desk} card={card} wide={wide} /> : <Instead desk={desk} />}
    </section>
  );
}

function answerKeys(desk: LiveCall): Key[] {
  const { keys } = t().desk;
  return [
    { key: "a", label: keys.accept, run: () => desk.answer("accepted", true) },
    { key: "d", label: keys.dismiss, run: () => desk.answer("dismissed", true) },
    { key: "l", label: keys.later, run: () => desk.answer("later", true) },
    { key: "u", label: keys.undo, run: () => undo(desk) },
    { key: "q", label: keys.mute, run: () => live(desk) && desk.muting.toggle() },
  ];
}

const live = (desk: LiveCall): boolean => desk.call.peek()?.status === "live";

/** Sends what waits to be sent when the page is left. */
function useLeaving(desk: LiveCall): void {
  useEffect(() => {
    const leave = (): void => desk.leave();
    window.addEventListener("pagehide", leave);
    return () => window.removeEventListener("pagehide", leave);
  }, [desk]);
}

/** Takes back what was done last: a confirmation of what was heard first. */
function undo(desk: LiveCall): void {
  if (desk.proposals.held.peek()) desk.proposals.undo();
  else if (!desk.undo.undo()) desk.answering.note.value = t().desk.nothingToUndo;
}

function Instead({ desk }: { desk: LiveCall }): JSX.Element {
  if (desk.over.value) return <Done desk={desk} />;
  return (
    <>
      {desk.muting.on.value ? <Muted desk={desk} /> : <Quiet desk={desk} />}
      <Note desk={desk} />
      <div class="next-foot">
        <Done desk={desk} />
        {!desk.muting.on.value && <MuteButton desk={desk} />}
      </div>
    </>
  );
}

/** What was last refused or done. */
function Note({ desk }: { desk: LiveCall }): JSX.Element | null {
  const text = desk.answering.note.value || desk.muting.trouble.value;
  return text ? <p class="card-note">{text}</p> : null;
}

function spoken(desk: LiveCall): string {
  const { held, note } = desk.answering;
  if (note.value) return note.value;
  if (held.value) return `${held.value.title}: ${stateWords(answerOf(desk, held.value))}`;
  if (desk.muting.on.value) return mutedText(desk);
  const c = desk.card.value;
  return c ? t().desk.suggested(c.title, c.say) : "";
}

function toggleWhy(): void {
  const d = document.querySelector<HTMLDetailsElement>("#card details");
  if (d) d.open = !d.open;
}

let cameFrom: Element | null = null;

function focusCard(): void {
  const card = document.getElementById("card");
  if (!card) return;
  if (card.contains(document.activeElement)) {
    if (cameFrom instanceof HTMLElement && cameFrom.isConnected) cameFrom.focus();
    else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    return;
  }
  cameFrom = document.activeElement;
  card.focus();
}

function answerOf(desk: LiveCall, c: Choice): Answered | undefined {
  return desk.answering.answered.value.findLast((a) => a.action === c.action);
}

function stateWords(a: Answered | undefined): string {
  if (!a) return "";
  const d = t().desk;
  const what = d.past[a.answer];
  if (a.state === "waiting") return d.canUndo(what);
  if (a.state === "pending") return d.recording(what);
  return a.state === "recorded" ? d.recorded(what) : d.notRecorded;
}

interface CardProps {
  desk: LiveCall;
  card: Choice;
  wide: { value: boolean };
}

function Card({ desk, card, wide }: CardProps): JSX.Element {
  const held = desk.answering.held.value === card;
  const others = desk.cards.value.filter((c) => c !== card);
  const say = t().desk;
  return (
    <>
      <div class={`card${held ? " card-held" : ""}`} id="card" tabIndex={-1} data-action={card.action}>
        <div class="card-body">
          <h2><span class="label">{say.doNext}</span><bdi>{card.title}</bdi></h2>
          {card.say && <p class="say"><span class="label">{say.say}</span><q dir="auto">{card.say}</q></p>}
          {card.avoid && <p class="avoid"><span class="label">{say.avoid}</span><span dir="auto">{card.avoid}</span></p>}
          <Because desk={desk} card={card} />
          <details key={card.action}>
            <summary>{say.why} <Cap k="W" /></summary>
            <Why of={card} call={desk.id} show={(s) => showSecond(desk, s)} />
          </details>
        </div>
        {mayHandle() && (
          <div class="card-acts">
            {held ? <Held answered={answerOf(desk, card)} /> : <Acts desk={desk} />}
          </div>
        )}
      </div>
      <Note desk={desk} />
      <div class="next-foot">
        {others.length > 0 && !held && <Others desk={desk} others={others} wide={wide} />}
        <Offered desk={desk} />
        <Done desk={desk} />
        {!held && <MuteButton desk={desk} />}
      </div>
    </>
  );
}

function Because({ desk, card }: { desk: LiveCall; card: Choice }): JSX.Element {
  const times = secondsOf(card, desk.id, desk.captions.value.lines);
  return (
    <p class="because">
      <span class="label">{t().desk.because}</span>
      <span>
        <bdi>{card.because}</bdi>
        {times.map((e) => (
          <button type="button" class="at" key={e.call_second} title={e.quote} onClick={() => showSecond(desk, e.call_second ?? 0)}>
            {clock(e.call_second ?? 0)}
          </button>
        ))}
      </span>
    </p>
  );
}

const acts: readonly { answer: Answer; text: "accept" | "dismiss" | "later"; k: string; icon: IconName }[] = [
  { answer: "accepted", text: "accept", k: "A", icon: "check" },
  { answer: "dismissed", text: "dismiss", k: "D", icon: "cross" },
  { answer: "later", text: "later", k: "L", icon: "later" },
];

function Acts({ desk }: { desk: LiveCall }): JSX.Element {
  const d = t().desk;
  return (
    <>
      {acts.map((a) => (
        <button type="button" key={a.answer} class={a.answer === "accepted" ? "main" : ""} aria-keyshortcuts={a.k}
          onClick={() => desk.answer(a.answer)}>
          <Icon name={a.icon} /><span>{d[a.text]}</span><Cap k={a.k} />
        </button>
      ))}
    </>
  );
}

function Held({ answered }: { answered: Answered | undefined }): JSX.Element {
  return <p class={`held held-${answered?.state ?? "pending"}`}>{answered?.state === "recorded" && <Icon name="check" />}{stateWords(answered)}</p>;
}

function Others({ desk, others, wide }: { desk: LiveCall; others: readonly Choice[]; wide: { value: boolean } }): JSX.Element {
  return (
    <div class="others">
      <button type="button" class="quiet" aria-expanded={wide.value} onClick={() => (wide.value = !wide.value)}>
        {wide.value ? t().desk.hideOthers : t().desk.more(figure(others.length, 0))} <Cap k="M" />
      </button>
      <button type="button" class="quiet" aria-keyshortcuts="J" onClick={() => desk.next()}>{t().desk.next} <Cap k="J" /></button>
      {wide.value && (
        <ul>
          {others.map((c) => (
            <li key={c.action}>
              <button type="button" class="other" onClick={() => desk.choose(c.action)}>
                <b dir="auto">{c.title}</b> <span class="muted" dir="auto">{c.because}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

// Nothing to suggest is an answer too, with its reason.
function Quiet({ desk }: { desk: LiveCall }): JSX.Element {
  const d = desk.decision.value;
  const say = t().desk;
  if (!d) return <p class="quiet-line">{say.listening}</p>;
  if ((d.actions ?? []).length > 0) return <p class="quiet-line">{say.allAnswered}</p>;
  return <p class="quiet-line"><b>{say.nothing}</b> <span dir="auto">{d.because}</span></p>;
}

function MuteButton({ desk }: { desk: LiveCall }): JSX.Element | null {
  if (desk.over.value || !mayHandle()) return null;
  return (
    <button type="button" class="quiet" aria-keyshortcuts="Q" disabled={desk.muting.busy.value} onClick={() => void desk.muting.mute()}>
      {t().desk.mute} <Cap k="Q" />
    </button>
  );
}

function mutedText(desk: LiveCall): string {
  const until = desk.muting.on.value?.until;
  return until ? t().desk.mutedUntil(moment(until)) : t().desk.muted;
}

function Muted({ desk }: { desk: LiveCall }): JSX.Element {
  const d = t().desk;
  const busy = desk.muting.busy.value;
  return (
    <div class="note muted-now">
      <span><b>{mutedText(desk)}</b> <span class="muted">{d.mutedNote}</span></span>
      {mayHandle() && <button type="button" aria-keyshortcuts="Q" disabled={busy} onClick={() => void desk.muting.unmute()}>{d.unmute} <Cap k="Q" /></button>}
      {mayHandle() && !desk.muting.on.value?.until && (
        <button type="button" class="quiet" disabled={busy} onClick={() => void desk.muting.mute(whileMinutes)}>{d.muteWhile(span(whileMinutes * 60))}</button>
      )}
    </div>
  );
}

function Done({ desk }: { desk: LiveCall }): JSX.Element | null {
  const all = desk.answering.answered.value;
  if (all.length === 0) return null;
  // The latest two; the call page has them all.
  const shown = all.toReversed().slice(0, 2);
  const began = Date.parse(desk.call.value?.started_at ?? "");
  return (
    <ul class="done" aria-label={t().desk.answered}>
      {shown.map((a) => (
        <li key={`${a.decision}${a.action}`} data-outcome={a.answer} data-state={a.state} data-action={a.action}>
          <Icon name={a.answer === "accepted" ? "check" : a.answer === "later" ? "later" : "cross"} />
          <span dir="auto">{a.title}</span>
          <span class="muted">{stateWords(a)} · {clock((a.at - began) / 1000)}</span>
        </li>
      ))}
    </ul>
  );
}
