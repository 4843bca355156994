// What an administrator does, after which the page is read again.

import { signal } from "@preact/signals";
import { asProblem, type Problem } from "../api";

export abstract class Rereading {
  readonly problem = signal<Problem | undefined>(undefined);
  readonly busy = signal(false);

  constructor(private readonly title: string) {}

  /** Reads what the page shows. */
  protected abstract read(): Promise<void>;

  refresh(): Promise<boolean> {
    return this.doing(() => Promise.resolve());
  }

  /**
   * Does something and reads again. It says whether the something was done: when
   * only the reading fails, nobody shall do it a second time.
   */
  protected async doing(what: () => Promise<void>): Promise<boolean> {
    this.busy.value = true;
    this.problem.value = undefined;
    let done = false;
    try {
      await what();
      done = true;
      await this.read();
    } catch (err) {
      this.problem.value = asProblem(err, this.title);
    } finally {
      this.busy.value = false;
    }
    return done;
  }
}
