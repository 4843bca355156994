// Why something was suggested: for those who audit with what else was
// considered and what forbade it, for others in the words of the suggestion.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { api as realApi, asProblem, Problem, type Api } from "../api";
import { sentence, words } from "../format";
import { t } from "../lang";
import { Trouble } from "../parts/bits";
import { mayAudit } from "../parts/changes";
import { Why } from "../parts/why";
import { many, type Decision } from "../wire";
import type { Explained } from "./wire";

interface Props {
  decision: string;
  api?: Pick<Api, "explain">;
}

export function Explain({ decision, api = realApi }: Props): JSX.Element {
  const { customer } = t();
  const found = useSignal<Explained | undefined>(undefined);
  const problem = useSignal<Problem | undefined>(undefined);
  const ask = (open: boolean): void => {
    if (!open || found.peek()) return;
    api.explain(decision, mayAudit() ? "auditor" : "agent").then(
      (e) => (found.value = e),
      (err: unknown) => (problem.value = asProblem(err, customer.noExplanation)),
    );
  };
  const e = found.value;
  return (
    <details class="more explain" onToggle={(x) => ask(x.currentTarget.open)}>
      <summary>{customer.why}</summary>
      {problem.value && <Trouble of={problem.value} />}
      {e?.auditor && <Whole of={e.auditor.decision} />}
      {e?.agent && (
        <>
          <p dir="auto">{e.agent.because}</p>
          <ol class="plain">{many(e.agent.actions).map((a) => <li key={a.action}><b dir="auto">{a.title}</b> <span dir="auto">{a.because}</span></li>)}</ol>
        </>
      )}
    </details>
  );
}

function Whole({ of: d }: { of: Decision }): JSX.Element {
  const { customer } = t();
  const others = many(d.not_chosen);
  return (
    <>
      <p dir="auto">{d.because}</p>
      <ol class="ranking">
        {many(d.actions).map((c) => (
          <li key={c.action}>
            <b dir="auto">{c.title}</b> <span dir="auto">{c.because}</span>
            <Why of={c} call="" show={() => undefined} />
          </li>
        ))}
      </ol>
      {others.length > 0 && (
        <>
          <h3>{customer.considered}</h3>
          <ul class="plain">
            {others.map((x, i) => (
              <li key={i}><b>{sentence(x.action)}</b> <span class="muted">{words(x.rule)}:</span> <span dir="auto">{x.why}</span>{x.source && <span class="muted"> {customer.bySource(x.source)}</span>}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
