// Made-up people as people write them in a few short fields, and back.

import type { Given } from "./wire";

export interface Written {
  traits: string;
  signals: string;
  labels: string;
  facts: string;
}

const parts = (text: string): string[] => text.split(/[,;\n]/).map((p) => p.trim()).filter(Boolean);

function value(text: string): string | number | boolean {
  if (text === "true" || text === "false") return text === "true";
  return text !== "" && Number.isFinite(Number(text)) ? Number(text) : text.replaceAll(/^"|"$/g, "");
}

const pairs = (text: string): [string, string][] => parts(text).map((p) => {
  const at = p.search(/[=:]/);
  return at < 0 ? [p, "true"] : [p.slice(0, at).trim(), p.slice(at + 1).trim()];
});

const fact = /^(\S+)(?:\s+(\d+(?:\.\d+)?))?(?:\s+(.+))?$/;

/** "plan=basic", "churn_risk=0.7", "intent.cancel" and "purchase 3 fibre" as a person. */
export function given(w: Written): Given {
  const facts = parts(w.facts).flatMap((p) => {
    const m = fact.exec(p);
    return m?.[1] ? [{ name: m[1], ...(m[2] ? { days_ago: Number(m[2]) } : {}), ...(m[3] ? { product: m[3] } : {}) }] : [];
  });
  const signals = pairs(w.signals).filter(([, v]) => Number.isFinite(Number(v)));
  const traits = pairs(w.traits);
  return {
    ...(traits.length > 0 ? { traits: Object.fromEntries(traits.map(([n, v]) => [n, value(v)])) } : {}),
    ...(signals.length > 0 ? { signals: Object.fromEntries(signals.map(([n, v]) => [n, Number(v)])) } : {}),
    ...(w.labels.trim() ? { labels: parts(w.labels) } : {}),
    ...(facts.length > 0 ? { facts } : {}),
  };
}

const list = (of: Readonly<Record<string, unknown>> | undefined): string => Object.entries(of ?? {}).map(([n, v]) => `${n}=${String(v)}`).join(", ");

export function written(g: Given | undefined): Written {
  return {
    traits: list(g?.traits), signals: list(g?.signals), labels: (g?.labels ?? []).join(", "),
    facts: (g?.facts ?? []).map((f) => [f.name, f.days_ago, f.product].filter((v) => v !== undefined && v !== "").join(" ")).join(", "),
  };
}
