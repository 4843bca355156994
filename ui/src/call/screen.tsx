// The page of one call.

import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { Readers } from "../admin/readers";
import { api } from "../api";
import { lineAt } from "../desk/captions";
import { clock, figure, shortPhone } from "../format";
import { useKeys } from "../keys";
import { Cap, Direction, Rec, StatusTag, Trouble, When } from "../parts/bits";
import { Icon } from "../parts/icon";
import { links } from "../route";
import { many, type CallDetail } from "../wire";
import { reading } from "../written";
import { Decisions, Outcomes } from "./decisions";
import { Excerpts } from "./excerpt";
import { Player, timeline } from "./player";
import { CallPage } from "./store";
import { Stream } from "./stream";
import { Summary } from "./summary";
import { Transcript } from "./transcript";
import { Understood } from "./understood";
import { Wave } from "./wave";

export function CallScreen({ id, at }: { id: string; at: number | undefined }): JSX.Element {
  const page = useMemo(() => new CallPage(id), [id]);
  const player = useMemo(() => new Player(), [id]);
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
  if (!d) return <main id="main" class="page page-narrow" tabIndex={-1}>{problem && <Trouble of={problem}> <a href="/calls">Back to the calls</a></Trouble>}</main>;
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
            <h2 id="said-title">What was said</h2>
            {page.lines.value.some((l) => l.utterance.written) && <AsHeard />}
          </div>
          {page.lines.value.length === 0 && <p class="muted">Nothing was heard in this call.</p>}
          <Transcript lines={page.lines.value} sounds={many(d.sounds)} player={player} page={page} target={target} language={d.language} />
          {!!d.more_sounds && <p class="muted" dir="auto">{figure(d.more_sounds)} more sounds, such as ringing, are not listed.</p>}
        </section>
        <aside aria-label="What Heed made of it">
          <Summary page={page} player={player} />
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
  const heard = reading.value === "heard";
  return (
    <button type="button" class="quiet" aria-pressed={heard} title="Show the words as they were heard, without capitals, marks and figures"
      onClick={() => (reading.value = heard ? "written" : "heard")}>Words as heard</button>
  );
}

function Head({ d }: { d: CallDetail }): JSX.Element {
  const other = d.direction === "outbound" ? d.to : d.from;
  return (
    <header class="call-head">
      <h1 dir="auto">{d.customer_id ? <a href={links.customer(d.customer_id)}>{d.customer_name || "Unknown caller"}</a> : d.customer_name || "Unknown caller"}</h1>
      <StatusTag call={d} />
      {other && <bdi class="num muted">{shortPhone(other)}</bdi>}
      <Direction of={d.direction} />
      <span class="muted"><When at={d.started_at} /></span>
      <span class="num">{clock(d.duration)}</span>
      {d.agent && <span class="muted">with <span dir="auto">{d.agent}</span></span>}
      <span class="grow" />
      <Rec of={d.recording} />
    </header>
  );
}

/** What is missing from the record, said before it is missed. */
function Honest({ d }: { d: CallDetail }): JSX.Element {
  const lost = d.recording.lost ?? 0;
  return (
    <div class="banners">
      {d.status === "live" && (
        <p class="note note-accent"><span>This call is live.</span><a class="button" href={links.desk(d.id)}>Open it on the desk</a></p>
      )}
      {d.status === "recovered" && (
        <p class="note note-warn"><Icon name="warn" />Heed stopped during this call. The call was closed at the next start, and what had not been written down was heard again from the recording. Lines made so are marked.</p>
      )}
      {d.recording.state === "partial" && (
        <p class="note note-warn"><Icon name="warn" />The recording is incomplete: {figure(lost, 1)} s could not be kept. The times of the rest are right.</p>
      )}
      {d.recording.state === "refused" && (
        <p class="note">{d.recording.answer === "no" ? "The caller did not want to be recorded: nothing that was said is kept." : "The caller was asked and never agreed to be recorded: nothing that was said is kept."}</p>
      )}
      {many(d.recording.paused).length > 0 && (
        <p class="note">Paused, so nothing is kept: {many(d.recording.paused).map((p) => `${clock(p.start)} to ${clock(p.end)}`).join(", ")}.</p>
      )}
      {d.recording.state === "lost" && <p class="note note-warn"><Icon name="warn" />The recording of this call was lost. The transcript was written as it was spoken.</p>}
      {many(d.health.notes).map((n) => <p key={n} class="note"><Icon name="warn" />{n}</p>)}
    </div>
  );
}

/** The states in which there is something to play. */
const audible: ReadonlySet<string> = new Set(["kept", "partial", "recording"]);

function Sound({ d, page, player }: { d: CallDetail; page: CallPage; player: Player }): JSX.Element {
  const kept = d.status !== "live" && audible.has(d.recording.state);
  const length = page.peaks.value?.duration || player.length.value || d.duration;
  const marks = useMemo(() => page.decisions.value.map((x) => page.second(x.at)), [page.decisions.value]);
  useKeys("Recording", [
    { key: " ", label: "Play or pause", run: () => player.toggle() },
    { key: "k", label: "Play or pause", run: () => player.toggle() },
    { key: "ArrowLeft", label: "5 seconds back", run: () => player.seek(player.at.peek() - 5) },
    { key: "ArrowRight", label: "5 seconds on", run: () => player.seek(player.at.peek() + 5) },
  ]);
  if (!kept) return <p class="player player-none muted">{d.status === "live" ? "The recording can be heard when the call is over." : "No recording was kept of this call."}</p>;
  return (
    <div class="player">
      {/* The transcript below is the text of this recording. */}
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
      <audio ref={(el) => player.attach(el)} src={api.recording(d.id)} preload="metadata" />
      <button type="button" class="main play" onClick={() => player.toggle()} aria-label={player.playing.value ? "Pause" : "Play"} aria-keyshortcuts="K">
        <Icon name={player.playing.value ? "pause" : "play"} /><Cap k="K" />
      </button>
      <span class="num player-time" dir="ltr">{clock(player.at.value)} / {clock(length)}</span>
      <Wave player={player} peaks={page.peaks.value} length={length} marks={marks} />
      <Rate player={player} />
      {player.broken.value && <p class="tone-bad">The recording cannot be played here.</p>}
    </div>
  );
}

const rates = [1, 1.25, 1.5, 2];

function Rate({ player }: { player: Player }): JSX.Element {
  return (
    <label class="rate">
      <span class="unseen">Speed</span>
      <select value={String(player.rate.value)} onChange={(e) => player.setRate(Number(e.currentTarget.value))}>
        {rates.map((r) => <option key={r} value={String(r)}>{r}×</option>)}
      </select>
    </label>
  );
}
