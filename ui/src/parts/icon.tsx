// One family of line icons, drawn on 16 x 16.

import type { JSX } from "preact";

const paths = {
  play: "M4.5 2.8v10.4l8.6-5.2z",
  pause: "M5 3v10M11 3v10",
  down: "M8 3v9M4 8.5 8 12.5l4-4",
  check: "M3 8.5 6.5 12 13 4.5",
  cross: "M4 4l8 8M12 4l-8 8",
  later: "M8 4.5V8l2.5 1.8M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z",
  in: "M13 3 5 11M5 5v6h6",
  out: "M4 12 12 4M6 4h6v6",
  sun: "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M3.4 12.6l1-1M11.6 4.4l1-1",
  moon: "M13 9.5A5.5 5.5 0 0 1 6.5 3 5.5 5.5 0 1 0 13 9.5z",
  auto: "M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12",
  keys: "M2 4.5h12v7H2zM4.5 7h.01M7 7h.01M9.5 7h.01M11.7 7h.01M5 9.3h6",
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.4 10.4 14 14",
  warn: "M8 2.2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.1",
  pencil: "M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3zM9 4.7 11.3 7",
  up: "M8 12.5v-9M4 7l4-3.5L12 7",
  note: "M2.5 3h11v8h-6l-3 2.5V11h-2z",
  next: "M6 3.5 10.5 8 6 12.5",
} as const;

export type IconName = keyof typeof paths;

/** An icon beside a word that says the same: hidden from screen readers. */
export function Icon({ name, turn }: { name: IconName; turn?: boolean }): JSX.Element {
  const filled = name === "play";
  return (
    <svg class={`icon${filled ? " icon-fill" : ""}${turn ? " icon-turn" : ""}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
