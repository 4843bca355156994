// What the customer allows, written down by the agent while they say it.

import { signal } from "@preact/signals";
import { api as realApi, FormKey, Problem, type Api } from "../api";
import { channelName, purpose } from "../format";
import { t } from "../lang";
import type { NewRow, Wording } from "../privacy/wire";
import { many, type May } from "../wire";

type Needs = Pick<Api, "setConsent" | "undoConsent" | "wordings">;

export const nameOf = (m: May): string =>
  m.channel && m.channel !== "any" ? t().desk.byChannel(purpose(m.purpose), channelName(m.channel)) : purpose(m.purpose);

export class Allowing {
  readonly open = signal(false);
  readonly busy = signal(false);
  readonly note = signal("");
  /** The row that can be taken back. */
  readonly last = signal("");
  /** The words in which people are asked. */
  readonly words = signal<readonly Wording[]>([]);

  private readonly key = new FormKey();

  constructor(private readonly call: string, private readonly customer: string, private readonly api: Needs = realApi) {}

  async show(): Promise<void> {
    this.open.value = true;
    this.note.value = this.last.value = "";
    const found = await this.api.wordings().catch(() => undefined);
    this.words.value = many(found?.wordings);
  }

  /** How a yes is asked for, where there are words for it. */
  wording(m: May): Wording | undefined {
    const all = this.words.value;
    return all.find((w) => w.id === `${m.purpose}.${m.channel ?? ""}`) ?? all.find((w) => w.id === m.purpose);
  }

  /** Writes down a yes or a no. */
  async say(m: May, yes: boolean): Promise<void> {
    await this.attempt(async () => {
      const words = yes ? this.wording(m) : undefined;
      const said: NewRow = {
        purpose: m.purpose, state: yes ? "granted" : m.state === "granted" ? "withdrawn" : "denied",
        source: "agent desk", medium: "phone", method: "spoken", call_id: this.call,
        ...(m.channel && m.channel !== "any" ? { channel: m.channel } : {}), ...(words ? { wording_id: words.id } : {}),
      };
      const row = await this.api.setConsent(this.customer, said, this.key.of(said));
      this.key.done();
      this.last.value = row.id;
      this.note.value = t().desk.consentDone(`${nameOf(m)}, ${yes ? t().desk.states.granted : t().desk.states.denied}`);
    });
  }

  async undo(): Promise<void> {
    await this.attempt(async () => {
      await this.api.undoConsent(this.customer, this.last.peek());
      this.last.value = "";
      this.note.value = t().desk.consentUndone;
    });
  }

  private async attempt(act: () => Promise<void>): Promise<void> {
    if (this.busy.peek()) return;
    this.busy.value = true;
    try {
      await act();
    } catch (err) {
      this.note.value = err instanceof Problem ? err.message : t().desk.nothingChanged;
    }
    this.busy.value = false;
  }
}
