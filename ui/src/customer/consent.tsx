// What a customer allows, now and at any moment before, with what says so.

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { signal } from "@preact/signals";
import { api as realApi, asProblem, Problem, type Api } from "../api";
import { day, words } from "../format";
import { t } from "../lang";
import { Trouble } from "../parts/bits";
import { links } from "../route";
import { many } from "../wire";
import { AsOf } from "../privacy/asof";
import { Grid } from "../privacy/grid";
import { cellName, mayAct, stateName } from "../privacy/store";
import type { LedgerRow, Standing } from "../privacy/wire";

type Needs = Pick<Api, "standings" | "ledger">;

/** Pages of the ledger that are read for the moments of change. */
const pages = 5;

export class ConsentView {
  readonly cells = signal<readonly Standing[]>([]);
  readonly rows = signal<readonly LedgerRow[]>([]);
  /** The moment that is shown, ISO 8601; "" is now. */
  readonly at = signal("");
  readonly chosen = signal<Standing | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);
  private asked = 0;

  constructor(readonly customer: string, private readonly api: Needs = realApi) {}

  async start(): Promise<void> {
    await this.trying(async () => {
      let after = "";
      const rows: LedgerRow[] = [];
      for (let i = 0; i < pages; i++) {
        const page = await this.api.ledger(this.customer, after);
        rows.push(...many(page.rows));
        after = page.next ?? "";
        if (after === "") break;
      }
      this.rows.value = rows;
    });
    await this.show("");
  }

  /** Shows what was true at a moment; of answers that overtake each other the last question's stays. */
  async show(at: string): Promise<void> {
    const mine = ++this.asked;
    this.at.value = at;
    await this.trying(async () => {
      const { cells } = await this.api.standings(this.customer, at === "" ? {} : { valid: at });
      if (mine !== this.asked) return;
      this.cells.value = many(cells);
      const was = this.chosen.peek();
      this.chosen.value = was && this.cells.peek().find((c) => c.purpose === was.purpose && c.channel === was.channel);
    });
  }

  private async trying(run: () => Promise<void>): Promise<void> {
    try {
      await run();
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, t().customer.noConsent);
    }
  }
}

export function Consent({ id }: { id: string }): JSX.Element {
  const view = useMemo(() => new ConsentView(id), [id]);
  useEffect(() => void view.start(), [view]);
  const { customer } = t();
  const s = view.chosen.value;
  return (
    <section class="consent" aria-labelledby="consent-title">
      <header class="said-head">
        <h2 id="consent-title">{customer.consent}</h2>
        {mayAct() && <a href={links.privacy(id)}>{customer.changeConsent}</a>}
      </header>
      {view.problem.value && <Trouble of={view.problem.value} />}
      {view.rows.value.length > 0 && <AsOf at={view.at.value} changes={view.rows.value.map((r) => r.at)} onAt={(at) => void view.show(at)} />}
      {view.cells.value.length > 0 && (
        <Grid cells={view.cells.value} caption={view.at.value === "" ? customer.allowedNow : customer.allowedThen} act={customer.cellAct}
          onCell={(c) => (view.chosen.value = c)} onShow={(c) => (view.chosen.value = c)} />
      )}
      <p class="consent-why" aria-live="polite">{s ? <Because of={s} /> : <span class="muted">{customer.moveToCell}</span>}</p>
    </section>
  );
}

/** Why a cell is so, and which row of which source says it. */
function Because({ of: s }: { of: Standing }): JSX.Element {
  const { customer } = t();
  const r = s.row;
  return (
    <>
      <b>{cellName(s)}: {stateName(s.state)}.</b> <span dir="auto">{s.why}</span>
      {r && <> <span class="muted">{customer.saidBy(words(r.source), day(r.at))}</span></>}
      {r?.call_id && <> <a href={links.call(r.call_id, r.call_second ?? 0)}>{customer.hearIt}</a></>}
    </>
  );
}
