// One's own account: the name, the ways in, and where one is signed in.

import { useSignal } from "@preact/signals";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { figure } from "../format";
import { helpOpen } from "../help";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Trouble, When } from "../parts/bits";
import { me, roleName } from "../session";
import { clean } from "../text";
import { PasswordField, TextField, typed } from "./fields";
import { Account, device, type Part } from "./store";
import { knowsPasskeys } from "./webauthn";
import type { Passkey, Session } from "./wire";

export function AccountScreen(): JSX.Element {
  const store = useMemo(() => new Account(), []);
  useEffect(() => {
    const leave = (): void => store.close();
    void store.start();
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [store]);
  const { account, nav } = t();
  useKeys(nav.account, [{ key: "u", label: account.undoKey, run: () => store.takeBack() }]);
  return (
    <main id="main" class="page page-narrow page-account" tabIndex={-1}>
      <h1>{nav.account}</h1>
      {me.value?.returns === false && <Welcome />}
      <Said store={store} part="page" />
      <Name store={store} />
      <Password store={store} />
      <Passkeys store={store} />
      <Sessions store={store} />
      <p class="muted">{account.languageIn} <button type="button" class="quiet" onClick={() => (helpOpen.value = true)}>{nav.keys}</button></p>
    </main>
  );
}

function Welcome(): JSX.Element {
  const { account } = t();
  return (
    <section class="note note-accent" aria-labelledby="welcome">
      <div>
        <h2 id="welcome">{account.welcome}</h2>
        <p>{account.welcomeHow}</p>
      </div>
      <a class="button" href="/desk">{account.later}</a>
    </section>
  );
}

/** What came of what was asked for in a part of the page. */
function Said({ store, part }: { store: Account; part: Part }): JSX.Element {
  const problem = store.problem.value;
  const done = store.done.value;
  return (
    <>
      {problem?.part === part && <Trouble of={problem.of} />}
      <p role="status" class="tone-good">{done?.part === part && done.text}</p>
    </>
  );
}

function Section({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return <section class="box"><h2>{title}</h2>{children}</section>;
}

function Name({ store }: { store: Account }): JSX.Element {
  const { account } = t();
  const who = me.value;
  return (
    <Section title={account.you}>
      <form class="line-form" onSubmit={(e) => {
        e.preventDefault();
        void store.rename(typed(e.currentTarget, "name"));
      }}>
        <TextField key={who?.name} label={account.name} name="name" autocomplete="name" value={who?.name ?? ""} required />
        <button type="submit" disabled={store.busy.value === "name"}>{account.save}</button>
      </form>
      <dl class="rows rows-wide">
        {who?.login && <div><dt>{account.login}</dt><dd><bdi>{clean(who.login)}</bdi></dd></div>}
        <div><dt>{account.role}</dt><dd>{roleName(who?.role ?? "")}</dd></div>
      </dl>
      <Said store={store} part="name" />
    </Section>
  );
}

function Password({ store }: { store: Account }): JSX.Element {
  const { account } = t();
  const who = me.value;
  const set = async (form: HTMLFormElement): Promise<void> => {
    const o = { login: typed(form, "login"), present: typed(form, "present"), password: typed(form, "password") };
    if (await store.setPassword(o)) form.reset();
  };
  return (
    <Section title={account.password}>
      <p class="muted">{who?.password ? account.passwordHow : account.passwordNone}</p>
      <form class="fields" onSubmit={(e) => {
        e.preventDefault();
        void set(e.currentTarget);
      }}>
        {who?.login
          ? <input type="text" name="username" autocomplete="username" value={who.login} hidden readOnly />
          : <TextField label={account.login} name="login" autocomplete="username" hint={account.loginHow} required />}
        {needsProof() && <PasswordField label={account.present} name="present" autocomplete="current-password" />}
        <PasswordField label={account.chosen} name="password" autocomplete="new-password" hint={account.chosenHow} />
        <button type="submit" disabled={store.busy.value === "password"}>{who?.password ? account.change : account.set}</button>
      </form>
      <Said store={store} part="password" />
    </Section>
  );
}

function Passkeys({ store }: { store: Account }): JSX.Element {
  const { account } = t();
  const asking = useSignal(false);
  const add = async (present: string): Promise<void> => {
    if (await store.addPasskey(present)) asking.value = false;
  };
  return (
    <Section title={account.passkeys}>
      <p class="muted">{knowsPasskeys() ? account.passkeysHow : account.noPasskeyHow}</p>
      {store.going.value && (
        <div class="note" role="status">
          <span dir="auto">{account.removed(clean(store.going.value.name))}</span>
          <button type="button" onClick={() => store.takeBack()}>{account.undo}</button>
        </div>
      )}
      <ul class="lines-list">
        {(store.passkeys.value ?? []).map((k) => <OnePasskey key={k.id} k={k} store={store} />)}
      </ul>
      {knowsPasskeys() && (asking.value ? (
        <Present act={account.addPasskey} store={store} done={(present) => void add(present)} />
      ) : (
        <button type="button" disabled={store.busy.value === "passkeys"} onClick={() => (needsProof() ? (asking.value = true) : void add(""))}>
          {store.busy.value === "passkeys" ? account.askingDevice : account.addPasskey}
        </button>
      ))}
      <Said store={store} part="passkeys" />
    </Section>
  );
}

/** Whether the password has to be given again before ways to sign in change. */
function needsProof(): boolean {
  return me.value?.password === true && me.value.proven !== true;
}

function Present({ act, store, done }: { act: string; store: Account; done(present: string): void }): JSX.Element {
  const { account } = t();
  return (
    <form class="fields" onSubmit={(e) => {
      e.preventDefault();
      done(typed(e.currentTarget, "present"));
    }}>
      <PasswordField label={account.present} name="present" autocomplete="current-password" focus />
      <button type="submit" class="main" disabled={store.busy.value === "passkeys"}>{act}</button>
    </form>
  );
}

function OnePasskey({ k, store }: { k: Passkey; store: Account }): JSX.Element {
  const { account } = t();
  const naming = useSignal(false);
  const asking = useSignal(false);
  const save = async (form: HTMLFormElement): Promise<void> => {
    if (await store.namePasskey(k.id, typed(form, "name").trim())) naming.value = false;
  };
  return (
    <li>
      {asking.value ? (
        <Present act={account.remove} store={store} done={(present) => store.remove(k, present)} />
      ) : naming.value ? (
        <form class="line-form" onSubmit={(e) => {
          e.preventDefault();
          void save(e.currentTarget);
        }}>
          <TextField label={account.passkeyCalled} name="name" autocomplete="off" value={k.name} required focus />
          <button type="submit">{account.save}</button>
        </form>
      ) : (
        <>
          <span class="list-main">
            <b dir="auto">{clean(k.name)}</b>
            {k.copied && <span class="tag tag-warn">{account.copied}</span>}
            <small class="muted">{account.added} <When at={k.created_at} />{k.used_at && <> · {account.used} <When at={k.used_at} /></>}</small>
          </span>
          <span class="user-acts">
            <button type="button" class="quiet" onClick={() => (naming.value = true)}>{account.rename}<span class="unseen"> {clean(k.name)}</span></button>
            <button type="button" class="quiet" onClick={() => (needsProof() ? (asking.value = true) : store.remove(k))}>{account.remove}<span class="unseen"> {clean(k.name)}</span></button>
          </span>
        </>
      )}
    </li>
  );
}

function Sessions({ store }: { store: Account }): JSX.Element {
  const { account } = t();
  const all = store.sessions.value;
  return (
    <Section title={account.sessions}>
      {all === undefined && !store.problem.value && <p class="muted" role="status">{account.looking}</p>}
      <ul class="lines-list">{(all ?? []).map((s) => <OneSession key={s.id} s={s} store={store} />)}</ul>
      {all && all.length > 1 && (
        <button type="button" disabled={store.busy.value === "sessions"} onClick={() => void store.endOthers()}>{account.endOthers(figure(all.length - 1, 0))}</button>
      )}
      <Said store={store} part="sessions" />
    </Section>
  );
}

function OneSession({ s, store }: { s: Session; store: Account }): JSX.Element {
  const { account } = t();
  const name = device(s.device) || account.unknownDevice;
  return (
    <li>
      <span class="list-main">
        <b title={clean(s.device)}>{name}</b>
        {s.here && <span class="tag tag-live">{account.here}</span>}
        <small class="muted"><bdi>{s.address}</bdi> · {account.hows[s.how]} <When at={s.signed_in_at} />{!s.here && <> · {account.seen} <When at={s.seen_at} /></>}</small>
      </span>
      {!s.here && <button type="button" class="quiet" onClick={() => void store.endSession(s.id)}>{account.end}<span class="unseen"> {name}</span></button>}
    </li>
  );
}
