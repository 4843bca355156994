// What happened to a customer, the latest first.

import type { JSX } from "preact";
import { figure, labelText, sentence, words } from "../format";
import { When } from "../parts/bits";
import { Changes, mayAudit } from "../parts/changes";
import { useRoving } from "../parts/roving";
import { links } from "../route";
import { clean } from "../text";
import { kinds, type CustomerPageStore } from "./store";
import type { Entry } from "./wire";

export function Timeline({ store }: { store: CustomerPageStore }): JSX.Element {
  const entries = store.entries.value;
  const box = useRoving<HTMLOListElement>(entries.length);
  return (
    <section aria-label="Timeline">
      <h2>What happened</h2>
      <div class="who-kinds" role="group" aria-label="Kinds">
        {[["", "All"] as const, ...kinds].map(([k, text]) => (
          <button key={k} type="button" class="chip" aria-pressed={store.kind.value === k} onClick={() => void store.show(k)}>{text}</button>
        ))}
      </div>
      {entries.length === 0 && <p class="muted" role="status">Nothing of this kind.</p>}
      <ol class="who-line" ref={box} data-roving>
        {entries.map((e) => <Row key={e.id} of={e} />)}
      </ol>
      {store.next.value !== "" && (
        <button type="button" class="more-button" onClick={() => void store.more()}>Show earlier</button>
      )}
    </section>
  );
}

function Row({ of }: { of: Entry }): JSX.Element {
  const inside = (
    <>
      <span class="who-when muted num"><When at={of.at} /></span>
      <span class="who-what"><b>{title(of)}</b> <span dir="auto">{clean(detail(of))}</span></span>
      {of.source && <small class="muted">{words(of.source)}</small>}
    </>
  );
  return (
    <li>
      {of.call_id ? <a class="who-entry" href={links.call(of.call_id)} data-item>{inside}</a> : <span class="who-entry">{inside}</span>}
      {of.kind === "decision" && of.decision_id && mayAudit() && <Changes decision={of.decision_id} />}
    </li>
  );
}

const answers: Record<string, string> = { accepted: "said yes to", rejected: "said no to", later: "put off", dismissed: "not offered" };

/** What an entry is, in a few words. */
export function title(e: Entry): string {
  switch (e.kind) {
    case "call":
      return e.name === "call.outbound" ? "We called" : "Called";
    case "signal":
      return sentence(labelText(e.name));
    case "consent":
      return `Consent to ${words(e.name)}`;
    case "decision":
      return "Suggestion";
    case "outcome":
      return sentence(answers[e.detail ?? ""] ?? e.detail ?? "");
    case "gate":
      return e.detail === "allowed" ? "Could be sent" : "Held back";
    default:
      return sentence(e.name);
  }
}

/** The value, the words, or what came with it. */
export function detail(e: Entry): string {
  if (e.kind === "outcome") return words(e.name);
  if (e.kind === "gate") return e.detail === "allowed" ? words(e.name) : `${words(e.name)}, by ${words(e.detail ?? "")}`;
  if (e.kind === "signal" && e.detail) return `“${e.detail}”`;
  if (e.detail) return e.kind === "consent" ? words(e.detail) : e.detail;
  return Object.values(e.data ?? {}).map((v) => (typeof v === "number" ? figure(v) : typeof v === "string" ? v : "")).filter(Boolean).join(", ");
}
