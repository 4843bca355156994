import { render } from "preact";
import "@preact/signals";
import { App } from "./app";
import { listenToKeys } from "./keys";
import { listenToLinks } from "./route";

listenToLinks();
listenToKeys();
const root = document.getElementById("app");
if (root) render(<App />, root);
