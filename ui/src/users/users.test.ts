import { describe, expect, it } from "vitest";
import { Problem } from "../api";
import type { Person, PersonEdit } from "../account/wire";
import { Users } from "./store";

const person = (id: string, name: string, o: Partial<Person> = {}): Person => ({
  id, name, role: "agent", created_at: "2026-01-01T00:00:00Z", password: true, passkeys: 1, provider: false, ...o,
});

function rig() {
  const asked: unknown[] = [];
  const all = [person("u1", "Ann", { login: "ann@example.com" }), person("u2", "Ben", { role: "privacy" })];
  const needs = {
    users: (after: string) => Promise.resolve(after === "" ? { users: all.slice(0, 1), next: "n" } : { users: all.slice(1) }),
    addUser: (o: { name: string; login?: string; role: string; key: string }) =>
      o.login === "taken" ? Promise.reject(new Problem(422, "x", "y", [{ message: "z", value: "taken" }])) : Promise.resolve(person("u3", o.name, { password: false, passkeys: 0 })),
    changeUser: (id: string, edit: PersonEdit) => {
      asked.push([id, edit]);
      const { suspended, ...rest } = edit;
      return Promise.resolve({ ...all.find((p) => p.id === id) as Person, ...rest, ...(suspended ? { suspended_at: "2026-01-02T00:00:00Z" } : {}) });
    },
    inviteUser: (id: string, reset: boolean) => Promise.resolve({ path: `/login?token=${id}${reset}`, expires: "2026-01-03T00:00:00Z" }),
    userHistory: () => Promise.resolve({ revisions: null }),
  };
  return { users: new Users(needs), asked };
}

describe("the users", () => {
  it("are found by name, login and role", async () => {
    const { users } = rig();
    await users.start();
    for (const [words, found] of [["", "u1u2"], ["ANN", "u1"], ["@example", "u1"], ["privacy", "u2"], ["zzz", ""]] as const) {
      users.words.value = words;
      expect(users.shown.value.map((p) => p.id).join("")).toBe(found);
    }
  });

  it("are made with a link, and a refusal stays at the form", async () => {
    const { users } = rig();
    await users.start();
    expect(await users.add({ name: "Cem", login: "taken", role: "agent" })).toBe(false);
    expect(users.refused.value?.detail).toMatch(/Somebody else/);
    expect(await users.add({ name: "Cem", login: "", role: "agent" })).toBe(true);
    expect(users.made.value?.address).toMatch(/\/login\?token=u3false$/);
    expect(users.all.value?.length).toBe(3);
  });

  it("are changed with an undo that gives back what they were", async () => {
    const { users, asked } = rig();
    await users.start();
    const [ann] = users.all.value ?? [];
    await users.change(ann as Person, { role: "viewer" }, "Ann is a viewer");
    expect(users.undo.value?.text).toBe("Ann is a viewer");
    await users.takeBack();
    await users.change(ann as Person, { suspended: true }, "Ann is suspended");
    await users.takeBack();
    expect(asked).toEqual([["u1", { role: "viewer" }], ["u1", { role: "agent" }], ["u1", { suspended: true }], ["u1", { suspended: false }]]);
    expect(users.undo.value).toBeUndefined();
  });

  it("have no password and passkeys left after a reset", async () => {
    const { users } = rig();
    await users.start();
    await users.invite(users.all.value?.[0] as Person, true);
    expect(users.all.value?.[0]).toMatchObject({ password: false, passkeys: 0 });
  });
});
