// Signing in: by a one-time link, a password, a passkey, or the provider of
// identities. Opening a link does not use it up; the button does, so that a mail
// scanner that follows links burns nothing.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { api, Problem, signedOut } from "../api";
import { textOf } from "../format";
import { t } from "../lang";
import { Trouble } from "../parts/bits";
import { go } from "../route";
import { clean } from "../text";
import { home, learnMe, me, signedIn, signIn, signOut } from "../session";
import { PasswordField, TextField, typed } from "./fields";
import { refused, said } from "./problems";
import { knowsPasskeys, prove } from "./webauthn";
import type { Ways } from "./wire";

/** The page of who is not signed in. */
export function SignInScreen({ token, failed }: { token: string; failed: string }): JSX.Element {
  const enter = (): void => go(location.pathname === "/login" || location.pathname === "/" ? home() : location.pathname + location.search, true);
  return (
    <main class="door" id="main" tabIndex={-1}>
      <span class="brand">Heed</span>
      {me.value && !signedOut.value && token === "" ? <Already /> : <Strangers token={token} failed={failed} enter={enter} />}
    </main>
  );
}

/** Somebody came back from the provider in a window of its own, or by chance. */
function Already(): JSX.Element {
  const { account, common } = t();
  return (
    <>
      <h1>{account.already}</h1>
      <p dir="auto">{account.alreadyHow(clean(me.value?.name ?? ""))}</p>
      <p><a href="/desk">{common.goDesk}</a></p>
    </>
  );
}

function Strangers({ token, failed, enter }: { token: string; failed: string; enter(): void }): JSX.Element {
  const { account } = t();
  return (
    <>
      <h1>{account.signIn}</h1>
      {failed !== "" && <Trouble of={new Problem(401, account.notIn, textOf(account.failures, failed) ?? account.failures.provider)} />}
      {token === "" ? <SignIn done={enter} back={location.pathname === "/login" ? "/desk" : location.pathname + location.search} /> : <ByLink token={token} />}
    </>
  );
}

function ByLink({ token }: { token: string }): JSX.Element {
  const busy = useSignal(false);
  const failed = useSignal<Problem | undefined>(undefined);
  const { account } = t();
  const enter = async (e: Event): Promise<void> => {
    e.preventDefault();
    busy.value = true;
    failed.value = undefined;
    try {
      await signIn(token);
      go(home(), true);
    } catch (err) {
      const p = said(err, account.notIn);
      failed.value = p.status === 401 ? new Problem(401, account.notIn, account.spent) : p;
    }
    busy.value = false;
  };
  return (
    <>
      <p>{account.linkOnce}</p>
      {failed.value && <Trouble of={failed.value} />}
      <form onSubmit={(e) => void enter(e)}>
        <button type="submit" class="main" disabled={busy.value} autofocus>{busy.value ? account.signingIn : account.signIn}</button>
      </form>
      {failed.value && <p><a href="/login">{account.otherWay}</a></p>}
    </>
  );
}

/** All ways that there are. back is the page that follows the provider's. */
function SignIn({ done, back, apart }: { done(): void; back: string; apart?: boolean }): JSX.Element {
  const ways = useSignal<Ways | undefined>(undefined);
  const failed = useSignal<Problem | undefined>(undefined);
  const busy = useSignal<"" | "password" | "passkey">("");
  const { account } = t();
  useEffect(() => {
    api.ways().then((w) => (ways.value = w), (err: unknown) => {
      failed.value = said(err, account.notIn);
    });
  }, []);
  const enter = async (how: "password" | "passkey", work: () => Promise<void>): Promise<void> => {
    busy.value = how;
    failed.value = undefined;
    try {
      await work();
      await signedIn();
      done();
    } catch (err) {
      const p = refused(err);
      failed.value = how === "passkey" && p.status === 401 ? new Problem(401, account.notIn, account.passkeyWrong) : p;
    }
    busy.value = "";
  };
  const w = ways.value;
  return (
    <div class="ways">
      {failed.value && <Trouble of={failed.value} />}
      <Password busy={busy.value} enter={(login, password) => void enter("password", () => api.signInPassword(login, password))} />
      {w && <Others ways={w} busy={busy.value} back={back} apart={apart ?? false} enter={() => void enter("passkey", byPasskey)} />}
      <details class="more"><summary>{account.cannot}</summary><p>{account.cannotHow} <code>heed link</code></p></details>
    </div>
  );
}

interface Other {
  ways: Ways;
  busy: string;
  back: string;
  apart: boolean;
  enter(): void;
}

/** What there is beside the password. Apart, the provider has a window of its own, and the page stays. */
function Others({ ways, busy, back, apart, enter }: Other): JSX.Element | null {
  const { account } = t();
  const passkey = ways.passkey && knowsPasskeys();
  if (!passkey && !ways.provider) return null;
  return (
    <>
      <p class="or" aria-hidden="true"><span>{account.or}</span></p>
      {passkey && (
        <button type="button" class="wide-button" disabled={busy !== ""} onClick={enter}>{busy === "passkey" ? account.askingDevice : account.byPasskey}</button>
      )}
      {ways.provider && (
        <a class="button wide-button" href={api.oidcStart(apart ? "/login" : back)} data-plain {...(apart ? { target: "_blank", rel: "opener" } : {})}>
          {account.byProvider(ways.provider)}
        </a>
      )}
    </>
  );
}

function Password({ busy, enter }: { busy: string; enter(login: string, password: string): void }): JSX.Element {
  const { account } = t();
  const known = me.value?.login ?? "";
  return (
    <form onSubmit={(e) => {
      e.preventDefault();
      enter(typed(e.currentTarget, "login"), typed(e.currentTarget, "password"));
    }}>
      <TextField label={account.login} name="login" autocomplete="username webauthn" value={known} required focus={known === ""} />
      <PasswordField label={account.password} name="password" autocomplete="current-password webauthn" focus={known !== ""} />
      <button type="submit" class="main" disabled={busy !== ""}>{busy === "password" ? account.signingIn : account.signIn}</button>
    </form>
  );
}

async function byPasskey(): Promise<void> {
  const asked = await api.askPasskey();
  await api.signInPasskey(asked.state, await prove(asked.options));
}

/**
 * A session that ended while somebody worked: they sign in over the page, which
 * stays as it was, with what they typed.
 */
export function SignInAgain(): JSX.Element {
  const box = useRef<HTMLDialogElement>(null);
  const { account } = t();
  useEffect(() => {
    box.current?.showModal();
    // Somebody may have signed in in another window, such as the provider's.
    const look = (): void => void signedIn();
    addEventListener("focus", look);
    return () => removeEventListener("focus", look);
  }, []);
  return (
    <dialog ref={box} class="help again" aria-labelledby="again-title" onCancel={(e) => e.preventDefault()}>
      <h2 id="again-title">{account.again}</h2>
      <p>{account.againHow}</p>
      <SignIn done={() => undefined} back="" apart />
      <p class="muted">{account.notYou(me.value?.name ?? "")} <button type="button" class="quiet" onClick={() => void leave()}>{t().nav.signOut}</button></p>
    </dialog>
  );
}

/** The session is over: what is left of it in the page goes as well. */
async function leave(): Promise<void> {
  await signOut().catch(() => undefined);
  me.value = null;
  signedOut.value = true;
  await learnMe();
}
