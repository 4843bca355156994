// The softphone: a call by the microphone of this computer, and its bar, which
// stays while other screens are shown.

import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { clock } from "../format";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Cap } from "../parts/bits";
import { Icon } from "../parts/icon";
import { now } from "../parts/now";
import { go, links, route } from "../route";
import { bar } from "./active";
import { parties, phone } from "./store";

/** Leaves for the desk when the call has come there, and leads there until then. */
function watchCall(): void {
  if (bar.peek()) return;
  let shown = "";
  bar.value = { Bar };
  const stop = effect(() => {
    const id = phone.call.value?.id ?? "";
    if (id && id !== shown && route.peek().screen === "phone") {
      shown = id;
      go(links.desk(id));
    }
  });
  const end = effect(() => {
    if (phone.busy.value) return;
    queueMicrotask(() => {
      stop();
      end();
      bar.value = undefined;
    });
  });
}

addEventListener("pagehide", () => void phone.finish());

function start(e: Event): void {
  e.preventDefault();
  void phone.start();
  watchCall();
}

export function PhoneScreen(): JSX.Element {
  const s = t().softphone;
  useEffect(() => phone.watch(), []);
  return (
    <main id="main" class="page page-narrow phone" tabIndex={-1}>
      <h1>{s.title}</h1>
      <p class="muted">{s.how}</p>
      <form class="phone-form" onSubmit={start}>
        <label class="field"><span class="label">{s.microphone}</span>
          <select value={phone.device.value} disabled={phone.busy.value} onChange={(e) => (phone.device.value = e.currentTarget.value)}>
            <option value="">{s.default}</option>
            {phone.devices.value.map((d, i) => <option key={d.deviceId} value={d.deviceId}>{d.label || `${s.microphone} ${i + 1}`}</option>)}
          </select>
        </label>
        <label class="field"><span class="label">{s.as}</span>
          <select value={phone.party.value} disabled={phone.busy.value} onChange={(e) => (phone.party.value = parties.find((p) => p === e.currentTarget.value) ?? "agent")}>
            {parties.map((p) => <option key={p} value={p}>{p === "stereo" ? s.both : s.parties[p]}</option>)}
          </select>
        </label>
        <label class="field"><span class="label">{s.number}</span>
          <input type="text" inputMode="tel" dir="ltr" autocomplete="off" maxLength={40} value={phone.number.value} disabled={phone.busy.value}
            onInput={(e) => (phone.number.value = e.currentTarget.value)} />
        </label>
        <button type="submit" class="main" disabled={phone.busy.value} autofocus>{phone.state.value === "starting" ? s.starting : s.start}</button>
      </form>
      <State />
    </main>
  );
}

function State(): JSX.Element {
  const s = t().softphone;
  const trouble = phone.trouble.value();
  if (trouble) return <p class="note note-bad" role="alert"><Icon name="warn" /><span>{trouble}</span></p>;
  if (phone.state.value === "over") return <p class="note" role="status">{s.ended}</p>;
  return <p class="muted" role="status">{phone.busy.value ? s.starting : s.idle}</p>;
}

function Bar(): JSX.Element {
  const s = t().softphone;
  useEffect(() => () => void (phone.busy.peek() && phone.finish()), []); // nobody speaks on who has signed out
  useKeys(s.keys.name, [
    { key: "v", label: s.keys.mute, run: () => phone.mute() },
    { key: "h", label: s.keys.end, run: () => void phone.finish() },
  ]);
  const call = phone.call.value;
  const here = route.value.screen === "desk";
  return (
    <section class="phone-bar" aria-label={s.title}>
      <span role="status">{phone.muted.value ? s.muted : phone.silent.value ? s.silent : phone.state.value === "interrupted" ? s.interrupted : ""}</span>
      {phone.on.value ? <span class="num">{s.talking(clock((now.value - phone.since.value) / 1000))}</span> : <span>{s.starting}</span>}
      <label class="phone-level"><span class="unseen">{s.level}</span><meter min={0} max={1} low={0.05} high={0.9} optimum={0.4} value={phone.level.value} /></label>
      <button type="button" aria-keyshortcuts="V" aria-pressed={phone.muted.value} disabled={!phone.on.value} onClick={() => phone.mute()}>{phone.muted.value ? s.unmute : s.mute} <Cap k="V" /></button>
      <button type="button" class="main" aria-keyshortcuts="H" onClick={() => void phone.finish()}>{s.end} <Cap k="H" /></button>
      {call && !here && <a class="button" href={links.desk(call.id)}>{s.toDesk}</a>}
    </section>
  );
}
