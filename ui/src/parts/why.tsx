// Why a suggestion was made: its figures, what spoke for and against it, and
// what allowed it.

import type { JSX } from "preact";
import { clock, day, figure, labelText, purpose, readingName, words } from "../format";
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
      <span class={minus ? "tone-bad" : "tone-good"} title={minus ? "against it" : "for it"}>{minus ? "−" : "+"}</span>{" "}
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

const letters = [
  { k: "p", name: "P", text: "chance that it works" },
  { k: "c", name: "C", text: "fits this moment" },
  { k: "v", name: "V", text: "value" },
  { k: "l", name: "L", text: "lever" },
] as const;

function Figures({ of }: { of: Choice }): JSX.Element {
  const [low = of.p, high = of.p] = of.p_interval ?? [];
  return (
    <table class="figures">
      <caption class="unseen">How the suggestion was ranked</caption>
      <thead>
        <tr>
          {letters.map((x) => <th key={x.k} scope="col"><b>{x.name}</b> {x.text}</th>)}
          <th scope="col"><b>Net</b> after annoyance</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          {letters.map((x) => (
            <td key={x.k}>
              {figure(of[x.k])}
              {x.k === "p" && low !== high && <small> {figure(low)} to {figure(high)}</small>}
            </td>
          ))}
          <td>{figure(of.net)}</td>
        </tr>
      </tbody>
    </table>
  );
}

function allowed(p: Permission): string {
  const what = p.purpose ? `to ${purpose(p.purpose)}` : "";
  const since = p.since && !p.since.startsWith("0001") ? ` since ${day(p.since)}` : "";
  const source = p.source ? `, from ${words(p.source)}` : "";
  if (p.basis === "contract") return `Allowed ${what} by the contract; nothing on record says no.`;
  return `Allowed ${what}: consent ${words(p.state)}${since}${source}.`;
}
