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

/** What may stand at a place of a query, in place of its bytes from one to another. */
export interface Completed {
  from: number;
  to: number;
  suggestions: Many<Suggested>;
}

export interface Suggested {
  text: string;
  kind: "field" | "value" | "joint";
  about?: string;
  count?: number;
}
