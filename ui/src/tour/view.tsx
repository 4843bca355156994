// The tour: a small window that points at one zone of the desk after the other.
// It takes nothing away: every key of the desk works while it is open.

import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { figure } from "../format";
import { useKeys } from "../keys";
import { t } from "../lang";
import { mayPhone, me } from "../session";
import { DemoCall, end, places, step } from "./tour";

export function Tour(): JSX.Element | null {
  const at = step.value;
  const { tour } = t();
  const box = useRef<HTMLElement>(null);
  const leave = (): void => end(me.peek()?.id ?? "");
  useKeys(tour.title, [{ key: "Escape", label: tour.skip, always: true, run: leave }]);
  const what = at === undefined ? undefined : tour.steps[at];
  useEffect(() => {
    if (at === undefined) return undefined;
    const there = places[at] ? document.querySelector(places[at]) : null;
    there?.classList.add("tour-at");
    there?.scrollIntoView({ block: "start" });
    // Its script may come late: not from somebody who is typing by then.
    if (at > 0 || document.activeElement === document.body) box.current?.querySelector<HTMLElement>(".main")?.focus();
    return () => there?.classList.remove("tour-at");
  }, [at]);
  if (at === undefined || !what) return null;
  const last = at === tour.steps.length - 1;
  return (
    <section class="tour" ref={box} role="dialog" aria-modal="false" aria-labelledby="tour-title" aria-describedby="tour-text">
      <small class="muted">{tour.title}: {tour.step(figure(at + 1, 0), figure(tour.steps.length, 0))}</small>
      <h2 id="tour-title">{what.title}</h2>
      <p id="tour-text">{what.text}</p>
      {last && <Demo leave={leave} />}
      <div class="tour-foot">
        {!last && <button type="button" class="main" onClick={() => (step.value = at + 1)}>{tour.next}</button>}
        {last && <button type="button" class={mayPhone() ? "" : "main"} onClick={leave}>{tour.done}</button>}
        {at > 0 && <button type="button" onClick={() => (step.value = at - 1)}>{tour.back}</button>}
        <span class="grow" />
        {!last && <button type="button" class="quiet" onClick={leave}>{tour.skip}</button>}
      </div>
    </section>
  );
}

function Demo({ leave }: { leave(): void }): JSX.Element | null {
  const demo = useMemo(() => new DemoCall(), []);
  const { tour } = t();
  if (!mayPhone()) return <p class="muted">{tour.alone}</p>;
  const play = async (): Promise<void> => {
    await demo.play();
    if (demo.state.peek() === "ringing") setTimeout(leave, 2500);
  };
  return (
    <>
      <p class="muted">{tour.playHow}</p>
      <button type="button" class="main" disabled={demo.state.value === "ringing"} onClick={() => void play()}>{demo.state.value === "idle" ? tour.play : tour.playing}</button>
      <p role="status" class={demo.trouble.value ? "tone-bad" : "unseen"}>{demo.trouble.value && `${tour.notPlayed}: ${demo.trouble.value}`}</p>
    </>
  );
}
