// @vitest-environment happy-dom
import { render } from "preact";
import { beforeEach, expect, test, vi } from "vitest";
import { api, Problem } from "../api";
import { mayHandle, me } from "../session";
import type { Customer, User } from "../wire";
import { DataLink } from "./data-link";

function draw(...types: string[]): HTMLElement {
  const box = document.createElement("div");
  document.body.replaceChildren(box);
  const identifiers = types
    .map((type) => ({ type, value: `${type} of Ann` }));
  render(<dl><DataLink of={{ id: "c1", identifiers } as unknown as Customer} /></dl>, box);
  return box;
}

const as = (role: string): void => void (me.value = { id: "u", name: "Dana", role } as User);

beforeEach(() => as("agent"));

test("who may not send it is not offered it, and who only looks on answers nothing", () => {
  for (const role of ["supervisor", "viewer", "marketer"]) {
    as(role);
    expect([role, draw("email").querySelectorAll("button").length, mayHandle()]).toEqual([role, 0, false]);
  }
});

const settled = (): Promise<void> => new Promise((done) => { setTimeout(done); });

test("the link goes to the address that was chosen", async () => {
  const send = vi.spyOn(api, "sendDataLink").mockResolvedValue({ sent: true, expires: "" });
  const box = draw("email", "phone", "user_id");
  const buttons = [...box.querySelectorAll("button")];
  expect(buttons.map((b) => b.textContent)).toEqual([
    "Send their data link by e-mail email of Ann", "Send their data link by text message phone of Ann",
  ]);
  buttons[1]?.click();
  await settled();
  expect(send).toHaveBeenCalledWith("c1", "phone", "phone of Ann");
  expect(box.querySelector("[role=status]")?.textContent).toMatch(/^Sent by text message/);
});

test("a refusal is told in the server's words", async () => {
  vi.spyOn(api, "sendDataLink").mockRejectedValue(new Problem(429, "Too many", "wait some minutes"));
  const box = draw("email");
  box.querySelector("button")?.click();
  await settled();
  expect(box.querySelector("[role=status]")?.textContent).toBe("wait some minutes");
  expect(box.querySelector("button")?.disabled).toBe(false);
});

test("without an address there is nothing to press", () => {
  expect(draw("user_id").querySelector("button")).toBeNull();
});
