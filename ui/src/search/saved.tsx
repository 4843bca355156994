// Saving a search, being told of it, and what one was told.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { figure } from "../format";
import { languages, t } from "../lang";
import { Trouble, When } from "../parts/bits";
import { links, sorts, type Asked } from "../route";
import { mayReadThemes } from "../themes/store";
import { clean } from "../text";
import { many } from "../wire";
import { noteWords, previewWords, ruleWords, Saved } from "./saved-store";
import type { Alert, Rule, RuleKind, SavedSearch, Subscription } from "./saved-wire";

export function SavedPart({ asked }: { asked: Asked }): JSX.Element {
  const saved = useMemo(() => new Saved(mayReadThemes()), []);
  const open = useSignal<"" | "save" | "tell">("");
  useEffect(() => void saved.load(), []);
  useEffect(() => {
    open.value = "";
    saved.preview.value = undefined;
  }, [asked.q]);
  const asks = asked.q.trim() !== "";
  const words = t().search;
  const toggle = (to: "save" | "tell") => () => (open.value = open.value === to ? "" : to);
  return (
    <section class="saved" aria-label={words.savedPart}>
      {asks && (
        <p class="saved-actions">
          <button type="button" aria-expanded={open.value === "save"} onClick={toggle("save")}>{words.save}</button>
          {saved.mayBeTold && <button type="button" aria-expanded={open.value === "tell"} onClick={toggle("tell")}>{words.tell}</button>}
        </p>
      )}
      {asks && open.value === "save" && <SaveForm asked={asked} saved={saved} done={() => (open.value = "")} />}
      {asks && open.value === "tell" && <TellForm asked={asked} saved={saved} done={() => (open.value = "")} />}
      {saved.problem.value && <Trouble of={saved.problem.value} />}
      {saved.secret.value !== "" && (
        <p class="note" role="status">{words.signed} <code dir="ltr">{saved.secret.value}</code>. {words.once} <button type="button" class="quiet" onClick={() => (saved.secret.value = "")}>{words.have}</button></p>
      )}
      {saved.undo.value && (
        <p class="note" role="status">{saved.undo.value.text} <button type="button" class="quiet" disabled={saved.busy.value} onClick={() => void saved.undo.value?.run()}>{words.undo}</button></p>
      )}
      {!asks && <Lists saved={saved} />}
    </section>
  );
}

function SaveForm({ asked, saved, done }: { asked: Asked; saved: Saved; done: () => void }): JSX.Element {
  const name = useSignal("");
  const shared = useSignal(false);
  return (
    <form class="saved-form" onSubmit={(e) => {
      e.preventDefault();
      void saved.save({ name: name.value, query: asked.q, sort: asked.sort, shared: shared.value }).then((s) => s && done());
    }}>
      <label>{t().search.name} <input type="text" dir="auto" maxLength={80} required autofocus value={name.value} onInput={(e) => (name.value = e.currentTarget.value)} /></label>
      <label><input type="checkbox" checked={shared.value} onChange={(e) => (shared.value = e.currentTarget.checked)} /> {t().search.share}</label>
      <button type="submit" class="main" disabled={saved.busy.value || name.value.trim() === ""}>{t().search.keep}</button>
    </form>
  );
}

const kinds = ["threshold", "change", "new"] as const;

function TellForm({ asked, saved, done }: { asked: Asked; saved: Saved; done: () => void }): JSX.Element {
  const words = t().search;
  const kind = useSignal<RuleKind>("threshold");
  const least = useSignal(10);
  const period = useSignal<"hour" | "day" | "week">("day");
  const mail = useSignal("");
  const webhook = useSignal("");
  const language = useSignal<"en" | "ar">("en");
  const rule: Rule = {
    kind: kind.value,
    ...(kind.value === "threshold" ? { least: least.value, period: period.value } : {}),
    ...(kind.value === "change" ? { period: period.value === "hour" ? "day" : period.value, direction: "either" } : {}),
    ...(kind.value === "new" ? { weeks: 4 } : {}),
  };
  useEffect(() => {
    const timer = setTimeout(() => least.value > 0 && void saved.look(asked.q, rule), 400);
    return () => clearTimeout(timer);
  }, [kind.value, least.value, period.value, asked.q]);
  return (
    <form class="saved-form" onSubmit={(e) => {
      e.preventDefault();
      const has = many(saved.searches.value).find((s) => s.query === asked.q.trim());
      const way = { language: language.value, ...(mail.value.trim() ? { mail: mail.value.trim() } : {}), ...(webhook.value.trim() ? { webhook: webhook.value.trim() } : {}) };
      void saved.tell(has?.id ?? { name: asked.q.trim().slice(0, 80), query: asked.q, sort: asked.sort }, rule, way).then((ok) => ok && done());
    }}>
      <label>{words.when} <select value={kind.value} onChange={(e) => (kind.value = kinds.find((k) => k === e.currentTarget.value) ?? "threshold")}>
        {kinds.map((k) => <option key={k} value={k}>{words.kinds[k]}</option>)}
      </select></label>
      {kind.value === "threshold" && <label>{words.calls} <input type="number" min={1} max={1000000} value={least.value} onInput={(e) => (least.value = e.currentTarget.valueAsNumber || 0)} /></label>}
      {kind.value !== "new" && (
        <label>{words.inA} <select value={period.value} onChange={(e) => (period.value = (["hour", "day", "week"] as const).find((p) => p === e.currentTarget.value) ?? "day")}>
          {kind.value === "threshold" && <option value="hour">{words.periods.hour}</option>}
          <option value="day">{words.periods.day}</option>
          <option value="week">{words.periods.week}</option>
        </select></label>
      )}
      <label>{words.mail} <input type="email" dir="ltr" autocomplete="email" value={mail.value} onInput={(e) => (mail.value = e.currentTarget.value)} /></label>
      <label>{words.language} <select value={language.value} onChange={(e) => (language.value = e.currentTarget.value === "ar" ? "ar" : "en")}><option value="en">{languages.en}</option><option value="ar">{languages.ar}</option></select></label>
      <label>{words.webhook} <input type="url" dir="ltr" placeholder="https://" value={webhook.value} onInput={(e) => (webhook.value = e.currentTarget.value)} /></label>
      <button type="submit" class="main" disabled={saved.busy.value || (mail.value.trim() === "" && webhook.value.trim() === "")}>{words.tellMe}</button>
      <p class="muted saved-preview" role="status">{saved.preview.value ? previewWords(saved.preview.value) : words.lookingBack}</p>
    </form>
  );
}

function Lists({ saved }: { saved: Saved }): JSX.Element {
  const searches = saved.searches.value;
  return (
    <>
      <h2>{t().search.saved}</h2>
      {searches === undefined && !saved.problem.value && <p class="muted">{t().search.loading}</p>}
      {searches?.length === 0 && <p class="muted">{t().search.noneSaved}</p>}
      <ul class="saved-list">{many(searches).map((s) => <SearchRow key={s.id} of={s} saved={saved} />)}</ul>
      {saved.mayBeTold && <Told saved={saved} />}
    </>
  );
}

function SearchRow({ of, saved }: { of: SavedSearch; saved: Saved }): JSX.Element {
  return (
    <li>
      <a href={links.search(of.query, sorts.find((s) => s === of.sort) ?? "relevance")}><bdi>{clean(of.name)}</bdi></a>
      {of.total !== undefined && <span class="num muted">{t().search.lines(of.total, figure(of.total, 0))}</span>}
      {of.shared && <span class="muted">{t().search.shared}</span>}
      {of.problem && <span class="tone-bad">{of.problem}</span>}
      {of.own && <button type="button" class="quiet" disabled={saved.busy.value} onClick={() => void saved.drop(of)} aria-label={t().search.dropNamed(clean(of.name))}>{t().search.drop}</button>}
    </li>
  );
}

function Told({ saved }: { saved: Saved }): JSX.Element {
  const mail = useSignal("");
  const subs = saved.subscriptions.value;
  return (
    <>
      <h2>{t().search.alerts}</h2>
      <ul class="saved-list">{subs.map((s) => <SubRow key={s.id} of={s} saved={saved} />)}</ul>
      {!subs.some((s) => s.kind === "digest") && (
        <form class="saved-form" onSubmit={(e) => {
          e.preventDefault();
          void saved.tell("", { kind: "digest" }, { mail: mail.value.trim() });
        }}>
          <label>{t().search.monday} <input type="email" dir="ltr" autocomplete="email" value={mail.value} onInput={(e) => (mail.value = e.currentTarget.value)} /></label>
          <button type="submit" disabled={saved.busy.value || mail.value.trim() === ""}>{t().search.sendMe}</button>
        </form>
      )}
      {saved.alerts.value.length > 0 && <h2>{t().search.told}</h2>}
      <ul class="saved-list">{saved.alerts.value.map((a) => <AlertRow key={a.id} of={a} />)}</ul>
    </>
  );
}

function SubRow({ of, saved }: { of: Subscription; saved: Saved }): JSX.Element {
  const words = t().search;
  const name = clean(of.name ?? "") || (of.kind === "digest" ? words.digest : of.theme_id === "*" ? words.anyTheme : words.gone);
  const turn = of.state === "active" ? words.pause : words.resume;
  return (
    <li>
      <b><bdi>{name}</bdi></b> <span>{ruleWords(of)}</span>
      <span class="muted" dir="ltr">{of.mail ?? of.webhook}</span>
      {of.state === "paused" && <span class="tag">{words.paused}</span>}
      {noteWords(of.note) !== "" && <span class="muted">{noteWords(of.note)}</span>}
      <button type="button" class="quiet" disabled={saved.busy.value} onClick={() => void saved.pause(of)} aria-label={`${turn} ${name}`}>{turn}</button>
      <button type="button" class="quiet" disabled={saved.busy.value} onClick={() => void saved.end(of)} aria-label={words.endAlert(name)}>{words.drop}</button>
    </li>
  );
}

function AlertRow({ of }: { of: Alert }): JSX.Element {
  const words = t().search;
  const failed = many(of.deliveries).find((d) => d.state !== "sent");
  return (
    <li>
      <a href={of.link}><bdi>{clean(of.name ?? "") || words.aSearch}</bdi>: <span class="num">{figure(of.count)}</span> {words.units[of.unit]}</a>
      {of.expected !== undefined && <span class="muted">{words.usually(figure(of.expected, 0))}</span>}
      <span class="muted num"><When at={of.at} /></span>
      {failed && <span class="tone-bad">{words.by[failed.by]} {words.deliveries[failed.state]}{failed.why ? `: ${failed.why}` : ""}</span>}
    </li>
  );
}
