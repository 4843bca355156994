import { describe, expect, it, vi } from "vitest";
import { Problem } from "../api";
import { Forgetting } from "./forget";

describe("forgetting a person", () => {
  it("does nothing before the word is typed", async () => {
    const erase = vi.fn(async () => ({ id: "e1", state: "done" as const }));
    const f = new Forgetting("c1", { erase });
    f.word.value = "yes";
    await f.run();
    expect(erase).not.toHaveBeenCalled();
    f.word.value = " Erase ";
    await f.run();
    expect(erase).toHaveBeenCalledWith("c1");
    expect(f.done.value).toEqual({ id: "e1", state: "done" });
  });

  it("says why it was not done, and can be tried again", async () => {
    const erase = vi.fn(async () => ({ id: "e1", state: "done" as const }));
    erase.mockRejectedValueOnce(new Problem(503, "Busy", "try again"));
    const f = new Forgetting("c1", { erase });
    f.word.value = "erase";
    await f.run();
    expect(f.problem.value?.status).toBe(503);
    expect(f.done.value).toBeUndefined();
    await f.run();
    expect(f.problem.value).toBeUndefined();
    expect(f.done.value?.id).toBe("e1");
  });
});
