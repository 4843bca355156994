// Administration: a row of tabs, and the body of the one that is open.

import type { JSX } from "preact";
import { t } from "../lang";
import { Empty } from "../parts/bits";
import { links } from "../route";
import { mayAdminister } from "../session";
import { UsersTab } from "../users/screen";
import { tabOf, tabs, type Tab } from "./tabs";

const bodies: { [N in Tab]?: () => JSX.Element } = {
  users: () => <UsersTab />,
};

export function AdminScreen({ tab: name }: { tab: string }): JSX.Element {
  const tab = tabOf(name);
  const { nav, admin } = t();
  if (!mayAdminister()) {
    return <main id="main" class="page page-narrow" tabIndex={-1}><Empty title={admin.notYours}><p>{admin.notYoursHow}</p></Empty></main>;
  }
  return (
    <main id="main" class="page" tabIndex={-1}>
      <h1>{nav.admin}</h1>
      <nav class="tabs" aria-label={nav.admin}>
        {tabs.filter((one) => bodies[one]).map((one) => (
          <a key={one} href={links.admin(one)} aria-current={one === tab ? "page" : undefined}>{admin.tabs[one]}</a>
        ))}
      </nav>
      {bodies[tab]?.()}
    </main>
  );
}
