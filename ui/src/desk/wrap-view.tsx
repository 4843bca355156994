// The wrap-up of a call that is over, where the suggestions were.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { words } from "../format";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Icon } from "../parts/icon";
import { dismissals, endings } from "../wire-desk";
import type { LiveCall } from "./live";
import { tally } from "./mood";
import type { Answered } from "./cards";

export function WrapUpZone({ desk }: { desk: LiveCall }): JSX.Element {
  const w = desk.wrap;
  const d = t().desk;
  useKeys(d.wrap, [{ key: "f", label: d.wrapKey, run: () => document.querySelector<HTMLElement>(".wrap [aria-pressed], .wrap textarea")?.focus() }]);
  const { ending } = w.draft.value;
  const dismissed = desk.answering.answered.value.filter((a) => a.answer === "dismissed");
  const save = (e: Event): void => {
    e.preventDefault();
    void w.save();
  };
  return (
    <form class="wrap" aria-label={d.wrap} onSubmit={save}>
      <div class="wrap-line" role="group" aria-label={d.wrapOutcome}>
        <span class="label">{d.wrapOutcome}</span>
        <span class="chips">
          {endings.map((e) => (
            <button type="button" key={e} class="chip" aria-pressed={ending === e} onClick={() => w.end(e)}>{ending === e && <Icon name="check" />}{d.outcomes[e]}</button>
          ))}
        </span>
      </div>
      <Tags desk={desk} />
      {dismissed.map((a) => <Reason key={`${a.decision} ${a.action}`} desk={desk} of={a} />)}
      <Summary desk={desk} />
      <div class="wrap-foot">
        <button type="submit" class="main" disabled={ending === "" || w.busy.value || !w.touched.value}>{w.busy.value ? d.wrapSaving : d.wrapSave}</button>
        <span role="status" class={w.trouble.value ? "tone-bad" : "muted"}>{w.trouble.value || (w.touched.value ? d.wrapKept : w.saved.value ? d.wrapSaved : "")}</span>
      </div>
    </form>
  );
}

function Tags({ desk }: { desk: LiveCall }): JSX.Element {
  const w = desk.wrap;
  const d = t().desk;
  const typed = useSignal("");
  const mine = w.draft.value.tags;
  // What the call was about is offered; what was typed stands beside it.
  const heard = tally(desk.insights.value, "theme").slice(0, 5).map((s) => words(s.name));
  const all = [...new Set([...heard, ...mine])];
  const add = (): void => {
    w.addTag(typed.peek());
    typed.value = "";
  };
  return (
    <div class="wrap-line" role="group" aria-label={d.wrapTags}>
      <span class="label">{d.wrapTags}</span>
      <span class="chips">
        {all.map((tag) => (
          <button type="button" key={tag} class="chip" aria-pressed={mine.includes(tag)} onClick={() => w.tag(tag)}>{mine.includes(tag) && <Icon name="check" />}<bdi>{tag}</bdi></button>
        ))}
        <input type="text" class="tag-new" maxLength={40} dir="auto" aria-label={d.addTag} placeholder={d.addTag} value={typed.value} disabled={w.full.value}
          onInput={(e) => (typed.value = e.currentTarget.value)} onBlur={add}
          onKeyDown={(e) => {
            if (e.key !== "Enter") return;
            e.preventDefault();
            add();
          }} />
        {w.full.value && <span class="muted">{d.wrapFull}</span>}
      </span>
    </div>
  );
}

function Reason({ desk, of }: { desk: LiveCall; of: Answered }): JSX.Element {
  const d = t().desk;
  const why = desk.wrap.draft.value.dismissed.find((x) => x.decision_id === of.decision && x.action === of.action)?.reason;
  return (
    <div class="wrap-line" role="group" aria-label={`${d.wrapWhy} ${of.title}`}>
      <span class="label">{d.wrapWhy} <bdi>{of.title}</bdi></span>
      <span class="chips">
        {dismissals.map((r) => (
          <button type="button" key={r} class="chip" aria-pressed={why === r} onClick={() => desk.wrap.because(of, r)}>{why === r && <Icon name="check" />}{d.reasons[r]}</button>
        ))}
      </span>
    </div>
  );
}

function Summary({ desk }: { desk: LiveCall }): JSX.Element {
  const w = desk.wrap;
  const d = t().desk;
  return (
    <label class="wrap-sum">
      <span class="label">{d.wrapSummary}</span>
      <textarea dir="auto" rows={3} maxLength={4000} value={w.draft.value.summary} onInput={(e) => w.write(e.currentTarget.value)}
        onKeyDown={(e) => e.key === "Escape" && e.currentTarget.blur()} />
      <small class="muted">{w.ready.value ? d.wrapDraft : d.wrapDrafting}</small>
    </label>
  );
}
