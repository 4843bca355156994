// API keys: those that there are, a new one whose secret is shown once, and
// taking one back with a while to regret it.

import { signal } from "@preact/signals";
import { api as realApi, type Api } from "../api";
import { Rereading } from "./reread";
import type { ApiKey, NewKey } from "./wire";
import { many } from "../wire";

type Needs = Pick<Api, "keys" | "newKey" | "dropKey" | "restoreKey" | "rotateKey">;

export class KeyStore extends Rereading {
  readonly keys = signal<readonly ApiKey[] | undefined>(undefined);
  readonly scopes = signal<readonly string[]>([]);
  /** The one that was just made: its secret is here and nowhere else. */
  readonly made = signal<ApiKey | undefined>(undefined);
  /** The one that was just revoked and can be given back. */
  readonly revoked = signal<ApiKey | undefined>(undefined);

  constructor(private readonly api: Needs = realApi, title = "") {
    super(title);
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

  protected async read(): Promise<void> {
    const { keys, scopes } = await this.api.keys();
    this.keys.value = many(keys).toReversed();
    this.scopes.value = many(scopes);
  }
}
