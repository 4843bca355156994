// The rules of an action: each with its mistakes where they are, and with the
// people it was tried on.

import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { t } from "../lang";
import { many } from "../wire";
import { Choose, Field } from "./bits";
import { Cases } from "./cases";
import type { Editor } from "./item-store";
import { complete, learnWords, pieces, RuleCheck, words, type Completion } from "./rule-store";
import { mayDesign } from "./store";
import type { Checked, Rule } from "./wire";

const ruleKinds = ["eligibility", "applicability", "suitability", "contact"] as const;

export function Rules({ editor }: { editor: Editor }): JSX.Element {
  const d = t().decisions;
  useEffect(() => void learnWords(), []);
  const all = many(editor.doc.value["policies"] as readonly Rule[] | undefined);
  const add = (): void => editor.set(["policies"], [...all, { id: `rule_${all.length + 1}`, kind: "applicability", when: "true", why: "" }]);
  return (
    <fieldset>
      <legend>{d.rules}</legend>
      <p class="muted">{d.rulesHow}</p>
      {all.map((r, i) => <OneRule key={i} editor={editor} rule={r} at={i} />)}
      {mayDesign() && <button type="button" onClick={add}>{d.addRule}</button>}
    </fieldset>
  );
}

function OneRule({ editor, rule, at }: { editor: Editor; rule: Rule; at: number }): JSX.Element {
  const d = t().decisions;
  const check = useMemo(() => new RuleCheck(`${editor.id} ${at}`), [editor, at]);
  const asked = JSON.stringify([rule.when, rule.tests]);
  useEffect(() => check.soon(rule), [asked]);
  useEffect(() => () => check.leave(), [check]);
  const set = (field: string, value: unknown): void => editor.set(["policies", at, field], value);
  return (
    <section class="decisions-rule" aria-label={d.rule(rule.id)}>
      <div class="decisions-form">
        <Field label={d.id} value={rule.id} disabled={!mayDesign()} change={(v) => set("id", v)} />
        <Choose label={d.kindOfRule} value={rule.kind} of={ruleKinds} name={(k) => d.ruleKinds[k]} disabled={!mayDesign()} change={(v) => set("kind", v)} />
        <Choose label={d.notKnown} value={rule.unknown ?? "remove"} of={["remove", "keep"]} name={(k) => d.verdicts[k]} disabled={!mayDesign()} change={(v) => set("unknown", v === "keep" ? "keep" : undefined)} />
        <Field wide label={d.whyRule} value={rule.why} disabled={!mayDesign()} change={(v) => set("why", v)} />
      </div>
      <When rule={rule} checked={check.checked.value} change={(v) => set("when", v)} />
      {check.problem.value && <p class="tone-bad" role="alert">{check.problem.value.message}</p>}
      <Cases rule={rule} checked={check.checked.value} change={(tests) => set("tests", tests)} />
      {mayDesign() && <button type="button" class="quiet" onClick={() => editor.set(["policies", at], undefined)}>{d.removeRule}</button>}
    </section>
  );
}

/** The text of a rule with completion and its mistake. */
function When({ rule, checked, change }: { rule: Rule; checked: Checked | undefined; change(v: string): void }): JSX.Element {
  const d = t().decisions;
  const box = useRef<HTMLTextAreaElement>(null);
  const offer = useSignal<Completion | undefined>(undefined);
  const chosen = useSignal(0);
  const list = `words-${rule.id}`;
  const look = (el: HTMLTextAreaElement): void => {
    const known = words.peek();
    const c = known ? complete(el.value, el.selectionStart, known) : undefined;
    offer.value = c && c.options.length > 0 ? c : undefined;
    chosen.value = 0;
  };
  const take = (n: number): void => {
    const el = box.current;
    const c = offer.peek();
    const o = c?.options[n];
    if (!el || !c || !o) return;
    el.setRangeText(o.insert, c.from, el.selectionStart, "end");
    change(el.value);
    look(el);
  };
  const press = (e: KeyboardEvent): void => {
    const c = offer.peek();
    if (!c) return;
    const to = { ArrowDown: chosen.peek() + 1, ArrowUp: chosen.peek() - 1 }[e.key];
    if (to !== undefined) chosen.value = (to + c.options.length) % c.options.length;
    else if (e.key === "Enter" || e.key === "Tab") take(chosen.peek());
    else if (e.key === "Escape") offer.value = undefined;
    else return;
    e.preventDefault();
  };
  return (
    <div class="decisions-when">
      <label class="label">{d.when}
        <textarea ref={box} rows={2} dir="ltr" spellcheck={false} value={rule.when} disabled={!mayDesign()}
          aria-controls={list} aria-autocomplete="list"
          aria-activedescendant={offer.value ? `${list}-${chosen.value}` : undefined}
          aria-invalid={!!checked?.reason} aria-describedby={`${list}-wrong`}
          onInput={(e) => {
            change(e.currentTarget.value);
            look(e.currentTarget);
          }} onKeyDown={press} onBlur={() => (offer.value = undefined)} />
      </label>
      <div id={list} class="decisions-words" role="listbox" aria-label={d.words} hidden={!offer.value} dir="ltr">
        {offer.value?.options.map((o, i) => (
          <div key={o.insert} id={`${list}-${i}`} role="option" aria-selected={i === chosen.value} onPointerDown={(e) => {
            e.preventDefault();
            take(i);
          }}><code>{o.insert}</code> <small class="muted">{o.hint}</small></div>
        ))}
      </div>
      <div id={`${list}-wrong`}>{checked && <Wrong text={rule.when} of={checked} />}</div>
    </div>
  );
}

function Wrong({ text, of }: { text: string; of: Checked }): JSX.Element {
  const d = t().decisions;
  if (!of.reason) return <p class="muted" role="status">{d.ruleOk(of.cost ?? 0)}</p>;
  const [before, at, after] = of.place ? pieces(text, of.place.at, of.place.length) : [text, "", ""];
  return (
    <div class="decisions-wrong" role="status">
      {of.place && <pre class="pointed" dir="ltr">{before}<mark class="pointed-at">{at || " "}</mark>{after}</pre>}
      <p class="tone-bad">{of.place ? d.wrongAt(of.place.at + 1) : d.wrong} <span lang="en" dir="ltr">{of.reason}</span></p>
      {of.hint && <p lang="en" dir="ltr">{of.hint}</p>}
    </div>
  );
}
