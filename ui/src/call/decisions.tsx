// What was suggested over the call, why, what was not and why not, and what
// became of it.

import type { JSX } from "preact";
import { clock, figure, sentence, words } from "../format";
import { Why } from "../parts/why";
import { many, type Choice, type Decision, type Outcome } from "../wire";
import type { Player } from "./player";
import { outcomeOf, type CallPage } from "./store";

export function Decisions({ page, player }: { page: CallPage; player: Player }): JSX.Element {
  const all = page.decisions.value;
  const open = all.findLast((d) => many(d.actions).length > 0) ?? all.at(-1);
  return (
    <section class="side-part" aria-labelledby="decisions-title">
      <h2 id="decisions-title">Suggestions <span class="muted num">{all.length}</span></h2>
      {all.length === 0 && <p class="muted">Nothing was decided in this call.</p>}
      <ol class="decisions">
        {all.map((d) => <One key={d.decision_id} of={d} page={page} player={player} open={d === open} />)}
      </ol>
    </section>
  );
}

interface OneProps {
  of: Decision;
  page: CallPage;
  player: Player;
  open: boolean;
}

function One({ of, page, player, open }: OneProps): JSX.Element {
  const at = page.second(of.at);
  const actions = many(of.actions);
  const first = actions[0];
  const outcomes = page.outcomes.value;
  const answered = actions.map((c) => outcomeOf(of, c.action, outcomes)).find((o) => o !== undefined);
  return (
    <li>
      <details open={open}>
        <summary>
          <span class="num muted">{clock(at)}</span>
          <span class="decision-title" dir="auto">{first ? first.title : "Nothing to suggest"}</span>
          {answered && <OutcomeTag of={answered.outcome} />}
        </summary>
        <p><button type="button" class="at" onClick={() => player.playFrom(at)}>Play from {clock(at)}</button> <span dir="auto">{of.because}</span></p>
        {actions.length > 0 && (
          <ol class="ranking">
            {actions.map((c) => <Ranked key={c.action} of={c} page={page} player={player} outcome={outcomeOf(of, c.action, outcomes)} />)}
          </ol>
        )}
        <NotChosen of={of} />
      </details>
    </li>
  );
}

interface RankedProps {
  of: Choice;
  page: CallPage;
  player: Player;
  outcome: Outcome | undefined;
}

function Ranked({ of, page, player, outcome }: RankedProps): JSX.Element {
  return (
    <li>
      <b dir="auto">{of.title}</b> <span class="num muted" title="P x C x V x L, less annoyance">{figure(of.net)}</span>{" "}
      {outcome && <OutcomeTag of={outcome.outcome} />}
      <p><bdi>{of.because}</bdi></p>
      {of.say && <p><q dir="auto">{of.say}</q></p>}
      <details class="more">
        <summary>Why?</summary>
        <Why of={of} call={page.id} show={(s) => player.playFrom(s)} />
      </details>
    </li>
  );
}

function NotChosen({ of }: { of: Decision }): JSX.Element | null {
  const all = many(of.not_chosen);
  if (all.length === 0) return null;
  return (
    <details class="more">
      <summary>{all.length} not chosen, and why not</summary>
      <ul class="plain">
        {all.map((x, i) => (
          <li key={i}><b>{sentence(x.action)}</b> <span class="muted">{words(x.rule)}:</span> <span dir="auto">{x.why}</span></li>
        ))}
      </ul>
    </details>
  );
}

export function OutcomeTag({ of }: { of: string }): JSX.Element {
  return <span class={`tag tag-${of}`}>{of}</span>;
}

/** What the agent did, in the order of time. */
export function Outcomes({ page }: { page: CallPage }): JSX.Element {
  const all = page.outcomes.value.filter((o) => o.outcome !== "impression");
  const decisions = page.decisions.value;
  const title = (o: Outcome): string => {
    const d = decisions.find((x) => x.decision_id === o.decision_id);
    return many(d?.actions).find((c) => c.action === o.action)?.title ?? sentence(o.action);
  };
  return (
    <section class="side-part" aria-labelledby="outcomes-title">
      <h2 id="outcomes-title">Outcomes <span class="muted num">{all.length}</span></h2>
      {all.length === 0 && <p class="muted">No suggestion was answered.</p>}
      <ul class="plain outcomes">
        {all.map((o) => (
          <li key={o.id}>
            <span class="num muted">{clock(page.second(o.at))}</span> <OutcomeTag of={o.outcome} />{" "}
            <span dir="auto">{title(o)}</span> {o.actor && <span class="muted" dir="auto">by {o.actor}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
