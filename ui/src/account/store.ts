// One's own account: what it is, and the ways in.

import { signal } from "@preact/signals";
import { api as realApi, Problem, type Api } from "../api";
import { t } from "../lang";
import { me } from "../session";
import { many, type User } from "../wire";
import { said } from "./problems";
import { make } from "./webauthn";
import type { Passkey, Session } from "./wire";

type Needs = Pick<Api, "me" | "passkeys" | "sessions" | "renameMe" | "setPassword" | "beginPasskey" | "addPasskey" | "namePasskey" | "dropPasskey" | "endSession" | "endSessions">;

/** How long a passkey that was removed can be brought back, in milliseconds. */
export const regret = 8000;

/** A part of the page that something goes wrong in. */
export type Part = "page" | "name" | "password" | "passkeys" | "sessions";

export class Account {
  readonly passkeys = signal<readonly Passkey[] | undefined>(undefined);
  readonly sessions = signal<readonly Session[] | undefined>(undefined);
  readonly problem = signal<{ part: Part; of: Problem } | undefined>(undefined);
  readonly done = signal<{ part: Part; text: string } | undefined>(undefined);
  readonly busy = signal<Part | undefined>(undefined);
  /** The passkey that goes unless somebody regrets it. */
  readonly going = signal<Passkey | undefined>(undefined);
  /** What it was asked to go with, where the password is to be given again. */
  private present = "";
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly api: Needs = realApi, private readonly create: (options: unknown) => Promise<unknown> = make) {}

  async start(): Promise<void> {
    await this.act("page", async () => {
      const [keys, sessions] = await Promise.all([this.api.passkeys(), this.api.sessions()]);
      this.passkeys.value = many(keys.passkeys);
      this.sessions.value = many(sessions.sessions);
    });
  }

  /** Leaving the page is no regret. */
  close(): void {
    if (this.going.peek()) void this.drop();
  }

  /** Gives whether it was done; a refusal is shown beside what was asked for. */
  private async act(part: Part, work: () => Promise<string | void>): Promise<boolean> {
    this.busy.value = part;
    this.problem.value = undefined;
    this.done.value = undefined;
    try {
      const text = await work();
      if (text) this.done.value = { part, text };
      return true;
    } catch (err) {
      this.problem.value = { part, of: said(err, t().account.notDone) };
      return false;
    } finally {
      this.busy.value = undefined;
    }
  }

  /** Learns again who one is, as the frame around the page shows it. */
  private async renew(): Promise<User> {
    const { user } = await this.api.me();
    me.value = user;
    return user;
  }

  rename(name: string): Promise<boolean> {
    return this.act("name", async () => {
      await this.api.renameMe(name);
      await this.renew();
      return t().account.saved;
    });
  }

  setPassword(o: { login: string; present: string; password: string }): Promise<boolean> {
    return this.act("password", async () => {
      await this.api.setPassword({
        password: o.password, ...(o.login ? { login: o.login } : {}), ...(o.present ? { present: o.present } : {}),
      });
      await this.renew();
      this.sessions.value = many((await this.api.sessions()).sessions);
      return t().account.passwordSet;
    });
  }

  addPasskey(present: string): Promise<boolean> {
    return this.act("passkeys", async () => {
      const asked = await this.api.beginPasskey(present);
      const answer = await this.create(asked.options);
      const n = (this.passkeys.peek()?.length ?? 0) + 1;
      const made = await this.api.addPasskey({ state: asked.state, answer, name: t().account.passkeyName(n) });
      this.passkeys.value = [...(this.passkeys.peek() ?? []), made];
      await this.renew();
      return t().account.passkeyAdded;
    });
  }

  namePasskey(id: string, name: string): Promise<boolean> {
    return this.act("passkeys", async () => {
      await this.api.namePasskey(id, name);
      this.passkeys.value = (this.passkeys.peek() ?? []).map((k) => (k.id === id ? { ...k, name } : k));
    });
  }

  /** Takes a passkey off the list; it goes for good when nobody regrets it. */
  remove(k: Passkey, present = ""): void {
    if (this.going.peek()) void this.drop();
    this.going.value = k;
    this.present = present;
    this.passkeys.value = (this.passkeys.peek() ?? []).filter((other) => other.id !== k.id);
    this.timer = setTimeout(() => void this.drop(), regret);
  }

  takeBack(): void {
    const k = this.going.peek();
    this.forget();
    if (k) this.put(k);
  }

  private put(k: Passkey): void {
    this.passkeys.value = [...(this.passkeys.peek() ?? []), k].toSorted((a, b) => a.created_at.localeCompare(b.created_at));
  }

  /** Ends the time of regret, and gives what was to be shown for it. */
  private forget(): string {
    const present = this.present;
    clearTimeout(this.timer);
    this.present = "";
    this.going.value = undefined;
    return present;
  }

  private async drop(): Promise<void> {
    const k = this.going.peek();
    const present = this.forget();
    if (!k) return;
    const gone = await this.act("passkeys", async () => {
      await this.api.dropPasskey(k.id, present);
      await this.renew();
    });
    if (!gone) this.put(k);
  }

  endSession(id: string): Promise<boolean> {
    return this.act("sessions", async () => {
      await this.api.endSession(id);
      this.sessions.value = (this.sessions.peek() ?? []).filter((s) => s.id !== id);
      return t().account.ended(1);
    });
  }

  endOthers(): Promise<boolean> {
    return this.act("sessions", async () => {
      const { ended } = await this.api.endSessions();
      this.sessions.value = (this.sessions.peek() ?? []).filter((s) => s.here);
      return t().account.ended(ended);
    });
  }
}

const browsers = [["Edg/", "Edge"], ["OPR/", "Opera"], ["Firefox/", "Firefox"], ["HeadlessChrome/", "Chrome"], ["Chrome/", "Chrome"], ["Safari/", "Safari"]] as const;
const systems = [["Windows", "Windows"], ["iPhone", "iPhone"], ["iPad", "iPad"], ["Android", "Android"], ["Mac OS", "macOS"], ["CrOS", "ChromeOS"], ["Linux", "Linux"]] as const;

/** A browser and its system in two words; what it calls itself is not for reading. */
export function device(agent: string): string {
  const browser = browsers.find(([sign]) => agent.includes(sign))?.[1];
  const system = systems.find(([sign]) => agent.includes(sign))?.[1];
  return [browser, system].filter(Boolean).join(", ");
}
