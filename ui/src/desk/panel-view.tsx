// The customer at a glance: rows that stay in their places.

import type { JSX } from "preact";
import { channelName, clock, day, figure, listed, named, purpose, readingName, sentence, share, textOf, words, year } from "../format";
import { t } from "../lang";
import { Mood, Row } from "../parts/bits";
import { Spark } from "../parts/spark";
import { EvidenceList } from "../parts/why";
import { links } from "../route";
import { clean, nameOr } from "../text";
import { many, type Customer, type Fact, type May, type Reading, type Utterance } from "../wire";
import { now } from "../parts/now";
import { showSecond } from "./captions-view";
import { nameOf } from "./consent";
import { ConsentRow } from "./consent-view";
import { DataLink } from "./data-link";
import type { LiveCall } from "./live";
import { SomebodyElse } from "./other-view";
import { course, entities, moodNow, moods, tally, type Said } from "./mood";
import { agentShare, talkNow } from "./talk";
import { WhoIsIt } from "./who-view";

export function Panel({ desk }: { desk: LiveCall }): JSX.Element {
  const c = desk.customer.value;
  const d = t().desk;
  return (
    <section class="panel" aria-label={d.customer}>
      <h2 class="label">{d.customer}</h2>
      <p class="panel-name">
        {c ? <a href={links.customer(c.id)}><bdi>{nameOr(c.name, d.notKnown)}</bdi></a> : <bdi>{nameOr(desk.call.value?.customer_name, d.notKnown)}</bdi>}
      </p>
      <div class="who-is">
        <WhoIsIt desk={desk} />
        <SomebodyElse desk={desk} />
      </div>
      {c && <Glance of={c} />}
      <dl class="rows">
        <MoodRow desk={desk} />
        <TalkRow desk={desk} />
        <SaidRow desk={desk} name={d.wants} kind="intent" />
        <SaidRow desk={desk} name={d.about} kind="theme" />
        {c && many(c.readings).filter((r) => r.name !== "mood" && Math.abs(r.value) >= 0.05).map((r) => (
          <ReadingRow key={r.name} of={r} desk={desk} />
        ))}
        {c && <Facts of={many(c.facts)} />}
        {c && <Rules of={many(c.may)} />}
        {c && <ConsentRow key={c.id} desk={desk} of={c} />}
        {c && <Before of={c} />}
        {c && <DataLink key={c.id} of={c} />}
        <NamedRow desk={desk} />
      </dl>
    </section>
  );
}

const glance: ReadonlySet<string> = new Set(["plan", "product", "products", "tariff", "segment", "tier"]);

function Glance({ of }: { of: Customer }): JSX.Element | null {
  // The first word on a property is the believed one.
  const believed = many(of.traits).filter((x, i, all) => all.findIndex((o) => o.name === x.name) === i);
  const parts = believed.filter((x) => glance.has(x.name)).map((x) => plain(x.value));
  if (of.since) parts.unshift(t().desk.since(year(of.since)));
  const rest = believed.filter((x) => !glance.has(x.name) && x.name !== "name");
  if (parts.length === 0 && rest.length === 0) return null;
  return (
    <>
      <p class="panel-glance"><bdi>{parts.join(" · ")}</bdi></p>
      {rest.length > 0 && (
        <details class="more">
          <summary>{t().desk.moreKnown(figure(rest.length, 0))}</summary>
          <dl class="rows">
            {rest.map((x, i) => (
              <Row key={i} name={sentence(x.name)}>
                <span dir="auto">{plain(x.value)}</span> {x.source && <span class="muted">{words(x.source)}</span>}
              </Row>
            ))}
          </dl>
        </details>
      )}
    </>
  );
}

function plain(v: unknown): string {
  if (typeof v === "number") return figure(v);
  if (typeof v === "boolean") return v ? t().desk.yes : t().desk.no;
  if (Array.isArray(v)) return v.map(plain).join(", ");
  return typeof v === "string" ? clean(v) : "";
}

function MoodRow({ desk }: { desk: LiveCall }): JSX.Element {
  const points = moods(desk.insights.value);
  const length = desk.captions.value.lines.at(-1)?.utterance.end ?? 1;
  return (
    <Row name={t().desk.mood}>
      {points.length > 1 && <Spark points={course(points)} length={length} width={120} height={24} />}{" "}
      <Mood value={moodNow(points)} />
    </Row>
  );
}

// Stays in its place from the first second, so that nothing below it moves.
function TalkRow({ desk }: { desk: LiveCall }): JSX.Element | null {
  const c = desk.call.value;
  if (c?.status !== "live") return null;
  const d = t().desk;
  const mine = agentShare(desk.talk.value);
  const { lines, partials } = desk.captions.value;
  const last = lines.reduce<Utterance | undefined>((a, l) => (a && a.end >= l.utterance.end ? a : l.utterance), undefined);
  const { quiet, floor } = talkNow((now.value - Date.parse(c.started_at)) / 1000, last, partials, desk.talk.value);
  return (
    <Row name={d.talk}>
      {mine === undefined ? <span class="muted">{d.justBegun}</span> : (
        <>
          <span class="talk-bar" aria-hidden="true"><span style={{ inlineSize: `${(mine * 100).toFixed(1)}%` }} /></span>{" "}
          <span>{d.you} <b class="num"><bdi dir="ltr">{figure(mine * 100, 0)} %</bdi></b></span>
        </>
      )}
      {quiet !== undefined && <span class="talk-note muted">{d.quietFor} <span class="num">{clock(quiet)}</span></span>}
      {floor !== undefined && <span class="talk-note">{d.spokenFor} <span class="num">{clock(floor)}</span></span>}
    </Row>
  );
}

function SaidRow({ desk, name, kind }: { desk: LiveCall; name: string; kind: "intent" | "theme" }): JSX.Element {
  const of = kind === "intent" ? desk.insights.value.filter((i) => i.speaker === "customer") : desk.insights.value;
  const all = tally(of, kind);
  return (
    <Row name={name}>
      {all.length === 0 && <span class="muted">{t().desk.nothingYet}</span>}
      <span class="chips">{all.slice(0, 5).map((s) => <Chip key={s.name} of={s} desk={desk} first={kind === "intent" && s === all[0]} />)}</span>
    </Row>
  );
}

/** What was named on the call, the latest first. */
function NamedRow({ desk }: { desk: LiveCall }): JSX.Element | null {
  const all = entities(desk.insights.value).toReversed();
  if (all.length === 0) return null;
  return (
    <Row name={t().desk.captured}>
      <span class="chips">
        {all.slice(0, 6).map((n) => (
          <button type="button" class="chip" key={`${n.type} ${n.value}`} title={t().desk.at(clock(n.start))} onClick={() => showSecond(desk, n.start)}>
            <span class="muted">{words(n.type)}</span> <bdi>{clean(named(n.type, n.value))}</bdi>
          </button>
        ))}
      </span>
    </Row>
  );
}

function Chip({ of, desk, first }: { of: Said; desk: LiveCall; first: boolean }): JSX.Element {
  return (
    <button type="button" class={`chip${first ? " chip-first" : ""}`} title={t().desk.lastAt(clock(of.last))}
      onClick={() => showSecond(desk, of.last)}>
      {words(of.name)}{of.count > 1 && <span class="muted"> {of.count}</span>}
    </button>
  );
}

function ReadingRow({ of, desk }: { of: Reading; desk: LiveCall }): JSX.Element {
  const evidence = many(of.evidence);
  const level = of.value >= 0.6 ? "bad" : "plain";
  return (
    <Row name={sentence(readingName(of.name))}>
      <span class={of.name === "churn_risk" ? `tone-${level}` : ""}><b class="num">{share(of.value)}</b></span>
      {evidence.length > 0 && (
        <details class="more inline">
          <summary>{t().desk.facts(evidence.length, figure(evidence.length, 0))}</summary>
          <EvidenceList of={evidence} call={desk.id} show={(s) => showSecond(desk, s)} />
        </details>
      )}
    </Row>
  );
}

function Facts({ of }: { of: readonly Fact[] }): JSX.Element | null {
  const last = of.filter((f) => !f.name.startsWith("call.")).toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, 3);
  if (last.length === 0) return null;
  return (
    <Row name={t().desk.lately}>
      <ul class="plain">
        {last.map((f, i) => (
          <li key={i}>
            {sentence(f.name)} <span dir="auto">{Object.values(f.props ?? {}).map(plain).filter(Boolean).join(", ")}</span>{" "}
            <bdi class="muted">{day(f.at)}</bdi>
          </li>
        ))}
      </ul>
    </Row>
  );
}

function Rules({ of }: { of: readonly May[] }): JSX.Element {
  const yes = of.filter((m) => m.state === "granted");
  const no = of.filter((m) => m.state === "denied" || m.state === "withdrawn" || m.state === "expired");
  const open = of.filter((m) => m.state === "unknown");
  const d = t().desk;
  return (
    <>
      {no.length > 0 && <Row name={d.mayNot}><RuleList of={no} tone="bad" /></Row>}
      {yes.length > 0 && <Row name={d.may}><RuleList of={yes} tone="good" /></Row>}
      {open.length > 0 && <Row name={d.notAsked}><RuleList of={open} tone="plain" /></Row>}
    </>
  );
}

function RuleList({ of, tone }: { of: readonly May[]; tone: string }): JSX.Element {
  const purposes = [...new Set(of.map((m) => m.purpose))];
  return (
    <span class={`tone-${tone}`}>
      {purposes.map((p, i) => {
        const cells = of.filter((m) => m.purpose === p);
        const channels = cells.map((m) => m.channel ?? "").filter((c) => c !== "" && c !== "any");
        return (
          <span key={p} title={cells.map(sourceOf).join("\n")}>
            {i > 0 && <br />}{purpose(p)}{channels.length > 0 && ` (${listed(channels.map(channelName))})`}
          </span>
        );
      })}
    </span>
  );
}

function sourceOf(m: May): string {
  const since = m.since && !m.since.startsWith("0001") ? day(m.since) : "";
  const d = t().desk;
  return d.allowed(nameOf(m), textOf(d.states, m.state) ?? words(m.state), since, m.source ? words(m.source) : "");
}

function Before({ of }: { of: Customer }): JSX.Element {
  const n = of.calls;
  const d = t().desk;
  const text = n === undefined ? d.allCalls : d.nCalls(n, figure(n, 0));
  return <Row name={d.calls}>{n === 0 ? d.first : <a href={links.calls(of.id)}>{text}</a>}</Row>;
}
