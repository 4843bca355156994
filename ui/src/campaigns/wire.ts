// What campaigns brought and cost, as the API tells it.

export const bys = ["campaign", "source", "keyword", "landing"] as const;
export type By = (typeof bys)[number];

export const models = ["first", "last", "linear", "position"] as const;
export type Model = (typeof models)[number];

export interface Count {
  name: string;
  id?: string;
  calls: number;
}

export interface Row {
  name: string;
  sources?: readonly string[] | null;
  calls: number;
  qualified_calls: number;
  themes: readonly Count[] | null;
  intents: readonly Count[] | null;
  outcomes: readonly Count[] | null;
  orders: number;
  revenue: Record<Model, number>;
  cost?: number;
  cost_per_qualified_call?: number;
  return_on_spend?: number;
}

export interface Results {
  from: string;
  to: string;
  by: By;
  model: Model;
  currency: string;
  rows: readonly Row[] | null;
  more?: number;
  total: Row;
  left_out: {
    orders_in_another_currency: number;
    orders_without_amount: number;
    orders_of_the_untracked: number;
    orders_given_back: number;
    orders_told_again: number;
  };
  assumptions: readonly string[] | null;
}

interface SpendLine {
  date: string;
  source: string;
  campaign: string;
  cost: number;
}

/** What came of an upload, or what would. */
export interface Upload {
  rows: number;
  total: number;
  currency: string;
  kept: boolean;
  unknown_columns?: readonly string[] | null;
  first?: readonly SpendLine[] | null;
}

/** A file of conversions with how many are in it and who was left out. */
export interface Conversions {
  text: string;
  rows: number;
  unwilling: number;
  unknown: number;
  givenBack: number;
}

export const formats = ["google-ads", "microsoft-ads"] as const;
export interface Wanted {
  format: (typeof formats)[number];
  of: "orders" | "calls";
  identify: "clicks" | "numbers";
}
