// Where the calls about a theme came from: its share of the calls of each
// campaign, source or queue.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { api as realApi, Problem, type Api } from "../api";
import { figure } from "../format";
import { Trouble } from "../parts/bits";
import { links } from "../route";
import { mayReadOrigins } from "../session";
import { clean } from "../text";
import { many } from "../wire";
import type { CounterSeries, Counters, OriginField } from "./wire";

const fields: readonly { by: OriginField; text: string; none: string }[] = [
  { by: "campaign", text: "Campaigns", none: "No campaign" },
  { by: "source", text: "Sources", none: "No source" },
  { by: "queue", text: "Queues", none: "No queue" },
];

export class Origins {
  readonly by = signal<OriginField>("campaign");
  readonly found = signal<Counters | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);

  constructor(private readonly theme: string, private readonly api: Pick<Api, "counters"> = realApi) {}

  /** Counts anew; an answer that came too late is dropped. */
  async show(by: OriginField): Promise<void> {
    this.by.value = by;
    try {
      const found = await this.api.counters({ kind: "theme", name: this.theme, by, step: "none", limit: 12 });
      if (this.by.peek() !== by) return;
      this.found.value = found;
      this.problem.value = undefined;
    } catch (err) {
      if (this.by.peek() === by) this.problem.value = err instanceof Problem ? err : new Problem(0, "It could not be counted", String(err));
    }
  }
}

export function OriginTable({ theme, read, from = realApi }: { theme: string; read: number; from?: Pick<Api, "counters"> }): JSX.Element | null {
  const origins = useMemo(() => new Origins(theme, from), [theme]);
  const may = mayReadOrigins();
  useEffect(() => {
    if (may) void origins.show(origins.by.peek());
  }, [origins, read, may]); // figures grow while history is read
  if (!may) return null;
  const found = origins.found.value;
  return (
    <section class="theme-origins" aria-labelledby="theme-origins">
      <h2 id="theme-origins">Where these calls came from</h2>
      <div class="theme-steps" role="group" aria-label="Shares by">
        {fields.map((f) => (
          <button key={f.by} type="button" class="quiet" aria-pressed={origins.by.value === f.by} onClick={() => void origins.show(f.by)}>{f.text}</button>
        ))}
      </div>
      {origins.problem.value && <Trouble of={origins.problem.value} />}
      {!found && !origins.problem.value && <p class="muted" role="status">Counting…</p>}
      {found && <Shares of={found} />}
    </section>
  );
}

function Shares({ of }: { of: Counters }): JSX.Element {
  const rows = many(of.series);
  const most = Math.max(0.0001, ...rows.map((r) => r.share));
  const none = fields.find((f) => f.by === of.by)?.none ?? "Not known";
  if (rows.length === 0) return <p class="muted">Nobody has called in these 28 days.</p>;
  return (
    <>
      <table class="shares">
        <caption class="unseen">Share of the calls of 28 days that are about it</caption>
        <thead><tr><th scope="col">From</th><th scope="col">Share of its calls</th><th scope="col">Calls</th></tr></thead>
        <tbody>{rows.map((r) => <Share key={r.value} of={r} most={most} none={none} />)}</tbody>
      </table>
      {(of.more ?? 0) > 0 && <p class="muted">and {figure(of.more ?? 0)} smaller ones</p>}
      {of.state === "partial" && <p class="muted">Some of the latest calls are still being counted.</p>}
    </>
  );
}

function Share({ of, most, none }: { of: CounterSeries; most: number; none: string }): JSX.Element {
  const calls = <bdi>{figure(of.calls)} of {figure(of.of_calls)}</bdi>;
  return (
    <tr>
      <th scope="row"><bdi dir="auto">{of.value === "" ? <span class="muted">{none}</span> : clean(of.value)}</bdi></th>
      <td>
        <svg class="share-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width={(of.share / most) * 100} height="8" class={of.enough ? "share-enough" : undefined} /></svg>
        <span class="num">{Math.round(of.share * 1000) / 10} %</span>
        {!of.enough && <span class="muted"> too few to compare</span>}
      </td>
      <td class="num">{of.q ? <a href={links.search(of.q, "newest")}>{calls}</a> : calls}</td>
    </tr>
  );
}
