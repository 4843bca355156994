// @vitest-environment node
// All that the app says is in the language files: no component has words of its own.

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseSync } from "vite";

const attributes = new Set(["title", "aria-label", "aria-description", "aria-roledescription", "alt", "placeholder", "label", "text"]);
const letters = /\p{L}{2}/u;
/** Names of products, formats and key caps read the same everywhere. */
const names = new Set(["Heed", "Esc", "CSV", "JSON", "WAV", "MP3", "Ogg", "https://"]);

type Node = { type: string; [key: string]: unknown };
const isNode = (v: unknown): v is Node => typeof v === "object" && v !== null && typeof (v as Node).type === "string";

/** The words that a component has of its own, below a node. */
function words(of: Node, inCode = false): string[] {
  const mine: string[] = [];
  if (of.type === "JSXText" && !inCode) mine.push(String(of["value"]).trim());
  if (of.type === "JSXAttribute") {
    const value = of["value"];
    if (attributes.has(String((of["name"] as Node)["name"])) && isNode(value) && value.type === "Literal") mine.push(String(value["value"]));
  }
  // What went wrong is told in words too.
  if (of.type === "NewExpression" && isNode(of["callee"]) && of["callee"]["name"] === "Problem") mine.push(...(of["arguments"] as Node[]).flatMap((a) => (a.type === "Literal" ? [String(a["value"])] : [])));
  // Labels that are kept as data, such as those of keys.
  if (of.type === "Property" && isNode(of["value"]) && of["value"].type === "Literal" && ["label", "title"].includes(String((of["key"] as Node)["name"]))) {
    const text = String(of["value"]["value"]);
    if (/^\p{Lu}/u.test(text)) mine.push(text); // the others are names of styles
  }
  const opening = of["openingElement"];
  const code = inCode || (isNode(opening) && ["code", "pre", "kbd"].includes(String((opening["name"] as Node)["name"])));
  const below = Object.values(of).flatMap((v) => (Array.isArray(v) ? v : [v])).filter(isNode);
  return [...mine.filter((w) => letters.test(w) && !names.has(w)), ...below.flatMap((n) => words(n, code))];
}

const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((f) => /(?<!\.test|\.d)\.tsx?$/.test(f) && !/^(lang|testing|schema)\b/.test(f));

it.each(files)("%s says nothing that is not in the language files", (file) => {
  const { program, errors } = parseSync(file, readFileSync(`src/${file}`, "utf8"));
  expect(errors).toEqual([]);
  expect(words(program as unknown as Node)).toEqual([]);
});

it("works where the page came over plain HTTP: randomUUID is not there", () => {
  expect(files.filter((file) => readFileSync(`src/${file}`, "utf8").includes("crypto.randomUUID"))).toEqual([]);
});

it("finds words where they are", () => {
  const thrown = parseSync("a.ts", `throw new Problem(0, t().a, "Not sent"); const p = new Problem(404, "", key);`);
  expect(words(thrown.program as unknown as Node)).toEqual(["Not sent"]);
  const { program } = parseSync("a.tsx", `const k = { key: "a", label: "Accept" }; const A = () => <p title="Why so"><b>{x}</b> Say it <code>heed link</code> · <i aria-label={t().a} /></p>`);
  expect(words(program as unknown as Node)).toEqual(["Accept", "Why so", "Say it"]);
});
