// Who has read a call, for those who may know.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { figure, textOf, words } from "../format";
import { t } from "../lang";
import { Trouble, When } from "../parts/bits";
import { mayAdminister, roleName } from "../session";
import { clean } from "../text";
import { AuditStore } from "./audit-store";
import type { Audited } from "./wire";

/** Folded until it is asked for; nothing for roles that may not know. */
export function Readers({ of }: { of: Audited }): JSX.Element | null {
  const texts = t().admin.audit;
  const store = useMemo(() => new AuditStore(undefined, texts.failed), [of.call, of.customer]);
  const asked = useSignal(false);
  if (!mayAdminister()) return null;
  const all = store.reads.value;
  return (
    <details class="more" onToggle={(e) => {
      if (!e.currentTarget.open || asked.peek()) return;
      asked.value = true;
      void store.ask(of);
    }}>
      <summary>{texts.readers}</summary>
      {store.problem.value && <Trouble of={store.problem.value} />}
      {all?.length === 0 && <p class="muted">{texts.none}</p>}
      <ul class="plain">
        {(all ?? []).map((r) => (
          <li key={r.n}>
            <bdi>{clean(r.name)}</bdi> <small class="muted">{roleName(r.role)}</small> · {textOf(texts.kinds, r.kind) ?? words(r.kind)} · <When at={r.first_at} />
            {r.times > 1 && <small class="muted"> {texts.often(figure(r.times))}</small>}
          </li>
        ))}
      </ul>
      {store.next.value !== "" && <button type="button" disabled={store.busy.value} onClick={() => void store.more()}>{texts.more}</button>}
    </details>
  );
}
