// API keys: who lets programs in, what each may do, and when it last did.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Cap, Empty, Trouble, When } from "../parts/bits";
import { roleName } from "../session";
import { clean } from "../text";
import { many } from "../wire";
import { KeyStore } from "./keys-store";
import type { ApiKey } from "./wire";

const roles = ["viewer", "ingest", "agent", "supervisor", "marketer", "designer", "privacy", "admin"] as const;
const lives = [0, 30, 90, 365] as const;

export function Keys(): JSX.Element {
  const texts = t().admin.keys;
  const store = useMemo(() => new KeyStore(undefined, texts.failed), []);
  useEffect(() => void store.refresh(), [store]);
  useKeys(texts.title, [
    { key: "n", label: texts.make, run: () => document.querySelector<HTMLInputElement>("input[name=keyname]")?.focus() },
    { key: "u", label: texts.undo, run: () => void store.undo() },
  ]);
  const all = store.keys.value;
  return (
    <>
      <p class="muted">{texts.about}</p>
      {store.problem.value && <Trouble of={store.problem.value} />}
      <Made store={store} />
      <Revoked store={store} />
      <Make store={store} />
      {all?.length === 0 && <Empty title={texts.none}><p>{texts.noneHow}</p></Empty>}
      {all && all.length > 0 && <List of={all} store={store} />}
    </>
  );
}

/** The secret, once. */
function Made({ store }: { store: KeyStore }): JSX.Element | null {
  const copied = useSignal(false);
  const k = store.made.value;
  const texts = t().admin.keys;
  if (!k?.key) return null;
  return (
    <div class="note note-accent admin-made" role="status">
      <div>
        <b>{texts.made(clean(k.name))}</b> {texts.once}
        <p><code dir="ltr" class="admin-secret">{k.key}</code></p>
      </div>
      <button type="button" class="main" onClick={() => void navigator.clipboard.writeText(k.key ?? "").then(() => (copied.value = true))}>
        {copied.value ? texts.copied : texts.copy}
      </button>
      <button type="button" onClick={() => (store.made.value = undefined)}>{texts.kept}</button>
    </div>
  );
}

function Revoked({ store }: { store: KeyStore }): JSX.Element | null {
  const k = store.revoked.value;
  const texts = t().admin.keys;
  if (!k) return null;
  return (
    <div class="note" role="status">
      <span>{texts.revokedNow(clean(k.name))}</span>
      <button type="button" disabled={store.busy.value} onClick={() => void store.undo()}>{texts.undo}<Cap k="U" /></button>
    </div>
  );
}

function Make({ store }: { store: KeyStore }): JSX.Element {
  const name = useSignal("");
  const role = useSignal<string>("viewer");
  const days = useSignal(0);
  const chosen = useSignal<readonly string[]>([]);
  const texts = t().admin.keys;
  const send = async (): Promise<void> => {
    const ends = days.value > 0 ? { expires_at: new Date(Date.now() + days.value * 86_400_000).toISOString() } : {};
    const some = chosen.value.length > 0 ? { scopes: chosen.value } : {};
    if (await store.make({ name: name.value.trim(), role: role.value, ...some, ...ends })) {
      name.value = "";
      chosen.value = [];
    }
  };
  const flip = (s: string): void => {
    chosen.value = chosen.value.includes(s) ? chosen.value.filter((x) => x !== s) : [...chosen.value, s];
  };
  return (
    <form class="admin-form" aria-labelledby="new-key" onSubmit={(e) => {
      e.preventDefault();
      void send();
    }}>
      <h2 id="new-key">{texts.make}</h2>
      <div class="admin-fields">
        <label>{texts.name}<input name="keyname" required maxLength={80} dir="auto" autocomplete="off" placeholder={texts.nameHint}
          value={name.value} onInput={(e) => (name.value = e.currentTarget.value)} /></label>
        <label>{texts.role}<select value={role.value} onChange={(e) => (role.value = e.currentTarget.value)}>
          {roles.map((r) => <option key={r} value={r}>{r === "ingest" ? texts.ingest : roleName(r)}</option>)}
        </select></label>
        <label>{texts.ends}<select value={String(days.value)} onChange={(e) => (days.value = Number(e.currentTarget.value))}>
          {lives.map((d) => <option key={d} value={String(d)}>{d === 0 ? texts.never : texts.days(d)}</option>)}
        </select></label>
      </div>
      <fieldset>
        <legend>{texts.scopes} <span class="muted">{texts.scopesHow}</span></legend>
        <div class="admin-scopes">
          {store.scopes.value.map((s) => (
            <label key={s}><input type="checkbox" checked={chosen.value.includes(s)} onChange={() => flip(s)} /><code dir="ltr">{s}</code></label>
          ))}
        </div>
      </fieldset>
      <button type="submit" class="main" disabled={store.busy.value || name.value.trim() === ""}>{texts.make}<Cap k="N" /></button>
    </form>
  );
}

function List({ of, store }: { of: readonly ApiKey[]; store: KeyStore }): JSX.Element {
  const texts = t().admin.keys;
  return (
    <div class="admin-table">
      <table>
        <thead><tr>
          <th scope="col">{texts.name}</th><th scope="col">{texts.role}</th><th scope="col">{texts.may}</th>
          <th scope="col">{texts.used}</th><th scope="col">{texts.ends}</th><th scope="col">{texts.by}</th><th scope="col"><span class="unseen">{texts.doing}</span></th>
        </tr></thead>
        <tbody>{of.map((k) => <Row key={k.id} k={k} store={store} />)}</tbody>
      </table>
    </div>
  );
}

function Row({ k, store }: { k: ApiKey; store: KeyStore }): JSX.Element {
  const texts = t().admin.keys;
  const name = clean(k.name);
  const role = k.role === "ingest" ? texts.ingest : roleName(k.role);
  return (
    <tr class={k.state === "active" ? undefined : "admin-over"}>
      <th scope="row"><span dir="auto">{name}</span> {k.hint && <code dir="ltr" class="muted">{k.hint}…</code>}
        {k.state !== "active" && <span class="tag tag-warn">{texts.states[k.state]}</span>}</th>
      <td>{role}</td>
      <td>{many(k.scopes).length === 0 ? <span class="muted">{texts.all}</span> : many(k.scopes).map((s) => <code key={s} dir="ltr" class="tag">{s}</code>)}</td>
      <td>{k.used_at ? <When at={k.used_at} /> : <span class="muted">{texts.unused}</span>}</td>
      <td>{k.expires_at ? <When at={k.expires_at} /> : <span class="muted">{texts.never}</span>}</td>
      <td><bdi>{k.made_by ? clean(k.made_by) : <span class="muted">Heed</span>}</bdi> <small class="muted"><When at={k.created_at} /></small></td>
      <td class="admin-acts">
        {k.state === "active" && k.role !== "recipient" && (
          <>
            <button type="button" disabled={store.busy.value} title={texts.rotateHow} aria-label={texts.rotateOne(name)} onClick={() => void store.rotate(k, 24)}>{texts.rotate}</button>
            <button type="button" disabled={store.busy.value} aria-label={texts.revokeOne(name)} onClick={() => void store.revoke(k)}>{texts.revoke}</button>
          </>
        )}
      </td>
    </tr>
  );
}
