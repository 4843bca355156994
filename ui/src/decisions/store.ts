// What all screens of decisions share: who may what, the catalogue, what is
// being tried, and the way back from the last step.

import { effect, signal } from "@preact/signals";
import { asProblem, Problem } from "../api";
import { t, unsaid, type Say } from "../lang";
import { me } from "../session";
import { many } from "../wire";
import { calls as real, type Calls } from "./calls";
import type { Catalogue, Doc, Kind, Line } from "./wire";
import { mayOpen } from "./who";

export { mayDesign, mayOpen, tabs, type Tab } from "./who";

/** A way back from the last step; undefined when there is none. */
export const undo = signal<{ text: Say; run(): Promise<void> } | undefined>(undefined);

/** What the last step did, for everybody to hear. */
export const said = signal(unsaid);

export function tell(text: Say, back?: () => Promise<void>): void {
  said.value = text;
  undo.value = back ? { text, run: back } : undefined;
}

export async function goBack(): Promise<void> {
  const back = undo.peek();
  undo.value = undefined;
  if (!back) return;
  try {
    await back.run();
    said.value = () => t().decisions.undone;
  } catch (err) {
    said.value = () => asProblem(err, t().decisions.failed).message;
  }
}

/** The catalogue as lists show it. */
class Shelf {
  readonly all = signal<Catalogue | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);

  constructor(private readonly calls: Pick<Calls, "catalogue"> = real) {}

  async refresh(): Promise<void> {
    try {
      this.all.value = await this.calls.catalogue();
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, t().decisions.failed);
    }
  }

  items(kind: Kind): readonly Line[] {
    return many(this.all.value?.items).filter((l) => l.kind === kind);
  }
}

export const shelf = new Shelf();

/** Changes that are tried over what is live, before anything is saved. */
export interface Tried {
  /** By action: the fields that differ. */
  actions: Readonly<Record<string, Doc>>;
  /** By action: per cent of a lever. */
  levers: Readonly<Record<string, number>>;
}

const none: Tried = { actions: {}, levers: {} };
const place = "heed.decisions.tried";

function kept(): Tried {
  try {
    const of = JSON.parse(sessionStorage.getItem(place) ?? "null") as Partial<Tried> | null;
    return { actions: of?.actions ?? {}, levers: of?.levers ?? {} };
  } catch {
    return none;
  }
}

/** What is tried in this tab; it is there after the page is loaded again. */
export const tried = signal<Tried>(kept());

effect(() => {
  const text = JSON.stringify(tried.value);
  try {
    sessionStorage.setItem(place, text);
  } catch {
    // It is kept until the page is left.
  }
});

export function tryNothing(): void {
  tried.value = none;
}

/** Tries an action with fields of its own. */
export function tryAction(id: string, fields: Doc): void {
  tried.value = { ...tried.peek(), actions: { ...tried.peek().actions, [id]: fields } };
}

export function isTried(of: Tried): boolean {
  return Object.keys(of.actions).length + Object.keys(of.levers).length > 0;
}

const day = 86_400_000;

/** A lever of so many per cent on an action, for the next four weeks. */
export function leverOn(scope: string, name: string, percent: number, reason: string): Doc {
  const at = (days: number): string => `${new Date(Date.now() + days * day).toISOString().slice(0, 10)}T00:00:00Z`;
  return { scope, name, percent, owner: me.peek()?.name || "-", reason, from: at(-1), until: at(28) };
}

/** What is tried as the API takes it: JSON is YAML. Empty when nothing is. */
export function changeOf(of: Tried): string {
  if (!isTried(of)) return "";
  return JSON.stringify({
    version: 1,
    actions: Object.entries(of.actions).map(([id, fields]) => ({ ...fields, id })),
    levers: Object.entries(of.levers).map(([id, percent]) => leverOn("action", id, percent, "tried")),
  });
}

/** Tries again what was tried in a replay, as far as it was made here. */
export function tryAgain(change: string): void {
  try {
    const of = JSON.parse(change) as { actions?: readonly Doc[]; levers?: readonly Doc[] };
    const actions = (of.actions ?? []).map(({ id, ...fields }) => [String(id), fields] as const);
    const levers = (of.levers ?? []).map((l) => [String(l["name"]), Number(l["percent"])] as const);
    tried.value = { actions: Object.fromEntries(actions), levers: Object.fromEntries(levers) };
  } catch {
    // It was written by hand as YAML: the ranking is shown as things are.
  }
}

export const mayRank = (): boolean => mayOpen("ranking");

/** What a lever can be about: actions, groups or issues of the catalogue. */
export function scopeNames(scope: string): readonly string[] {
  const of = shelf.items("action").map((l) => (scope === "action" ? l.id : String(l.doc[scope] ?? "")));
  return [...new Set(of.filter(Boolean))].toSorted();
}

/** How many actions that are live a lever is at work on. */
export function leverEffect(scope: string, name: string): number {
  return shelf.items("action").filter((l) => l.state === "live" && (scope === "action" ? l.id : l.doc[scope]) === name).length;
}
