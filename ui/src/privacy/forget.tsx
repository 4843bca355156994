// Forgetting a person for good: a word to type, and then the certificate.

import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { api as realApi, asProblem, Problem, type Api } from "../api";
import { t } from "../lang";
import { Trouble } from "../parts/bits";
import type { Erasure } from "./wire";

/** The word that has to be typed: nobody types it by accident. */
const forgetWord = "erase";

/** An erasure in the making. */
export class Forgetting {
  readonly word = signal("");
  readonly busy = signal(false);
  readonly done = signal<Erasure | undefined>(undefined);
  readonly problem = signal<Problem | undefined>(undefined);

  constructor(readonly customer: string, private readonly api: Pick<Api, "erase"> = realApi) {}

  /** Whether the word was typed. */
  ready(): boolean {
    return this.word.value.trim().toLowerCase() === forgetWord && !this.busy.value;
  }

  async run(): Promise<void> {
    if (!this.ready()) return;
    this.busy.value = true;
    try {
      this.done.value = await this.api.erase(this.customer);
      this.problem.value = undefined;
    } catch (err) {
      this.problem.value = asProblem(err, t().privacy.notErased);
    }
    this.busy.value = false;
  }
}

export function Forget({ customer }: { customer: string }): JSX.Element {
  const { privacy } = t();
  const f = useMemo(() => new Forgetting(customer), [customer]);
  return (
    <section class="consent" aria-labelledby="forget-title">
      <h2 id="forget-title">{privacy.forget}</h2>
      {f.done.value ? <Certificate of={f.done.value} /> : (
        <form onSubmit={(e) => {
          e.preventDefault();
          void f.run();
        }}>
          <p class="muted">
            {privacy.forgetHow}
          </p>
          <div class="forget-act">
            <label>
              <span>{privacy.typeWord} <b><bdi>{forgetWord}</bdi></b></span>
              <input type="text" name="confirm" autocomplete="off" autocapitalize="none" spellcheck={false} value={f.word.value}
                onInput={(e) => {
                  f.word.value = e.currentTarget.value;
                }} />
            </label>
            <button type="submit" class="danger" disabled={!f.ready()}>{f.busy.value ? privacy.forgetting : privacy.forgetForGood}</button>
          </div>
          {f.problem.value && <Trouble of={f.problem.value} />}
        </form>
      )}
    </section>
  );
}

function Certificate({ of }: { of: Erasure }): JSX.Element {
  return (
    <p class="note note-accent" role="status">
      <span>{of.state === "done"
        ? t().privacy.forgotten
        : t().privacy.forgottenLater}</span>
      <a class="button" href={realApi.certificate(of.id)} download data-plain>{t().privacy.certificate}</a>
    </p>
  );
}
