// API keys: those that there are, a new one whose secret is shown once, and
// taking one back with a while to regret it.

import { signal } from "@preact/signals";
import { api as realApi, asProblem, Problem, type Api } from "../api";
import type { ApiKey, NewKey } from "./wire";
import { many } from "../wire";

type Needs = Pick<Api, "keys" | "newKey" | "dropKey" | "restoreKey" | "rotateKey">;

export class KeyStore {
  readonly keys = signal<readonly ApiKey[] | undefined>(undefined);
  readonly scopes = signal<readonly string[]>([]);
  /** The one that was just made: its secret is here and nowhere else. */
  readonly made = signal<ApiKey | undefined>(undefined);
  /** The one that was just revoked and can be given back. */
  readonly revoked = signal<ApiKey | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);
  readonly busy = signal(false);

  constructor(private readonly api: Needs = realApi, private readonly title = "") {}

  refresh(): Promise<boolean> {
    return this.doing(() => Promise.resolve());
  }

  /** Makes a key and says whether it was made. */
  make(wanted: NewKey): Promise<boolean> {
    return this.doing(async () => {
      this.made.value = await this.api.newKey(wanted);
    });
  }

  rotate(k: ApiKey, hours: number): Promise<boolean> {
    return this.doing(async () => {
      this.made.value = await this.api.rotateKey(k.id, hours);
    });
  }

  revoke(k: ApiKey): Promise<boolean> {
    return this.doing(async () => {
      await this.api.dropKey(k.id);
      this.revoked.value = k;
    });
  }

  async undo(): Promise<void> {
    const k = this.revoked.peek();
    if (!k) return;
    await this.doing(async () => {
      await this.api.restoreKey(k.id);
      this.revoked.value = undefined;
    });
  }

  /**
   * Does something and reads the keys again. It says whether the something was
   * done: when only the reading fails, nobody shall do it a second time.
   */
  private async doing(what: () => Promise<void>): Promise<boolean> {
    this.busy.value = true;
    this.problem.value = undefined;
    let done = false;
    try {
      await what();
      done = true;
      const { keys, scopes } = await this.api.keys();
      this.keys.value = many(keys).toReversed();
      this.scopes.value = many(scopes);
    } catch (err) {
      this.problem.value = asProblem(err, this.title);
    } finally {
      this.busy.value = false;
    }
    return done;
  }
}
