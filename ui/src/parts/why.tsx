// Why a suggestion was made: its figures, what spoke for and against it, and
// what allowed it.

import type { JSX } from "preact";
import { clock, day, figure, labelText, purpose, readingName, words } from "../format";
import { t } from "../lang";
import { links } from "../route";
import { many, type Choice, type Evidence, type Permission, type Reason } from "../wire";

interface Props {
  of: Choice;
  /** The call on the screen: its seconds are shown in place. */
  call: string;
  show(second: number): void;
}

export function Why({ of, call, show }: Props): JSX.Element {
  const reasons = many(of.reasons);
  return (
    <div class="why">
      {reasons.length > 0 && (
        <ul class="reasons">
          {reasons.map((r) => <ReasonLine key={`${r.kind}${r.name}`} of={r} call={call} show={show} />)}
        </ul>
      )}
      <Figures of={of} />
      {of.allowed_by && <p class="allowed">{allowed(of.allowed_by)}</p>}
    </div>
  );
}

function ReasonLine({ of, call, show }: { of: Reason; call: string; show: Props["show"] }): JSX.Element {
  const minus = of.effect === "-";
  return (
    <li>
      <span class={minus ? "tone-bad" : "tone-good"} title={minus ? t().parts.why.against : t().parts.why.for}>{minus ? "−" : "+"}</span>{" "}
      {readingName(of.kind === "context" ? labelText(of.name) : of.name)} <span class="muted">{words(of.kind)} {figure(of.value)}</span>
      <EvidenceList of={many(of.evidence)} call={call} show={show} />
    </li>
  );
}

interface EvidenceProps {
  of: readonly Evidence[];
  call: string;
  show: Props["show"];
}

/** The facts behind a figure, each with the moment at which it was heard. */
export function EvidenceList({ of, call, show }: EvidenceProps): JSX.Element | null {
  if (of.length === 0) return null;
  return (
    <ul class="evidence">
      {of.map((e, i) => (
        <li key={i}>
          <EvidenceAt of={e} call={call} show={show} /> {labelText(e.label)}
          {e.quote && <> <q dir="auto">{e.quote}</q></>}
        </li>
      ))}
    </ul>
  );
}

function EvidenceAt({ of, call, show }: { of: Evidence; call: string; show: Props["show"] }): JSX.Element {
  const at = of.call_second ?? 0;
  if (of.call_id === call) {
    return <button type="button" class="at" onClick={() => show(at)}>{clock(at)}</button>;
  }
  if (of.call_id) return <a class="at" href={links.call(of.call_id, at)}>{day(of.at)}, {clock(at)}</a>;
  return <span class="muted num">{day(of.at)}</span>;
}

const letters = ["p", "c", "v", "l"] as const;

function Figures({ of }: { of: Choice }): JSX.Element {
  const { why } = t().parts;
  const [low = of.p, high = of.p] = of.p_interval ?? [];
  return (
    <table class="figures">
      <caption class="unseen">{why.ranked}</caption>
      <thead>
        <tr>
          {letters.map((k) => <th key={k} scope="col"><b>{k.toUpperCase()}</b> {why[k]}</th>)}
          <th scope="col"><b>{why.netName}</b> {why.net}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          {letters.map((k) => (
            <td key={k}>
              {figure(of[k])}
              {k === "p" && low !== high && <small> {why.to(figure(low), figure(high))}</small>}
            </td>
          ))}
          <td>{figure(of.net)}</td>
        </tr>
      </tbody>
    </table>
  );
}

function allowed(p: Permission): string {
  const { why } = t().parts;
  const what = p.purpose ? purpose(p.purpose) : "";
  const since = p.since && !p.since.startsWith("0001") ? day(p.since) : "";
  if (p.basis === "contract") return why.contract(what);
  return why.consent(what, words(p.state), since, p.source ? words(p.source) : "");
}
