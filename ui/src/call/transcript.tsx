// What was said, word by word; a click or Enter on a word plays from there.

import { effect, useComputed } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { Line } from "../desk/captions";
import { clock, direction } from "../format";
import { t } from "../lang";
import { blockSize, Blocks } from "../parts/blocks";
import { Icon } from "../parts/icon";
import { SpeakerName } from "../parts/line";
import { placed, SoundLine, type Placed } from "../parts/sounds";
import type { Sound } from "../wire";
import { CommentsAt } from "./comments";
import { Correctable } from "./correct";
import type { Finder } from "./find";
import { mayComment } from "./notes";
import type { Player } from "./player";
import type { CallPage } from "./store";
import { leave, moveIn, playsHere } from "./walk";
import { Words } from "./words";

interface Props {
  lines: readonly Line[];
  /** What was on the line beside speech. */
  sounds: readonly Sound[];
  player: Player;
  page: CallPage;
  finder: Finder;
  /** The line that the address points at. */
  target: string;
  language: string | undefined;
}

export function Transcript({ lines, sounds, player, page, finder, target, language }: Props): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const items = useMemo(() => placed(lines, sounds), [lines, sounds]);
  const blocks = useMemo(() => new Map(items.map((p, i) => [p.line?.utterance.id, Math.floor(i / blockSize)])), [items]);
  const block = useComputed(() => (player.following.value ? blocks.get(player.word.value?.line) : undefined)).value;
  const found = finder.now.value?.line;
  const active = page.active.value;
  useShown(target, "center");
  useShown(found, "center", finder.now.value);
  useFollow(player);
  const play = (e: MouseEvent): void => {
    const el = e.target instanceof Element ? e.target.closest<HTMLElement>("[data-t]") : null;
    if (el && getSelection()?.isCollapsed !== false) player.playFrom(Number(el.dataset["t"]));
  };
  const key = (e: KeyboardEvent): void => {
    if (playsHere(e)) player.playFrom(Number((e.target as HTMLElement).dataset["t"]));
    else moveIn(box.current, e);
  };
  const draw = ({ line, sound }: Placed, i: number): JSX.Element => line ? (
    <Said key={line.utterance.id} line={line} player={player} page={page} finder={finder} target={target === line.utterance.id}
      named={items[i - 1]?.line?.utterance.speaker !== line.utterance.speaker} />
  ) : <SoundLine key={`${sound.kind}${sound.speaker}${sound.start}`} sound={sound} />;
  const wanted = (p: Placed): boolean => {
    const id = p.line?.utterance.id;
    return id !== undefined && (id === target || id === found || id === active || (block !== undefined && blocks.get(id) === block));
  };
  return (
    // The arrows move in it; a line is played by the button that shows its time.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions
    <div class="transcript" ref={box} data-roving dir={direction(language)} onClick={play} onKeyDown={key} onFocusOut={leave}
      onFocusIn={(e) => {
        const id = (e.target as Element).closest(".line")?.id.slice("said-".length);
        if (id) page.active.value = id;
      }}>
      <Blocks items={items} draw={draw} wanted={wanted} />
    </div>
  );
}

/** Brings a line into the window when it becomes the one to show. */
function useShown(line: string | undefined, block: ScrollLogicalPosition, again?: unknown): void {
  useEffect(() => {
    if (line) requestAnimationFrame(() => document.getElementById(`said-${line}`)?.scrollIntoView({ block }));
  }, [line, again]);
}

const scrolling: ReadonlySet<string> = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"]);

/** Keeps the spoken line in the window until the reader scrolls away. */
function useFollow(player: Player): void {
  useEffect(() => {
    const away = (): void => {
      if (player.playing.peek()) player.following.value = false;
    };
    const byKey = (e: KeyboardEvent): void => {
      if (scrolling.has(e.key) && !(e.target instanceof HTMLInputElement)) away();
    };
    addEventListener("wheel", away, { passive: true });
    addEventListener("touchmove", away, { passive: true });
    addEventListener("keydown", byKey);
    const stop = effect(() => {
      const line = player.word.value?.line;
      if (!line || !player.following.value || !player.playing.peek()) return;
      requestAnimationFrame(() => document.getElementById(`said-${line}`)?.scrollIntoView({ block: "nearest" }));
    });
    return () => {
      stop();
      removeEventListener("wheel", away);
      removeEventListener("touchmove", away);
      removeEventListener("keydown", byKey);
    };
  }, [player]);
}

interface SaidProps {
  line: Line;
  player: Player;
  page: CallPage;
  finder: Finder;
  named: boolean;
  target: boolean;
}

function Said({ line, player, page, finder, named, target }: SaidProps): JSX.Element {
  const u = line.utterance;
  const { call } = t();
  const now = useComputed(() => {
    const w = player.word.value;
    return w?.line === u.id ? w.word : undefined;
  }).value;
  const found = useComputed(() => finder.byLine.value.get(u.id)).value;
  const here = useComputed(() => (finder.now.value?.line === u.id ? finder.now.value.from : undefined)).value;
  // One line of all is a stop of the tab key; the arrows go on from it.
  const stop = useComputed(() => (page.active.value || page.lines.value[0]?.utterance.id) === u.id).value ? 0 : -1;
  const corrected = page.corrections.value.get(u.id)?.text;
  return (
    <div id={`said-${u.id}`} data-t={u.start}
      class={`line line-${u.speaker}${named ? " line-first" : ""}${now === undefined ? "" : " line-now"}${target ? " flash" : ""}`}>
      <span class="line-who"><span class={named ? "" : "unseen"}><SpeakerName who={u.speaker} /></span></span>
      <span class="line-text">
        <Correctable utterance={u} page={page} stop={stop} found={corrected === undefined ? undefined : found} here={here}>
          <Words line={line} now={now} found={corrected === undefined ? found : undefined} here={here} />
        </Correctable>
        {mayComment() && (
          <button type="button" class="quiet line-act" tabIndex={stop} title={call.commentHere} aria-label={call.commentAt(clock(u.start))} onClick={(e) => {
            e.stopPropagation();
            page.notes.writing.value = { utterance: u.id, second: u.start };
          }}><Icon name="note" /></button>
        )}
        <CommentsAt utterance={u} page={page} />
      </span>
      <button type="button" class="at line-time" data-t={u.start} tabIndex={stop} aria-label={call.playFrom(clock(u.start))}>{clock(u.start)}</button>
    </div>
  );
}
