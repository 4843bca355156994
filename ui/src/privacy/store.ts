// One person's ledger on the privacy officer's screen: what holds, what held,
// what was written, and writing with an undo.

import { signal } from "@preact/signals";
import { api as realApi, asProblem, FormKey, Problem, type Api } from "../api";
import { textOf } from "../format";
import { locale, t, type Say } from "../lang";
import { many, type Customer } from "../wire";
import type { Cell, ConsentState, Knows, LedgerRow, NewRow, Past, Standing, Wording } from "./wire";

export { mayAct } from "../session";

export function purposeName(of: string): string {
  return textOf(t().privacy.purposes, of) ?? of;
}

export function channelName(of: string): string {
  return textOf(t().privacy.channels, of) ?? of;
}

export function stateName(of: ConsentState): string {
  return t().privacy.states[of];
}

export function cellName(c: Cell): string {
  const { privacy } = t();
  const parts = [purposeName(c.purpose), c.channel ? privacy.byChannel(channelName(c.channel).toLocaleLowerCase(locale())) : "", c.topic ?? "", c.address ?? ""];
  return parts.filter((p) => p !== "").join(privacy.comma);
}

export const cellKey = (c: Cell): string => `${c.purpose}/${c.channel ?? ""}`;

type Needs = Pick<Api,
  "customer" | "ledger" | "standings" | "past" | "setConsent" | "undoConsent" | "knowers" | "wordings" | "answerWish">;

/** What can be taken back by one click. */
export interface Undoable {
  text: Say;
  row: string;
}

export class PersonLedger {
  readonly person = signal<Customer | undefined>(undefined);
  readonly cells = signal<readonly Standing[]>([]);
  /** By what was known at the moment that is asked about; only of the past. */
  readonly known = signal<readonly Standing[] | undefined>(undefined);
  /** The moment that is asked about, as the input has it; "" is now. */
  readonly date = signal("");
  readonly chosen = signal<Standing | undefined>(undefined);
  readonly past = signal<Past | undefined>(undefined);
  readonly rows = signal<readonly LedgerRow[]>([]);
  readonly total = signal(0);
  readonly next = signal("");
  readonly verified = signal<boolean | undefined>(undefined);
  readonly knowers = signal<ReadonlyMap<string, readonly Knows[]>>(new Map());
  readonly problem = signal<Problem | undefined>(undefined);
  readonly undo = signal<Undoable | undefined>(undefined);
  readonly busy = signal(false);

  private readonly key = new FormKey();
  private words: readonly Wording[] = [];
  private closed = false;
  private asked = 0;

  constructor(readonly id: string, private readonly api: Needs = realApi) {}

  async start(): Promise<void> {
    await this.guard(async () => {
      const [person, wordings] = await Promise.all([this.api.customer(this.id), this.api.wordings()]);
      this.person.value = person;
      this.words = many(wordings.wordings);
      await this.refresh();
    });
  }

  close(): void {
    this.closed = true;
  }

  private async guard(run: () => Promise<void>): Promise<boolean> {
    try {
      await run();
      this.problem.value = undefined;
      return true;
    } catch (err) {
      if (!this.closed) this.problem.value = asProblem(err, t().privacy.failed);
      return false;
    }
  }

  private async refresh(): Promise<void> {
    const mine = ++this.asked;
    const valid = this.moment();
    const [now, known, page] = await Promise.all([
      this.api.standings(this.id, valid === "" ? {} : { valid }),
      valid === "" ? undefined : this.api.standings(this.id, { valid, known: valid }),
      this.api.ledger(this.id),
    ]);
    if (mine !== this.asked) return; // another moment is asked about by now
    this.cells.value = many(now.cells);
    this.known.value = known && many(known.cells);
    this.rows.value = many(page.rows);
    this.total.value = page.total;
    this.next.value = page.next ?? "";
    this.verified.value = page.verified;
  }

  /** The moment that is asked about in the server's form; "" is now. */
  moment(): string {
    const at = new Date(this.date.peek());
    return this.date.peek() === "" || Number.isNaN(at.getTime()) ? "" : at.toISOString();
  }

  async ask(date: string): Promise<void> {
    this.date.value = date;
    this.past.value = undefined;
    this.chosen.value = undefined;
    await this.guard(() => this.refresh());
  }

  async more(): Promise<void> {
    await this.guard(async () => {
      const page = await this.api.ledger(this.id, this.next.peek());
      this.rows.value = [...this.rows.peek(), ...many(page.rows)];
      this.next.value = page.next ?? "";
    });
  }

  /** Shows why a cell is as it is; of the past both answers. */
  async choose(s: Standing): Promise<void> {
    this.chosen.value = s;
    const valid = this.moment();
    if (valid === "") return;
    await this.guard(async () => {
      this.past.value = await this.api.past(this.id, { purpose: s.purpose, channel: s.channel ?? "any", valid });
    });
  }

  /** The words in which a yes to a cell is asked for. */
  wording(c: Cell): Wording | undefined {
    return this.words.find((w) => w.id === `${c.purpose}.${c.channel ?? ""}`) ?? this.words.find((w) => w.id === c.purpose);
  }

  /** Turns a cell to yes or to no, at once. */
  async turn(s: Standing): Promise<void> {
    if (this.busy.peek()) return;
    const allow = !s.allowed;
    const words = this.wording(s);
    this.busy.value = true;
    await this.guard(async () => {
      const said: NewRow = {
        purpose: s.purpose, state: allow ? "granted" : "withdrawn", source: "privacy office",
        ...(s.channel ? { channel: s.channel } : {}),
        ...(allow && words ? { wording_id: words.id, method: "asked by the privacy officer" } : {}),
      };
      const row = await this.api.setConsent(this.id, said, this.key.of(said));
      this.key.done();
      this.undo.value = { text: () => t().privacy.turned(stateName(allow ? "granted" : "withdrawn"), cellName(s)), row: row.id };
      await this.refresh();
      this.chosen.value = this.cells.peek().find((c) => cellKey(c) === cellKey(s));
    });
    this.busy.value = false;
  }

  async takeBack(): Promise<void> {
    const u = this.undo.peek();
    if (!u) return;
    await this.guard(async () => {
      await this.api.undoConsent(this.id, u.row);
      this.undo.value = undefined;
      await this.refresh();
      const was = this.chosen.peek();
      if (was) this.chosen.value = this.cells.peek().find((c) => cellKey(c) === cellKey(was));
    });
  }

  async answer(row: LedgerRow, answer: "confirmed" | "misheard"): Promise<void> {
    await this.guard(async () => {
      await this.api.answerWish({ customer: this.id, row: row.id, answer });
      await this.refresh();
    });
  }

  /** Shows or hides who was told of a row. */
  async toggleKnowers(row: string): Promise<void> {
    const now = new Map(this.knowers.peek());
    if (!now.delete(row)) {
      await this.guard(async () => {
        now.set(row, many((await this.api.knowers(this.id, row)).recipients));
      });
    }
    this.knowers.value = now;
  }
}

/** A moment as a field for local date and time has it; "" stays. */
export function localInput(at: string): string {
  const d = new Date(at);
  if (at === "" || Number.isNaN(d.getTime())) return "";
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`;
}

/** The cells whose answers differ between two knowledges. */
export function differing(a: readonly Standing[], b: readonly Standing[]): ReadonlySet<string> {
  const other = new Map(b.map((s) => [cellKey(s), s.state]));
  return new Set(a.filter((s) => other.get(cellKey(s)) !== s.state).map(cellKey));
}
