import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import { en } from "../lang/en";
import { begin, DemoCall, end, places, seen, step } from "./tour";

describe("the tour", () => {
  beforeEach(() => localStorage.clear());

  it("comes once to each person, and again when asked for", () => {
    expect(seen("ann")).toBe(false);
    begin();
    end("ann");
    expect([seen("ann"), seen("bob"), step.value]).toEqual([true, false, undefined]);
    end("bob");
    end("bob");
    expect(localStorage.getItem("heed.tour")).toBe("ann bob");
    begin();
    expect(step.value).toBe(0);
  });

  it("has a place for every step", () => {
    expect(places).toHaveLength(en.tour.steps.length);
  });

  it("plays the demo call, or says why not", async () => {
    const playDemo = vi.fn(async () => ({ started: true }));
    const demo = new DemoCall({ playDemo });
    playDemo.mockRejectedValueOnce(new Problem(409, "Conflict", "started without --demo"));
    await demo.play();
    expect([demo.state.value, demo.trouble.value]).toEqual(["idle", "started without --demo"]);
    await demo.play();
    expect([demo.state.value, demo.trouble.value]).toEqual(["ringing", ""]);
  });
});
