// The people a rule is tried on, with what it shall say of each and what it
// says. They are kept with the rule.

import type { JSX } from "preact";
import { useSignal } from "@preact/signals";
import { t } from "../lang";
import { many } from "../wire";
import { Wide } from "./bits";
import { given, written, type Written } from "./given";
import { mayDesign } from "./store";
import { answers, type Case, type Checked, type Rule } from "./wire";

interface Props {
  rule: Rule;
  checked: Checked | undefined;
  change(tests: readonly Case[] | undefined): void;
}

export function Cases({ rule, checked, change }: Props): JSX.Element {
  const d = t().decisions;
  const all = many(rule.tests);
  const put = (i: number, c: Case | undefined): void => {
    const next = c ? all.map((x, k) => (k === i ? c : x)) : all.filter((_, k) => k !== i);
    change(next.length > 0 ? next : undefined);
  };
  return (
    <div class="decisions-cases">
      {all.length > 0 && (
        <Wide label={d.cases}>
          <table>
            <caption>{d.cases}</caption>
            <thead>
              <tr>
                <th scope="col">{d.traits}</th><th scope="col">{d.signals}</th><th scope="col">{d.heard}</th><th scope="col">{d.happened}</th>
                <th scope="col">{d.expected}</th><th scope="col">{d.result}</th><th scope="col"><span class="unseen">{d.remove}</span></th>
              </tr>
            </thead>
            <tbody>{all.map((c, i) => <Row key={i} of={c} n={i} checked={checked} change={(x) => put(i, x)} />)}</tbody>
          </table>
        </Wide>
      )}
      {mayDesign() && <button type="button" onClick={() => change([...all, { given: {}, want: "keep" }])}>{d.addCase}</button>}
    </div>
  );
}

function Row({ of, n, checked, change }: { of: Case; n: number; checked: Checked | undefined; change(c: Case | undefined): void }): JSX.Element {
  const d = t().decisions;
  const text = useSignal<Written>(written(of.given));
  const got = many(checked?.cases)[n];
  const bad = got !== undefined && !got.holds;
  const write = (o: Partial<Written>): void => {
    text.value = { ...text.peek(), ...o };
    change({ ...of, given: { ...given(text.peek()), ...(of.given.channel ? { channel: of.given.channel } : {}) } });
  };
  const field = (name: keyof Written, label: string, example: string): JSX.Element => (
    <td><input aria-label={`${label}, ${n + 1}`} dir="ltr" size={14} value={text.value[name]} placeholder={example} disabled={!mayDesign()} onInput={(e) => write({ [name]: e.currentTarget.value })} /></td>
  );
  return (
    <tr class={bad ? (of.waived ? "decisions-waived" : "decisions-red") : undefined}>
      {field("traits", d.traits, "plan=basic")}
      {field("signals", d.signals, "churn_risk=0.7")}
      {field("labels", d.heard, "intent.cancel")}
      {field("facts", d.happened, "purchase 3")}
      <td>
        <select aria-label={`${d.expected}, ${n + 1}`} value={of.want} disabled={!mayDesign()} onChange={(e) => change({ ...of, want: answers.find((a) => a === e.currentTarget.value) ?? "keep" })}>
          {answers.map((a) => <option key={a} value={a}>{d.verdicts[a]}</option>)}
        </select>
      </td>
      <td>
        <Result got={got} />
        {(bad || of.waived) && mayDesign() && (
          <input aria-label={`${d.waive}, ${n + 1}`} class="decisions-waive" dir="auto" value={of.waived ?? ""} placeholder={d.waive} onInput={(e) => {
            const { waived: _, ...rest } = of;
            change(e.currentTarget.value ? { ...rest, waived: e.currentTarget.value } : rest);
          }} />
        )}
      </td>
      <td>{mayDesign() && <button type="button" class="quiet" aria-label={`${d.remove} ${n + 1}`} onClick={() => change(undefined)}>×</button>}</td>
    </tr>
  );
}

function Result({ got }: { got: { answer?: string; holds: boolean; reason?: string } | undefined }): JSX.Element {
  const d = t().decisions;
  if (!got) return <span class="muted">–</span>;
  if (got.reason) return <span class="tone-bad" lang="en">{got.reason}</span>;
  if (!got.answer) return <span class="muted">{d.noAnswer}</span>;
  const verdict = d.verdicts[answers.find((a) => a === got.answer) ?? "unknown"];
  return <span class={got.holds ? "tone-good" : "tone-bad"}>{got.holds ? "✓" : "✗"} {verdict}</span>;
}
