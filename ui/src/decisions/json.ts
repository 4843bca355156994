// Documents as data: a field by its path, set without changing the old one,
// and what two of them have not in common.

import type { Doc } from "./wire";

export type Path = readonly (string | number)[];

export function get(of: unknown, path: Path): unknown {
  let at = of;
  for (const name of path) {
    if (at === null || typeof at !== "object") return undefined;
    at = (at as Record<string | number, unknown>)[name];
  }
  return at;
}

/** A copy in which a field has a value; undefined takes it out. */
export function set<T>(of: T, path: Path, value: unknown): T {
  const [name, ...rest] = path;
  if (name === undefined) return value as T;
  const inner = rest.length === 0 ? value : set(get(of, [name]) ?? (typeof rest[0] === "number" ? [] : {}), rest, value);
  if (Array.isArray(of)) {
    const list = [...of] as unknown[];
    if (inner === undefined) list.splice(Number(name), 1);
    else list[Number(name)] = inner;
    return list as T;
  }
  const { [name]: _, ...others } = (of ?? {}) as Record<string, unknown>;
  if (inner === undefined) return others as T;
  return (of !== null && typeof of === "object" && name in of ? { ...of, [name]: inner } : { ...others, [name]: inner }) as T;
}

export interface Difference {
  field: string;
  from?: unknown;
  to?: unknown;
}

const isThing = (v: unknown): v is Record<string, unknown> => v !== null && typeof v === "object";

/** Field by field, as the server compares two versions. */
export function differ(from: unknown, to: unknown, field = ""): Difference[] {
  if (JSON.stringify(from) === JSON.stringify(to)) return [];
  if (!isThing(from) || !isThing(to) || Array.isArray(from) !== Array.isArray(to)) return [{ field, from, to }];
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].toSorted();
  const join = (name: string): string => (Array.isArray(from) ? `${field}[${name}]` : field ? `${field}.${name}` : name);
  return names.flatMap((name) => differ(from[name], to[name], join(name)));
}

export const text = (v: unknown): string => (v === undefined || v === null ? "" : typeof v === "object" ? JSON.stringify(v) : String(v));

export function titleOf(doc: Doc, id: string): string {
  return text(doc["title"]) || id;
}
