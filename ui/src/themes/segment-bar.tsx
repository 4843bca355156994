// Period and segment on top of what marketers read: it is the address, so that
// it can be shared, and goes along to the search and the campaigns.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { api as realApi, type Api } from "../api";
import { mayReadCampaigns } from "../campaigns/store";
import { figure } from "../format";
import { t } from "../lang";
import { go, links } from "../route";
import { mayReadOrigins } from "../session";
import { clean } from "../text";
import { many } from "../wire";
import { inSegment, isNarrow, originFields, spansOf, unknown, windows, type Origin, type Segment } from "./segment";
import type { CounterSeries } from "./wire";

type Choices = Partial<Record<Origin, readonly CounterSeries[]>>;

/** Where calls came from in the last quarter, the commonest first. */
const choices = signal<Choices>({});

export async function loadChoices(api: Pick<Api, "counters"> = realApi): Promise<void> {
  const from = spansOf(91, "", new Date()).from;
  await Promise.all(originFields.map(async (by) => {
    try {
      const found = await api.counters({ kind: "volume", by, step: "none", limit: 100, from });
      choices.value = { ...choices.peek(), [by]: many(found.series) };
    } catch {
      // One can go without: the address takes any value.
    }
  }));
}

export function SegmentBar({ of, to }: { of: Segment; to(of: Segment): string }): JSX.Element {
  const words = t().themes;
  const may = mayReadOrigins();
  useEffect(() => {
    if (may) void loadChoices();
  }, [may]);
  const at = useMemo(() => spansOf(of.days, "", new Date()), [of.days]);
  const set = (o: Partial<Segment>): void => go(to({ ...of, ...o }));
  return (
    <div class="segment" role="group" aria-label={words.segment}>
      <label>{words.time} <select value={String(of.days)} onChange={(e) => set({ days: Number(e.currentTarget.value) })}>
        {windows.map((d) => <option key={d} value={String(d)}>{words.lastDays(figure(d, 0))}</option>)}
      </select></label>
      {may && originFields.map((f) => <Pick key={f} field={f} value={of[f]} put={(v) => set({ [f]: v })} />)}
      {isNarrow(of) && <button type="button" class="quiet" onClick={() => set({ source: "", campaign: "", queue: "" })}>{words.everywhere}</button>}
      <span class="grow" />
      <a href={links.search(inSegment("", of, at.from, at.to), "newest")}>{t().nav.search}</a>
      {mayReadCampaigns() && <a href={links.campaigns({ from: at.from.slice(0, 10), to: at.to.slice(0, 10), by: "campaign", model: "linear" })}>{t().nav.campaigns}</a>}
    </div>
  );
}

function Pick({ field, value, put }: { field: Origin; value: string; put(v: string): void }): JSX.Element | null {
  const words = t().themes;
  const found = choices.value[field] ?? [];
  const values = found.map((s) => s.value || unknown);
  if (value !== "" && !values.includes(value)) values.push(value);
  if (values.length === 0) return null;
  return (
    <label>{words[field]} <select value={value} onChange={(e) => put(e.currentTarget.value)}>
      <option value="">{words.any}</option>
      {values.map((v) => <option key={v} value={v}>{v === unknown ? words.none : clean(v)}</option>)}
    </select></label>
  );
}
