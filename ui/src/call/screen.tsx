// The page of one call.

import { clean, nameOr } from "../text";
import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { Readers } from "../admin/readers";
import { lineAt } from "../desk/captions";
import { clock, figure, shortPhone } from "../format";
import { t } from "../lang";
import { Direction, Rec, StatusTag, Trouble, When } from "../parts/bits";
import { Icon } from "../parts/icon";
import { links } from "../route";
import { me } from "../session";
import { many, type CallDetail } from "../wire";
import { reading } from "../written";
import { Comments } from "./comments";
import { Decisions, Outcomes } from "./decisions";
import { Excerpts } from "./excerpt";
import { Finder } from "./find";
import { FindBox } from "./finder";
import { Player, timeline } from "./player";
import { Sound } from "./sound";
import { CallPage } from "./store";
import { Stream } from "./stream";
import { Summary } from "./summary";
import { Transcript } from "./transcript";
import { Understood } from "./understood";

export function CallScreen({ id, at }: { id: string; at: number | undefined }): JSX.Element {
  const page = useMemo(() => new CallPage(id), [id]);
  const player = useMemo(() => new Player(), [id]);
  const finder = useMemo(() => new Finder(page), [page]);
  const { call } = t();
  useEffect(() => {
    void page.start();
    return () => page.close();
  }, [page]);
  useSignalEffect(() => {
    player.words.value = timeline(page.lines.value);
  });
  const d = page.detail.value;
  useEffect(() => {
    if (d && at !== undefined) player.playFrom(at);
  }, [d === undefined, at]);
  const problem = page.problem.value;
  if (!d) return <main id="main" class="page page-narrow" tabIndex={-1}>{problem && <Trouble of={problem}> <a href={links.calls()}>{call.backToCalls}</a></Trouble>}</main>;
  const target = at === undefined ? "" : (lineAt(page.lines.value, at)?.utterance.id ?? "");
  return (
    <main id="main" class="page call-page" tabIndex={-1}>
      <Head d={d} />
      <Honest d={d} />
      <Sound d={d} page={page} player={player} />
      <Excerpts d={d} page={page} player={player} />
      <div class="call-columns">
        <section aria-labelledby="said-title">
          <div class="said-head">
            <h2 id="said-title">{call.said}</h2>
            <span class="said-acts">
              {page.lines.value.length > 0 && <FindBox finder={finder} />}
              {page.lines.value.some((l) => l.utterance.written) && <AsHeard />}
            </span>
          </div>
          {page.lines.value.length === 0 && <p class="muted">{d.status === "live" ? call.nothingHeardYet : call.nothingHeard}</p>}
          <Transcript lines={page.lines.value} sounds={many(d.sounds)} player={player} page={page} finder={finder} target={target} language={d.language} />
          {!!d.more_sounds && <p class="muted" dir="auto">{call.moreSounds(d.more_sounds, figure(d.more_sounds))}</p>}
        </section>
        <aside aria-label={call.madeOfIt}>
          <Summary page={page} player={player} />
          <Comments page={page} player={player} />
          <Understood page={page} player={player} />
          <Decisions page={page} player={player} />
          <Outcomes page={page} player={player} />
          <Stream d={d} />
          <Readers of={{ call: d.id }} />
        </aside>
      </div>
    </main>
  );
}

/** Numbers, capitals and marks are Heed's; this shows the words that were heard. */
function AsHeard(): JSX.Element {
  const { call } = t();
  const heard = reading.value === "heard";
  return (
    <button type="button" class="quiet" aria-pressed={heard} title={call.asHeardHow}
      onClick={() => (reading.value = heard ? "written" : "heard")}>{call.asHeard}</button>
  );
}

function Head({ d }: { d: CallDetail }): JSX.Element {
  const { call } = t();
  const other = d.direction === "outbound" ? d.to : d.from;
  return (
    <header class="call-head">
      <h1 dir="auto">{d.customer_id ? <a href={links.customer(d.customer_id)}>{nameOr(d.customer_name, call.unknown)}</a> : nameOr(d.customer_name, call.unknown)}</h1>
      <StatusTag call={d} />
      {other && <bdi class="num muted" dir="ltr">{shortPhone(other)}</bdi>}
      <Direction of={d.direction} />
      <span class="muted"><When at={d.started_at} /></span>
      <span class="num">{clock(d.duration)}</span>
      {d.agent && <span class="muted" dir="auto">{call.withAgent(clean(d.agent))}</span>}
      <span class="grow" />
      {me.value?.role === "admin" && d.status !== "live" && <a href={links.compare(d.id)}>{t().admin.trial.link}</a>}
      <Rec of={d.recording} />
    </header>
  );
}

/** What is missing from the record, said before it is missed. */
function Honest({ d }: { d: CallDetail }): JSX.Element {
  const { call } = t();
  const lost = d.recording.lost ?? 0;
  return (
    <div class="banners">
      {d.status === "live" && (
        <p class="note note-accent"><span>{call.isLive}</span><a class="button" href={links.desk(d.id)}>{call.openDesk}</a></p>
      )}
      {d.status === "recovered" && (
        <p class="note note-warn"><Icon name="warn" />{call.recoveredCall}</p>
      )}
      {d.recording.state === "partial" && (
        <p class="note note-warn"><Icon name="warn" />{call.incomplete(figure(lost, 1))}</p>
      )}
      {d.recording.state === "refused" && (
        <p class="note">{d.recording.answer === "no" ? call.refused : call.neverAgreed}</p>
      )}
      {many(d.recording.paused).length > 0 && (
        <p class="note">{call.pausedAt(many(d.recording.paused).map((p) => `${clock(p.start)}–${p.end > 0 ? clock(p.end) : ""}`).join(", "))}</p>
      )}
      {d.recording.state === "lost" && <p class="note note-warn"><Icon name="warn" />{call.recordingLost}</p>}
      {many(d.health.notes).map((n) => <p key={n} class="note"><Icon name="warn" /><span dir="auto">{n}</span></p>)}
    </div>
  );
}
