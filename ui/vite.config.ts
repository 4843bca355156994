import { defineConfig } from "vitest/config";

// The page keeps to default-src 'self': no inlined assets, no inline
// preload script. `npm run dev` asks a running Heed, or the mock, for data.
const server = process.env["HEED_URL"] ?? "http://127.0.0.1:8099";

export default defineConfig({
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
