// For how long what is kept, what is on legal hold, and what was deleted.

import { signal } from "@preact/signals";
import { api as realApi, asProblem, type Api, type Problem } from "../api";
import type { AgePreview, Retention } from "./wire";

type Needs = Pick<Api, "retention" | "setRetention" | "previewRetention" | "addHold" | "liftHold">;

export const classes = ["recordings", "transcripts"] as const;
export type Class = (typeof classes)[number];

/** What a period that is not set yet would delete. */
export interface Look extends AgePreview {
  of: Class;
  days: number;
}

export class RetentionStore {
  readonly state = signal<Retention | undefined>(undefined);
  readonly look = signal<Look | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);
  readonly busy = signal(false);

  constructor(private readonly api: Needs = realApi, private readonly title = "") {}

  /** For how many days a class is kept now; 0 is for ever. */
  days(of: Class): number {
    return (this.state.value?.rules ?? []).find((r) => r.class === of)?.days ?? 0;
  }

  refresh(): Promise<boolean> {
    return this.doing(() => Promise.resolve());
  }

  /** Looks at what a period would delete. For ever deletes nothing. */
  preview(of: Class, days: number): Promise<boolean> {
    return this.doing(async () => {
      this.look.value = undefined;
      const found = days === 0 ? { calls: 0 } : await this.api.previewRetention(of, days);
      this.look.value = { of, days, ...found };
    });
  }

  /** Sets the period that was looked at. */
  set(): Promise<boolean> {
    return this.doing(async () => {
      const look = this.look.peek();
      if (!look) return;
      await this.api.setRetention(look.of, look.days);
      this.look.value = undefined;
    });
  }

  /** Lays a hold and says whether it is laid. */
  hold(of: { customer_id?: string; call_id?: string; why: string }, key: string): Promise<boolean> {
    return this.doing(async () => void (await this.api.addHold(of, key)));
  }

  lift(id: string): Promise<boolean> {
    return this.doing(() => this.api.liftHold(id));
  }

  /** Does something and reads what holds again; says whether the first was done, whatever came of the second. */
  private async doing(what: () => Promise<void>): Promise<boolean> {
    this.busy.value = true;
    this.problem.value = undefined;
    let done = false;
    try {
      await what();
      done = true;
      this.state.value = await this.api.retention();
    } catch (err) {
      this.problem.value = asProblem(err, this.title);
    } finally {
      this.busy.value = false;
    }
    return done;
  }
}
