import { render } from "preact";
import "@preact/signals";
import { App } from "./app";
import { listenToKeys } from "./keys";
import { followLanguage } from "./lang";
import { listenToLinks } from "./route";

listenToLinks();
listenToKeys();
const root = document.getElementById("app");
void followLanguage().then(() => root && render(<App />, root));
