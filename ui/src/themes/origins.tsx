// Where the calls about a theme came from: its share of the calls of each
// campaign, source or queue.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { api as realApi, asProblem, Problem, type Api } from "../api";
import { figure, textOf } from "../format";
import { t } from "../lang";
import { Trouble } from "../parts/bits";
import { links } from "../route";
import { mayReadOrigins } from "../session";
import { clean } from "../text";
import { many } from "../wire";
import { everything, originsOf, spansOf, type Segment } from "./segment";
import type { CounterSeries, Counters, CountersQuery, OriginField } from "./wire";

const fields: readonly OriginField[] = ["campaign", "source", "queue"];

export class Origins {
  readonly by = signal<OriginField>("campaign");
  readonly found = signal<Counters | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);

  constructor(private readonly theme: string, private readonly api: Pick<Api, "counters"> = realApi, private readonly segment: Segment = everything) {}

  /** Counts anew; an answer that came too late is dropped. */
  async show(by: OriginField): Promise<void> {
    this.by.value = by;
    try {
      const found = await this.api.counters({ kind: "theme", name: this.theme, by, step: "none", limit: 12, ...this.within() });
      if (this.by.peek() !== by) return;
      this.found.value = found;
      this.problem.value = undefined;
    } catch (err) {
      if (this.by.peek() === by) this.problem.value = asProblem(err, t().themes.notCounted);
    }
  }

  /** The time and the origins that are asked for, where they are not the usual ones. */
  private within(): Partial<CountersQuery> {
    const { days } = this.segment;
    return { ...originsOf(this.segment), ...(days === everything.days ? {} : { from: spansOf(days, "", new Date()).from }) };
  }
}

interface Props { theme: string; read: number; segment?: Segment; from?: Pick<Api, "counters"> }

export function OriginTable({ theme, read, segment = everything, from = realApi }: Props): JSX.Element | null {
  const origins = useMemo(() => new Origins(theme, from, segment), [theme, segment]);
  const may = mayReadOrigins();
  useEffect(() => {
    if (may) void origins.show(origins.by.peek());
  }, [origins, read, may]); // figures grow while history is read
  if (!may) return null;
  const found = origins.found.value;
  const words = t().themes;
  return (
    <section class="theme-origins" aria-labelledby="theme-origins">
      <h2 id="theme-origins">{words.cameFrom}</h2>
      <div class="theme-steps" role="group" aria-label={words.sharesBy}>
        {fields.map((f) => (
          <button key={f} type="button" class="quiet" aria-pressed={origins.by.value === f} onClick={() => void origins.show(f)}>{words.fields[f]}</button>
        ))}
      </div>
      {origins.problem.value && <Trouble of={origins.problem.value} />}
      {!found && !origins.problem.value && <p class="muted" role="status">{words.counting}</p>}
      {found && <Shares of={found} />}
    </section>
  );
}

function Shares({ of }: { of: Counters }): JSX.Element {
  const rows = many(of.series);
  const most = Math.max(0.0001, ...rows.map((r) => r.share));
  const words = t().themes;
  const none = textOf(words.fieldNone, of.by) ?? words.none;
  if (rows.length === 0) return <p class="muted">{words.nobodyCalled}</p>;
  return (
    <>
      <table class="shares">
        <caption class="unseen">{words.shareOf}</caption>
        <thead><tr><th scope="col">{words.from}</th><th scope="col">{words.share}</th><th scope="col">{words.callsHead}</th></tr></thead>
        <tbody>{rows.map((r) => <Share key={r.value} of={r} most={most} none={none} />)}</tbody>
      </table>
      {(of.more ?? 0) > 0 && <p class="muted">{words.smaller(figure(of.more ?? 0, 0))}</p>}
      {of.state === "partial" && <p class="muted">{words.latest}</p>}
    </>
  );
}

function Share({ of, most, none }: { of: CounterSeries; most: number; none: string }): JSX.Element {
  const calls = <bdi>{t().themes.ofThese(figure(of.calls), figure(of.of_calls))}</bdi>;
  return (
    <tr>
      <th scope="row"><bdi dir="auto">{of.value === "" ? <span class="muted">{none}</span> : clean(of.value)}</bdi></th>
      <td>
        <svg class="share-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width={(of.share / most) * 100} height="8" class={of.enough ? "share-enough" : undefined} /></svg>
        <span class="num">{figure(of.share * 100, 1)} %</span>
        {!of.enough && <span class="muted"> {t().themes.fewToCompare}</span>}
      </td>
      <td class="num">{of.q ? <a href={links.search(of.q, "newest")}>{calls}</a> : calls}</td>
    </tr>
  );
}
