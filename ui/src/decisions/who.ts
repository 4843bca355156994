// Who may see and do what with decisions, as the API has it.

import { me } from "../session";

export const tabs = ["catalogue", "levers", "ranking", "replay", "learning", "lift"] as const;
export type Tab = (typeof tabs)[number];

const readers: Readonly<Record<Tab, readonly string[]>> = {
  catalogue: ["admin", "designer", "marketer", "privacy", "viewer"],
  levers: ["admin", "designer", "marketer", "viewer"],
  ranking: ["admin", "designer", "privacy"],
  replay: ["admin", "designer"],
  learning: ["admin", "designer", "marketer", "viewer"],
  lift: ["admin", "designer", "marketer", "viewer"],
};

export function mayOpen(tab: Tab): boolean {
  return readers[tab].includes(me.value?.role ?? "");
}

export function mayReadDecisions(): boolean {
  return mayOpen("catalogue");
}

/** Who changes what is offered. */
export function mayDesign(): boolean {
  return ["admin", "designer"].includes(me.value?.role ?? "");
}
