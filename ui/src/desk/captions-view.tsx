// The captions of a live call. The list moves only by new lines, and stops
// moving when the reader scrolls up.

import { signal, useComputed, useSignal, type ReadonlySignal } from "@preact/signals";
import type { JSX, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { direction } from "../format";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Blocks, blockSize } from "../parts/blocks";
import { CaptionLine, PartialLine } from "../parts/line";
import { openSounds, SoundLine } from "../parts/sounds";
import { Icon } from "../parts/icon";
import { Announcer } from "./announcer";
import type { LiveCall } from "./live";
import { lineAt, marksOf, type Line } from "./captions";
import { triggers } from "./cards";
import type { Mark } from "../text";

const none: readonly Mark[] = [];

/** The line to be shown for a moment, after a click on what refers to it. */
const flashed = signal("");
let fading: ReturnType<typeof setTimeout> | undefined;

/** Shows the line in which a second of the call lies. */
export function showSecond(desk: LiveCall, second: number): void {
  const line = lineAt(desk.captions.peek().lines, second);
  if (!line) return;
  const id = line.utterance.id;
  flashed.value = id;
  // Twice: the line's block may have to be drawn first, and then has its height.
  const scroll = (): void => document.getElementById(`line-${id}`)?.scrollIntoView({ block: "center" });
  requestAnimationFrame(scroll);
  setTimeout(scroll, 60);
  clearTimeout(fading);
  fading = setTimeout(() => (flashed.value = ""), 2500);
}

/** Shows the card that the marked words raised, and why. */
function showCard(): void {
  const card = document.getElementById("card");
  card?.querySelector("details")?.setAttribute("open", "");
  card?.focus();
}

export function Captions({ desk }: { desk: LiveCall }): JSX.Element {
  const d = t().desk;
  const box = useRef<HTMLDivElement>(null);
  const following = useFollowing(box, desk);
  const jump = (): void => {
    following.value = true;
    box.current?.scrollTo({ top: box.current.scrollHeight });
  };
  useKeys(d.captions, [{ key: "End", label: d.jump, run: jump, always: true }]);
  return (
    <section class="captions" aria-label={d.captions}>
      {/* A scrolling region has to be reachable by the keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div class="captions-scroll" ref={box} tabIndex={0} role="group" aria-label={d.scrolls}>
        <Lines desk={desk} />
        <Partials desk={desk} />
      </div>
      <Announcer desk={desk} />
      {!following.value && (
        <button type="button" class="jump" onClick={jump}><Icon name="down" /> {d.jump}</button>
      )}
    </section>
  );
}

const near = 32;

function useFollowing(box: RefObject<HTMLDivElement | null>, desk: LiveCall): { value: boolean } {
  const following = useSignal(true);
  const pin = (): void => {
    if (following.peek() && box.current) box.current.scrollTop = box.current.scrollHeight;
  };
  useEffect(() => {
    const el = box.current;
    if (!el) return;
    const scrolled = (): void => {
      following.value = el.scrollHeight - el.scrollTop - el.clientHeight < near;
    };
    el.addEventListener("scroll", scrolled, { passive: true });
    const sizes = new ResizeObserver(pin);
    sizes.observe(el);
    for (const child of el.children) sizes.observe(child);
    return () => {
      el.removeEventListener("scroll", scrolled);
      sizes.disconnect();
    };
  }, [desk]);
  useLayoutEffect(() => {
    following.value = true;
    pin();
  }, [desk]);
  return following;
}

// The last block is drawn whole: there the list grows.
function Lines({ desk }: { desk: LiveCall }): JSX.Element {
  const lines = useComputed(() => desk.captions.value.lines);
  const strong = useMarks(desk, lines);
  const list = lines.value;
  const cut = Math.max(0, Math.ceil(list.length / blockSize) - 1) * blockSize;
  const draw = (l: Line, i: number): JSX.Element => (
    <CaptionLine
      key={l.utterance.id}
      u={l.utterance}
      named={list[i - 1]?.utterance.speaker !== l.utterance.speaker}
      marks={marksOf(l)}
      strong={strong.value.get(l.utterance.id) ?? none}
      flash={flashed.value === l.utterance.id}
      onMark={showCard}
    />
  );
  const dir = direction(desk.call.value?.language);
  return (
    <div class="lines" dir={dir}>
      <Blocks items={list.slice(0, cut)} draw={draw} wanted={(l) => l.utterance.id === flashed.value} />
      {list.length === 0 && <Waiting desk={desk} />}
      {list.slice(cut).map((l, i) => draw(l, cut + i))}
    </div>
  );
}

function useMarks(desk: LiveCall, lines: ReadonlySignal<readonly Line[]>) {
  return useComputed(() => triggers(desk.answering.held.value ?? desk.card.value, desk.id, lines.value));
}

function Waiting({ desk }: { desk: LiveCall }): JSX.Element | null {
  if (desk.captions.value.partials.length > 0 || openSounds(desk.call.value).length > 0) return null;
  const { state } = desk.call.value?.recording ?? {};
  if (state === "refused") return <p class="muted line-wait">{t().desk.refusedWait}</p>;
  if (state === "asking") return <p class="muted line-wait">{t().desk.askingWait}</p>;
  const off = desk.call.value?.captions === "off";
  return (
    <p class="muted line-wait">
      {off ? t().desk.offWait : t().desk.quietWait}
    </p>
  );
}

function Partials({ desk }: { desk: LiveCall }): JSX.Element {
  const spoken = useComputed(() => desk.captions.value.partials);
  const last = useComputed(() => desk.captions.value.lines.at(-1)?.utterance.speaker);
  // Whoever is heard to speak is not on hold.
  const sounds = useComputed(() => openSounds(desk.call.value).filter((s) => !spoken.value.some((p) => p.speaker === s.speaker)));
  return (
    <div class="partials" dir={direction(desk.call.value?.language)}>
      <div aria-hidden="true">
        {spoken.value.map((p, i) => (
          <PartialLine key={p.speaker} who={p.speaker} text={p.text} named={i > 0 || last.value !== p.speaker} />
        ))}
      </div>
      {sounds.value.map((s) => <SoundLine key={`${s.kind}${s.speaker}${s.start}`} sound={s} now />)}
    </div>
  );
}
