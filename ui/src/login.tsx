// Signing in by a one-time link. Opening the link does not use it up; the
// button does, so that a mail scanner that follows links burns nothing.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { Problem } from "./api";
import { Trouble } from "./parts/bits";
import { go } from "./route";
import { learnMe, signIn } from "./session";

export function Login({ token }: { token: string }): JSX.Element {
  const busy = useSignal(false);
  const failed = useSignal<Problem | undefined>(undefined);
  const enter = async (e: Event): Promise<void> => {
    e.preventDefault();
    busy.value = true;
    failed.value = undefined;
    try {
      await signIn(token);
      go("/desk", true);
    } catch (err) {
      failed.value = err instanceof Problem ? err : new Problem(0, "Signing in failed", String(err));
    }
    busy.value = false;
  };
  if (token === "") return <SignedOut />;
  return (
    <main class="door">
      <span class="brand">Heed</span>
      <h1>Sign in</h1>
      <p>This link works once. Press the button to use it in this browser.</p>
      {failed.value && <Trouble of={failed.value}> Ask for a new link if this one was used before or is too old.</Trouble>}
      <form onSubmit={(e) => void enter(e)}>
        <button type="submit" class="main" disabled={busy.value} autofocus>
          {busy.value ? "Signing in…" : "Sign in"}
        </button>
      </form>
    </main>
  );
}

export function SignedOut(): JSX.Element {
  const again = async (): Promise<void> => {
    await learnMe();
    if (location.pathname === "/login") go("/desk", true);
  };
  return (
    <main class="door">
      <span class="brand">Heed</span>
      <h1>You are signed out</h1>
      <p>
        Open the one-time sign-in link that Heed printed when it started. On the server, <code>heed link</code> prints
        a new one.
      </p>
      <button type="button" onClick={() => void again()}>Try again</button>
    </main>
  );
}
