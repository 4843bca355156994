// The fields of signing in and of one's account.

import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useId, useRef } from "preact/hooks";
import { t } from "../lang";

interface Field {
  label: string;
  name: string;
  autocomplete: string;
  value?: string;
  hint?: string;
  required?: boolean;
  focus?: boolean;
}

export function TextField({ label, name, autocomplete, value, hint, required, focus }: Field): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input id={id} name={name} type="text" dir="auto" autocomplete={autocomplete} autocapitalize="none" spellcheck={false}
        maxLength={254} required={required} autofocus={focus} defaultValue={value} aria-describedby={hint ? `${id}-hint` : undefined} />
      {hint && <small id={`${id}-hint`} class="muted">{hint}</small>}
    </div>
  );
}

/** A password that can be shown, with a word when capitals are locked. */
export function PasswordField({ label, name, autocomplete, hint, focus }: Field): JSX.Element {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const shown = useSignal(false);
  const caps = useSignal(false);
  const look = (e: KeyboardEvent): void => {
    caps.value = e.getModifierState?.("CapsLock") ?? false;
  };
  const toggle = (): void => {
    shown.value = !shown.value;
    if (input.current) input.current.type = shown.value ? "text" : "password";
  };
  const { account } = t();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <span class="field-secret">
        <input ref={input} id={id} name={name} type="password" dir="ltr" autocomplete={autocomplete} maxLength={512} required autofocus={focus}
          autocapitalize="none" spellcheck={false} onKeyUp={look} onKeyDown={look} onBlur={() => {
            caps.value = false;
          }} aria-describedby={hint ? `${id}-hint` : undefined} />
        <button type="button" class="quiet" aria-pressed={shown.value} onClick={toggle}>
          {shown.value ? account.hide : account.show}<span class="unseen"> {label}</span>
        </button>
      </span>
      {hint && <small id={`${id}-hint`} class="muted">{hint}</small>}
      <small role="status" class="tone-bad">{caps.value && account.capsLock}</small>
    </div>
  );
}

/** What was typed into a form, by the names of its fields. */
export function typed(form: HTMLFormElement, name: string): string {
  const v = new FormData(form).get(name);
  return typeof v === "string" ? v : "";
}
