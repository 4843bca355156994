// The list of calls: live ones first, then the latest, page after page.

import { computed, signal } from "@preact/signals";
import { api as realApi, asProblem, Problem, type Api } from "../api";
import { t } from "../lang";
import { many, type CallRow } from "../wire";

const size = 50;

export class CallList {
  readonly rows = signal<readonly CallRow[]>([]);
  readonly next = signal("");
  readonly loading = signal(true);
  readonly problem = signal<Problem | undefined>(undefined);
  readonly sorted = computed(() => order(this.rows.value));

  constructor(private readonly customer = "", private readonly api: Pick<Api, "calls"> = realApi) {}

  /** Loads the first page again and keeps what was loaded after it. */
  async refresh(): Promise<void> {
    await this.load("", (page) => {
      const fresh = new Set(page.map((r) => r.id));
      const first = this.rows.peek().length <= size;
      return first ? page : [...page, ...this.rows.peek().filter((r) => !fresh.has(r.id))];
    });
  }

  async more(): Promise<void> {
    if (this.next.peek() === "" || this.loading.peek()) return;
    await this.load(this.next.peek(), (page) => {
      const known = new Set(this.rows.peek().map((r) => r.id));
      return [...this.rows.peek(), ...page.filter((r) => !known.has(r.id))];
    });
  }

  private async load(after: string, join: (page: readonly CallRow[]) => readonly CallRow[]): Promise<void> {
    this.loading.value = true;
    try {
      const page = await this.api.calls({ customer: this.customer, limit: size, after });
      const wasMore = this.rows.peek().length > size;
      this.rows.value = join(many(page.calls));
      if (after !== "" || !wasMore) this.next.value = page.next ?? "";
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, t().calls.failed);
    }
    this.loading.value = false;
  }
}

/** Live first, then the latest. */
export function order(rows: readonly CallRow[]): CallRow[] {
  const live = (r: CallRow): number => (r.status === "live" ? 0 : 1);
  return rows.toSorted((a, b) => live(a) - live(b) || Date.parse(b.started_at) - Date.parse(a.started_at));
}
