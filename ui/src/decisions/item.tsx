// An item of the catalogue: what is live, what waits and how it differs, the
// form, and who did what, when and why.

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { figure } from "../format";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Trouble, When } from "../parts/bits";
import { go, links } from "../route";
import { clean } from "../text";
import { many } from "../wire";
import { ActionForm } from "./action-form";
import { Diff, Field, StateTag } from "./bits";
import { Editor } from "./item-store";
import { differ, titleOf } from "./json";
import { LeverForm } from "./lever-form";
import { redRows } from "./rule-store";
import { mayDesign, mayRank, shelf, tryAction } from "./store";
import type { Kind, Version } from "./wire";

export function ItemTab({ kind, id }: { kind: Kind; id: string }): JSX.Element {
  const editor = useMemo(() => new Editor(kind, id), [kind, id]);
  useEffect(() => void editor.load(), [editor]);
  const d = t().decisions;
  useKeys(d.item, [{ key: "s", label: d.save, run: () => document.querySelector<HTMLInputElement>(".decisions-save input")?.focus() }]);
  return (
    <article class="decisions-item" aria-labelledby="item-title">
      <Head editor={editor} />
      {editor.problem.value && <Trouble of={editor.problem.value}> {d.kept}</Trouble>}
      {editor.conflict.value && <Conflict editor={editor} theirs={editor.conflict.value} />}
      {editor.waiting.value && <Waiting editor={editor} v={editor.waiting.value} />}
      {editor.item.value && <Form editor={editor} />}
      {mayDesign() && editor.item.value && <Save editor={editor} />}
      {editor.item.value && <History editor={editor} />}
    </article>
  );
}

function Head({ editor }: { editor: Editor }): JSX.Element {
  const d = t().decisions;
  const single = editor.kind === "policy" || editor.kind === "traits";
  const live = editor.live.value;
  return (
    <header class="decisions-item-head">
      <h2 id="item-title"><bdi>{single ? d.kinds[editor.kind] : clean(titleOf(editor.doc.value, editor.id))}</bdi></h2>
      {!single && <code class="muted">{editor.id}</code>}
      {live && <span class="muted">{d.liveIs(live.version)}</span>}
      <span class="grow" />
      {editor.kind === "action" && mayRank() && editor.item.value && (
        <button type="button" onClick={() => {
          tryAction(editor.id, editor.doc.peek());
          go(links.decisions("ranking"));
        }}>{d.tryIt}</button>
      )}
      {mayDesign() && live && <Retire editor={editor} v={live} />}
    </header>
  );
}

function Retire({ editor, v }: { editor: Editor; v: Version }): JSX.Element | null {
  if (editor.kind !== "action" && v.version === 0) return null;
  return <button type="button" disabled={editor.busy.value} onClick={() => {
    if (!editor.why.peek().trim()) editor.why.value = t().decisions.retire;
    void editor.move(v, "retired");
  }}>{t().decisions.retire}</button>;
}

function Conflict({ editor, theirs }: { editor: Editor; theirs: Version }): JSX.Element {
  const d = t().decisions;
  return (
    <section class="decisions-panel note-warn" role="alert">
      <h3>{d.conflict(clean(theirs.author), theirs.version)}</h3>
      <p>{d.conflictHow}</p>
      <Diff of={differ(theirs.doc, editor.doc.value)} from={d.theirs} to={d.yours} />
      <div class="decisions-row">
        <button type="button" onClick={() => void editor.keepMine()}>{d.keepMine}</button>
        <button type="button" onClick={() => editor.takeTheirs()}>{d.takeTheirs}</button>
      </div>
    </section>
  );
}

/** The version that waits: how it differs, and the next step. */
function Waiting({ editor, v }: { editor: Editor; v: Version }): JSX.Element {
  const d = t().decisions;
  const waived = waivedOf(v);
  return (
    <section class="decisions-panel" aria-label={d.waiting}>
      <div class="decisions-row">
        <h3>{d.waits(v.version, clean(v.author))}</h3><StateTag of={v.state} />
      </div>
      <Diff of={differ(editor.live.value?.doc ?? {}, v.doc)} from={editor.live.value ? d.liveNow : d.before} to={d.version(v.version)} />
      {waived.map((w, i) => <p key={i} class="note note-warn">{d.waivedCase(w.rule, clean(w.why))}</p>)}
      {mayDesign() && <NextStep editor={editor} v={v} />}
    </section>
  );
}

/** What may become of it, and by whom. */
function NextStep({ editor, v }: { editor: Editor; v: Version }): JSX.Element {
  const d = t().decisions;
  const all = shelf.all.value;
  const draft = v.state === "draft";
  const mine = draft && !!all && !all.alone && v.author === all.you;
  return (
    <div class="decisions-form">
      <Why editor={editor} />
      {draft && <button type="button" class="main" disabled={mine || noWhy(editor)} onClick={() => void editor.move(v, "reviewed")}>{d.approve}</button>}
      {(!draft || all?.alone) && <button type="button" class="main" disabled={noWhy(editor)} onClick={() => void editor.move(v, "live")}>{d.publish}</button>}
      <button type="button" disabled={noWhy(editor)} onClick={() => void editor.move(v, "dropped")}>{d.drop}</button>
      {mine && <p class="muted">{d.notYours}</p>}
    </div>
  );
}

function waivedOf(v: Version): { rule: string; why: string }[] {
  const rules = (v.doc["policies"] ?? []) as readonly { id?: string; tests?: readonly { waived?: string }[] }[];
  return rules.flatMap((r) => many(r.tests).filter((c) => c.waived).map((c) => ({ rule: r.id ?? "", why: c.waived ?? "" })));
}

const noWhy = (editor: Editor): boolean => editor.busy.value || editor.why.value.trim() === "";

function Why({ editor }: { editor: Editor }): JSX.Element {
  return <Field label={t().decisions.why} value={editor.why.value} change={(v) => (editor.why.value = v)} hint={t().decisions.whyHow} />;
}

function Form({ editor }: { editor: Editor }): JSX.Element {
  if (editor.kind === "action") return <ActionForm editor={editor} />;
  if (editor.kind === "lever") return <LeverForm editor={editor} />;
  return <AsJson editor={editor} rows={24} />;
}

/** The whole item as the files have it, for what the form does not show. */
export function AsJson({ editor, rows }: { editor: Editor; rows: number }): JSX.Element {
  const d = t().decisions;
  const wrong = useSignal("");
  const read = (text: string): void => {
    try {
      editor.doc.value = JSON.parse(text) as Record<string, unknown>;
      wrong.value = "";
    } catch (err) {
      wrong.value = String(err instanceof Error ? err.message : err);
    }
  };
  return (
    <div class="decisions-json">
      <textarea aria-label={d.asJson} rows={rows} dir="ltr" spellcheck={false} disabled={!mayDesign()} aria-invalid={wrong.value !== ""}
        defaultValue={JSON.stringify(editor.doc.value, null, 2)} onChange={(e) => read(e.currentTarget.value)} />
      {wrong.value && <p class="tone-bad" role="alert" dir="ltr">{wrong.value}</p>}
    </div>
  );
}

/** What stands against saving: nothing changed, no reason, or red rows. */
function Save({ editor }: { editor: Editor }): JSX.Element | null {
  const d = t().decisions;
  const red = redRows.value;
  if (!editor.dirty.value) return null;
  return (
    <form class="decisions-form decisions-save" onSubmit={(e) => {
      e.preventDefault();
      if (!noWhy(editor) && red === 0) void editor.save();
    }}>
      <Why editor={editor} />
      <button type="submit" class="main" disabled={noWhy(editor) || red > 0}>{d.save}</button>
      <button type="button" class="quiet" onClick={() => editor.open(editor.waiting.value ?? editor.live.value ?? editor.versions.value[0])}>{d.discard}</button>
      {red > 0 && <p class="tone-bad" role="status">{d.redRows(red, figure(red, 0))}</p>}
    </form>
  );
}

function History({ editor }: { editor: Editor }): JSX.Element | null {
  const d = t().decisions;
  const steps = many(editor.item.value?.steps).toReversed();
  const versions = editor.versions.value;
  if (versions.length === 0) return null;
  return (
    <section aria-label={d.history}>
      <h3>{d.history}</h3>
      <ul class="decisions-versions">
        {versions.map((v) => <Past key={v.version} editor={editor} v={v} />)}
      </ul>
      <ol class="decisions-steps">
        {steps.map((s, i) => (
          <li key={i}>
            <When at={s.at} /> <b dir="auto">{clean(s.by)}</b> <StateTag of={s.state} /> {d.version(s.version)}{" "}
            <q dir="auto">{clean(s.why)}</q>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** A version of before, with the way back to it. */
function Past({ editor, v }: { editor: Editor; v: Version }): JSX.Element {
  const d = t().decisions;
  const open = useSignal(false);
  const again = mayDesign() && v.state === "retired" && (v.version > 0 || editor.kind === "action");
  return (
    <li>
      <div class="decisions-row">
        <b>{v.version === 0 ? d.ofFiles : d.version(v.version)}</b> <StateTag of={v.state} /> <span class="muted" dir="auto">{clean(v.author)}</span>
        {v.state !== "live" && <button type="button" class="quiet" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>{d.compare}</button>}
        {again && <button type="button" disabled={editor.busy.value} onClick={() => {
          if (!editor.why.peek().trim()) editor.why.value = d.backTo(v.version);
          void editor.move(v, "live");
        }}>{d.liveAgain}</button>}
      </div>
      {open.value && <Diff of={differ(editor.live.value?.doc ?? {}, v.doc)} from={d.liveNow} to={d.version(v.version)} />}
    </li>
  );
}
