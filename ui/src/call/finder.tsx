// The box that searches inside of a call.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { figure } from "../format";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Cap } from "../parts/bits";
import { Icon } from "../parts/icon";
import type { Finder } from "./find";

export function FindBox({ finder }: { finder: Finder }): JSX.Element {
  const { call } = t();
  const field = useRef<HTMLInputElement>(null);
  useKeys(call.findKeys, [
    { key: "f", label: call.find, run: () => field.current?.focus() },
    { key: "n", label: call.nextMatch, run: () => finder.step(1) },
    { key: "b", label: call.lastMatch, run: () => finder.step(-1) },
  ]);
  const n = finder.matches.value.length;
  const some = finder.query.value.trim() !== "";
  const key = (e: KeyboardEvent): void => {
    if (e.isComposing) return;
    if (e.key === "Enter") finder.step(e.shiftKey ? -1 : 1);
    else if (e.key === "Escape") out(finder, field.current);
    else return;
    e.preventDefault();
  };
  return (
    <div class="find" role="search">
      <Icon name="search" />
      {/* No type=search: the key for the search of all calls looks for that. */}
      <input ref={field} type="text" enterkeyhint="search" dir="auto" autocomplete="off" spellcheck={false} aria-label={call.find} placeholder={call.find}
        value={finder.query.value} onInput={(e) => finder.look(e.currentTarget.value)} onKeyDown={key} />
      <span class="muted num" role="status">{some && (n === 0 ? call.noMatch : call.matchOf(figure(finder.at.value + 1), figure(n)))}</span>
      {n > 0 && (
        <>
          <button type="button" class="quiet" aria-label={call.lastMatch} onClick={() => finder.step(-1)}><Icon name="up" /><Cap k="B" /></button>
          <button type="button" class="quiet" aria-label={call.nextMatch} onClick={() => finder.step(1)}><Icon name="down" /><Cap k="N" /></button>
        </>
      )}
      {!some && <Cap k="F" />}
    </div>
  );
}

/** Leaves the box for the line that was found; without one it is emptied. */
function out(finder: Finder, field: HTMLInputElement | null): void {
  const line = finder.now.peek()?.line;
  const to = line ? document.querySelector<HTMLElement>(`#said-${CSS.escape(line)} .line-time`) : null;
  if (to) {
    to.focus();
    return;
  }
  finder.clear();
  field?.blur();
}
