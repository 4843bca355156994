// The caller is somebody else than was thought: the call moves to them.

import { signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { api as realApi, Problem, type Api } from "../api";
import type { Callers, Elsewhere } from "../customer/wire";
import { useKeys } from "../keys";
import { t } from "../lang";
import { Cap } from "../parts/bits";
import { mayHandle } from "../session";
import { clean } from "../text";
import { many, type Customer } from "../wire";
import type { LiveCall } from "./live";

type Calls = Pick<Api, "callers" | "customers" | "moveCall">;

/** Finding out who it is, and saying so. */
export class Other {
  readonly open = signal(false);
  readonly likely = signal<Callers | undefined>(undefined);
  readonly found = signal<readonly Customer[] | undefined>(undefined);
  readonly shared = signal(false);
  readonly busy = signal(false);
  readonly note = signal("");

  constructor(private readonly call: string, private readonly api: Calls = realApi) {}

  async show(): Promise<void> {
    this.open.value = true;
    this.found.value = undefined;
    this.note.value = "";
    await this.try(async () => {
      this.likely.value = await this.api.callers(this.call);
      this.shared.value = this.likely.value.shared;
    });
  }

  async look(text: string): Promise<void> {
    const q = text.trim();
    if (q) await this.try(async () => (this.found.value = many((await this.api.customers({ q, limit: 8 })).customers)));
  }

  async move(to: Elsewhere): Promise<void> {
    if (this.busy.peek()) return;
    this.busy.value = true;
    await this.try(async () => {
      await this.api.moveCall(this.call, { ...to, shared: this.shared.peek() });
      this.open.value = false;
    });
    this.busy.value = false;
  }

  private async try(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      this.note.value = "";
    } catch (err) {
      this.note.value = err instanceof Problem ? err.message : t().desk.nothingChanged;
    }
  }
}

export function SomebodyElse({ desk }: { desk: LiveCall }): JSX.Element | null {
  const other = useMemo(() => new Other(desk.id), [desk.id]);
  const box = useRef<HTMLDialogElement>(null);
  const live = (): boolean => desk.call.peek()?.status === "live";
  const d = t().desk;
  useKeys(d.another, mayHandle() ? [{ key: "e", label: d.isAnother, run: () => void (live() && other.show()) }] : []);
  const open = other.open.value;
  useEffect(() => {
    if (open && !box.current?.open) box.current?.showModal();
    if (!open) box.current?.close();
  }, [open]);
  if (desk.call.value?.status !== "live" || !mayHandle()) return null;
  return (
    <>
      <button type="button" class="quiet" aria-keyshortcuts="E" onClick={() => void other.show()}>{d.somebodyElse} <Cap k="E" /></button>
      <dialog ref={box} class="help other" aria-labelledby="other-title" onClose={() => (other.open.value = false)}>
        {open && <Ask other={other} />}
      </dialog>
    </>
  );
}

function Ask({ other }: { other: Other }): JSX.Element {
  const text = useSignal("");
  const d = t().desk;
  return (
    <>
      <header>
        <h2 id="other-title">{d.whoCalls}</h2>
        <button type="button" class="quiet" onClick={() => (other.open.value = false)}>{d.close}</button>
      </header>
      <p class="muted">{d.moves}</p>
      {many(other.likely.value?.callers).length > 0 && (
        <section aria-label={d.fromNumber}>
          <h3 class="label">{d.fromNumber}</h3>
          <ul class="plain">
            {many(other.likely.value?.callers).map((c) => <Person key={c.id} id={c.id} name={c.name} other={other} />)}
          </ul>
        </section>
      )}
      <form class="who-find" onSubmit={(e) => {
        e.preventDefault();
        void other.look(text.value);
      }}>
        <input type="search" aria-label={d.findLabel} placeholder={d.findWhat} dir="auto" autocomplete="off"
          value={text.value} onInput={(e) => (text.value = e.currentTarget.value)} />
        <button type="submit">{d.find}</button>
      </form>
      {other.found.value?.length === 0 && <p class="muted" role="status">{d.nobody}</p>}
      <ul class="plain">
        {many(other.found.value).map((c) => <Person key={c.id} id={c.id} name={c.name} detail={many(c.identifiers)[0]?.value} other={other} />)}
      </ul>
      <label class="check">
        <input type="checkbox" checked={other.shared.value} onChange={(e) => (other.shared.value = e.currentTarget.checked)} />
        <span>{d.shared}</span>
      </label>
      <p><button type="button" disabled={other.busy.value} onClick={() => void other.move({ new: true })}>{d.somebodyNew}</button></p>
      {other.note.value && <p class="tone-bad" role="alert">{other.note.value}</p>}
    </>
  );
}

function Person(o: { id: string; name: string | undefined; detail?: string | undefined; other: Other }): JSX.Element {
  const d = t().desk;
  return (
    <li class="who-merge">
      <span><bdi>{o.name || d.noName}</bdi> {o.detail && <bdi class="num muted">{o.detail}</bdi>}</span>
      <button type="button" disabled={o.other.busy.value} aria-label={d.itIs(clean(o.name || d.thisPerson))} onClick={() => void o.other.move({ customer_id: o.id })}>{d.itIsThem}</button>
    </li>
  );
}
