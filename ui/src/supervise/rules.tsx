// The rules over live calls: whoever supervises sees them, and changes their own.

import { useSignal, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { figure, span, textOf, words as plain } from "../format";
import { language, t } from "../lang";
import { Trouble } from "../parts/bits";
import { clean } from "../text";
import { mayAttend } from "./count";
import { percent } from "./row";
import { Rules, usual } from "./store";
import { ruleKinds, type LiveRule, type RuleDraft, type RuleKind } from "./wire";

export function RulesPart(): JSX.Element {
  const words = t().supervise;
  const rules = useMemo(() => new Rules(), []);
  const editing = useSignal<LiveRule | "new" | undefined>(undefined);
  useEffect(() => void rules.load(), []);
  const list = rules.list.value;
  return (
    <section class="live-rules" aria-labelledby="live-rules">
      <header class="theme-head"><h2 id="live-rules">{words.rules}</h2>
        {mayAttend() && !editing.value && <button type="button" onClick={() => (editing.value = "new")}>{words.newRule}</button>}
      </header>
      {rules.problem.value && <Trouble of={rules.problem.value}>{rules.problem.value.errors.map((e) => <p key={e.message}>{e.message}</p>)}</Trouble>}
      {rules.secret.value !== "" && <p class="note" role="status">{words.signed} <code dir="ltr">{rules.secret.value}</code>. {words.once} <button type="button" class="quiet" onClick={() => (rules.secret.value = "")}>{words.have}</button></p>}
      {rules.deleted.value && <p class="note" role="status">{words.removed(clean(rules.deleted.value.name))} <button type="button" class="quiet" disabled={rules.busy.value} onClick={() => void rules.undo()}>{words.undo}</button></p>}
      {editing.value && <RuleForm key={editing.value === "new" ? "new" : editing.value.id} of={editing.value} rules={rules} done={() => (editing.value = undefined)} />}
      {list && list.length === 0 && !editing.value && <p class="muted">{words.noRules}</p>}
      <ul class="live-rule-list">{list?.map((r) => <One key={r.id} of={r} rules={rules} editing={editing} />)}</ul>
    </section>
  );
}

function One({ of, rules, editing }: { of: LiveRule; rules: Rules; editing: Signal<LiveRule | "new" | undefined> }): JSX.Element {
  const words = t().supervise;
  return (
    <li>
      <b dir="auto">{clean(of.name)}</b> <span dir="auto">{ruleSays(of)}</span>
      {of.by && <span class="muted">{words.by(clean(of.by))}</span>}
      {of.webhook_off && <span class="note">{words.webhookOff}</span>}
      {of.own && mayAttend() && (
        <>
          <button type="button" class="quiet" aria-label={`${words.edit}: ${clean(of.name)}`} onClick={() => (editing.value = of)}>{words.edit}</button>
          <button type="button" class="quiet" aria-label={`${words.remove}: ${clean(of.name)}`} disabled={rules.busy.value} onClick={() => void rules.drop(of)}>{words.remove}</button>
        </>
      )}
    </li>
  );
}

/** What a rule waits for, in words. */
export function ruleSays(r: RuleDraft): string {
  const { says, speakers } = t().supervise;
  const which = [r.agent, r.queue && plain(r.queue), r.speaker && speakers[r.speaker]].filter(Boolean).map((x) => ` · ${clean(x ?? "")}`).join("");
  if (r.kind === "phrase" || r.kind === "theme") return says[r.kind](clean(r.phrase ?? plain(r.theme ?? ""))) + which;
  const level = r.kind === "overlap" ? percent(r.level ?? 0) : figure(r.level ?? 0);
  return says[r.kind](level, span(r.seconds ?? 0)) + which;
}

interface FormProps {
  of: LiveRule | "new";
  rules: Rules;
  done(): void;
}

function RuleForm({ of, rules, done }: FormProps): JSX.Element {
  const words = t().supervise;
  const draft = useSignal<RuleDraft>(of === "new" ? { name: words.kinds.mood, kind: "mood", ...usual.mood } : { ...of });
  const d = draft.value;
  const set = (o: Partial<RuleDraft>): void => {
    draft.value = { ...draft.peek(), ...o };
  };
  const turn = (kind: RuleKind): void => {
    const named = Object.values(words.kinds).includes(d.name) || d.name === "";
    set({ kind, ...usual[kind], ...(named ? { name: words.kinds[kind] } : {}) });
  };
  return (
    <form class="saved-form live-form" onSubmit={(e) => {
      e.preventDefault();
      void rules.keep(d, of === "new" ? undefined : of).then((kept) => kept && done());
    }}>
      <label>{words.when} <select autofocus value={d.kind} onChange={(e) => turn(e.currentTarget.value as RuleKind)}>
        {ruleKinds.map((k) => <option key={k} value={k}>{words.kinds[k]}</option>)}
      </select></label>
      <KindFields d={d} set={set} />
      <Text label={words.name} value={d.name} put={(name) => set({ name })} required />
      <Text label={`${words.only} ${words.onlyAgent}`} value={d.agent} put={(agent) => set({ agent })} />
      <Text label={`${words.only} ${words.onlyQueue}`} value={d.queue} put={(queue) => set({ queue })} />
      <Text label={words.mail} value={d.mail} put={(mail) => set({ mail, language: language() === "ar" ? "ar" : "en" })} ltr />
      <Text label={words.webhook} value={d.webhook} put={(webhook) => set({ webhook })} ltr />
      <button type="submit" class="main" disabled={rules.busy.value || d.name.trim() === ""}>{words.keep}</button>
      <button type="button" class="quiet" onClick={done}>{words.cancel}</button>
    </form>
  );
}

function KindFields({ d, set }: { d: RuleDraft; set(o: Partial<RuleDraft>): void }): JSX.Element {
  const words = t().supervise;
  const has = usual[d.kind];
  const level = textOf(words.level, d.kind) ?? "";
  return (
    <>
      {level !== "" && <label>{level} <input type="number" min={d.kind === "mood" ? -1 : 0.05} max={1} step={0.05} required value={d.level} onInput={(e) => set({ level: e.currentTarget.valueAsNumber })} /></label>}
      {"seconds" in has && <label>{words.seconds} <input type="number" min={d.kind === "silence" ? 3 : 0} max={14400} required value={d.seconds} onInput={(e) => set({ seconds: e.currentTarget.valueAsNumber })} /></label>}
      {"phrase" in has && <Text label={words.phrase} value={d.phrase} put={(phrase) => set({ phrase })} required hint={words.phraseHow} />}
      {"theme" in has && <Text label={words.theme} value={d.theme} put={(theme) => set({ theme })} required />}
      {("phrase" in has || "theme" in has) && <SpeakerField d={d} set={set} />}
    </>
  );
}

const speakers = ["customer", "agent"] as const;

function SpeakerField({ d, set }: { d: RuleDraft; set(o: Partial<RuleDraft>): void }): JSX.Element {
  const words = t().supervise;
  const pick = (value: string): void => {
    const { speaker: _, ...rest } = d;
    const of = speakers.find((s) => s === value);
    set(of ? { speaker: of } : { ...rest, speaker: undefined as never });
  };
  return (
    <label>{words.speaker} <select value={d.speaker ?? ""} onChange={(e) => pick(e.currentTarget.value)}>
      <option value="">{words.either}</option>{speakers.map((s) => <option key={s} value={s}>{words.speakers[s]}</option>)}
    </select></label>
  );
}

interface TextProps { label: string; value: string | undefined; put(v: string): void; required?: boolean; ltr?: boolean; hint?: string }

function Text({ label, value, put, required, ltr, hint }: TextProps): JSX.Element {
  return <label title={hint}>{label} <input type="text" dir={ltr ? "ltr" : "auto"} autocomplete="off" required={required ?? false} value={value ?? ""} onInput={(e) => put(e.currentTarget.value)} />{hint && <small class="muted live-hint">{hint}</small>}</label>;
}
