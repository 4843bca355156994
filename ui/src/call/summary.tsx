// What the call was about, in a few lines; each leads to where it was said.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { clock, due } from "../format";
import { t } from "../lang";
import { Due } from "../parts/bits";
import { many } from "../wire";
import type { Summary as Wire, SummaryLine, SummaryPart } from "../wire-summary";
import type { Player } from "./player";
import type { CallPage } from "./store";

const order: readonly SummaryPart[] = ["issue", "done", "promise", "next_step", "outcome"];

/** The parts of a summary and what they are called. */
const parts = (): (readonly [SummaryPart, string])[] => order.map((p) => [p, t().call.parts[p]] as const);

export function Summary({ page, player }: { page: CallPage; player: Player }): JSX.Element | null {
  const s = page.detail.value?.summary;
  const lines = many(s?.lines);
  if (!s || lines.length === 0) return null;
  const { call } = t();
  const quoted = s.source === "words";
  return (
    <section class="side-part summary" aria-labelledby="summary-title">
      <div class="said-head">
        <h2 id="summary-title">{call.summary}</h2>
        <Copy of={s} />
      </div>
      <dl class="rows">
        {parts().map(([part, name]) => {
          const mine = lines.filter((l) => l.part === part);
          if (mine.length === 0) return null;
          return (
            <div key={part}>
              <dt>{name}</dt>
              <dd>{mine.map((l) => <Line key={`${l.utterance_id} ${l.text}`} of={l} quoted={quoted} player={player} />)}</dd>
            </div>
          );
        })}
      </dl>
      <p class="muted summary-source" dir="auto" title={s.model}>
        {quoted ? call.fromWords : call.fromModel(s.source)}
      </p>
    </section>
  );
}

function Line({ of, quoted, player }: { of: SummaryLine; quoted: boolean; player: Player }): JSX.Element {
  const at = clock(of.start);
  return (
    <button type="button" class="summary-line" title={t().call.playFrom(at)} onClick={() => player.playFrom(of.start)}>
      <span class="summary-words">
        {quoted ? <q class={`said-${of.speaker}`} dir="auto">{of.text}</q> : <span dir="auto">{of.text}</span>} <Due of={of} />
      </span>
      <span class="muted num">{at}</span>
    </button>
  );
}

/** The summary as plain text, for a ticket or a mail. */
export function plain(s: Wire): string {
  const rows: string[] = [];
  for (const [part, name] of parts()) {
    for (const l of many(s.lines)) {
      const when = due(l);
      if (l.part === part) rows.push(`${name}: ${l.text} (${when && `${t().format.due} ${when}; `}${clock(l.start)})`);
    }
  }
  return rows.join("\n");
}

const shown = 4000;

function Copy({ of }: { of: Wire }): JSX.Element {
  const state = useSignal<"" | "done" | "failed">("");
  useEffect(() => {
    if (state.value === "") return undefined;
    const timer = setTimeout(() => (state.value = ""), shown);
    return () => clearTimeout(timer);
  }, [state.value]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(plain(of));
      state.value = "done";
    } catch {
      state.value = "failed"; // without HTTPS browsers keep the clipboard to themselves
    }
  };
  return (
    <span>
      <span role="status" class="muted">{state.value === "done" ? t().call.copied : state.value === "failed" ? t().call.notCopied : ""}</span>{" "}
      <button type="button" class="quiet" onClick={() => void copy()}>{t().call.copy}</button>
    </span>
  );
}
