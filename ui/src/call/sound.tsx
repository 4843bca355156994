// Hearing a call: the picture of it, how it is played, and what the picture
// shows in words.

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { api } from "../api";
import { clock, figure, sentence, words } from "../format";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Cap } from "../parts/bits";
import { Icon } from "../parts/icon";
import { many, type CallDetail } from "../wire";
import { inSelection, selectedStretch } from "./excerpt";
import { rates, type Loop, type Player } from "./player";
import { moments, shades, total, type Moment, type Shade, type ShadeKind } from "./shades";
import type { CallPage } from "./store";
import { Wave } from "./wave";

/** The states in which there is something to play. */
const audible: ReadonlySet<string> = new Set(["kept", "partial", "recording"]);

interface Props {
  d: CallDetail;
  page: CallPage;
  player: Player;
}

export function Sound({ d, page, player }: Props): JSX.Element {
  const { call } = t();
  const length = page.peaks.value?.duration || player.length.value || d.duration;
  const shaded = useMemo(() => shades(d, length, page.peaks.value), [d.utterances, d.insights, d.recording, d.sounds, length, page.peaks.value]);
  const marks = useMemo(() => allMoments(d, page), [d.insights, page.decisions.value, page.notes.all.value]);
  useEffect(() => {
    player.silences.value = shaded.filter((s) => s.kind === "silence");
  }, [shaded]);
  usePlayerKeys(page, player);
  if (d.status === "live" || !audible.has(d.recording.state)) {
    return <p class="player player-none muted">{d.status === "live" ? call.heardLater : call.noRecording}</p>;
  }
  return (
    <>
      <div class="player">
        {/* The transcript below is the text of this recording. */}
        {/* oxlint-disable-next-line jsx-a11y/media-has-caption */}
        <audio ref={(el) => player.attach(el)} src={api.recording(d.id)} preload="metadata" />
        <button type="button" class="main play" onClick={() => player.toggle()} aria-label={player.playing.value ? call.pause : call.play} aria-keyshortcuts="K">
          <Icon name={player.playing.value ? "pause" : "play"} /><Cap k="K" />
        </button>
        <span class="num player-time" dir="ltr">{clock(player.at.value)} / {clock(length)}</span>
        <Wave player={player} peaks={page.peaks.value} length={length} shades={shaded} moments={marks} told={told(shaded, marks)} />
        <Controls page={page} player={player} />
        {player.broken.value && <p class="tone-bad">{call.broken}</p>}
      </div>
      <Legend shades={shaded} marks={marks} player={player} />
    </>
  );
}

function allMoments(d: CallDetail, page: CallPage): readonly Moment[] {
  return [
    ...moments(many(d.insights)),
    ...page.decisions.value.map((x): Moment => ({ at: page.second(x.at), name: "", kind: "suggestion" })),
    ...page.notes.all.value.flatMap((c): Moment[] => (c.second === undefined ? [] : [{ at: c.second, name: "", kind: "comment" }])),
  ];
}

function usePlayerKeys(page: CallPage, player: Player): void {
  const { call } = t();
  const by = (s: number) => (): void => player.seek(player.at.peek() + s);
  useKeys(call.recordingKeys, [
    { key: " ", label: call.playOrPause, run: () => player.toggle() },
    { key: "k", label: call.playOrPause, run: () => player.toggle() },
    { key: "ArrowLeft", label: call.back5, run: by(-5) },
    { key: "ArrowRight", label: call.on5, run: by(5) },
    { key: "j", label: call.back5, run: by(-5) },
    { key: "l", label: call.on5, run: by(5) },
    { key: ",", label: call.slower, run: () => player.faster(-1) },
    { key: ".", label: call.faster, run: () => player.faster(1) },
    { key: "s", label: call.skipSilence, run: () => skip(player) },
    { key: "r", label: call.repeatKey, run: () => repeat(page, player) },
  ]);
}

function skip(player: Player): void {
  player.skipping.value = player.skipping.peek() === "on" ? "off" : "on";
}

/** What is selected, else the line that is played; a second time ends it. */
function repeat(page: CallPage, player: Player): void {
  player.repeat(player.loop.peek() ? undefined : chosen(page, player));
}

function chosen(page: CallPage, player: Player): Loop | undefined {
  const selected = selectedStretch(page.lines.peek(), inSelection);
  if (selected) return selected;
  const at = player.at.peek();
  const u = page.lines.peek().findLast((l) => l.utterance.start <= at + 0.05)?.utterance;
  return u && { from: u.start, to: u.end };
}

function Controls({ page, player }: { page: CallPage; player: Player }): JSX.Element {
  const { call } = t();
  const loop = player.loop.value;
  return (
    <div class="player-acts">
      <label class="rate">
        <span class="unseen">{call.speed}</span>
        <select value={String(player.rate.value)} onChange={(e) => player.setRate(Number(e.currentTarget.value))}>
          {rates.map((r) => <option key={r} value={String(r)}>{figure(r)}×</option>)}
        </select>
      </label>
      <button type="button" class="quiet" aria-pressed={player.skipping.value === "on"} onClick={() => skip(player)}>{call.skipSilence} <Cap k="S" /></button>
      {/* To press it must not take the selection away. */}
      <button type="button" class="quiet" aria-pressed={loop !== undefined} title={call.repeatHow} onMouseDown={(e) => e.preventDefault()} onClick={() => repeat(page, player)}>
        {loop ? <>{call.repeating} <bdi class="num">{clock(loop.from)}–{clock(loop.to)}</bdi></> : call.repeat} <Cap k="R" />
      </button>
      {player.playing.value && !player.following.value && (
        <button type="button" onClick={() => (player.following.value = true)}>{call.follow}</button>
      )}
    </div>
  );
}

const kinds: readonly ShadeKind[] = ["overlap", "silence", "paused", "removed"];

/** How often and how long, of each kind that there is. */
function counts(all: readonly Shade[]): { kind: ShadeKind; times: number; seconds: number }[] {
  return kinds.flatMap((kind) => {
    const mine = all.filter((s) => s.kind === kind);
    return mine.length === 0 ? [] : [{ kind, times: mine.length, seconds: total(mine) }];
  });
}

/** What the picture shows, for who does not see it. */
export function told(all: readonly Shade[], marks: readonly Moment[]): string {
  const { call } = t();
  const parts = counts(all).map((c) => call.shadeTold(call.shades[c.kind], c.times, figure(c.times), clock(c.seconds)));
  const n = marks.filter((m) => m.kind === "moment").length;
  if (n > 0) parts.push(call.momentsTold(n, figure(n)));
  return parts.length === 0 ? call.pictureEmpty : call.picture(parts.join("; "));
}

/** Stretches that are listed at most: the rest is seen. */
const listed = 200;

function Legend({ shades: all, marks, player }: { shades: readonly Shade[]; marks: readonly Moment[]; player: Player }): JSX.Element | null {
  const { call } = t();
  const heard = marks.filter((m) => m.kind === "moment");
  const rows = [
    ...all.map((s) => ({ at: s.from, to: s.to, text: s.name ? `${call.shades[s.kind]}: ${words(s.name)}` : call.shades[s.kind] })),
    ...heard.map((m) => ({ at: m.at, to: undefined, text: sentence(m.name) })),
  ].toSorted((a, b) => a.at - b.at);
  if (rows.length === 0) return null;
  return (
    <div class="legend">
      <ul class="legend-kinds">
        {counts(all).map((c) => (
          <li key={c.kind}><i class={`swatch swatch-${c.kind}`} aria-hidden="true" />{call.shades[c.kind]} <span class="muted num">{clock(c.seconds)}</span></li>
        ))}
        {heard.length > 0 && <li><i class="swatch swatch-moment" aria-hidden="true" />{call.moments} <span class="muted num">{figure(heard.length)}</span></li>}
        {marks.some((m) => m.kind === "suggestion") && <li><i class="swatch swatch-suggestion" aria-hidden="true" />{call.suggestion}</li>}
        {marks.some((m) => m.kind === "comment") && <li><i class="swatch swatch-comment" aria-hidden="true" />{call.comment}</li>}
      </ul>
      <details class="more">
        <summary>{call.asList(rows.length, figure(rows.length))}</summary>
        <ol class="legend-list">
          {rows.slice(0, listed).map((r, i) => (
            <li key={i}><button type="button" class="at" onClick={() => player.playFrom(r.at)}>{clock(r.at)}{r.to !== undefined && `–${clock(r.to)}`}</button> {r.text}</li>
          ))}
        </ol>
        {rows.length > listed && <p class="muted">{call.notListed(figure(rows.length - listed))}</p>}
      </details>
    </div>
  );
}
