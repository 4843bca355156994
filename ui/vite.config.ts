import { readFileSync } from "node:fs";
import { parseSync, type Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** What an agent's first screen says; the other sections of English come with the screens that are fetched later. */
const first = new Set(["common", "nav", "help", "format", "parts", "desk", "softphone", "tour", "supervise"]);

/** Serves src/lang/en.ts, which is one file for who translates, as two scripts: "?first" and "?rest". */
function halves(): Plugin {
  return {
    name: "language-halves",
    load(id) {
      const [, file, half] = /^(.*\/src\/lang\/\w+\.ts)\?(first|rest)$/.exec(id) ?? [];
      if (!file) return undefined;
      const code = readFileSync(file, "utf8");
      for (const node of parseSync(file, code).program.body) {
        const init = node.type === "ExportNamedDeclaration" && node.declaration?.type === "VariableDeclaration" ? node.declaration.declarations[0]?.init : undefined;
        if (init?.type !== "ObjectExpression") continue;
        const kept = init.properties.filter((p) => p.type === "Property" && p.key.type === "Identifier" && (first.has(p.key.name) || process.env["VITEST"] !== undefined) === (half === "first"));
        return { code: `${code.slice(0, node.start)}export default {${kept.map((p) => code.slice(p.start, p.end)).join(",\n")}};`, moduleType: "ts" };
      }
      throw new Error(`${file} exports no texts`);
    },
  };
}

// The page keeps to default-src 'self': no inlined assets, no inline
// preload script. `npm run dev` asks a running Heed, or the mock, for data.
const server = process.env["HEED_URL"] ?? "http://127.0.0.1:8099";

export default defineConfig({
  plugins: [halves()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox128", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
    rollupOptions: { input: ["index.html", "docs/index.html"] },
    reportCompressedSize: true,
  },
  server: { port: 5173, proxy: { "/v1": server, "/readyz": server } },
  test: { environment: "happy-dom", include: ["src/**/*.test.{ts,tsx}"] },
});
