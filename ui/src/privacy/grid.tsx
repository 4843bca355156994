// All purposes on all channels. Now each cell turns by a click; of a past
// moment it is asked.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { t } from "../lang";
import { cellKey, cellName, channelName, purposeName, stateName } from "./store";
import type { Standing } from "./wire";

interface Props {
  cells: readonly Standing[];
  caption: string;
  /** Cells that answer otherwise in the table beside this one. */
  differ?: ReadonlySet<string>;
  /** What a click does, for people. */
  act: string;
  onCell(s: Standing): void;
  onShow?(s: Standing): void;
  disabled?: boolean;
}

export function Grid({ cells, caption, differ, act, onCell, onShow, disabled }: Props): JSX.Element {
  const { privacy } = t();
  const box = useRef<HTMLTableElement>(null);
  const purposes = [...new Set(cells.map((c) => c.purpose))];
  const channels = [...new Set(cells.map((c) => c.channel ?? ""))];
  const at = new Map(cells.map((c) => [cellKey(c), c]));
  return (
    <div class="consent-scroll">
      <table class="consent-grid" ref={box} data-roving>
        <caption>{caption}</caption>
        <thead>
          <tr><th scope="col"><span class="unseen">{privacy.purpose}</span></th>{channels.map((c) => <th key={c} scope="col">{c === "" ? privacy.inGeneral : channelName(c)}</th>)}</tr>
        </thead>
        <tbody>
          {purposes.map((p, row) => (
            <tr key={p}>
              <th scope="row">{purposeName(p)}</th>
              {channels.map((c, column) => {
                const s = at.get(`${p}/${c}`);
                if (!s) return null; // the server sends all
                return (
                  <td key={c} class={differ?.has(cellKey(s)) ? "consent-differs" : undefined}>
                    <button type="button" class={`consent-cell consent-${s.state}${inherited(s) ? " consent-inherited" : ""}`} tabIndex={row + column === 0 ? 0 : -1} disabled={disabled}
                      title={s.why} aria-label={privacy.cell(cellName(s), s.row?.provisional ? privacy.provisional(shown(s)) : shown(s), act)}
                      onKeyDown={(e) => move(e, box.current)} onFocus={() => onShow?.(s)} onClick={() => onCell(s)}>
                      {s.state === "unknown" && !s.allowed ? "–" : <bdi>{shown(s)}{s.row?.provisional && " ?"}</bdi>}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The state in a word; what serves them needs no yes. */
function shown(s: Standing): string {
  return s.state === "unknown" && s.allowed ? t().privacy.contract : stateName(s.state);
}

/** Whether the cell says so only because a wider one does. */
function inherited(s: Standing): boolean {
  return s.row !== undefined && (s.row.channel ?? "") !== (s.channel ?? "");
}

const steps: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
};

// The arrows move the focus; one cell is a tab stop.
function move(e: KeyboardEvent, table: HTMLTableElement | null): void {
  const step = steps[e.key];
  if (!step || !table) return;
  const rows = [...table.querySelectorAll("tbody tr")].map((r) => [...r.querySelectorAll("button")]);
  const row = rows.findIndex((r) => r.includes(document.activeElement as HTMLButtonElement));
  const column = rows[row]?.indexOf(document.activeElement as HTMLButtonElement) ?? -1;
  const turned = getComputedStyle(table).direction === "rtl" ? -step[1] : step[1];
  const to = rows[row + step[0]]?.[column + turned];
  if (!to) return;
  e.preventDefault();
  for (const b of rows.flat()) b.tabIndex = b === to ? 0 : -1;
  to.focus();
}
