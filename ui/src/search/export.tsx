// A search as a file. The browser fetches it: a file of a million lines never
// is in the page.

import type { JSX } from "preact";
import { api } from "../api";
import { figure } from "../format";
import { t } from "../lang";
import type { Asked } from "../route";
import { mayExport } from "../session";

const formats = [["csv", { format: "csv" }], ["excel", { format: "csv", bom: "true" }], ["jsonl", { format: "jsonl" }], ["parquet", { format: "parquet" }]] as const;

export function ExportMenu({ asked, total }: { asked: Asked; total: number }): JSX.Element | null {
  if (total === 0 || !mayExport()) return null;
  const { like } = asked;
  const { search } = t();
  return (
    <details class="more export-menu">
      <summary>{search.exportLines(search.lines(total, figure(total, 0)))}</summary>
      <p class="muted">{search.exportHow}</p>
      <ul>
        {formats.map(([name, o]) => (
          <li key={name}>
            <a class="button" data-plain download href={api.exportSearch({ q: asked.q.trim(), sort: asked.sort, ...(like ? { like } : {}), ...o })}>{search.formats[name]}</a> <span class="muted">{search.formatHow[name]}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
