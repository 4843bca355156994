// The two scripts that src/lang/en.ts is served as: vite.config.ts cuts it.

declare module "*/en.ts?first" {
  const texts: import("./en").Texts;
  export default texts;
}

declare module "*/en.ts?rest" {
  const texts: import("./en").Sections;
  export default texts;
}
