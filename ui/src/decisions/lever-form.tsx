// The form of a lever: how much it pushes what, who answers for it, why and
// until when; and what it moves.

import type { JSX } from "preact";
import { figure } from "../format";
import { t } from "../lang";
import { Choose, Field } from "./bits";
import type { Editor } from "./item-store";
import { text } from "./json";
import { leverEffect, mayDesign, scopeNames } from "./store";

const scopes = ["action", "group", "issue"] as const;

export function LeverForm({ editor }: { editor: Editor }): JSX.Element {
  const d = t().decisions;
  const doc = editor.doc.value;
  const scope = scopes.find((s) => s === doc["scope"]) ?? "action";
  const off = !mayDesign();
  const name = text(doc["name"]);
  const push = Number(doc["percent"] ?? 0);
  const names = scopeNames(scope);
  const day = (field: string): string => text(doc[field]).slice(0, 10);
  return (
    <fieldset>
      <legend>{d.lever}</legend>
      <div class="decisions-form">
        <Choose label={d.scope} value={scope} of={scopes} name={(s) => d.scopes[s]} disabled={off} change={(s) => {
          editor.set(["scope"], s);
          editor.set(["name"], scopeNames(s)[0] ?? "");
        }} />
        <Choose label={d.leverOf} value={name} of={names.includes(name) ? names : [name, ...names]} name={(n) => n} disabled={off} change={(n) => editor.set(["name"], n)} />
        <Field label={d.pushPercent} type="number" value={text(doc["percent"])} disabled={off} change={(v) => editor.set(["percent"], Number(v))} />
        <Field label={d.owner} value={text(doc["owner"])} disabled={off} change={(v) => editor.set(["owner"], v)} />
        <Field label={d.reason} value={text(doc["reason"])} disabled={off} change={(v) => editor.set(["reason"], v)} />
        <Field label={d.from} type="date" value={day("from")} disabled={off} change={(v) => editor.set(["from"], v ? `${v}T00:00:00Z` : undefined)} />
        <Field label={d.until} type="date" value={day("until")} disabled={off} change={(v) => editor.set(["until"], v ? `${v}T00:00:00Z` : undefined)} />
      </div>
      <p role="status">{d.pushes(push, leverEffect(scope, name), figure(leverEffect(scope, name), 0))}</p>
    </fieldset>
  );
}
