// What campaigns brought and cost: the question is the address.

import { signal } from "@preact/signals";
import { api as realApi, asProblem, Problem, type Api } from "../api";
import { t } from "../lang";
import { bys, models, type By, type Conversions, type Model, type Results, type Upload, type Wanted } from "./wire";

export { mayReadCampaigns } from "../session";

export interface Question {
  from: string;
  to: string;
  by: By;
  model: Model;
}

const dayForm = /^\d{4}-\d{2}-\d{2}$/;

/** A day so long ago, as the API takes it. */
function ago(days: number): string {
  const d = new Date();
  d.setDate(d.getDate() - days);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
}

/** The question of an address; the last four weeks where it names no days. */
export function questionOf(q: URLSearchParams): Question {
  const day = (name: string, usual: string): string => (dayForm.test(q.get(name) ?? "") ? (q.get(name) ?? usual) : usual);
  return {
    from: day("from", ago(27)), to: day("to", ago(0)),
    by: bys.find((b) => b === q.get("by")) ?? "campaign", model: models.find((m) => m === q.get("model")) ?? "linear",
  };
}

/** The search that finds the calls behind a figure. */
export function queryOf(by: By, name: string): string {
  return `${by}:"${name.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

export class Campaigns {
  readonly results = signal<Results | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);

  constructor(readonly asked: Question, private readonly api: Pick<Api, "attribution"> = realApi) {}

  async refresh(): Promise<void> {
    try {
      this.results.value = await this.api.attribution(this.asked);
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, t().campaigns.figuresFailed);
    }
  }
}

/** A file of costs on its way: looked at, then kept or left. */
export class Costs {
  readonly look = signal<Upload | undefined>(undefined);
  readonly kept = signal<Upload | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);
  readonly busy = signal(false);
  private file: Blob | undefined;

  constructor(private readonly done: () => void, private readonly api: Pick<Api, "addSpend"> = realApi) {}

  async choose(file: Blob): Promise<void> {
    this.leave();
    this.kept.value = undefined;
    this.file = file;
    await this.doing(async () => {
      const look = await this.api.addSpend(file, true);
      if (this.file === file) this.look.value = look;
    });
  }

  async keep(): Promise<void> {
    const file = this.file;
    if (!file) return;
    await this.doing(async () => {
      this.kept.value = await this.api.addSpend(file, false);
      this.leave();
      this.done();
    });
  }

  leave(): void {
    this.file = undefined;
    this.look.value = undefined;
    this.problem.value = undefined;
  }

  private async doing(what: () => Promise<void>): Promise<void> {
    this.busy.value = true;
    this.problem.value = undefined;
    try {
      await what();
    } catch (err) {
      this.look.value = undefined;
      this.problem.value = asProblem(err, t().campaigns.notRead);
    } finally {
      this.busy.value = false;
    }
  }
}

export class Export {
  readonly written = signal<Conversions | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);
  readonly busy = signal(false);

  constructor(private readonly api: Pick<Api, "conversions"> = realApi) {}

  /** Writes a file; save is given its text and a name. */
  async write(asked: Question, wanted: Wanted, save: (text: string, name: string) => void): Promise<void> {
    this.busy.value = true;
    this.problem.value = undefined;
    this.written.value = undefined;
    try {
      const file = await this.api.conversions({ ...wanted, from: asked.from, to: asked.to });
      save(file.text, `${wanted.format}-${wanted.of}-${asked.from}-${asked.to}.csv`);
      this.written.value = file;
    } catch (err) {
      this.problem.value = asProblem(err, t().campaigns.notWritten);
    } finally {
      this.busy.value = false;
    }
  }
}
