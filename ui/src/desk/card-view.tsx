// What to do next: one suggestion in full, the others by their titles, and
// what became of those that were answered.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { clock } from "../format";
import { useKeys } from "../keys";
import { Cap } from "../parts/bits";
import { Icon, type IconName } from "../parts/icon";
import { Why } from "../parts/why";
import type { Answer, Choice } from "../wire";
import { secondsOf, type Answered } from "./cards";
import { showSecond } from "./captions-view";
import type { LiveCall } from "./live";
import { Offered, ProposalPrompt } from "./proposal-view";

export function CardZone({ desk }: { desk: LiveCall }): JSX.Element {
  const wide = useSignal(false);
  useKeys("Suggestion", [
    { key: "a", label: "Accept the suggestion", run: () => void desk.answer("accepted", true) },
    { key: "d", label: "Dismiss it", run: () => void desk.answer("dismissed", true) },
    { key: "l", label: "Later", run: () => void desk.answer("later", true) },
    { key: "w", label: "Why this one", run: toggleWhy },
    { key: "m", label: "Show the other suggestions", run: () => (wide.value = !wide.value) },
    { key: "s", label: "Move the focus to the suggestion and back", run: focusCard },
  ]);
  const card = desk.held.value ?? desk.card.value;
  return (
    <section class="next" aria-label="Do next">
      <p class="unseen" role="status">{spoken(desk)}</p>
      <ProposalPrompt desk={desk} />
      {card ? <Card desk={desk} card={card} wide={wide} /> : <><Quiet desk={desk} /><Done desk={desk} /></>}
    </section>
  );
}

function spoken(desk: LiveCall): string {
  if (desk.note.value) return desk.note.value;
  const held = desk.held.value;
  if (held) return `${held.title}: ${stateWords(answerOf(desk, held))}`;
  const c = desk.card.value;
  return c ? `Suggestion: ${c.title}. Say: ${c.say}` : "";
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
  return desk.answered.value.findLast((a) => a.action === c.action);
}

const past: Record<Answer, string> = {
  accepted: "Accepted", dismissed: "Dismissed", later: "Put off", rejected: "Refused by the customer",
};

function stateWords(a: Answered | undefined): string {
  if (!a) return "";
  if (a.state === "pending") return `${past[a.answer]}, being recorded…`;
  return a.state === "recorded" ? `${past[a.answer]}. Recorded` : "Not recorded";
}

interface CardProps {
  desk: LiveCall;
  card: Choice;
  wide: { value: boolean };
}

function Card({ desk, card, wide }: CardProps): JSX.Element {
  const held = desk.held.value === card;
  const others = desk.cards.value.filter((c) => c !== card);
  return (
    <>
      <div class={`card${held ? " card-held" : ""}`} id="card" tabIndex={-1} data-action={card.action}>
        <div class="card-body">
          <h2><span class="label">Do next</span><bdi>{card.title}</bdi></h2>
          {card.say && <p class="say"><span class="label">Say</span><q dir="auto">{card.say}</q></p>}
          {card.avoid && <p class="avoid"><span class="label">Avoid</span><span dir="auto">{card.avoid}</span></p>}
          <Because desk={desk} card={card} />
          <details key={card.action}>
            <summary>Why? <Cap k="W" /></summary>
            <Why of={card} call={desk.id} show={(s) => showSecond(desk, s)} />
          </details>
        </div>
        <div class="card-acts">
          {held ? <Held answered={answerOf(desk, card)} /> : <Acts desk={desk} />}
        </div>
      </div>
      {desk.note.value && <p class="card-note">{desk.note.value}</p>}
      <div class="next-foot">
        {others.length > 0 && !held && <Others desk={desk} others={others} wide={wide} />}
        <Offered desk={desk} />
        <Done desk={desk} />
      </div>
    </>
  );
}

function Because({ desk, card }: { desk: LiveCall; card: Choice }): JSX.Element {
  const times = secondsOf(card, desk.id, desk.captions.value.lines);
  return (
    <p class="because">
      <span class="label">Because</span>
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

const acts: readonly { answer: Answer; text: string; k: string; icon: IconName }[] = [
  { answer: "accepted", text: "Accept", k: "A", icon: "check" },
  { answer: "dismissed", text: "Dismiss", k: "D", icon: "cross" },
  { answer: "later", text: "Later", k: "L", icon: "later" },
];

function Acts({ desk }: { desk: LiveCall }): JSX.Element {
  return (
    <>
      {acts.map((a) => (
        <button type="button" key={a.answer} class={a.answer === "accepted" ? "main" : ""} aria-keyshortcuts={a.k}
          onClick={() => void desk.answer(a.answer)}>
          <Icon name={a.icon} /><span>{a.text}</span><Cap k={a.k} />
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
        {wide.value ? "Hide the others" : `+ ${others.length} more`} <Cap k="M" />
      </button>
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
  const over = desk.call.value !== undefined && desk.call.value.status !== "live";
  if (over) return <p class="quiet-line">The call is over. Nothing is left to answer.</p>;
  if (!d) return <p class="quiet-line">Listening. A suggestion comes when there is something worth saying.</p>;
  if ((d.actions ?? []).length > 0) return <p class="quiet-line">Every suggestion is answered. Listening.</p>;
  return <p class="quiet-line"><b>Nothing to suggest.</b> <span dir="auto">{d.because}</span></p>;
}

function Done({ desk }: { desk: LiveCall }): JSX.Element | null {
  const all = desk.answered.value;
  if (all.length === 0) return null;
  // The latest two; the call page has them all.
  const shown = all.toReversed().slice(0, 2);
  const began = Date.parse(desk.call.value?.started_at ?? "");
  return (
    <ul class="done" aria-label="Answered in this call">
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
