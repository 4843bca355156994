// What happened to a customer, the latest first.

import type { JSX } from "preact";
import { figure, labelText, sentence, textOf, words } from "../format";
import { t } from "../lang";
import { When } from "../parts/bits";
import { Changes, mayAudit } from "../parts/changes";
import { useRoving } from "../parts/roving";
import { links } from "../route";
import { clean } from "../text";
import { Explain } from "./explain";
import { kinds, type CustomerPageStore } from "./store";
import type { Entry } from "./wire";

export function Timeline({ store }: { store: CustomerPageStore }): JSX.Element {
  const { customer } = t();
  const entries = store.entries.value;
  const box = useRoving<HTMLOListElement>(entries.length);
  return (
    <section aria-labelledby="happened-title">
      <h2 id="happened-title">{customer.happened}</h2>
      <div class="who-kinds" role="group" aria-label={customer.show}>
        {["" as const, ...kinds].map((k) => (
          <button key={k} type="button" class="chip" aria-pressed={store.kind.value === k} onClick={() => void store.show(k)}>{k === "" ? customer.all : customer.kinds[k]}</button>
        ))}
      </div>
      {entries.length === 0 && <p class="muted" role="status">{store.kind.value === "" ? customer.nothing : customer.nothingOfKind}</p>}
      <ol class="who-line" ref={box} data-roving>
        {entries.map((e) => <Row key={e.id} of={e} />)}
      </ol>
      {store.next.value !== "" && (
        <button type="button" class="more-button" onClick={() => void store.more()}>{customer.earlier}</button>
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
      {of.kind === "decision" && of.decision_id && (
        <div class="who-why">
          <Explain decision={of.decision_id} />
          {mayAudit() && <Changes decision={of.decision_id} />}
        </div>
      )}
    </li>
  );
}

/** What an entry is, in a few words. */
export function title(e: Entry): string {
  const { customer } = t();
  switch (e.kind) {
    case "call":
      return e.name === "call.outbound" ? customer.weCalled : customer.called;
    case "signal":
      return sentence(labelText(e.name));
    case "consent":
      return customer.consentTo(words(e.name));
    case "decision":
      return customer.suggestion;
    case "outcome":
      return textOf(customer.answers, e.detail ?? "") ?? sentence(e.detail ?? "");
    case "gate":
      return e.detail === "allowed" ? customer.couldBeSent : customer.heldBack;
    default:
      return sentence(e.name);
  }
}

/** The value, the words, or what came with it. */
export function detail(e: Entry): string {
  if (e.kind === "outcome") return words(e.name);
  if (e.kind === "gate") return e.detail === "allowed" ? words(e.name) : t().customer.heldBy(words(e.name), words(e.detail ?? ""));
  if (e.kind === "signal" && e.detail) return `“${e.detail}”`;
  if (e.detail) return e.kind === "consent" ? (textOf(t().privacy.states, e.detail) ?? words(e.detail)) : e.detail;
  return Object.values(e.data ?? {}).map((v) => (typeof v === "number" ? figure(v) : typeof v === "string" ? v : "")).filter(Boolean).join(", ");
}
