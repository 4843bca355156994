// Pieces of a call as files: its words as subtitles, a stretch of its recording.

import { useSignal, useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { api } from "../api";
import { clock, figure } from "../format";
import { t } from "../lang";
import { mayExcerpt } from "../session";
import type { CallDetail } from "../wire";
import type { Player } from "./player";
import type { CallPage } from "./store";

/** Reads 72.5, 1:12.5 or 1:02:03 as seconds; undefined for anything else. */
export function secondsOf(s: string): number | undefined {
  const m = /^(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,6}(?:\.\d{1,3})?)$/.exec(s.trim());
  if (!m) return undefined;
  const [, h = "0", min = "0", sec = "0"] = m;
  return Number(h) * 3600 + Number(min) * 60 + Number(sec);
}

/** The stretch of the lines that a selection touches. */
export function selectedStretch(lines: CallPage["lines"]["value"], touched: (id: string) => boolean): { from: number; to: number } | undefined {
  const chosen = lines.filter((l) => touched(l.utterance.id)).map((l) => l.utterance);
  if (chosen.length === 0) return undefined;
  return { from: Math.min(...chosen.map((u) => u.start)), to: Math.max(...chosen.map((u) => u.end)) };
}

/** Whether some of a line is selected on the page. */
export function inSelection(id: string): boolean {
  const el = document.getElementById(`said-${id}`);
  const s = getSelection();
  return !!el && !!s && !s.isCollapsed && s.containsNode(el, true);
}

const kept: ReadonlySet<string> = new Set(["kept", "partial"]);

export function Excerpts({ d, page, player }: { d: CallDetail; page: CallPage; player: Player }): JSX.Element | null {
  if (!mayExcerpt(d.agent) || page.lines.value.length === 0) return null;
  return (
    <details class="more excerpts">
      <summary>{t().call.excerpts}</summary>
      <p>
        <a class="button" data-plain download href={api.subtitles(d.id, { format: "vtt" })}>{t().call.subtitlesIn("WebVTT")}</a>{" "}
        <a class="button" data-plain download href={api.subtitles(d.id, { format: "srt" })}>{t().call.subtitlesIn("SubRip")}</a>
      </p>
      {d.status !== "live" && kept.has(d.recording.state) && <Clip d={d} page={page} player={player} />}
      <p class="muted">{t().call.excerptsHow}</p>
    </details>
  );
}

function Clip({ d, page, player }: { d: CallDetail; page: CallPage; player: Player }): JSX.Element {
  const { call } = t();
  const from = useSignal("0");
  const to = useSignal(clock(Math.min(30, Math.floor(d.duration))));
  const format = useSignal("wav");
  const channel = useSignal("both");
  const until = useSignal<number | undefined>(undefined);
  const nothing = useSignal(false);
  useSignalEffect(() => {
    if (until.value === undefined || player.at.value < until.value) return;
    until.value = undefined;
    if (player.playing.peek()) player.toggle();
  });
  const a = secondsOf(from.value);
  const b = secondsOf(to.value);
  const whole = a !== undefined && b !== undefined && b > a ? { from: a, to: b } : undefined;
  const select = (): void => {
    const s = selectedStretch(page.lines.value, inSelection);
    nothing.value = !s;
    if (!s) return;
    from.value = s.from.toFixed(1);
    to.value = s.to.toFixed(1);
  };
  const listen = (): void => {
    if (!whole) return;
    player.playFrom(whole.from);
    until.value = whole.to;
  };
  return (
    <fieldset class="clip">
      <legend>{call.clip}</legend>
      <label>{call.clipFrom} <input size={7} dir="ltr" inputMode="decimal" value={from.value} aria-invalid={a === undefined} onInput={(e) => (from.value = e.currentTarget.value)} /></label>
      <label>{call.clipTo} <input size={7} dir="ltr" inputMode="decimal" value={to.value} aria-invalid={!whole} onInput={(e) => (to.value = e.currentTarget.value)} /></label>
      {/* To press it must not take the selection away. */}
      <button type="button" class="quiet" onMouseDown={(e) => e.preventDefault()} onClick={select}>{call.clipSelected}</button>
      <label><span class="unseen">{call.clipWho}</span>
        <select value={channel.value} onChange={(e) => (channel.value = e.currentTarget.value)}>
          <option value="both">{call.both}</option><option value="agent">{call.agent}</option><option value="customer">{call.customer}</option>
        </select>
      </label>
      <label><span class="unseen">{call.clipFormat}</span>
        <select value={format.value} onChange={(e) => (format.value = e.currentTarget.value)}>
          <option value="wav">WAV</option><option value="mp3">MP3</option><option value="ogg">Ogg</option>
        </select>
      </label>
      <button type="button" disabled={!whole} onClick={listen}>{call.listen}</button>
      {whole && <a class="button main" data-plain download href={api.clip(d.id, { ...whole, format: format.value, channel: channel.value })}>{call.saveClip}</a>}
      {whole && <a class="button quiet" data-plain download href={api.subtitles(d.id, { ...whole, format: "vtt" })}>{call.itsSubtitles}</a>}
      <p class="muted" role="status">
        {nothing.value ? call.selectFirst : whole ? call.seconds(figure(whole.to - whole.from, 1)) : call.twoTimes}
      </p>
    </fieldset>
  );
}
