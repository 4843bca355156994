// What people wrote beside a call, and writing it: one's own can be changed,
// and taken away with an undo.

import { computed, signal } from "@preact/signals";
import { asProblem, FormKey, type Api, type Problem } from "../api";
import { t } from "../lang";
import { me } from "../session";
import { many } from "../wire";
import type { Comment } from "./wire";

/** Where a new comment is to stand: a line, a second, or the call as a whole. */
export interface Place {
  utterance?: string;
  second?: number;
}

type Needs = Pick<Api, "comments" | "addComment" | "editComment" | "removeComment" | "restoreComment">;

const writers: readonly string[] = ["admin", "agent", "marketer", "privacy", "supervisor"];
const keepers: readonly string[] = ["admin", "privacy"];

/** Who writes comments: all who read calls, but for those who only read. */
export function mayComment(): boolean {
  return writers.includes(me.value?.role ?? "");
}

export class Notes {
  readonly all = signal<readonly Comment[]>([]);
  readonly byLine = computed(() => {
    const by = new Map<string, Comment[]>();
    for (const c of this.all.value) if (c.utterance_id) by.set(c.utterance_id, [...(by.get(c.utterance_id) ?? []), c]);
    return by;
  });
  /** Where somebody is writing now; undefined is nowhere. */
  readonly writing = signal<Place | undefined>(undefined);
  /** The comment whose words are being changed. */
  readonly changing = signal("");
  /** Removed, and can be brought back. */
  readonly removed = signal<Comment | undefined>(undefined);
  readonly busy = signal(false);
  readonly problem = signal<Problem | undefined>(undefined);

  private readonly key = new FormKey();
  /** How often something was written here. */
  private written = 0;
  /** Why they could not be read the last time. */
  private unread: Problem | undefined;

  constructor(readonly call: string, private readonly api: Needs) {}

  /** Reads them again, beside whoever is writing: nothing of theirs is held up or replaced by it. */
  async load(): Promise<void> {
    const written = this.written;
    try {
      const all = sorted(many((await this.api.comments(this.call)).comments));
      if (written !== this.written) return await this.load(); // it may be from before
      this.all.value = all;
      if (this.problem.peek() === this.unread) this.problem.value = undefined;
    } catch (err) {
      this.unread = asProblem(err, t().call.commentFailed);
      this.problem.value ??= this.unread;
    }
  }

  mayChange(c: Comment): boolean {
    return mayComment() && c.actor === me.value?.id;
  }

  mayRemove(c: Comment): boolean {
    return this.mayChange(c) || keepers.includes(me.value?.role ?? "");
  }

  /** Writes at the place that is open; says whether it is kept. */
  async add(text: string, place: Place): Promise<boolean> {
    return this.trying(async () => {
      const comment = {
        text,
        ...(place.utterance ? { utterance_id: place.utterance } : {}),
        ...(place.second === undefined ? {} : { second: place.second }),
      };
      this.put(await this.api.addComment(this.call, comment, this.key.of(comment)));
      this.key.done();
      this.writing.value = undefined;
    });
  }

  async change(c: Comment, text: string): Promise<boolean> {
    return this.trying(async () => {
      this.put(await this.api.editComment(this.call, c.id, text));
      this.changing.value = "";
    });
  }

  async remove(c: Comment): Promise<void> {
    await this.trying(async () => {
      await this.api.removeComment(this.call, c.id);
      this.all.value = this.all.peek().filter((x) => x.id !== c.id);
      this.removed.value = c;
    });
  }

  async restore(): Promise<void> {
    const c = this.removed.peek();
    if (!c) return;
    await this.trying(async () => {
      this.put(await this.api.restoreComment(this.call, c.id));
      this.removed.value = undefined;
    });
  }

  private put(c: Comment): void {
    this.all.value = sorted([...this.all.peek().filter((x) => x.id !== c.id), c]);
  }

  private async trying(run: () => Promise<void>): Promise<boolean> {
    this.busy.value = true;
    this.written++;
    try {
      await run();
      this.problem.value = undefined;
      return true;
    } catch (err) {
      this.problem.value = asProblem(err, t().call.commentFailed);
      return false;
    } finally {
      this.written++;
      this.busy.value = false;
    }
  }
}

/** Those of the whole call first, then in the order of the call. */
function sorted(all: readonly Comment[]): readonly Comment[] {
  return all.toSorted((a, b) => (a.second ?? -1) - (b.second ?? -1) || Date.parse(a.at) - Date.parse(b.at));
}
