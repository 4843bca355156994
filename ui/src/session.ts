// Who is signed in.

import { signal } from "@preact/signals";
import { api, Problem, signedOut } from "./api";
import { textOf } from "./format";
import { t } from "./lang";
import { wake } from "./stream";
import type { User } from "./wire";

/**
 * undefined until it is known, null when nobody is signed in. Somebody whose
 * session ended meanwhile stays here: the page is kept, and signedOut says so.
 */
export const me = signal<User | null | undefined>(undefined);
/** Why it could not be learnt, such as a server that does not answer. */
export const meProblem = signal<Problem | undefined>(undefined);

/** Who this page was drawn for last: of another one nothing of it stays. */
let last: User | undefined;

/**
 * Learns who is signed in. What was on the page stays for the same person in
 * the same role, also after a while of being signed out; for another one all
 * of it goes.
 */
export async function learnMe(): Promise<void> {
  try {
    const { user } = await api.me();
    meProblem.value = undefined;
    signedOut.value = false;
    const another = last && (last.id !== user.id || last.role !== user.role);
    last = user;
    me.value = user;
    if (another) location.reload();
  } catch (err) {
    if (err instanceof Problem && err.status !== 401) meProblem.value = err;
    else if (me.peek() && err instanceof Problem) signedOut.value = true;
    else me.value = null;
  }
}

/** Goes on after somebody signed in, by whichever way. */
export async function signedIn(): Promise<void> {
  await learnMe();
  wake();
}

export async function signIn(token: string): Promise<void> {
  await api.signIn(token);
  await signedIn();
}

/** Signs out here, and at the provider of identities where that is offered. */
export async function signOut(): Promise<void> {
  const { leave } = await api.signOut();
  me.value = null;
  signedOut.value = true;
  if (leave) location.assign(leave);
}

/** Where somebody goes first: who has no way to come back chooses one. */
export function home(): string {
  return me.peek()?.returns === false ? "/account" : "/desk";
}

/** Whether who is signed in has one of these roles. */
function has(...roles: readonly string[]): boolean {
  return roles.includes(me.value?.role ?? "");
}

/** Who reads calls and customers: all but a designer, who says what may be offered. */
export function mayReadCalls(): boolean {
  return !has("designer");
}

/** Where callers came from is for those who pay for that, and for administrators. */
export function mayReadOrigins(): boolean {
  return has("admin", "marketer");
}

/** Administrators see all of administration, privacy officers who read what. */
export function mayAdminister(): boolean {
  return has("admin", "privacy");
}

/** Who takes many calls out of Heed, as a file. */
export function mayExport(): boolean {
  return has("admin", "marketer", "privacy");
}

/** Who takes pieces of a call: they, and agents of their own. */
export function mayExcerpt(agent: string | undefined): boolean {
  const own = has("agent") && !!agent && agent.toLowerCase() === me.value?.name.toLowerCase();
  return mayExport() || own;
}

/** What many calls are about is not an agent's business. */
export function mayReadThemes(): boolean {
  return has("admin", "marketer", "supervisor", "viewer");
}

/** Costs and where callers came from are for who plans campaigns. */
export const mayReadCampaigns = mayReadOrigins;

/** Who may write in ledgers on the screen of privacy. */
export const mayAct = mayAdminister;

/** Who takes calls, also by their own microphone. */
export function mayPhone(): boolean {
  return has("admin", "agent");
}

/** Who works on a call at the desk: answers, mutes, pauses, wraps up. Others look on. */
export const mayHandle = mayPhone;

/** Who sends customers a link to their own pages. */
export function mayInvite(): boolean {
  return has("admin", "agent", "privacy");
}

/** Who writes down what a customer allows. */
export const mayWriteConsent = mayInvite;

/** A role as people call it. */
export function roleName(role: string): string {
  return textOf(t().nav.roles, role) ?? role;
}
