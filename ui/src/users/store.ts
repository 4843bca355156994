// The people who use Heed, for administrators.

import { computed, signal } from "@preact/signals";
import { api as realApi, FormKey, Problem, type Api } from "../api";
import { said } from "../account/problems";
import type { Person, PersonEdit, Revision } from "../account/wire";
import { t } from "../lang";
import { many } from "../wire";

type Needs = Pick<Api, "users" | "addUser" | "changeUser" | "inviteUser" | "userHistory">;

/** A link that was made, for the administrator to pass on. */
export interface Made {
  person: Person;
  address: string;
  expires: string;
}

/** What can be taken back by one click. */
export interface Undoable {
  text: string;
  id: string;
  back: PersonEdit;
}

export class Users {
  readonly all = signal<readonly Person[] | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);
  /** A problem with the form for somebody new. */
  readonly refused = signal<Problem | undefined>(undefined);
  readonly made = signal<Made | undefined>(undefined);
  readonly undo = signal<Undoable | undefined>(undefined);
  readonly busy = signal(false);
  readonly words = signal("");
  readonly history = signal<{ id: string; revisions: readonly Revision[] } | undefined>(undefined);

  /** Those whose name, login or role has the words that are looked for. */
  readonly shown = computed(() => {
    const words = this.words.value.trim().toLowerCase();
    const all = this.all.value ?? [];
    return words === "" ? all : all.filter((p) => `${p.name} ${p.login ?? ""} ${t().nav.roles[p.role as keyof ReturnType<typeof t>["nav"]["roles"]] ?? p.role}`.toLowerCase().includes(words));
  });

  private readonly key = new FormKey();

  constructor(private readonly api: Needs = realApi) {}

  async start(): Promise<void> {
    await this.act(async () => {
      // All of them: somebody is looked for among those who are here.
      for (let after = "", all: readonly Person[] = []; ; ) {
        const page = await this.api.users(after);
        this.all.value = all = [...all, ...many(page.users)];
        if (!page.next) return;
        after = page.next;
      }
    });
  }

  private async act(work: () => Promise<void>, where = this.problem): Promise<boolean> {
    this.busy.value = true;
    where.value = undefined;
    try {
      await work();
      return true;
    } catch (err) {
      where.value = said(err, t().users.notDone);
      return false;
    } finally {
      this.busy.value = false;
    }
  }

  /** Makes somebody, and a link with which they come in first. */
  add(o: { name: string; login: string; role: string }): Promise<boolean> {
    return this.act(async () => {
      const p = await this.api.addUser({ name: o.name, role: o.role, key: this.key.of(o), ...(o.login ? { login: o.login } : {}) });
      this.key.done();
      this.all.value = [...(this.all.peek() ?? []), p];
      await this.invited(p, false);
    }, this.refused);
  }

  invite(p: Person, reset: boolean): Promise<boolean> {
    return this.act(() => this.invited(p, reset));
  }

  private async invited(p: Person, reset: boolean): Promise<void> {
    const link = await this.api.inviteUser(p.id, reset);
    this.made.value = { person: p, address: location.origin + link.path, expires: link.expires };
    if (reset) this.put({ ...p, password: false, passkeys: 0 });
  }

  /** Changes somebody, and keeps what they were for an undo. */
  change(p: Person, edit: PersonEdit, text: string): Promise<boolean> {
    return this.act(async () => {
      this.undo.value = undefined;
      this.put(await this.api.changeUser(p.id, edit));
      const back: PersonEdit = {};
      if (edit.name !== undefined) back.name = p.name;
      if (edit.login !== undefined) back.login = p.login ?? "";
      if (edit.role !== undefined) back.role = p.role;
      if (edit.suspended !== undefined) back.suspended = !edit.suspended;
      this.undo.value = { text, id: p.id, back };
    });
  }

  takeBack(): Promise<boolean> {
    const u = this.undo.peek();
    if (!u) return Promise.resolve(false);
    return this.act(async () => {
      this.put(await this.api.changeUser(u.id, u.back));
      this.undo.value = undefined;
    });
  }

  private put(p: Person): void {
    this.all.value = (this.all.peek() ?? []).map((old) => (old.id === p.id ? p : old));
  }

  /** Shows or hides what became of somebody. */
  look(id: string): Promise<boolean> {
    if (this.history.peek()?.id === id) {
      this.history.value = undefined;
      return Promise.resolve(true);
    }
    return this.act(async () => {
      this.history.value = { id, revisions: many((await this.api.userHistory(id)).revisions) };
    });
  }
}
