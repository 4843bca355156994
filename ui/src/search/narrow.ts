// A query narrowed to a value of a field.

/** The query narrowed to a value of a field, or without it when it has that. */
export function narrow(q: string, field: string, value: string): string {
  const part = `${field}:${/^[\p{L}\p{N}_.-]+$/u.test(value) ? value : `"${value.replaceAll('"', "")}"`}`;
  const rest = q.trim();
  if (has(rest, part)) return rest.split(" ").filter((w) => w !== part).join(" ");
  // What is joined by OR is put in brackets: the field holds for all of it.
  const whole = /\s(OR|then)(\s|<)/.test(` ${rest}`) && !/^\([^()]*\)$/.test(rest) ? `(${rest})` : rest;
  return whole === "" ? part : `${whole} ${part}`;
}

/** Says whether a query has a part as a word of its own. */
export const has = (q: string, part: string): boolean => q.split(" ").includes(part);
