// What would have changed a decision, field for field as the HTTP API has it.

import type { Many } from "./wire";

/** One change that alone would have put something else first. */
export interface Counterfactual {
  kind: "gate" | "signal" | "label";
  change: string;
  /** The action that would have come first; empty is silence. */
  then: string;
  title?: string;
  rule: string;
  was?: string;
  /** A gate of consent or law: never a reason to press the customer. */
  permission?: boolean;
}

export interface Counterfactuals {
  list: Many<Counterfactual>;
  tried: number;
  not_tried?: number;
  /** Why it cannot be told. */
  unknown?: string;
  other_rules?: boolean;
}
