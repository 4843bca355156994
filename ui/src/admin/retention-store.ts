// For how long what is kept, what is on legal hold, and what was deleted.

import { signal } from "@preact/signals";
import { api as realApi, FormKey, type Api } from "../api";
import { Rereading } from "./reread";
import type { AgePreview, Retention } from "./wire";

type Needs = Pick<Api, "retention" | "setRetention" | "previewRetention" | "addHold" | "liftHold">;

export const classes = ["recordings", "transcripts"] as const;
export type Class = (typeof classes)[number];

/** What a period that is not set yet would delete. */
export interface Look extends AgePreview {
  of: Class;
  days: number;
}

export class RetentionStore extends Rereading {
  readonly state = signal<Retention | undefined>(undefined);
  readonly look = signal<Look | undefined>(undefined);
  private readonly key = new FormKey();

  constructor(private readonly api: Needs = realApi, title = "") {
    super(title);
  }

  /** For how many days a class is kept now; 0 is for ever. */
  days(of: Class): number {
    return (this.state.value?.rules ?? []).find((r) => r.class === of)?.days ?? 0;
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
  hold(of: { customer_id?: string; call_id?: string; why: string }): Promise<boolean> {
    return this.doing(async () => {
      await this.api.addHold(of, this.key.of(of));
      this.key.done();
    });
  }

  lift(id: string): Promise<boolean> {
    return this.doing(() => this.api.liftHold(id));
  }

  protected async read(): Promise<void> {
    this.state.value = await this.api.retention();
  }
}
