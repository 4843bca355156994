// What a search answers.

import type { Hit, Many } from "../wire";

export interface SearchPage {
  hits: Many<Hit>;
  total: number;
  next?: string;
  state: "complete" | "partial";
  facets?: Record<string, Many<Facet>>;
}

/** How many of the lines found have a value. */
export interface Facet {
  value: string;
  count: number;
}
