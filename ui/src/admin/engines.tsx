// What hears the calls, as on the status screen, and two engines side by side.

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { t } from "../lang";
import { Trouble } from "../parts/bits";
import { Ears, Hearing } from "../status/screen";
import { StatusStore } from "../status/store";
import { many } from "../wire";
import { Compare } from "./trial";

export function Engines(): JSX.Element {
  const store = useMemo(() => new StatusStore(), []);
  useEffect(() => {
    store.start();
    return () => store.close();
  }, [store]);
  const s = store.status.value;
  const texts = t().status;
  const all = s ? (many(s.engines).length > 0 ? many(s.engines) : [s.engine]) : [];
  return (
    <>
      {store.problem.value && <Trouble of={store.problem.value}>{s && texts.stale}</Trouble>}
      {all.length > 0 && <h2>{all.length > 1 ? texts.engines : texts.engine}</h2>}
      {all.map((e) => <Ears key={e.name} of={e} />)}
      {s?.room && <dl class="rows rows-wide"><Hearing of={s.room} /></dl>}
      <Compare />
    </>
  );
}
