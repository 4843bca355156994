// Who read what: a page after the other, and whether the record is whole.

import { signal } from "@preact/signals";
import { api as realApi, asProblem, type Api, type Problem } from "../api";
import type { Audited, Chain, Reading } from "./wire";
import { many } from "../wire";

type Needs = Pick<Api, "audit" | "verifyAudit">;

export class AuditStore {
  readonly reads = signal<readonly Reading[] | undefined>(undefined);
  readonly next = signal("");
  readonly asked = signal<Audited>({});
  readonly chain = signal<Chain | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);
  readonly busy = signal(false);
  private turn = 0;

  constructor(private readonly api: Needs = realApi, private readonly title = "") {}

  ask(of: Audited): Promise<void> {
    this.asked.value = of;
    return this.load("");
  }

  more(): Promise<void> {
    return this.load(this.next.peek());
  }

  async verify(): Promise<void> {
    this.busy.value = true;
    try {
      this.chain.value = await this.api.verifyAudit();
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, this.title);
    } finally {
      this.busy.value = false;
    }
  }

  private async load(after: string): Promise<void> {
    const mine = ++this.turn;
    this.busy.value = true;
    try {
      const page = await this.api.audit({ ...this.asked.peek(), after, limit: 50 });
      if (mine !== this.turn) return; // another question was asked meanwhile
      this.reads.value = after === "" ? many(page.reads) : [...(this.reads.peek() ?? []), ...many(page.reads)];
      this.next.value = page.next ?? "";
      this.problem.value = undefined;
    } catch (err) {
      if (mine === this.turn) this.problem.value = asProblem(err, this.title);
    } finally {
      if (mine === this.turn) this.busy.value = false;
    }
  }
}
