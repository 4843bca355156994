// Small pieces of the screens of decisions.

import type { ComponentChildren, JSX } from "preact";
import { useId } from "preact/hooks";
import { figure, textOf } from "../format";
import { t } from "../lang";
import { clean } from "../text";
import { text, titleOf, type Difference } from "./json";
import { shelf } from "./store";
import type { Line, Rate } from "./wire";

export function StateTag({ of }: { of: string }): JSX.Element {
  return <span class={`tag tag-state-${of}`}>{textOf(t().decisions.states, of) ?? of}</span>;
}

interface FieldProps {
  label: string;
  value: string;
  change(v: string): void;
  rows?: number;
  type?: "text" | "search" | "number" | "date";
  disabled?: boolean;
  hint?: string;
  wide?: boolean;
}

/** One field of a form with its name above it. */
export function Field({ label, value, change, rows, type = "text", disabled, hint, wide }: FieldProps): JSX.Element {
  const id = useId();
  const props = { id, value, disabled, ...(hint ? { "aria-describedby": `${id}-hint` } : {}) };
  return (
    <div class={rows || wide ? "field field-wide" : "field"}>
      <label for={id}>{label}</label>
      {rows ? <textarea {...props} rows={rows} dir="auto" onInput={(e) => change(e.currentTarget.value)} />
        : <input {...props} {...({ type } as { type: "text" })} dir={type === "text" ? "auto" : undefined} step={type === "number" ? "any" : undefined} onInput={(e) => change(e.currentTarget.value)} />}
      {hint && <small id={`${id}-hint`} class="muted">{hint}</small>}
    </div>
  );
}

interface ChooseProps<T extends string> {
  label: string;
  value: string;
  of: readonly T[];
  name(v: T): string;
  change(v: T): void;
  disabled?: boolean;
}

export function Choose<T extends string>({ label, value, of, name, change, disabled }: ChooseProps<T>): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} disabled={disabled} onChange={(e) => {
        const v = of.find((x) => x === e.currentTarget.value);
        if (v !== undefined) change(v);
      }}>
        {of.map((v) => <option key={v} value={v}>{name(v)}</option>)}
      </select>
    </div>
  );
}

/** The title of an action; its id where it has none, silence as a word. */
export function actionName(id: string): string {
  if (id === "silence") return t().decisions.silence;
  const line = shelf.items("action").find((l) => l.id === id);
  return clean(line ? titleOf(line.doc, id) : id);
}

export function Action({ id }: { id: string }): JSX.Element {
  return <bdi title={id}>{actionName(id)}</bdi>;
}

/** What two versions have not in common. */
export function Diff({ of, from, to }: { of: readonly Difference[]; from: string; to: string }): JSX.Element {
  const d = t().decisions;
  if (of.length === 0) return <p class="muted">{d.noDifference}</p>;
  return (
    <Wide label={d.differences}>
      <table>
        <caption class="unseen">{d.differences}</caption>
        <thead><tr><th scope="col">{d.field}</th><th scope="col">{from}</th><th scope="col">{to}</th></tr></thead>
        <tbody>
          {of.map((x) => (
            <tr key={x.field}>
              <th scope="row"><code>{x.field}</code></th>
              <td dir="auto">{x.from === undefined ? "–" : <del>{clean(text(x.from))}</del>}</td>
              <td dir="auto">{x.to === undefined ? "–" : <ins>{clean(text(x.to))}</ins>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

/** A share with its bar; the figure says the same. */
export function Bar({ part, text: says, tone = "", title }: { part: number; text: string; tone?: string; title?: string }): JSX.Element {
  const width = Math.max(0, Math.min(1, Number.isFinite(part) ? part : 0)) * 100;
  return (
    <span class="decisions-bar">
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="decisions-bar-all" width="100" height="8" />
        <rect class={`decisions-bar-part ${tone}`} width={width} height="8" />
      </svg>
      <span class="num" title={title}>{says}</span>
    </span>
  );
}

export const percent = (n: number, digits = 1): string => t().decisions.percent(figure(n * 100, digits));

export function Interval({ of, as = figure }: { of: Rate; as?: (n: number) => string }): JSX.Element {
  const wide = Math.abs(of.low) > 1e300 || Math.abs(of.high) > 1e300;
  return <span class="num">{as(of.mean)} <small class="muted">{wide ? t().decisions.noInterval : t().decisions.between(as(of.low), as(of.high))}</small></span>;
}

/** A chart or a table that scrolls by itself, and by the keys. */
export function Wide({ label, children }: { label: string; children: ComponentChildren }): JSX.Element {
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard
  return <div class="decisions-table" tabIndex={0} role="region" aria-label={label}>{children}</div>;
}

export const waits = (l: Line): boolean => l.newest_state === "draft" || l.newest_state === "reviewed";
