import { render, type ComponentType } from "preact";
import { act } from "preact/test-utils";
import { expect, it, vi } from "vitest";
import { lazy } from "./lazy";

const Page = ({ of }: { of: string }) => <p>{of}</p>;

it("shows a screen whose address changed while its script came", async () => {
  let came: (c: ComponentType<{ of: string }>) => void = () => undefined;
  const load = vi.fn(() => new Promise<ComponentType<{ of: string }>>((done) => (came = done)));
  const Late = lazy(load);
  const box = document.createElement("div");
  await act(() => render(<Late key="a" of="a" />, box));
  const first = came;
  act(() => render(<Late key="b" of="b" />, box));
  await act(async () => {
    first(Page);
    came(Page);
  });
  await vi.waitFor(() => expect(box.textContent).toBe("b"));
});

it("says that a part did not come, and how to have it", async () => {
  const Late = lazy<object>(() => Promise.reject(new Error("gone")), "part");
  const box = document.createElement("div");
  await act(() => render(<Late />, box));
  await vi.waitFor(() => expect(box.querySelector("[role=alert] + button")).not.toBeNull());
});
