// The form of an action: what is said where, what it is worth, when and for
// whom. What has no field of its own is in the document below.

import type { JSX } from "preact";
import { t } from "../lang";
import { channelName } from "../format";
import { many } from "../wire";
import { Choose, Field } from "./bits";
import type { Editor } from "./item-store";
import { AsJson } from "./item";
import { get, text, type Path } from "./json";
import { Rules } from "./rules";
import { mayDesign } from "./store";
import { channels } from "./wire";

interface Part {
  editor: Editor;
}

/** A field of the document. */
function At({ editor, path, label, rows, type, hint, wide = false }: Part & { path: Path; label: string; rows?: number; wide?: boolean; type?: "number" | "date"; hint?: string }): JSX.Element {
  const change = (v: string): void => {
    if (type === "number") editor.set(path, v === "" ? undefined : Number(v));
    else if (type === "date") editor.set(path, v === "" ? undefined : `${v}T00:00:00Z`);
    else editor.set(path, v === "" && path.length > 1 ? undefined : v);
  };
  const now = text(get(editor.doc.value, path));
  return (
    <Field label={label} value={type === "date" ? now.slice(0, 10) : now} change={change} disabled={!mayDesign()} wide={wide}
      {...(rows ? { rows } : {})} {...(type ? { type } : {})} {...(hint ? { hint } : {})} />
  );
}

export function ActionForm({ editor }: Part): JSX.Element {
  const d = t().decisions;
  return (
    <div class="decisions-sections">
      <fieldset>
        <legend>{d.wordsToSay}</legend>
        <div class="decisions-form">
          <At editor={editor} path={["title"]} label={d.actionTitle} wide />
          <At editor={editor} path={["say"]} label={d.say} rows={3} />
          <At editor={editor} path={["avoid"]} label={d.avoid} rows={2} />
          <Channels editor={editor} />
        </div>
        <Treatments editor={editor} />
      </fieldset>
      <fieldset>
        <legend>{d.placeAndWorth}</legend>
        <div class="decisions-form">
          <At editor={editor} path={["issue"]} label={d.issue} />
          <At editor={editor} path={["group"]} label={d.group} />
          <Choose label={d.purpose} value={text(editor.doc.value["purpose"])} of={["service", "marketing", "research"]} name={(p) => d.purposes[p]} disabled={!mayDesign()} change={(p) => editor.set(["purpose"], p)} />
          <At editor={editor} path={["value", "margin"]} label={d.margin} type="number" />
          <At editor={editor} path={["value", "cost_share"]} label={d.costShare} type="number" hint={d.costShareHow} />
          <At editor={editor} path={["value", "customer_benefit"]} label={d.benefit} type="number" />
          <At editor={editor} path={["prior", "p"]} label={d.prior} type="number" hint={d.priorHow} />
          <At editor={editor} path={["valid", "from"]} label={d.from} type="date" />
          <At editor={editor} path={["valid", "until"]} label={d.until} type="date" />
        </div>
      </fieldset>
      <Rules editor={editor} />
      <details class="more">
        <summary>{d.asJson}</summary>
        <AsJson key={JSON.stringify(editor.doc.value)} editor={editor} rows={18} />
      </details>
    </div>
  );
}

function Channels({ editor }: Part): JSX.Element {
  const d = t().decisions;
  const now = many(editor.doc.value["channels"] as readonly string[] | undefined);
  const turn = (c: string): void => editor.set(["channels"], now.includes(c) ? now.filter((x) => x !== c) : [...now, c]);
  return (
    <fieldset class="decisions-checks">
      <legend>{d.channels}</legend>
      {channels.map((c) => (
        <label key={c} class="switch"><input type="checkbox" checked={now.includes(c)} disabled={!mayDesign()} onChange={() => turn(c)} /> {channelName(c)}</label>
      ))}
    </fieldset>
  );
}

interface Treatment {
  id?: string;
  channel?: string;
  language?: string;
}

/** Words of their own for a channel and a language. */
function Treatments({ editor }: Part): JSX.Element {
  const d = t().decisions;
  const all = many(editor.doc.value["treatments"] as readonly Treatment[] | undefined);
  const add = (): void => editor.set(["treatments"], [...all, { id: `email.v${all.length + 1}`, channel: "email", language: "en", title: "", say: "" }]);
  return (
    <>
      {all.map((x, i) => (
        <details key={i} class="decisions-treatment">
          <summary><bdi>{channelName(x.channel ?? "")}</bdi> · <bdi>{x.language ?? d.anyLanguage}</bdi> <code>{x.id}</code></summary>
          <div class="decisions-form">
            <At editor={editor} path={["treatments", i, "id"]} label={d.id} />
            <Choose label={d.channel} value={x.channel ?? ""} of={channels} name={channelName} disabled={!mayDesign()} change={(c) => editor.set(["treatments", i, "channel"], c)} />
            <At editor={editor} path={["treatments", i, "language"]} label={d.language} hint={d.languageHow} />
            <At editor={editor} path={["treatments", i, "title"]} label={d.actionTitle} wide />
            <At editor={editor} path={["treatments", i, "say"]} label={d.say} rows={3} />
            {mayDesign() && <button type="button" class="quiet" onClick={() => editor.set(["treatments", i], undefined)}>{d.remove}</button>}
          </div>
        </details>
      ))}
      {mayDesign() && <button type="button" onClick={add}>{d.addTreatment}</button>}
    </>
  );
}
