// Plural forms as each language has them.

const rules = new Map<string, Intl.PluralRules>();

/** The form of a language for a number: forms.other where it has none for it. */
export function plural(language: string, n: number, forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }): string {
  let r = rules.get(language);
  if (!r) rules.set(language, (r = new Intl.PluralRules(language)));
  return forms[r.select(n)] ?? forms.other;
}
