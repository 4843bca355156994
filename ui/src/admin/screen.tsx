// Administration: a tab for each part, each in a file of its own.

import type { JSX } from "preact";
import { Empty } from "../parts/bits";
import { t } from "../lang";
import { me } from "../session";
import { Audit } from "./audit";
import { Engines } from "./engines";
import { Keys } from "./keys";
import { Platforms } from "./platforms";
import { UsersTab } from "../users/screen";
import { Retention } from "./retention";

const tabs = [
  { name: "users", body: () => <UsersTab />, may: ["admin"] },
  { name: "keys", body: () => <Keys />, may: ["admin"] },
  { name: "audit", body: () => <Audit />, may: ["admin", "privacy"] },
  { name: "platforms", body: () => <Platforms />, may: ["admin"] },
  { name: "retention", body: () => <Retention />, may: ["admin", "privacy"] },
  { name: "engines", body: () => <Engines />, may: ["admin"] },
] as const;

export function AdminScreen({ tab }: { tab: string }): JSX.Element {
  const mine = tabs.filter((one) => (one.may as readonly string[]).includes(me.value?.role ?? ""));
  const here = mine.find((one) => one.name === tab) ?? mine[0];
  const texts = t().admin;
  return (
    <main id="main" class="page page-admin" tabIndex={-1}>
      <h1>{texts.title}</h1>
      {!here && <Empty title={texts.notYours}><p>{texts.notYoursHow}</p></Empty>}
      <nav class="tabs" aria-label={texts.parts}>
        {mine.map((one) => (
          <a key={one.name} href={`/admin/${one.name}`} aria-current={one === here ? "page" : undefined}>{texts.tabs[one.name]}</a>
        ))}
      </nav>
      {here?.body()}
    </main>
  );
}
