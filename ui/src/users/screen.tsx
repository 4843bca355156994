// The people who use Heed: who they are, what they may do, how they come in.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { TextField, typed } from "../account/fields";
import { staff, type Person, type Revision } from "../account/wire";
import { textOf } from "../format";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Empty, Trouble, When } from "../parts/bits";
import { Icon } from "../parts/icon";
import { me, roleName } from "../session";
import { clean } from "../text";
import { Users, type Made } from "./store";

export function UsersTab(): JSX.Element {
  const store = useMemo(() => new Users(), []);
  useEffect(() => void store.start(), [store]);
  const { users } = t();
  useKeys(users.title, [
    { key: "n", label: users.newKey, run: () => document.querySelector<HTMLInputElement>(".user-new input")?.focus() },
    { key: "u", label: users.undoKey, run: () => void store.takeBack() },
  ]);
  const all = store.all.value;
  return (
    <section class="users" aria-label={users.title}>
      {store.problem.value && <Trouble of={store.problem.value} />}
      <New store={store} />
      {store.made.value && <LinkMade key={store.made.value.address} of={store.made.value} close={() => (store.made.value = undefined)} />}
      <div role="status">
        {store.undo.value && (
          <div class="note">
            <span dir="auto">{store.undo.value.text}</span>
            <button type="button" onClick={() => void store.takeBack()}>{users.undo}</button>
          </div>
        )}
      </div>
      {!all && !store.problem.value && <p class="muted" role="status">{users.loading}</p>}
      {all && <List store={store} all={all} />}
    </section>
  );
}

function New({ store }: { store: Users }): JSX.Element {
  const { users } = t();
  const add = async (form: HTMLFormElement): Promise<void> => {
    const done = await store.add({ name: typed(form, "name"), login: typed(form, "login").trim(), role: typed(form, "role") });
    if (done) form.reset();
  };
  return (
    <form class="user-new box" aria-label={users.add} onSubmit={(e) => {
      e.preventDefault();
      void add(e.currentTarget);
    }}>
      <TextField label={users.name} name="name" autocomplete="off" required />
      <TextField label={users.login} name="login" autocomplete="off" />
      <div class="field">
        <label for="new-role">{users.role}</label>
        <select id="new-role" name="role">{staff.map((r) => <option key={r} value={r}>{roleName(r)}</option>)}</select>
      </div>
      <button type="submit" class="main" disabled={store.busy.value}>{users.addLink}</button>
      {store.refused.value && <Trouble of={store.refused.value} />}
    </form>
  );
}

function LinkMade({ of, close }: { of: Made; close(): void }): JSX.Element {
  const { users, common } = t();
  const copied = useSignal(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const copy = async (): Promise<void> => {
    field.current?.select();
    await navigator.clipboard?.writeText(of.address).then(() => (copied.value = true), () => undefined);
  };
  return (
    <div class="note note-accent link-made">
      <div>
        <label for="made-link" dir="auto">{users.linkFor(clean(of.person.name))}</label>
        <input id="made-link" ref={field} type="text" readOnly dir="ltr" value={of.address} onFocus={(e) => e.currentTarget.select()} />
        <small class="muted">{users.linkHow} <When at={of.expires} />.</small>
      </div>
      <button type="button" onClick={() => void copy()}>{copied.value ? users.copied : users.copy}</button>
      <button type="button" class="quiet" onClick={close}>{common.close}</button>
    </div>
  );
}

function List({ store, all }: { store: Users; all: readonly Person[] }): JSX.Element {
  const { users } = t();
  const shown = store.shown.value;
  return (
    <>
      {all.length > 8 && (
        <div class="search-box">
          <Icon name="search" />
          <input type="search" aria-label={users.find} placeholder={users.find} dir="auto" autocomplete="off" value={store.words.value} onInput={(e) => (store.words.value = e.currentTarget.value)} />
        </div>
      )}
      {shown.length === 0 && <Empty title={users.nobody}><p>{users.nobodyHow}</p></Empty>}
      <ul class="lines-list user-list">{shown.map((p) => <One key={p.id} p={p} store={store} />)}</ul>
      {all.length === 1 && <p class="muted">{users.alone}</p>}
    </>
  );
}

function One({ p, store }: { p: Person; store: Users }): JSX.Element {
  const { users } = t();
  const editing = useSignal(false);
  const inviting = useSignal(false);
  const name = clean(p.name);
  return (
    <li class={p.suspended_at ? "user-off" : undefined}>
      {editing.value ? <Edit p={p} store={store} close={() => (editing.value = false)} /> : <Who p={p} />}
      <label class="user-role"><span class="unseen">{users.roleOf(name)}</span>
        <select value={p.role} disabled={store.busy.value} onChange={(e) => {
          const role = e.currentTarget.value;
          void store.change(p, { role }, users.roleSet(name, roleName(role))).then((done) => {
            if (!done) e.currentTarget.value = p.role;
          });
        }}>
          {staff.map((r) => <option key={r} value={r}>{roleName(r)}</option>)}
        </select>
      </label>
      <span class="user-acts">
        <button type="button" class="quiet" aria-expanded={editing.value} onClick={() => (editing.value = !editing.value)}>{users.edit}<span class="unseen"> {name}</span></button>
        {!p.suspended_at && <button type="button" class="quiet" aria-expanded={inviting.value} onClick={() => (inviting.value = !inviting.value)}>{users.link}<span class="unseen"> {name}</span></button>}
        <button type="button" class="quiet" disabled={store.busy.value} onClick={() => void store.change(p, { suspended: !p.suspended_at }, p.suspended_at ? users.restored(name) : users.suspended(name))}>
          {p.suspended_at ? users.restore : users.suspend}<span class="unseen"> {name}</span>
        </button>
        <button type="button" class="quiet" aria-expanded={store.history.value?.id === p.id} onClick={() => void store.look(p.id)}>{users.history}<span class="unseen"> {name}</span></button>
      </span>
      {inviting.value && !p.suspended_at && <Invite p={p} store={store} close={() => (inviting.value = false)} />}
      {store.history.value?.id === p.id && <History of={store.history.value.revisions} />}
    </li>
  );
}

function Who({ p }: { p: Person }): JSX.Element {
  const { users } = t();
  const ways = [p.password && users.password, p.passkeys > 0 && users.passkeys(p.passkeys), p.provider && users.provider].filter(Boolean);
  return (
    <span class="list-main">
      <b dir="auto">{clean(p.name)}</b>
      {p.id === me.value?.id && <span class="tag">{users.you}</span>}
      {p.suspended_at && <span class="tag tag-warn">{users.off}</span>}
      <small class="muted">
        {p.login && <><bdi>{clean(p.login)}</bdi> · </>}
        {ways.length > 0 ? ways.join(", ") : users.noWay} · {p.signed_in_at ? <>{users.signedIn} <When at={p.signed_in_at} /></> : users.never}
      </small>
    </span>
  );
}

function Edit({ p, store, close }: { p: Person; store: Users; close(): void }): JSX.Element {
  const { users, account } = t();
  const save = async (form: HTMLFormElement): Promise<void> => {
    const name = typed(form, "name");
    const login = typed(form, "login").trim();
    const edit = { ...(name === p.name ? {} : { name }), ...(login === (p.login ?? "") ? {} : { login }) };
    if (Object.keys(edit).length === 0 || await store.change(p, edit, users.changed(clean(name)))) close();
  };
  return (
    <form class="list-main line-form" onSubmit={(e) => {
      e.preventDefault();
      void save(e.currentTarget);
    }}>
      <TextField label={users.name} name="name" autocomplete="off" value={p.name} required focus />
      <TextField label={users.login} name="login" autocomplete="off" value={p.login ?? ""} />
      <button type="submit" disabled={store.busy.value}>{account.save}</button>
    </form>
  );
}

function Invite({ p, store, close }: { p: Person; store: Users; close(): void }): JSX.Element {
  const { users } = t();
  const make = async (form: HTMLFormElement): Promise<void> => {
    if (await store.invite(p, typed(form, "reset") === "on")) close();
  };
  return (
    <form class="user-more line-form" onSubmit={(e) => {
      e.preventDefault();
      void make(e.currentTarget);
    }}>
      {(p.password || p.passkeys > 0) && <label class="switch"><input type="checkbox" name="reset" />{users.reset}</label>}
      <button type="submit" disabled={store.busy.value}>{users.makeLink}</button>
    </form>
  );
}

function History({ of }: { of: readonly Revision[] }): JSX.Element {
  const { users } = t();
  const line = (r: Revision): string => (r.what ?? []).map((w) => textOf(users.what, w) ?? w).join(", ");
  return (
    <ol class="user-more">
      {of.map((r) => (
        <li key={r.at}>
          <When at={r.at} /> {line(r)}{r.was && r.role && <> ({roleName(r.was)} → {roleName(r.role)})</>}{r.by && <span class="muted"> · <bdi>{clean(r.by)}</bdi></span>}
        </li>
      ))}
      {of.length === 0 && <li class="muted">{users.noHistory}</li>}
    </ol>
  );
}
