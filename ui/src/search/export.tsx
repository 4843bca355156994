// A search as a file. The browser fetches it: a file of a million lines never
// is in the page.

import type { JSX } from "preact";
import { api } from "../api";
import type { Asked } from "../route";
import { mayExport } from "../session";

const formats: readonly [name: string, about: string, o: { format: string; bom?: string }][] = [
  ["CSV", "a table, for most programs", { format: "csv" }],
  ["CSV for Excel", "the same, with a mark by which Excel knows the letters", { format: "csv", bom: "true" }],
  ["JSON Lines", "a line for each, for programs", { format: "jsonl" }],
  ["Parquet", "typed columns, for DuckDB, pandas and the like", { format: "parquet" }],
];

export function ExportMenu({ asked, total }: { asked: Asked; total: number }): JSX.Element | null {
  if (total === 0 || !mayExport()) return null;
  const { like } = asked;
  return (
    <details class="more export-menu">
      <summary>Export {total.toLocaleString()} {total === 1 ? "line" : "lines"}</summary>
      <p class="muted">It holds what was said, redacted, what was understood of it, the agent, and the customer's id; no names, numbers or addresses of customers. That you took it is noted.</p>
      <ul>
        {formats.map(([name, about, o]) => (
          <li key={name}>
            <a class="button" data-plain download href={api.exportSearch({ q: asked.q.trim(), sort: asked.sort, ...(like ? { like } : {}), ...o })}>{name}</a> <span class="muted">{about}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
