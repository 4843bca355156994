// For how long what is kept: look at what a period would delete, then set it.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { day, figure } from "../format";
import { t } from "../lang";
import { Trouble, When } from "../parts/bits";
import { links } from "../route";
import { me } from "../session";
import { clean } from "../text";
import { classes, RetentionStore, type Class } from "./retention-store";
import type { LegalHold, Retention as State } from "./wire";
import { many } from "../wire";

const periods = [0, 30, 90, 180, 365, 730, 1825] as const;

export function Retention(): JSX.Element {
  const texts = t().admin.retention;
  const store = useMemo(() => new RetentionStore(undefined, texts.failed), []);
  useEffect(() => void store.refresh(), [store]);
  const s = store.state.value;
  return (
    <>
      <p class="muted">{texts.about}</p>
      {store.problem.value && <Trouble of={store.problem.value} />}
      {s && (
        <>
          <div class="admin-cards">{classes.map((c) => <Period key={c} of={c} store={store} />)}</div>
          <Holds of={many(s.holds)} store={store} />
          <Past s={s} />
        </>
      )}
    </>
  );
}

/** A period in days, or for ever. */
const length = (days: number): string => (days === 0 ? t().admin.retention.ever : t().admin.retention.days(days));

function Period({ of, store }: { of: Class; store: RetentionStore }): JSX.Element {
  const texts = t().admin.retention;
  const now = store.days(of);
  const look = store.look.value?.of === of ? store.look.value : undefined;
  const all = [...new Set([...periods, now])].toSorted((a, b) => a - b);
  return (
    <section class="admin-card" aria-labelledby={`keep-${of}`}>
      <header><h2 id={`keep-${of}`}>{texts.classes[of]}</h2><span class="tag">{length(now)}</span></header>
      <p class="muted">{texts.means[of]}</p>
      {me.value?.role === "admin" && (
        <label class="admin-period">{texts.keep} <select value={String(look?.days ?? now)} disabled={store.busy.value}
          onChange={(e) => void store.preview(of, Number(e.currentTarget.value))}>
          {all.map((d) => <option key={d} value={String(d)}>{length(d)}</option>)}
        </select></label>
      )}
      {look && look.days !== now && (
        <div class={`note${look.calls > 0 ? " note-warn" : ""}`} role="status">
          <span>{look.calls > 0 ? texts.would(figure(look.calls), figure(look.recordings ?? 0), of) : texts.wouldNot}</span>
          <button type="button" class="main" disabled={store.busy.value} onClick={() => void store.set()}>{texts.set}</button>
          <button type="button" onClick={() => (store.look.value = undefined)}>{texts.leave}</button>
        </div>
      )}
    </section>
  );
}

function Holds({ of, store }: { of: readonly LegalHold[]; store: RetentionStore }): JSX.Element {
  const texts = t().admin.retention;
  return (
    <section aria-labelledby="holds">
      <h2 id="holds">{texts.holds}</h2>
      <p class="muted">{of.length === 0 ? texts.noHolds : texts.holdsHow}</p>
      <ul class="plain">
        {of.map((h) => (
          <li key={h.id} class="who-merge">
            <span><a href={h.call_id ? links.call(h.call_id) : links.customer(h.customer_id ?? "")}>{h.call_id ? texts.ofCall : texts.ofCustomer}</a>{" "}
              <bdi>{clean(h.why)}</bdi> <small class="muted"><When at={h.at} /> · <bdi>{clean(h.by)}</bdi></small></span>
            <button type="button" disabled={store.busy.value} aria-label={texts.liftOne(clean(h.why))} onClick={() => void store.lift(h.id)}>{texts.lift}</button>
          </li>
        ))}
      </ul>
      <NewHold store={store} />
    </section>
  );
}

function NewHold({ store }: { store: RetentionStore }): JSX.Element {
  const texts = t().admin.retention;
  const kind = useSignal<"call_id" | "customer_id">("call_id");
  const id = useSignal("");
  const why = useSignal("");
  const send = async (): Promise<void> => {
    if (!(await store.hold({ [kind.value]: id.value.trim(), why: why.value.trim() }))) return;
    id.value = "";
    why.value = "";
  };
  return (
    <form class="admin-fields" aria-label={texts.newHold} onSubmit={(e) => {
      e.preventDefault();
      void send();
    }}>
      <label>{texts.holdOf}<select value={kind.value} onChange={(e) => (kind.value = e.currentTarget.value === "call_id" ? "call_id" : "customer_id")}>
        <option value="call_id">{texts.ofCall}</option><option value="customer_id">{texts.ofCustomer}</option>
      </select></label>
      <label>{texts.id}<input required maxLength={64} dir="ltr" autocomplete="off" spellcheck={false} value={id.value} onInput={(e) => (id.value = e.currentTarget.value)} /></label>
      <label>{texts.why}<input required maxLength={500} dir="auto" autocomplete="off" value={why.value} onInput={(e) => (why.value = e.currentTarget.value)} /></label>
      <button type="submit" disabled={store.busy.value || id.value.trim() === "" || why.value.trim() === ""}>{texts.newHold}</button>
    </form>
  );
}

/** What was deleted, and who set which period. */
function Past({ s }: { s: State }): JSX.Element {
  const texts = t().admin.retention;
  const name = (c: string): string => (c === "recordings" ? texts.classes.recordings : texts.classes.transcripts);
  return (
    <div class="admin-cards">
      <section aria-labelledby="deleted">
        <h2 id="deleted">{texts.deleted}</h2>
        {many(s.deleted).length === 0 && <p class="muted">{texts.nothing}</p>}
        <ul class="plain">{many(s.deleted).map((d) => <li key={d.day + d.class}>{day(d.day)} · {name(d.class)} · {texts.calls(d.calls)}</li>)}</ul>
      </section>
      <section aria-labelledby="changes">
        <h2 id="changes">{texts.changes}</h2>
        {many(s.rules).length === 0 && <p class="muted">{texts.noChanges}</p>}
        <ul class="plain">
          {many(s.rules).map((r) => <li key={r.at + r.class}><When at={r.at} /> · {name(r.class)} · {length(r.days)} · <bdi>{clean(r.by)}</bdi></li>)}
          {many(s.lifted).map((h) => <li key={h.id}><When at={h.lifted_at ?? h.at} /> · {texts.lifted} <bdi>{clean(h.why)}</bdi> · <bdi>{clean(h.lifted_by ?? "")}</bdi></li>)}
        </ul>
      </section>
    </div>
  );
}
