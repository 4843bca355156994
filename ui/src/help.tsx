// The keys of the screen that is shown, and the two switches for reading.

import { signal, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { groups, type KeyGroup } from "./keys";
import { languages, t, wanted } from "./lang";
import { announce, density, letters } from "./prefs";
import { go, links } from "./route";
import { begin } from "./tour/tour";
import { mayReadCalls } from "./session";

export const helpOpen = signal(false);

const names = (): Record<string, string> => ({
  ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", " ": t().help.space, Escape: t().help.escape,
});

function caps(key: string): string[] {
  const parts = key === " " ? [" "] : key.split(" ");
  return parts.map((p) => names()[p] ?? (p.length === 1 ? p.toUpperCase() : p));
}

export function Help(): JSX.Element {
  const box = useRef<HTMLDialogElement>(null);
  const open = helpOpen.value;
  useEffect(() => {
    if (open && !box.current?.open) box.current?.showModal();
    if (!open) box.current?.close();
  }, [open]);
  return (
    <dialog ref={box} class="help" aria-labelledby="help-title" onClose={() => (helpOpen.value = false)}>
      {open && <HelpBody />}
    </dialog>
  );
}

function tourAgain(): void {
  helpOpen.value = false;
  go(links.desk());
  begin();
}

function HelpBody(): JSX.Element {
  const { help, nav, common } = t();
  return (
    <>
      <header>
        <h2 id="help-title">{nav.keys}</h2>
        <button type="button" class="quiet" onClick={() => (helpOpen.value = false)}>{common.close}</button>
      </header>
      <div class="help-groups">
        {groups.value.map((g) => <Group key={g.name} of={g} />)}
        <Group of={{
          name: help.lists,
          keys: [
            { key: "ArrowUp ArrowDown", label: help.move, run: () => undefined },
            { key: "Enter", label: help.open, run: () => undefined },
          ],
        }} />
      </div>
      <fieldset>
        <legend>{help.browser}</legend>
        <Switch of={letters} text={help.letters} />
        <Switch of={announce} text={help.announce} />
        <Choose of={wanted} label={help.language} among={{ auto: help.asBrowser, ...languages }} />
        <Choose of={density} label={help.density} among={{ comfortable: help.comfortable, compact: help.compact }} />
      </fieldset>
      {mayReadCalls() && <p><button type="button" onClick={tourAgain}>{t().tour.again}</button></p>}
    </>
  );
}

function Group({ of }: { of: KeyGroup }): JSX.Element {
  return (
    <section>
      <h3>{of.name}</h3>
      <dl>
        {of.keys.map((k) => (
          <div key={k.key}>
            <dt>{caps(k.key).map((c) => <kbd key={c}>{c}</kbd>)}</dt>
            <dd>{k.label}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Switch({ of, text }: { of: typeof letters; text: string }): JSX.Element {
  return (
    <label class="switch">
      <input type="checkbox" checked={of.value === "on"} onChange={(e) => (of.value = e.currentTarget.checked ? "on" : "off")} />
      {text}
    </label>
  );
}

function Choose<T extends string>({ of, label, among }: { of: Signal<T>; label: string; among: Record<T, string> }): JSX.Element {
  const values = Object.keys(among) as T[];
  return (
    <label class="switch">
      {label}
      <select value={of.value} onChange={(e) => (of.value = values.find((v) => v === e.currentTarget.value) ?? of.value)}>
        {values.map((v) => <option key={v} value={v}>{among[v]}</option>)}
      </select>
    </label>
  );
}
