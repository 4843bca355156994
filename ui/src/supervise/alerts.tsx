// What rules told of live calls: each is seen to with one key, and that can be undone.

import type { JSX } from "preact";
import { clock, figure, span } from "../format";
import { t } from "../lang";
import { Trouble, When } from "../parts/bits";
import { useRoving } from "../parts/roving";
import { links } from "../route";
import { clean } from "../text";
import { callOf, open, problem, seenTo, seeTo, undoSeen } from "./board";
import { mayAttend } from "./count";
import { percent } from "./row";
import type { LiveAlert } from "./wire";

export function Alerts(): JSX.Element {
  const words = t().supervise;
  const all = open.value;
  const box = useRoving<HTMLUListElement>(all.length);
  return (
    <section aria-label={words.alerts} class="live-alerts">
      {problem.value && <Trouble of={problem.value} />}
      <div role="status" aria-live="polite">
        {seenTo.value && (
          <p class="note">{words.seen(clean(seenTo.value.name))} <button type="button" class="quiet" onClick={() => void undoSeen()}>{words.undo} <kbd aria-hidden="true">Z</kbd></button></p>
        )}
      </div>
      {all.length > 0 && <ul class="hits" ref={box} data-roving>{all.map((a, i) => <One key={a.id} of={a} first={i === 0} />)}</ul>}
    </section>
  );
}

/** What was found when the rule came true. */
export function was(a: LiveAlert): string {
  const say = t().supervise.was[a.kind];
  const v = a.value ?? 0;
  return say(a.kind === "overlap" ? percent(v) : figure(v), span(v));
}

function One({ of, first }: { of: LiveAlert; first: boolean }): JSX.Element {
  const words = t().supervise;
  const call = callOf(of.call_id);
  const href = call ? links.desk(of.call_id) : links.call(of.call_id, of.seconds);
  return (
    <li class="live-alert" data-alert={of.id}>
      <a class="hit" href={href} data-item><What of={of} customer={call?.customer} over={!call} /></a>
      {mayAttend() && <button type="button" onClick={() => void seeTo(of)}>{words.seeTo}{first && <> <kbd aria-hidden="true">X</kbd></>}</button>}
    </li>
  );
}

function What({ of, customer, over }: { of: LiveAlert; customer: string | undefined; over: boolean }): JSX.Element {
  const words = t().supervise;
  return (
    <span class="hit-head">
      <b dir="auto">{clean(of.name)}</b>
      <span>{was(of)}</span>
      <span><bdi>{clean(customer ?? "")}</bdi>{of.agent && <span class="muted"> · <bdi>{clean(of.agent)}</bdi></span>}</span>
      <span class="muted num">{words.at(clock(of.seconds))}{over && ` · ${words.over}`} · <When at={of.at} /></span>
    </span>
  );
}
