// What would have changed a decision: asked for with a button, because the
// server decides up to 20 times for it. For those who audit only: what more
// permission would bring is no reason to press a customer for it.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { api as realApi, asProblem, Problem, type Api } from "../api";
import { labelText, readingName, sentence } from "../format";
import { t } from "../lang";
import { me } from "../session";
import { many } from "../wire";
import type { Counterfactual, Counterfactuals } from "../wire-changes";
import { Trouble } from "./bits";

/** Who reads all that was kept of a decision. */
export function mayAudit(): boolean {
  return ["admin", "privacy"].includes(me.value?.role ?? "");
}

interface Props {
  decision: string;
  api?: Pick<Api, "counterfactuals">;
}

export function Changes({ decision, api = realApi }: Props): JSX.Element {
  const found = useSignal<Counterfactuals | undefined>(undefined);
  const problem = useSignal<Problem | undefined>(undefined);
  const busy = useSignal(false);
  const ask = (): void => {
    busy.value = true;
    problem.value = undefined;
    api.counterfactuals(decision)
      .then((f) => (found.value = f))
      .catch((err: unknown) => (problem.value = asProblem(err, t().parts.changes.failed)))
      .finally(() => (busy.value = false));
  };
  const words = t().parts.changes;
  return (
    <div class="changes">
      {!found.value && (
        <button type="button" class="at" aria-disabled={busy.value} onClick={() => busy.peek() || ask()}>{words.ask}</button>
      )}
      <div role="status">
        {busy.value && <p class="muted">{words.deciding}</p>}
        {found.value && <Found of={found.value} />}
      </div>
      {problem.value && <Trouble of={problem.value} />}
    </div>
  );
}

function Found({ of }: { of: Counterfactuals }): JSX.Element {
  const words = t().parts.changes;
  const all = many(of.list);
  if (of.unknown) return <p>{words.unknown}: <span dir="auto">{of.unknown}</span>.</p>;
  // What a rule holds back is the long part, and says the least of the customer.
  const rules = all.filter((f) => f.kind === "gate" && !f.permission);
  const others = all.filter((f) => !rules.includes(f));
  return (
    <>
      <h3>{words.title}</h3>
      {all.length === 0 && <p>{words.none(of.tried - 1)}</p>}
      {others.length > 0 && <List of={others} />}
      {others.some((f) => f.permission) && <p class="muted">{words.permission}</p>}
      {rules.length > 0 && (
        <details class="more" open={others.length === 0 && rules.length < 4}>
          <summary>{words.rules(rules.length)}</summary>
          <List of={rules} />
        </details>
      )}
      {of.other_rules && <p class="muted">{words.otherRules}</p>}
      {of.not_tried !== undefined && of.not_tried > 0 && <p class="muted">{words.notTried(of.not_tried)}</p>}
    </>
  );
}

function List({ of }: { of: readonly Counterfactual[] }): JSX.Element {
  return <ul class="plain">{of.map((f, i) => <Change key={i} of={f} />)}</ul>;
}

function Change({ of }: { of: Counterfactual }): JSX.Element {
  const words = t().parts.changes;
  return (
    <li>
      <span dir="auto">{change(of)}</span> <span aria-hidden="true">→</span><span class="unseen">{words.thenFirst}</span>{" "}
      <b dir="auto">{of.title || sentence(of.then) || words.silence}</b>{" "}
      {of.permission && <span class="tag">{words.law}</span>}
      {of.was && <small class="muted" dir="auto">{of.kind === "gate" ? of.was : words.was(named(of, of.was))}</small>}
    </li>
  );
}

/** A text of the server with its signal by the name that people give it. */
function named(of: Counterfactual, text: string): string {
  return of.kind === "signal" ? text.replace(of.rule, readingName(of.rule)) : text;
}

function change(of: Counterfactual): string {
  const text = of.kind === "label" ? t().parts.changes.notHeard(labelText(of.rule)) : named(of, of.change);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
