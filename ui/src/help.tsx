// The keys of the screen that is shown, and the two switches for reading.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { groups, type KeyGroup } from "./keys";
import { announce, letters } from "./prefs";

export const helpOpen = signal(false);

const names: Record<string, string> = {
  ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", " ": "Space", Escape: "Esc",
};

function caps(key: string): string[] {
  const parts = key === " " ? [" "] : key.split(" ");
  return parts.map((p) => names[p] ?? (p.length === 1 ? p.toUpperCase() : p));
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

function HelpBody(): JSX.Element {
  return (
    <>
      <header>
        <h2 id="help-title">Keys</h2>
        <button type="button" class="quiet" onClick={() => (helpOpen.value = false)}>Close</button>
      </header>
      <div class="help-groups">
        {groups.value.map((g) => <Group key={g.name} of={g} />)}
        <Group of={{
          name: "Lists",
          keys: [
            { key: "ArrowUp ArrowDown", label: "Move through a list", run: () => undefined },
            { key: "Enter", label: "Open", run: () => undefined },
          ],
        }} />
      </div>
      <fieldset>
        <legend>In this browser</legend>
        <Switch of={letters} text="Single letters act (off: only buttons and ?)" />
        <Switch of={announce} text="Read new captions to a screen reader" />
      </fieldset>
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
