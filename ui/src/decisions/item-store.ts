// One item of the catalogue while somebody works on it. What was typed stays
// whatever the server says: a conflict is shown beside it.

import { computed, signal } from "@preact/signals";
import { asProblem, Problem } from "../api";
import { t } from "../lang";
import { many } from "../wire";
import { calls as real, type Calls } from "./calls";
import { set, type Path } from "./json";
import { leverOn, scopeNames, shelf, tell } from "./store";
import type { Doc, Item, Kind, Version } from "./wire";

type Some = Pick<Calls, "item" | "draft" | "step">;

/** What a new action begins with. */
const fresh = (id: string): Doc => ({
  id, issue: "", group: "", purpose: "service", title: "", say: "", channels: ["agent"], value: { margin: 10 }, prior: { p: 0.2 }, policies: [],
});

export class Editor {
  readonly item = signal<Item | undefined>(undefined);
  readonly doc = signal<Doc>({});
  readonly why = signal("");
  readonly problem = signal<Problem | undefined>(undefined);
  readonly busy = signal(false);
  /** What somebody else saved while this was edited. */
  readonly conflict = signal<Version | undefined>(undefined);
  private readonly loaded = signal("");
  private based = 0;

  readonly versions = computed(() => many(this.item.value?.versions));
  readonly live = computed(() => this.versions.value.find((v) => v.state === "live"));
  /** The draft or reviewed version that waits, if it is the newest. */
  readonly waiting = computed(() => {
    const newest = this.versions.value.find((v) => v.state !== "dropped");
    return newest && (newest.state === "draft" || newest.state === "reviewed") ? newest : undefined;
  });
  readonly dirty = computed(() => this.loaded.value !== "" && JSON.stringify(this.doc.value) !== this.loaded.value);

  constructor(readonly kind: Kind, readonly id: string, private readonly calls: Some = real) {}

  async load(): Promise<void> {
    try {
      this.take(await this.calls.item(this.kind, this.id));
      this.problem.value = undefined;
    } catch (err) {
      const p = asProblem(err, t().decisions.failed);
      if (p.status === 404 && (this.kind === "action" || this.kind === "lever")) this.begin(this.kind === "lever" ? leverOn("action", scopeNames("action")[0] ?? "", 20, "") : fresh(this.id));
      else this.problem.value = p;
    }
  }

  /** Begins something that is not in the catalogue yet. */
  begin(doc: Doc): void {
    this.item.value = { versions: [], steps: [] };
    this.doc.value = doc;
    this.loaded.value = "{}";
  }

  private take(item: Item): void {
    this.item.value = item;
    this.based = this.versions.value[0]?.version ?? 0;
    this.open(this.waiting.value ?? this.live.value ?? this.versions.value[0]);
  }

  /** Puts a version into the form. */
  open(v: Version | undefined): void {
    if (!v) return;
    this.doc.value = v.doc;
    this.loaded.value = JSON.stringify(v.doc);
    this.conflict.value = undefined;
  }

  set(path: Path, value: unknown): void {
    this.doc.value = set(this.doc.peek(), path, value);
  }

  async save(): Promise<boolean> {
    const doc = this.doc.peek();
    return this.doing(async () => {
      try {
        const v = await this.calls.draft({ kind: this.kind, id: this.id, based: this.based, why: this.why.peek().trim(), doc });
        this.why.value = "";
        tell(() => t().decisions.saved(v.version), () => this.step(v.version, "dropped", t().decisions.takenBack));
      } catch (err) {
        if (!(err instanceof Problem) || err.status !== 409) throw err;
        await this.collide();
        return;
      }
      await this.reload();
    });
  }

  /** Somebody else was first: theirs is shown, and the form stays as it is. */
  private async collide(): Promise<void> {
    const item = await this.calls.item(this.kind, this.id);
    this.item.value = item;
    this.conflict.value = this.versions.value[0];
  }

  /** Mine over theirs: it is based on what they saved. */
  keepMine(): Promise<boolean> {
    this.based = this.conflict.peek()?.version ?? this.based;
    this.conflict.value = undefined;
    return this.save();
  }

  takeTheirs(): void {
    const theirs = this.conflict.peek();
    this.based = theirs?.version ?? this.based;
    this.open(theirs);
  }

  /** Takes a version into a state; what can be taken back has an undo. */
  async move(v: Version, to: "reviewed" | "live" | "retired" | "dropped"): Promise<void> {
    const before = this.live.peek();
    const why = this.why.peek().trim();
    await this.doing(async () => {
      await this.calls.step({ kind: this.kind, id: this.id, version: v.version, to, why });
      this.why.value = "";
      tell(() => t().decisions.moved[to](v.version), this.back(v, to, before));
      await this.reload();
    });
  }

  private back(v: Version, to: string, before: Version | undefined): (() => Promise<void>) | undefined {
    const why = t().decisions.takenBack;
    if (to === "dropped") {
      return async () => {
        await this.calls.draft({ kind: this.kind, id: this.id, based: this.based, why, doc: v.doc });
        await this.reload();
      };
    }
    if (to === "retired") return () => this.step(v.version, "live", why);
    if (to !== "live") return undefined;
    return before && (before.version > 0 || this.kind === "action") ? () => this.step(before.version, "live", why) : () => this.step(v.version, "retired", why);
  }

  private async step(version: number, to: string, why: string): Promise<void> {
    await this.calls.step({ kind: this.kind, id: this.id, version, to, why });
    await this.reload();
  }

  private async reload(): Promise<void> {
    this.take(await this.calls.item(this.kind, this.id));
    await shelf.refresh();
  }

  private async doing(what: () => Promise<void>): Promise<boolean> {
    this.busy.value = true;
    this.problem.value = undefined;
    try {
      await what();
      return this.conflict.peek() === undefined;
    } catch (err) {
      this.problem.value = asProblem(err, t().decisions.failed);
      return false;
    } finally {
      this.busy.value = false;
    }
  }
}
