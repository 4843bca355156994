// A change over the decisions of the past. The run is the server's: the page
// asks how far it is, also after it was loaded again.

import { t } from "../lang";
import { asProblem } from "../api";
import { signal } from "@preact/signals";
import type { Problem } from "../api";
import { many } from "../wire";
import { calls as real, type Calls } from "./calls";
import type { Move, Run } from "./wire";

/** How long to wait before a run is asked of again, in milliseconds. */
const pause = 700;

export class Replays {
  readonly runs = signal<readonly Run[]>([]);
  readonly run = signal<Run | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);
  readonly busy = signal(false);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private gone = false;

  constructor(readonly id: string, private readonly calls: Pick<Calls, "runs" | "run" | "start" | "cancel"> = real) {}

  async open(): Promise<void> {
    await Promise.all([this.list(), this.id ? this.look() : undefined]);
  }

  leave(): void {
    this.gone = true;
    clearTimeout(this.timer);
  }

  private async list(): Promise<void> {
    try {
      this.runs.value = many((await this.calls.runs()).simulations);
    } catch (err) {
      this.problem.value = asProblem(err, t().decisions.failed);
    }
  }

  /** Asks how far the run is, until it ends. */
  async look(): Promise<void> {
    try {
      this.run.value = await this.calls.run(this.id);
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, t().decisions.failed);
      if (this.problem.value.status === 404) return;
    }
    if (this.gone || (this.run.peek() && this.run.peek()?.state !== "running")) {
      void this.list();
      return;
    }
    this.timer = setTimeout(() => void this.look(), pause);
  }

  /** Starts a run and gives its id; undefined when the server refuses. */
  async start(ask: Run["ask"]): Promise<string | undefined> {
    this.busy.value = true;
    try {
      const run = await this.calls.start(ask);
      this.problem.value = undefined;
      return run.id;
    } catch (err) {
      this.problem.value = asProblem(err, t().decisions.failed);
      return undefined;
    } finally {
      this.busy.value = false;
    }
  }

  async cancel(): Promise<void> {
    try {
      this.run.value = await this.calls.cancel(this.id);
    } catch (err) {
      this.problem.value = asProblem(err, t().decisions.failed);
    }
  }
}

interface Matrix {
  from: readonly string[];
  to: readonly string[];
  cell(from: string, to: string): Move | undefined;
  /** Cells that are not shown because there are too many actions. */
  left: number;
}

/** The movements as a table of at most so many actions each way, those with most decisions. */
export function matrix(moves: readonly Move[], most = 12): Matrix {
  const by = (side: "from" | "to"): string[] => {
    const sums = new Map<string, number>();
    for (const m of moves) sums.set(m[side], (sums.get(m[side]) ?? 0) + m.decisions);
    return [...sums].toSorted((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).slice(0, most).map(([name]) => name);
  };
  const [from, to] = [by("from"), by("to")];
  const cells = new Map(moves.map((m) => [`${m.from} ${m.to}`, m]));
  return { from, to, cell: (a, b) => cells.get(`${a} ${b}`), left: moves.filter((m) => !from.includes(m.from) || !to.includes(m.to)).length };
}
