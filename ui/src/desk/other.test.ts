import { expect, test, vi } from "vitest";
import { Problem } from "../api";
import { Other } from "./other-view";

function fake() {
  return {
    callers: vi.fn(async () => ({ shared: true, callers: [{ id: "bert", name: "Bert", since: "2026-01-01T00:00:00Z" }] })),
    customers: vi.fn(async () => ({ customers: null })),
    moveCall: vi.fn(async () => ({}) as never),
  };
}

test("who called before is proposed, and the call moves to who is chosen", async () => {
  const api = fake();
  const o = new Other("call", api);
  await o.show();
  expect(o.likely.value?.callers?.[0]?.name).toBe("Bert");
  expect(o.shared.value).toBe(true);
  o.shared.value = false;
  await o.move({ customer_id: "bert" });
  expect(api.moveCall).toHaveBeenCalledWith("call", { customer_id: "bert", shared: false });
  expect(o.open.value).toBe(false);
});

test("a refusal says why and keeps the question open", async () => {
  const api = fake();
  api.moveCall.mockRejectedValueOnce(new Problem(422, "it is theirs already", ""));
  const o = new Other("call", api);
  await o.show();
  await o.move({ new: true });
  expect(o.note.value).toContain("theirs already");
  expect(o.open.value).toBe(true);
  expect(o.busy.value).toBe(false);
});

test("nobody is looked for with nothing", async () => {
  const api = fake();
  const o = new Other("call", api);
  await o.look("  ");
  expect(api.customers).not.toHaveBeenCalled();
  await o.look("who");
  expect(o.found.value).toEqual([]);
});
