// The box of the search with what may stand where one types: a combobox whose
// list one walks with the arrows and takes from with Enter or Tab.

import { signal, useSignal, type Signal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { api as realApi, type Api } from "../api";
import { figure } from "../format";
import { t } from "../lang";
import { unitSpans } from "../text";
import { many } from "../wire";
import type { Completed, Suggested } from "./wire";

const bytes = (s: string): number => new TextEncoder().encode(s).length;

/** How long one pauses before the server is asked, in milliseconds. */
const pause = 120;

/** What is suggested for a text and a place in it. */
export class Completer {
  readonly list = signal<readonly Suggested[]>([]);
  /** Which of them is chosen; -1 is none. */
  readonly at = signal(-1);

  private span = { from: 0, to: 0 };
  private running: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly api: Pick<Api, "complete"> = realApi) {}

  /** Asks when one has paused; the caret is in units of the string. */
  soon(text: string, caret: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(text, caret), pause);
  }

  async ask(text: string, caret: number): Promise<void> {
    this.close();
    const mine = new AbortController();
    this.running = mine;
    let got: Completed;
    try {
      got = await this.api.complete(text, bytes(text.slice(0, caret)), mine.signal);
    } catch {
      return; // one can search without
    }
    if (this.running !== mine) return;
    this.span = units(text, got);
    const typed = text.slice(this.span.from, this.span.to);
    this.list.value = many(got.suggestions).filter((s) => s.text !== typed);
  }

  close(): void {
    clearTimeout(this.timer);
    this.running?.abort();
    this.running = undefined;
    this.list.value = [];
    this.at.value = -1;
  }

  move(by: number): void {
    const n = this.list.peek().length;
    if (n > 0) this.at.value = (this.at.peek() + by + (this.at.peek() < 0 && by < 0 ? 1 : 0) + n) % n;
  }

  /** What a key does in the open list: it is used up, takes a suggestion, or means nothing here. */
  press(key: string): Suggested | "used" | undefined {
    const chosen = this.list.peek()[this.at.peek()];
    if (key === "Enter" || key === "Tab") {
      if (!chosen) this.close();
      return chosen;
    }
    if (key === "Escape") this.close();
    else if (key === "ArrowDown" || key === "ArrowUp") this.move(key === "ArrowDown" ? 1 : -1);
    else return undefined;
    return "used";
  }

  /** The text with a suggestion in its place, and where the caret is then. */
  take(text: string, s: Suggested): { text: string; caret: number } {
    const behind = text.slice(this.span.to);
    const put = s.text + (s.kind === "field" || behind.startsWith(" ") ? "" : " ");
    this.close();
    return { text: text.slice(0, this.span.from) + put + behind, caret: this.span.from + put.length };
  }
}

function units(text: string, c: Completed): { from: number; to: number } {
  const at = (byte: number): number => (byte >= bytes(text) ? text.length : (unitSpans(text, [{ from: byte, to: bytes(text) }])[0]?.from ?? 0));
  return { from: at(c.from), to: at(c.to) };
}

export function QueryInput({ text, completer }: { text: Signal<string>; completer?: Completer }): JSX.Element {
  const c = useMemo(() => completer ?? new Completer(), [completer]);
  const box = useRef<HTMLInputElement>(null);
  const caret = useSignal<number | undefined>(undefined);
  useEffect(() => () => c.close(), [c]);
  useEffect(() => {
    if (caret.value === undefined) return;
    box.current?.setSelectionRange(caret.value, caret.value);
    caret.value = undefined;
  }, [caret.value]);
  const take = (s: Suggested): void => {
    const next = c.take(text.value, s);
    text.value = next.text;
    caret.value = next.caret;
    box.current?.focus();
    if (s.kind === "field") void c.ask(next.text, next.caret); // its values
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.isComposing) return;
    const shut = c.list.value.length === 0;
    if (shut && e.key === "ArrowDown") void c.ask(text.value, box.current?.selectionStart ?? text.value.length);
    const did = shut ? undefined : c.press(e.key);
    if (did === undefined && !(shut && e.key === "ArrowDown")) return;
    if (typeof did === "object") take(did);
    e.preventDefault();
    e.stopPropagation();
  };
  const open = c.list.value.length > 0;
  return (
    <div class="query">
      {/* Of type search it is none without the word. */}
      {/* oxlint-disable-next-line jsx-a11y/no-redundant-roles */}
      <input ref={box} type="search" name="q" aria-label={t().search.box} dir="auto" autocomplete="off" spellcheck={false} list={undefined} role="combobox"
        aria-expanded={open} aria-autocomplete="list" aria-controls="query-list"
        aria-activedescendant={c.at.value >= 0 ? `query-${c.at.value}` : undefined}
        placeholder={t().search.placeholder} value={text.value} onKeyDown={onKeyDown} onBlur={() => c.close()}
        onInput={(e) => {
          text.value = e.currentTarget.value;
          c.soon(text.value, box.current?.selectionStart ?? text.value.length);
        }} />
      <div id="query-list" class="query-list" role="listbox" aria-label={t().search.suggestions} hidden={!open}>
        {c.list.value.map((s, i) => (
          // The keyboard takes it in the input, where the focus stays.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <div key={s.text} id={`query-${i}`} role="option" tabIndex={-1} aria-selected={i === c.at.value}
            onMouseDown={(e) => e.preventDefault()} onClick={() => take(s)}>
            <bdi dir="ltr">{s.text}</bdi> {!!s.about && <span class="muted">{s.about}</span>}
            {!!s.count && <span class="muted num">{figure(s.count, 0)}</span>}
          </div>
        ))}
      </div>
    </div>
  );
}
