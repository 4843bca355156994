// What the call was about, in a few lines; each leads to where it was said.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { clock, due } from "../format";
import { Due } from "../parts/bits";
import { many } from "../wire";
import type { Summary as Wire, SummaryLine, SummaryPart } from "../wire-summary";
import type { Player } from "./player";
import type { CallPage } from "./store";

const parts: readonly (readonly [SummaryPart, string])[] = [
  ["issue", "Issue"], ["done", "Done"], ["promise", "Promised"], ["next_step", "Next"], ["outcome", "Outcome"],
];

export function Summary({ page, player }: { page: CallPage; player: Player }): JSX.Element | null {
  const s = page.detail.value?.summary;
  const lines = many(s?.lines);
  if (!s || lines.length === 0) return null;
  const quoted = s.source === "words";
  return (
    <section class="side-part summary" aria-labelledby="summary-title">
      <div class="said-head">
        <h2 id="summary-title">Summary</h2>
        <Copy of={s} />
      </div>
      <dl class="rows">
        {parts.map(([part, name]) => {
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
        {quoted ? "From the words of the call." : <>Written by the language model <bdi>{s.source}</bdi>. Check it against the words.</>}
      </p>
    </section>
  );
}

function Line({ of, quoted, player }: { of: SummaryLine; quoted: boolean; player: Player }): JSX.Element {
  const at = clock(of.start);
  return (
    <button type="button" class="summary-line" title={`Play from ${at}`} onClick={() => player.playFrom(of.start)}>
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
  for (const [part, name] of parts) {
    for (const l of many(s.lines)) {
      const when = due(l);
      if (l.part === part) rows.push(`${name}: ${l.text} (${when && `due ${when}; `}${clock(l.start)})`);
    }
  }
  return rows.join("\n");
}

const shown = 4000;

function Copy({ of }: { of: Wire }): JSX.Element {
  const state = useSignal<"" | "done" | "failed">("");
  useEffect(() => {
    if (state.value === "") return undefined;
    const t = setTimeout(() => (state.value = ""), shown);
    return () => clearTimeout(t);
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
      <span role="status" class="muted">{state.value === "done" ? "Copied " : state.value === "failed" ? "This browser does not let it be copied " : ""}</span>
      <button type="button" class="quiet" onClick={() => void copy()}>Copy</button>
    </span>
  );
}
