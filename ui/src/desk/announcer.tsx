// What a screen reader is told of the captions: final lines only, a few
// seconds' worth at a time, so that it can keep up with two people.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../lang";
import { speakerName } from "../parts/line";
import { announce } from "../prefs";
import { plain } from "../written";
import type { Line } from "./captions";
import type { LiveCall } from "./live";

/** Between two announcements, in milliseconds. */
const restMs = 3000;
/** So many of the latest lines stay, for who goes back in the log. */
const most = 20;

/** What to say of the lines that came since: who speaks once, then the words. */
export function words(lines: readonly Line[]): string {
  return lines.map((l, i) => {
    const who = l.utterance.speaker;
    return who === lines[i - 1]?.utterance.speaker ? plain(l.utterance) : `${speakerName(who)}: ${plain(l.utterance)}`;
  }).join(" ");
}

export function Announcer({ desk }: { desk: LiveCall }): JSX.Element {
  const said = useSignal<readonly string[]>([]);
  useEffect(() => {
    let told = desk.captions.peek().lines.length;
    const tell = (): void => {
      const { lines } = desk.captions.peek();
      const fresh = words(lines.slice(told));
      told = lines.length;
      if (fresh && announce.peek() === "on") said.value = [...said.peek(), fresh].slice(-most);
    };
    const timer = setInterval(tell, restMs);
    return () => clearInterval(timer);
  }, [desk]);
  return (
    <div class="unseen" role="log" aria-label={t().desk.captions} aria-live={announce.value === "on" ? "polite" : "off"}>
      {said.value.map((text, i) => <p key={`${i} ${text}`} dir="auto">{text}</p>)}
    </div>
  );
}
