// What was said, word by word; a click plays from there.

import { effect, useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { marksOf, type Line } from "../desk/captions";
import { clock, direction, labelText } from "../format";
import { Blocks } from "../parts/blocks";
import { SpeakerName } from "../parts/line";
import { placed, SoundLine, type Placed } from "../parts/sounds";
import { pieces, place } from "../text";
import { many, type Sound } from "../wire";
import type { Player } from "./player";

interface Props {
  lines: readonly Line[];
  /** What was on the line beside speech. */
  sounds: readonly Sound[];
  player: Player;
  /** The line that the address points at. */
  target: string;
  language: string | undefined;
}

export function Transcript({ lines, sounds, player, target, language }: Props): JSX.Element {
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
    <Said key={line.utterance.id} line={line} player={player} target={target === line.utterance.id}
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
  named: boolean;
  target: boolean;
}

function Said({ line, player, named, target }: SaidProps): JSX.Element {
  const u = line.utterance;
  const now = useComputed(() => {
    const w = player.word.value;
    return w?.line === u.id ? w.word : undefined;
  }).value;
  const parts = useMemo(() => {
    const words = many(u.words);
    return pieces(u.text, place(u.text, words) ?? [], marksOf(line));
  }, [line]);
  const words = many(u.words);
  return (
    <div id={`said-${u.id}`} data-t={u.start}
      class={`line line-${u.speaker}${named ? " line-first" : ""}${now === undefined ? "" : " line-now"}${target ? " flash" : ""}`}>
      <span class="line-who"><span class={named ? "" : "unseen"}><SpeakerName who={u.speaker} /></span></span>
      <span class="line-text"><span dir="auto">
        {parts.map((p, i) => {
          const spoken = p.word !== undefined && p.word === now ? "word-now" : "";
          const marked = p.labels.length > 0 ? "marked" : "";
          if (p.word === undefined && !marked) return p.text;
          return (
            <span key={i} class={`${spoken} ${marked}`.trim() || undefined} title={marked ? p.labels.map(labelText).join(", ") : undefined}
              data-t={p.word === undefined ? u.start : words[p.word]?.start}>{p.text}</span>
          );
        })}
        {u.recovered && <span class="tag tag-recovered" title="Heard again from the recording">recovered</span>}
      </span></span>
      <button type="button" class="at line-time" data-t={u.start} aria-label={`Play from ${clock(u.start)}`}>{clock(u.start)}</button>
    </div>
  );
}
