// Going through a transcript by the keyboard: up and down from line to line,
// to the sides from word to word, Enter plays what the focus is on.

/** Whether a key plays the word that has the focus; the key is taken then. */
export function playsHere(e: KeyboardEvent): boolean {
  const el = e.target as HTMLElement;
  if (el.tagName !== "SPAN" || (e.key !== "Enter" && e.key !== " ")) return false;
  e.preventDefault();
  return true;
}

/** Moves the focus by an arrow; any other key is left alone. */
export function moveIn(box: HTMLElement | null, e: KeyboardEvent): void {
  const el = e.target;
  if (!box || !(el instanceof HTMLElement) || el instanceof HTMLTextAreaElement || e.ctrlKey || e.metaKey || e.altKey) return;
  const line = el.closest<HTMLElement>(".line");
  const to = line && (e.key === "Escape" ? timeOf(line) : beside(box, line, el, e.key));
  if (!to || to === el) return;
  e.preventDefault();
  if (to.tagName === "SPAN") {
    to.tabIndex = -1;
    to.setAttribute("role", "button");
  }
  to.focus();
}

/** A word is a button only while it has the focus: thousands of them would say too much. */
export function leave(e: FocusEvent): void {
  const el = e.target as HTMLElement;
  if (el.tagName !== "SPAN") return;
  el.removeAttribute("role");
  el.removeAttribute("tabindex");
}

const timeOf = (line: HTMLElement): HTMLElement | undefined => line.querySelector<HTMLElement>(".line-time") ?? undefined;

function beside(box: HTMLElement, line: HTMLElement, el: HTMLElement, key: string): HTMLElement | undefined {
  if (key === "ArrowDown") return lineBeside(box, line, 1);
  if (key === "ArrowUp") return lineBeside(box, line, -1);
  return key === "ArrowLeft" || key === "ArrowRight" ? wordBeside(line, el, key) : undefined;
}

function lineBeside(box: HTMLElement, line: HTMLElement, by: 1 | -1): HTMLElement | undefined {
  const all = [...box.querySelectorAll<HTMLElement>(".line[data-t]")];
  const next = all[all.indexOf(line) + by];
  return next && timeOf(next);
}

function wordBeside(line: HTMLElement, el: HTMLElement, key: "ArrowLeft" | "ArrowRight"): HTMLElement | undefined {
  const words = [...line.querySelectorAll<HTMLElement>("span[data-t]")];
  const text = words[0]?.closest<HTMLElement>("[dir]") ?? line;
  const on = (key === "ArrowRight") === (getComputedStyle(text).direction !== "rtl");
  const at = words.indexOf(el);
  if (at < 0) return on ? words[0] : words.at(-1);
  return words[at + (on ? 1 : -1)] ?? timeOf(line);
}
