// Defining a theme: say what it means, see at once what that finds.

import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { figure } from "../format";
import { Empty, Trouble } from "../parts/bits";
import { go, links } from "../route";
import { many } from "../wire";
import { Marked } from "./detail";
import { Defining, definitionOf, mayDefine } from "./store";
import type { ThemeDefinition, ThemePreview } from "./wire";

const settle = 250;

interface Way {
  how: ThemeDefinition["how"];
  text: string;
  label: string;
  hint: string;
  example: string;
}

const ways: readonly Way[] = [
  { how: "words", text: "By words", label: "Phrases, one a line", hint: "Any one is enough. bill* is every word that begins so, a|b is either, ... up to six words between. A line that begins with - is what it is not.", example: "router|modem ... broken\nno signal\n- no signal abroad" },
  { how: "query", text: "By a search", label: "Search", hint: "As in the search: words, \"phrases\", prefix*, -not, intent:cancel.", example: "router -abroad" },
  { how: "like", text: "More like a quote", label: "What customers said, one a line", hint: "Lines that mean much the same are found.", example: "my router has no signal since monday" },
];

export function DefineScreen({ like }: { like: string }): JSX.Element {
  const store = useMemo(() => new Defining(like), [like]);
  const draft = store.draft.value;
  useEffect(() => {
    const timer = setTimeout(() => void store.look(), settle);
    return () => clearTimeout(timer);
  }, [draft.how, draft.text]);
  if (!mayDefine()) {
    return <main id="main" class="page page-narrow" tabIndex={-1}><Empty title="Themes are defined by marketers"><p><a href={links.themes()}>See the themes</a> that there are.</p></Empty></main>;
  }
  return (
    <main id="main" class="page page-theme" tabIndex={-1}>
      <p><a href={links.themes()}>All themes</a></p>
      <h1>Define a theme</h1>
      <Form store={store} />
      {store.problem.value && <Refused store={store} />}
      {store.preview.value && <Found of={store.preview.value} />}
    </main>
  );
}

function Form({ store }: { store: Defining }): JSX.Element {
  const d = store.draft.value;
  const way = ways.find((w) => w.how === d.how) ?? (ways[0] as Way);
  const ready = d.title.trim() !== "" && definitionOf(d) !== undefined && !store.busy.value;
  return (
    <form class="define" onSubmit={(e) => {
      e.preventDefault();
      if (ready) void store.define().then((id) => id && go(links.theme(id)));
    }}>
      <fieldset class="define-ways">
        <legend class="unseen">How it is defined</legend>
        {ways.map((w) => (
          <label key={w.how}><input type="radio" name="how" checked={d.how === w.how} onChange={() => store.set({ how: w.how })} />{w.text}</label>
        ))}
      </fieldset>
      <label class="define-field"><span class="label">{way.label}</span>
        <textarea rows={d.how === "query" ? 2 : 4} dir="auto" spellcheck={false} aria-describedby="define-hint" placeholder={way.example}
          value={d.text} onInput={(e) => store.set({ text: e.currentTarget.value })} />
      </label>
      <p id="define-hint" class="muted">{way.hint}</p>
      <label class="define-field"><span class="label">Name</span>
        <input type="text" dir="auto" maxLength={80} autocomplete="off" placeholder="Router without signal" value={d.title} onInput={(e) => store.set({ title: e.currentTarget.value })} />
      </label>
      <p><button type="submit" class="main" disabled={!ready}>{store.busy.value ? "Counting…" : "Define and count all history"}</button></p>
    </form>
  );
}

// While somebody types, a half written line is no alarm.
function Refused({ store }: { store: Defining }): JSX.Element | null {
  const p = store.problem.value;
  if (!p) return null;
  if (p.status !== 400 && p.status !== 422) return <Trouble of={p} />;
  const said = p.errors.length > 0 ? p.errors.map((e) => e.message) : [p.detail];
  return <div class="note note-bad" role="status"><div><b>This finds nothing yet.</b>{said.map((m) => <p key={m}>{m}</p>)}</div></div>;
}

function Found({ of }: { of: ThemePreview }): JSX.Element {
  const all = of.read >= of.of;
  return (
    <section aria-label="Preview" class="define-found">
      <p role="status" class="num"><b>{figure(of.calls)} calls</b>, {figure(of.turns)} lines
        <span class="muted"> {all ? `in all ${figure(of.of)} lines` : `in the latest ${figure(of.read)} of ${figure(of.of)} lines`}</span>
      </p>
      <ul class="hits">{many(of.quotes).map((q) => <li key={q.utterance_id} class="define-quote"><Marked of={q} /></li>)}</ul>
    </section>
  );
}
