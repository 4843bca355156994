// The two parties of a call on one canvas, the agent above the customer, with
// what else there is to see: silence, both at once, what was not kept.

import { useSignalEffect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useId, useMemo, useRef } from "preact/hooks";
import { clock } from "../format";
import { t } from "../lang";
import { theme } from "../prefs";
import type { Peaks } from "../wire";
import { columns, Picture } from "./picture";
import type { Player } from "./player";
import type { Moment, Shade } from "./shades";

export { columns };

interface Props {
  player: Player;
  peaks: Peaks | undefined;
  length: number;
  shades: readonly Shade[];
  moments: readonly Moment[];
  /** What the picture shows, in a sentence. */
  told: string;
}

export function Wave({ player, peaks, length, shades, moments, told }: Props): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const id = useId();
  const picture = useMemo(() => new Picture({ peaks, length, shades, moments }), [peaks, length, shades, moments]);
  const draw = (): void => {
    if (canvas.current) picture.paint(canvas.current, player.at.peek(), player.loop.peek());
  };
  useSignalEffect(() => {
    void player.at.value;
    void player.loop.value;
    draw();
  });
  useEffect(() => {
    const anew = (): void => {
      picture.forget();
      draw();
    };
    const stop = theme.subscribe(anew);
    const el = canvas.current;
    if (!el) return stop;
    const sizes = new ResizeObserver(draw);
    sizes.observe(el);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", anew);
    return () => {
      stop();
      sizes.disconnect();
      dark.removeEventListener("change", anew);
    };
  }, [picture]);
  const { call } = t();
  return (
    <div class="wave" dir="ltr">
      <canvas ref={canvas} aria-hidden="true" />
      <input type="range" min={0} max={Math.max(length, 0.1)} step={0.1} value={player.at.value} aria-describedby={id}
        aria-label={call.position} aria-valuetext={call.of(clock(player.at.value), clock(length))}
        onInput={(e) => player.seek(Number(e.currentTarget.value))} />
      <p class="unseen" id={id}>{told}</p>
    </div>
  );
}
