import { expect, it } from "vitest";
import { utterance } from "../testing";
import { words } from "./announcer";

it("names who speaks once, and strips what would turn the words around", () => {
  const line = (speaker: "agent" | "customer", text: string) => ({ utterance: utterance({ speaker, text }), insights: [] });
  expect(words([line("agent", "hello"), line("agent", "how are you"), line("customer", "fine\u202E thanks")]))
    .toBe("Agent: hello how are you Customer: fine thanks");
  expect(words([])).toBe("");
});
