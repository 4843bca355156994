// How the server is, asked every few seconds while somebody looks.

import { signal } from "@preact/signals";
import { api as realApi, asProblem, Problem, type Api } from "../api";
import { t } from "../lang";
import type { Status } from "../wire";

export class StatusStore {
  readonly status = signal<Status | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly api: Pick<Api, "status"> = realApi) {}

  start(): void {
    void this.refresh();
    this.timer = setInterval(() => {
      if (document.visibilityState === "visible") void this.refresh();
    }, 3000);
  }

  close(): void {
    clearInterval(this.timer);
  }

  async refresh(): Promise<void> {
    try {
      this.status.value = await this.api.status();
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, t().status.failed);
    }
  }
}
