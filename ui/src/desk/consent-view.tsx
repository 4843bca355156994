// What the customer allows, changed while they say it. What is written down by
// mistake is taken back by one press.

import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { textOf } from "../format";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Cap } from "../parts/bits";
import { mayWriteConsent } from "../session";
import { many, type Customer } from "../wire";
import { Allowing, nameOf } from "./consent";
import type { LiveCall } from "./live";

export function ConsentRow({ desk, of }: { desk: LiveCall; of: Customer }): JSX.Element | null {
  const a = useMemo(() => new Allowing(desk.id, of.id), [desk.id, of.id]);
  const box = useRef<HTMLDialogElement>(null);
  const d = t().desk;
  const live = (): boolean => desk.call.peek()?.status === "live";
  useKeys(d.consent, mayWriteConsent() ? [{ key: "c", label: d.consentKey, run: () => void (live() && a.show()) }] : []);
  const shown = a.open.value;
  useEffect(() => {
    if (shown && !box.current?.open) box.current?.showModal();
    if (!shown) box.current?.close();
  }, [shown]);
  if (desk.call.value?.status !== "live" || !mayWriteConsent()) return null;
  return (
    <div>
      <dt class="unseen">{d.consent}</dt>
      <dd class="row-act">
        <button type="button" class="quiet" aria-keyshortcuts="C" onClick={() => void a.show()}>{d.consent} <Cap k="C" /></button>
        <dialog ref={box} class="help other" aria-labelledby="consent-title" onClose={() => (a.open.value = false)}>
          {shown && <Cells a={a} of={of} />}
        </dialog>
      </dd>
    </div>
  );
}

function Cells({ a, of }: { a: Allowing; of: Customer }): JSX.Element {
  const d = t().desk;
  const busy = a.busy.value;
  return (
    <>
      <header><h2 id="consent-title">{d.consentTitle}</h2><button type="button" class="quiet" onClick={() => (a.open.value = false)}>{d.close}</button></header>
      <p class="muted">{d.consentHow}</p>
      <ul class="plain">
        {many(of.may).map((m) => {
          const words = a.wording(m);
          const name = nameOf(m);
          return (
            <li key={`${m.purpose} ${m.channel ?? ""}`} class="who-merge">
              <span>{name} <span class="muted">{textOf(d.states, m.state) ?? m.state}</span>{words && <q class="ask-words" dir="auto">{words.text}</q>}</span>
              <span class="note-acts">
                <button type="button" disabled={busy || m.state === "granted"} aria-label={`${name}: ${d.saidYes}`} onClick={() => void a.say(m, true)}>{d.saidYes}</button>
                <button type="button" disabled={busy || m.state === "denied" || m.state === "withdrawn"} aria-label={`${name}: ${d.saidNo}`} onClick={() => void a.say(m, false)}>{d.saidNo}</button>
              </span>
            </li>
          );
        })}
      </ul>
      <p role="status">{a.note.value} {a.last.value && <button type="button" disabled={busy} onClick={() => void a.undo()}>{d.undo}</button>}</p>
    </>
  );
}
