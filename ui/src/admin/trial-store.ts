// Two engines on one recording: what is chosen, how far it is, what came of it.

import { signal } from "@preact/signals";
import { api as realApi, asProblem, FormKey, type Api, type Problem } from "../api";
import { many, type Call } from "../wire";
import type { EngineChoice, EngineTrial } from "./wire";

type Needs = Pick<Api, "engineTrials" | "engineTrial" | "startTrial" | "startFileTrial" | "cancelTrial" | "calls">;

/** How often a trial is looked at, in milliseconds. */
const every = 500;

export class TrialStore {
  readonly choices = signal<readonly EngineChoice[] | undefined>(undefined);
  readonly trials = signal<readonly EngineTrial[]>([]);
  readonly shown = signal<EngineTrial | undefined>(undefined);
  /** Calls whose recording is kept, to choose from. */
  readonly recent = signal<readonly Call[]>([]);
  readonly call = signal("");
  readonly file = signal<File | undefined>(undefined);
  readonly first = signal("");
  readonly second = signal("");
  readonly problem = signal<Problem | undefined>(undefined);
  readonly busy = signal(false);
  private readonly key = new FormKey();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(private readonly api: Needs = realApi, private readonly title = "") {}

  async start(call = ""): Promise<void> {
    this.call.value = call;
    await this.refresh();
    void this.api.calls({ limit: 30 }).then((page) => {
      this.recent.value = many(page.calls).filter((c) => c.status !== "live" && ["kept", "partial"].includes(c.recording.state));
    }, () => undefined); // an id can be pasted all the same
    const last = this.trials.peek()[0];
    if (last && (last.state === "running" || !call)) await this.open(last.id);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  /** Whether everything is chosen that is needed. */
  ready(): boolean {
    const recording = this.file.value !== undefined || callIn(this.call.value) !== "";
    return recording && this.first.value !== "" && this.second.value !== "" && this.first.value !== this.second.value && !this.busy.value && this.shown.value?.state !== "running";
  }

  begin(): Promise<void> {
    return this.doing(async () => {
      const file = this.file.peek();
      const engines = [this.first.peek(), this.second.peek()] as const;
      const ask = { call_id: callIn(this.call.peek()), engines };
      this.shown.value = file ? await this.api.startFileTrial(file, engines) : await this.api.startTrial(ask, this.key.of(ask));
      this.key.done();
      this.again();
    });
  }

  /** Cancels what goes on, or forgets what is over. */
  drop(of: EngineTrial): Promise<void> {
    return this.doing(async () => {
      await this.api.cancelTrial(of.id);
      if (of.state === "running") return this.look(of.id);
      if (this.shown.peek()?.id === of.id) this.shown.value = undefined;
      await this.list();
    });
  }

  async open(id: string): Promise<void> {
    await this.doing(() => this.look(id));
  }

  private refresh(): Promise<void> {
    return this.doing(() => this.list());
  }

  private async list(): Promise<void> {
    const { choices, trials } = await this.api.engineTrials();
    this.choices.value = many(choices);
    this.trials.value = many(trials);
    const [one, two] = this.choices.value;
    if (this.first.peek() === "" && one) this.first.value = one.name;
    if (this.second.peek() === "" && two) this.second.value = two.name;
  }

  private async look(id: string): Promise<void> {
    this.show(await this.api.engineTrial(id));
    if (this.shown.peek()?.state !== "running") await this.list();
  }

  private show(trial: EngineTrial): void {
    this.shown.value = trial;
    if (trial.state === "running") this.again();
  }

  /** Looks how far it is, beside whatever somebody does: that is never held up, and what they opened meanwhile stays. */
  private async follow(id: string): Promise<void> {
    const trial = await this.api.engineTrial(id);
    if (this.closed || this.shown.peek()?.id !== id || this.shown.peek()?.state !== "running") return;
    this.show(trial);
    if (trial.state !== "running") await this.list();
  }

  private again(): void {
    clearTimeout(this.timer);
    const id = this.shown.peek()?.id;
    if (!this.closed && id) this.timer = setTimeout(() => void this.trying(() => this.follow(id)), every);
  }

  private async doing(what: () => Promise<void>): Promise<void> {
    this.busy.value = true;
    await this.trying(what);
    this.busy.value = false;
  }

  private async trying(what: () => Promise<void>): Promise<void> {
    try {
      await what();
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, this.title);
      // What a lost connection interrupted is looked at again.
      if (this.problem.value.status === 0 && this.shown.peek()?.state === "running") this.again();
    }
  }
}

/** The id of a call in what was typed: the id itself, or the address of its page. */
export function callIn(text: string): string {
  const typed = text.trim();
  const path = /\/(?:calls|desk)\/([^/?#\s]+)/.exec(typed);
  if (path?.[1]) return path[1];
  return /^[\w-]{1,64}$/.test(typed) ? typed : "";
}
