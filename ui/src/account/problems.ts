// What the server refuses, in the words of the reader.

import { Problem } from "../api";
import { textOf } from "../format";
import { t } from "../lang";

/** Why a value was refused, where the server names a reason that is known. */
export function because(of: Problem): string | undefined {
  const code = of.errors.map((e) => e.value).find((v) => typeof v === "string");
  return code === undefined ? undefined : textOf(t().account.reasons, String(code));
}

/** Makes a problem of anything that went wrong, in the reader's words. */
export function said(err: unknown, title: string): Problem {
  if (!(err instanceof Problem)) return new Problem(0, title, String(err));
  const why = because(err);
  if (why !== undefined) return new Problem(err.status, title, why, err.errors);
  return err.status === 0 ? err : new Problem(err.status, title, err.detail, err.errors);
}

/** What is said when signing in was refused. */
export function refused(err: unknown): Problem {
  const { account } = t();
  const p = said(err, account.notIn);
  const texts: Record<number, string> = { 401: account.wrong, 403: account.suspended };
  if (p.status === 429) {
    const seconds = /\d+/.exec(p.detail)?.[0] ?? "";
    return new Problem(429, account.notIn, account.wait(seconds));
  }
  return new Problem(p.status, p.status === 0 ? p.title : account.notIn, texts[p.status] ?? p.detail);
}
