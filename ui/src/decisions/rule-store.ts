// A rule while it is written: checked and tried on its cases as it is typed,
// and the words that may come next.

import { t } from "../lang";
import { asProblem } from "../api";
import { computed, signal } from "@preact/signals";
import type { Problem } from "../api";
import { many } from "../wire";
import { calls as real, type Calls } from "./calls";
import type { Checked, Rule, Words } from "./wire";

/** Cases that do not hold and are not waived, and rules that do not check, by rule. */
const red = signal<ReadonlyMap<string, number>>(new Map());

/** How many rows stand against saving. */
export const redRows = computed(() => [...red.value.values()].reduce((sum, n) => sum + n, 0));

function count(key: string, n: number): void {
  const next = new Map(red.peek());
  if (n === 0) next.delete(key);
  else next.set(key, n);
  red.value = next;
}

/** How long nobody has to type before a rule is checked, in milliseconds. */
const pause = 250;

export class RuleCheck {
  readonly checked = signal<Checked | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked: AbortController | undefined;

  constructor(private readonly key: string, private readonly calls: Pick<Calls, "check"> = real) {}

  /** Checks a rule soon; what was asked before does not count any more. */
  soon(rule: Rule): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.now(rule), pause);
  }

  async now(rule: Rule): Promise<void> {
    this.asked?.abort();
    const stop = new AbortController();
    this.asked = stop;
    try {
      const cases = many(rule.tests).map(({ given, want }) => ({ given, want }));
      const got = await this.calls.check({ when: rule.when, ...(cases.length > 0 ? { cases } : {}) }, stop.signal);
      if (stop.signal.aborted) return;
      this.checked.value = got;
      this.problem.value = undefined;
      count(this.key, wrongIn(rule, got));
    } catch (err) {
      if (!stop.signal.aborted) this.problem.value = asProblem(err, t().decisions.failed);
    }
  }

  leave(): void {
    clearTimeout(this.timer);
    this.asked?.abort();
    count(this.key, 0);
  }
}

/** The rows of a rule that stand against saving. */
export function wrongIn(rule: Rule, got: Checked): number {
  if (got.reason) return 1;
  return many(rule.tests).filter((c, i) => !c.waived && !many(got.cases)[i]?.holds).length;
}

/** A text as three pieces, the middle one where it is wrong; places are in code points. */
export function pieces(text: string, at: number, length: number): [string, string, string] {
  const all = [...text];
  const from = Math.min(Math.max(0, at), all.length);
  return [all.slice(0, from).join(""), all.slice(from, from + length).join(""), all.slice(from + length).join("")];
}

export const words = signal<Words | undefined>(undefined);

export async function learnWords(calls: Pick<Calls, "words"> = real): Promise<void> {
  if (words.peek()) return;
  try {
    words.value = await calls.words();
  } catch {
    // A rule is written without them as well.
  }
}

export interface Completion {
  /** Where what is typed begins. */
  from: number;
  options: readonly { insert: string; hint: string }[];
}

const quoted = /(\w+)\("([^"]*)$/;
const bare = /[a-z_]+$/;

/** What may stand at a place of a rule. */
export function complete(text: string, at: number, known: Words): Completion {
  const before = text.slice(0, at);
  const inside = quoted.exec(before);
  if (inside) {
    const typed = inside[2] ?? "";
    return { from: at - typed.length, options: names(inside[1] ?? "", known).filter((o) => o.insert.startsWith(typed) && o.insert !== typed).slice(0, 8) };
  }
  const typed = bare.exec(before)?.[0] ?? "";
  if (typed === "") return { from: at, options: [] };
  const options = many(known.functions).filter((f) => f.name.startsWith(typed)).map((f) => ({ insert: f.usage.includes('("') ? `${f.name}("` : `${f.name}()`, hint: f.usage }));
  return { from: at - typed.length, options: options.filter((o) => o.insert !== typed).slice(0, 8) };
}

function names(fn: string, known: Words): { insert: string; hint: string }[] {
  const plain = (list: readonly string[]): { insert: string; hint: string }[] => list.map((insert) => ({ insert, hint: "" }));
  switch (fn) {
    case "trait": return many(known.traits).map((x) => ({ insert: x.name, hint: many(x.values).join(" | ") || x.type }));
    case "flag": return many(known.traits).filter((x) => x.type === "boolean").map((x) => ({ insert: x.name, hint: x.type }));
    case "owns": return plain(many(known.traits).filter((x) => /^product\.[^*]/.test(x.name)).map((x) => x.name.slice("product.".length)));
    case "signal": case "high": return plain(many(known.signals));
    case "label": return plain(many(known.labels));
    case "count": return plain(many(known.facts));
    default: return [];
  }
}
