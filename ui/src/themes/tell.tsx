// Asking to be told when a theme changes.

import { signal, useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { api as realApi, asProblem, FormKey, Problem, type Api } from "../api";
import { language, t } from "../lang";
import { Trouble } from "../parts/bits";
import type { Rule, Way } from "../search/saved-wire";

const kinds = ["change", "up", "threshold", "new"] as const;
type Kind = (typeof kinds)[number];

/** The rule that a person means. */
export function ruleOf(kind: Kind, least: number): Rule {
  if (kind === "threshold") return { kind, least, unit: "calls", period: "week" };
  return kind === "new" ? { kind } : { kind: "change", direction: kind === "up" ? "up" : "either", period: "week" };
}

export class Telling {
  readonly problem = signal<Problem | undefined>(undefined);
  readonly done = signal(false);
  readonly busy = signal(false);
  readonly secret = signal("");
  private readonly key = new FormKey();

  constructor(private readonly theme: string, private readonly api: Pick<Api, "subscribe" | "subscriptionSecret"> = realApi) {}

  async ask(rule: Rule, way: Way): Promise<void> {
    this.busy.value = true;
    this.problem.value = undefined;
    try {
      const wish = { ...rule, ...way, theme_id: this.theme };
      const made = await this.api.subscribe(wish, this.key.of(wish));
      if (way.webhook) this.secret.value = (await this.api.subscriptionSecret(made.id)).secret;
      this.done.value = true;
    } catch (err) {
      this.problem.value = asProblem(err, t().search.wrong.tell);
    }
    this.busy.value = false;
  }
}

export function TellMe({ theme }: { theme: string }): JSX.Element {
  const telling = useMemo(() => new Telling(theme), [theme]);
  const kind = useSignal<Kind>("change");
  const least = useSignal(20);
  const mail = useSignal("");
  const webhook = useSignal("");
  const { themes: words, search } = t();
  if (telling.done.value) {
    return (
      <p class="note" role="status">{words.tellDone}
        {telling.secret.value !== "" && <> {search.signed} <code dir="ltr">{telling.secret.value}</code>. {search.once}</>}
      </p>
    );
  }
  const way = (): Way => ({
    language: language() === "ar" ? "ar" : "en", ...(mail.value.trim() ? { mail: mail.value.trim() } : {}), ...(webhook.value.trim() ? { webhook: webhook.value.trim() } : {}),
  });
  return (
    <form class="saved-form" onSubmit={(e) => {
      e.preventDefault();
      void telling.ask(ruleOf(kind.value, least.value), way());
    }}>
      {telling.problem.value && <Trouble of={telling.problem.value}>{telling.problem.value.errors.map((x) => <p key={x.message}>{x.message}</p>)}</Trouble>}
      <label>{search.when} <select autofocus value={kind.value} onChange={(e) => (kind.value = kinds.find((k) => k === e.currentTarget.value) ?? "change")}>
        {kinds.map((k) => <option key={k} value={k}>{words.tellKinds[k]}</option>)}
      </select></label>
      {kind.value === "threshold" && <label>{search.calls} <input type="number" min={1} max={1000000} value={least.value} onInput={(e) => (least.value = e.currentTarget.valueAsNumber || 1)} /></label>}
      <label>{search.mail} <input type="email" dir="ltr" autocomplete="email" value={mail.value} onInput={(e) => (mail.value = e.currentTarget.value)} /></label>
      <label>{search.webhook} <input type="url" dir="ltr" placeholder="https://" value={webhook.value} onInput={(e) => (webhook.value = e.currentTarget.value)} /></label>
      <button type="submit" class="main" disabled={telling.busy.value || (mail.value.trim() === "" && webhook.value.trim() === "")}>{words.tellMe}</button>
    </form>
  );
}
