// What was said, word by word; a click plays from there.

import { effect, useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { marksOf, type Line } from "../desk/captions";
import { clock, direction, labelText } from "../format";
import { Blocks } from "../parts/blocks";
import { SpeakerName } from "../parts/line";
import { placed, SoundLine, type Placed } from "../parts/sounds";
import { pieces, type Piece } from "../text";
import { many, type Sound } from "../wire";
import { Correctable } from "./correct";
import { marksOver, reading, shown, spoken, type Spoken } from "../written";
import type { Player } from "./player";
import type { CallPage } from "./store";

interface Props {
  lines: readonly Line[];
  /** What was on the line beside speech. */
  sounds: readonly Sound[];
  player: Player;
  page: CallPage;
  /** The line that the address points at. */
  target: string;
  language: string | undefined;
}

export function Transcript({ lines, sounds, player, page, target, language }: Props): JSX.Element {
  useEffect(() => {
    const scroll = (): void => document.getElementById(`said-${target}`)?.scrollIntoView({ block: "center" });
    if (target) requestAnimationFrame(scroll);
  }, [target]);
  useFollow(player);
  const play = (e: MouseEvent): void => {
    const el = e.target instanceof Element ? e.target.closest<HTMLElement>("[data-t]") : null;
    if (el && getSelection()?.isCollapsed !== false) player.playFrom(Number(el.dataset["t"]));
  };
  const items = useMemo(() => placed(lines, sounds), [lines, sounds]);
  const draw = ({ line, sound }: Placed, i: number): JSX.Element => line ? (
    <Said key={line.utterance.id} line={line} player={player} page={page} target={target === line.utterance.id}
      named={items[i - 1]?.line?.utterance.speaker !== line.utterance.speaker} />
  ) : <SoundLine key={`${sound.kind}${sound.speaker}${sound.start}`} sound={sound} />;
  return (
    // The keyboard plays a line by the button that shows its time.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <div class="transcript" dir={direction(language)} onClick={play}>
      <Blocks items={items} draw={draw} wanted={(p) => p.line?.utterance.id === target && target !== ""} />
    </div>
  );
}

/** Keeps the spoken line in the window while a reader follows it there. */
function useFollow(player: Player): void {
  useEffect(() => {
    let last = "";
    return effect(() => {
      const line = player.word.value?.line;
      if (!line || line === last) return;
      const before = document.getElementById(`said-${last}`);
      last = line;
      if (player.playing.peek() && before && inWindow(before)) {
        document.getElementById(`said-${line}`)?.scrollIntoView({ block: "nearest" });
      }
    });
  }, [player]);
}

function inWindow(el: Element): boolean {
  const r = el.getBoundingClientRect();
  return r.bottom > 0 && r.top < innerHeight;
}

interface SaidProps {
  line: Line;
  player: Player;
  page: CallPage;
  named: boolean;
  target: boolean;
}

function Said({ line, player, page, named, target }: SaidProps): JSX.Element {
  const u = line.utterance;
  const now = useComputed(() => {
    const w = player.word.value;
    return w?.line === u.id ? w.word : undefined;
  }).value;
  const as = reading.value;
  const words = many(u.words);
  const { parts, tokens } = useMemo(() => {
    const show = shown(u, as);
    const at = spoken(u, words, show);
    return { parts: pieces(show.text, at, marksOver(marksOf(line), show)), tokens: at };
  }, [line, as]);
  return (
    <div id={`said-${u.id}`} data-t={u.start}
      class={`line line-${u.speaker}${named ? " line-first" : ""}${now === undefined ? "" : " line-now"}${target ? " flash" : ""}`}>
      <span class="line-who"><span class={named ? "" : "unseen"}><SpeakerName who={u.speaker} /></span></span>
      <span class="line-text"><Correctable utterance={u} page={page}><span dir="auto">
        {parts.map((p, i) => {
          const token = p.word === undefined ? undefined : tokens[p.word];
          return <Part key={i} piece={p} second={token ? words[token.first]?.start : undefined} playing={plays(token, now)} />;
        })}
        {u.recovered && <span class="tag tag-recovered" title="Heard again from the recording">recovered</span>}
      </span></Correctable></span>
      <button type="button" class="at line-time" data-t={u.start} aria-label={`Play from ${clock(u.start)}`}>{clock(u.start)}</button>
    </div>
  );
}

function plays(token: Spoken | undefined, now: number | undefined): boolean {
  return token !== undefined && now !== undefined && token.first <= now && now <= token.last;
}

/** A piece of a line: a word plays from its second, a mark says what it is. */
function Part({ piece, second, playing }: { piece: Piece; second: number | undefined; playing: boolean }): JSX.Element {
  const marked = piece.labels.length > 0;
  if (second === undefined && !marked) return <>{piece.text}</>;
  const names = [playing ? "word-now" : "", marked ? "marked" : ""].filter(Boolean).join(" ");
  return <span class={names || undefined} title={marked ? piece.labels.map(labelText).join(", ") : undefined} data-t={second}>{piece.text}</span>;
}
