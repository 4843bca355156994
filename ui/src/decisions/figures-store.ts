// Figures that are asked for once and shown: levers, the learner, the lift.

import { t } from "../lang";
import { asProblem } from "../api";
import { signal } from "@preact/signals";
import type { Problem } from "../api";

/** Something that is fetched, with what went wrong. */
export class Figures<T> {
  readonly of = signal<T | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);

  constructor(private readonly fetch: () => Promise<T>) {}

  async refresh(): Promise<void> {
    try {
      this.of.value = await this.fetch();
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, t().decisions.failed);
    }
  }

  /** Does something and fetches anew; what goes wrong is shown. */
  async after(what: () => Promise<unknown>): Promise<boolean> {
    try {
      await what();
    } catch (err) {
      this.problem.value = asProblem(err, t().decisions.failed);
      return false;
    }
    await this.refresh();
    return true;
  }
}
