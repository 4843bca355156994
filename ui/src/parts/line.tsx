// One line of what was said, with its words and marks.

import { Component, type JSX } from "preact";
import { clock, labelText, span } from "../format";
import { t } from "../lang";
import { clean, pieces, type Mark, type Piece } from "../text";
import type { Speaker, Utterance } from "../wire";
import { marksOver, shown } from "../written";

/** What a side of the call is called. */
export const speakerName = (who: Speaker): string => t().parts[who] ?? who;

export function SpeakerName({ who }: { who: Speaker }): JSX.Element {
  return <span class={`speaker speaker-${who}`}>{speakerName(who)}</span>;
}

interface Props {
  u: Utterance;
  /** False when the line before is of the same speaker. */
  named: boolean;
  marks: readonly Mark[];
  /** Marks that raised the card. */
  strong: readonly Mark[];
  flash?: boolean;
  onMark?(): void;
}

/** A line drawn once, and again only when its own props change: a call can have thousands. */
export class CaptionLine extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return (Object.keys(next) as (keyof Props)[]).some((k) => next[k] !== this.props[k]);
  }

  override render(): JSX.Element {
    return <LineBody {...this.props} />;
  }
}

function LineBody({ u, named, marks, strong, flash, onMark }: Props): JSX.Element {
  const soft = marks.filter((m) => !strong.some((s) => s.from < m.to && m.from < s.to));
  const all = [...soft, ...strong.map((m) => ({ ...m, label: `card:${m.label}` }))];
  const show = shown(u);
  return (
    <div class={`line line-${u.speaker}${named ? " line-first" : ""}${flash ? " flash" : ""}`} id={`line-${u.id}`}>
      <span class="line-who">
        <span class={named ? "" : "unseen"}><SpeakerName who={u.speaker} /></span>
      </span>
      <span class="line-text"><span dir="auto">
        {pieces(show.text, [], marksOver(all, show)).map((p, i) => <MarkPiece key={i} piece={p} onMark={onMark} />)}
        {u.recovered && <span class="tag tag-recovered" title={t().parts.recoveredHow}>{t().parts.recovered}</span>}
        <Late by={u.delay} />
      </span></span>
      <span class="line-time">{clock(u.start)}</span>
    </div>
  );
}

/** Says that words are not of this moment: the engine was away when they were spoken. */
export function Late({ by }: { by: number | undefined }): JSX.Element | null {
  if (!by) return null;
  return <span class="tag tag-recovered" title={t().parts.lateHow}>{t().parts.late(span(by))}</span>;
}

function MarkPiece({ piece, onMark }: { piece: Piece; onMark: (() => void) | undefined }): JSX.Element {
  if (piece.labels.length === 0) return <>{piece.text}</>;
  const card = piece.labels.some((l) => l.startsWith("card:"));
  const title = [...new Set(piece.labels.flatMap((l) => l.replace("card:", "").split(", ")).map(labelText))].join(", ");
  if (!card || !onMark) return <mark title={title}>{piece.text}</mark>;
  // A link, because a button does not break over lines as words do.
  return (
    <a class="mark-card" href="#card" data-plain title={t().parts.raised(title)}
      onClick={(e) => {
        e.preventDefault();
        onMark();
      }}>{piece.text}</a>
  );
}

/** A line that is still being spoken. */
export function PartialLine({ who, text, named }: { who: Speaker; text: string; named: boolean }): JSX.Element {
  return (
    <div class={`line line-${who} line-partial${named ? " line-first" : ""}`}>
      <span class="line-who">{named && <SpeakerName who={who} />}</span>
      <span class="line-text"><span dir="auto">{clean(text)}</span></span>
      <span class="line-time" />
    </div>
  );
}
