// Defining a theme: say what it means, see at once what that finds.

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { figure } from "../format";
import { t } from "../lang";
import { Empty, Trouble } from "../parts/bits";
import { go, links } from "../route";
import { many } from "../wire";
import { Marked } from "./detail";
import { Defining, definitionOf, mayDefine } from "./store";
import type { ThemeDefinition, ThemePreview } from "./wire";

const settle = 250;

/** Phrases as one writes them: in English, as what they are compared with may be in any language. */
const examples: Record<ThemeDefinition["how"], string> = {
  words: "router|modem ... broken\nno signal\n- no signal abroad", query: "router -abroad", like: "my router has no signal since monday",
};
const ways = ["words", "query", "like"] as const;

export function DefineScreen({ like }: { like: string }): JSX.Element {
  const store = useMemo(() => new Defining(like), [like]);
  const draft = store.draft.value;
  useEffect(() => {
    const timer = setTimeout(() => void store.look(), settle);
    return () => clearTimeout(timer);
  }, [draft.how, draft.text]);
  const text = t().themes;
  if (!mayDefine()) {
    return <main id="main" class="page page-narrow" tabIndex={-1}><Empty title={text.who}><p><a href={links.themes()}>{text.see}</a> {text.thereAre}</p></Empty></main>;
  }
  return (
    <main id="main" class="page page-theme" tabIndex={-1}>
      <p><a href={links.themes()}>{text.all}</a></p>
      <h1>{text.define}</h1>
      <Form store={store} />
      {store.problem.value && <Refused store={store} />}
      {store.preview.value && <Found of={store.preview.value} />}
    </main>
  );
}

function Form({ store }: { store: Defining }): JSX.Element {
  const d = store.draft.value;
  const text = t().themes;
  const ready = d.title.trim() !== "" && definitionOf(d) !== undefined && !store.busy.value;
  return (
    <form class="define" onSubmit={(e) => {
      e.preventDefault();
      if (ready) void store.define().then((id) => id && go(links.theme(id)));
    }}>
      <fieldset class="define-ways">
        <legend class="unseen">{text.how}</legend>
        {ways.map((w) => (
          <label key={w}><input type="radio" name="how" checked={d.how === w} onChange={() => store.set({ how: w })} />{text.ways[w]}</label>
        ))}
      </fieldset>
      <label class="define-field"><span class="label">{text.wayLabels[d.how]}</span>
        <textarea rows={d.how === "query" ? 2 : 4} dir="auto" spellcheck={false} aria-describedby="define-hint" placeholder={examples[d.how]}
          value={d.text} onInput={(e) => store.set({ text: e.currentTarget.value })} />
      </label>
      <p id="define-hint" class="muted">{text.wayHints[d.how]}</p>
      <label class="define-field"><span class="label">{text.name}</span>
        <input type="text" dir="auto" maxLength={80} autocomplete="off" placeholder={text.nameHint} value={d.title} onInput={(e) => store.set({ title: e.currentTarget.value })} />
      </label>
      <p><button type="submit" class="main" disabled={!ready}>{store.busy.value ? text.counting : text.counts}</button></p>
    </form>
  );
}

// While somebody types, a half written line is no alarm.
function Refused({ store }: { store: Defining }): JSX.Element | null {
  const p = store.problem.value;
  if (!p) return null;
  if (p.status !== 400 && p.status !== 422) return <Trouble of={p} />;
  const said = p.errors.length > 0 ? p.errors.map((e) => e.message) : [p.detail];
  return <div class="note note-bad" role="status"><div><b>{t().themes.findsNothing}</b>{said.map((m) => <p key={m}>{m}</p>)}</div></div>;
}

function Found({ of }: { of: ThemePreview }): JSX.Element {
  const all = of.read >= of.of;
  const text = t().themes;
  return (
    <section aria-label={text.preview} class="define-found">
      <p role="status" class="num"><b>{text.calls(of.calls, figure(of.calls, 0))}</b>, {text.lines(of.turns, figure(of.turns, 0))}
        <span class="muted"> {all ? text.inAll(figure(of.of, 0)) : text.inLatest(figure(of.read, 0), figure(of.of, 0))}</span>
      </p>
      <ul class="hits">{many(of.quotes).map((q) => <li key={q.utterance_id} class="define-quote"><Marked of={q} /></li>)}</ul>
    </section>
  );
}
