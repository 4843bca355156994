// What was suggested over the call, why, what was not and why not, and what
// became of it.

import type { JSX } from "preact";
import { clock, figure, sentence, textOf, words } from "../format";
import { t } from "../lang";
import { Changes, mayAudit } from "../parts/changes";
import { Why } from "../parts/why";
import { many, type Choice, type Decision, type Outcome } from "../wire";
import { me } from "../session";
import { Heard } from "./proposals";
import type { Player } from "./player";
import { fateOf, outcomeOf, runs, yes, type CallPage, type Run } from "./store";

export function Decisions({ page, player }: { page: CallPage; player: Player }): JSX.Element {
  const { call } = t();
  const all = page.decisions.value;
  const groups = runs(all, page.outcomes.value);
  const open = groups.findLast((g) => many(g.last.actions).length > 0) ?? groups.at(-1);
  return (
    <section class="side-part" aria-labelledby="decisions-title">
      <h2 id="decisions-title">{call.suggestions} <span class="muted num">{figure(all.length)}</span></h2>
      {all.length === 0 && <p class="muted">{call.noSuggestions}</p>}
      <ol class="decisions">
        {groups.map((g) => <One key={g.first.decision_id} of={g} page={page} player={player} open={g === open} />)}
      </ol>
    </section>
  );
}

interface OneProps {
  of: Run;
  page: CallPage;
  player: Player;
  open: boolean;
}

// What was decided again with the same first suggestion stands under one line.
function One({ of, page, player, open }: OneProps): JSX.Element {
  const { call } = t();
  const first = many(of.last.actions)[0];
  const fate = fateOf(of.last, page.outcomes.value) ?? fateOf(of.first, page.outcomes.value);
  return (
    <li>
      <details open={open}>
        <summary>
          <span class="num muted">{clock(page.second(of.first.at))}</span>
          <span class="decision-title" dir="auto">{first ? first.title : call.nothingToSuggest}</span>
          {fate && <OutcomeTag of={fate} />}
          {of.again.length > 0 && <span class="muted num" title={call.inARow}>{figure(of.again.length + 1)}×</span>}
        </summary>
        <Body of={of.last} page={page} player={player} />
        {of.again.length > 0 && <Before of={[of.first, ...of.again.slice(0, -1)]} page={page} player={player} />}
      </details>
    </li>
  );
}

function Before({ of, page, player }: { of: readonly Decision[]; page: CallPage; player: Player }): JSX.Element {
  return (
    <details class="more">
      <summary>{t().call.sameBefore(of.length, figure(of.length))}</summary>
      <ol class="plain">
        {of.map((d) => (
          <li key={d.decision_id}>
            <details class="more">
              <summary><span class="num">{clock(page.second(d.at))}</span> <span dir="auto">{d.because}</span></summary>
              <Body of={d} page={page} player={player} />
            </details>
          </li>
        ))}
      </ol>
    </details>
  );
}

function Body({ of, page, player }: { of: Decision; page: CallPage; player: Player }): JSX.Element {
  const at = page.second(of.at);
  const actions = many(of.actions);
  const outcomes = page.outcomes.value;
  const fate = fateOf(of, outcomes);
  return (
    <div class="decision-body">
      <p><button type="button" class="at" onClick={() => player.playFrom(at)}>{t().call.playFrom(clock(at))}</button> <span dir="auto">{of.because}</span></p>
      {(fate === "overridden" || fate === "not_done") && <p class="tone-bad">{fate === "overridden" ? t().call.overridden(overriddenBy(of, outcomes)) : t().call.notDone}</p>}
      {actions.length > 0 && (
        <ol class="ranking">
          {actions.map((c) => <Ranked key={c.action} of={c} page={page} player={player} outcome={outcomeOf(of, c.action, outcomes)} />)}
        </ol>
      )}
      <NotChosen of={of} />
      {mayAudit() && <Changes decision={of.decision_id} />}
    </div>
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
      <b dir="auto">{of.title}</b> <span class="num muted" title={t().call.netHow}>{figure(of.net)}</span>{" "}
      {outcome && <OutcomeTag of={outcome.outcome} />}
      <p><bdi>{of.because}</bdi></p>
      {of.say && <p><q dir="auto">{of.say}</q></p>}
      <details class="more">
        <summary>{t().call.why}</summary>
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
      <summary>{t().call.notChosen(all.length, figure(all.length))}</summary>
      <ul class="plain">
        {all.map((x, i) => (
          <li key={i}><b>{sentence(x.action)}</b> <span class="muted">{words(x.rule)}:</span> <span dir="auto">{x.why}</span>{x.source && <span class="muted"> {t().call.bySource(x.source)}</span>}</li>
        ))}
      </ul>
    </details>
  );
}

function OutcomeTag({ of }: { of: string }): JSX.Element {
  return <span class={`tag tag-${of}`}>{textOf(t().call.outcomeNames, of) ?? words(of)}</span>;
}

/** The title of what was taken in the place of a decision's first suggestion. */
function overriddenBy(d: Decision, outcomes: readonly Outcome[]): string {
  const taken = outcomes.findLast((o) => o.decision_id === d.decision_id && yes.has(o.outcome));
  return many(d.actions).find((c) => c.action === taken?.action)?.title ?? sentence(taken?.action ?? "");
}

/** Who answered: "you", a name, or nothing where only an id is known. */
function actor(o: Outcome): string {
  if (!o.actor) return "";
  if (o.actor === me.value?.id) return t().call.you;
  return /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(o.actor) ? "" : o.actor;
}

/** What the agent did, in the order of time. */
export function Outcomes({ page, player }: { page: CallPage; player: Player }): JSX.Element {
  const { call } = t();
  const all = page.outcomes.value.filter((o) => o.outcome !== "impression");
  const decisions = page.decisions.value;
  const title = (o: Outcome): string => {
    const d = decisions.find((x) => x.decision_id === o.decision_id);
    return many(d?.actions).find((c) => c.action === o.action)?.title ?? sentence(o.action);
  };
  return (
    <section class="side-part" aria-labelledby="outcomes-title">
      <h2 id="outcomes-title">{call.outcomes} <span class="muted num">{figure(all.length)}</span></h2>
      {all.length === 0 && <p class="muted">{call.noOutcomes}</p>}
      <ul class="plain outcomes">
        {all.map((o) => (
          <li key={o.id}>
            <span class="num muted">{clock(page.second(o.at))}</span> <OutcomeTag of={o.outcome} />{" "}
            <span dir="auto">{title(o)}</span> {actor(o) && <span class="muted" dir="auto">{call.by(actor(o))}</span>}{o.heard && <span class="muted"> · {call.heardInCall}</span>}
          </li>
        ))}
      </ul>
      <Heard page={page} player={player} />
    </section>
  );
}
