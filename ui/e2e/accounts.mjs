// The accounts of the mock: people, sessions and passkeys that never change but
// by what is asked of them.

const ago = (days) => new Date(Date.now() - days * 86_400_000).toISOString();
const person = (id, name, role, o = {}) => ({ id, name, role, created_at: ago(90), password: true, passkeys: 0, provider: false, signed_in_at: ago(0.1), ...o });

const people = () => [
  person("dana", "Dana", "admin", { login: "dana@example.com", passkeys: 2 }),
  person("u1", "Jonas Berg", "agent", { login: "jonas.berg@example.com", signed_in_at: ago(2) }),
  person("u2", "أمينة الحسن", "supervisor", { login: "amina@example.com", provider: true, password: false }),
  person("u3", "Oluwaseun Adebayo-Fitzgerald of the second evening team", "agent", { login: "oluwaseun.adebayo-fitzgerald@a-rather-long-department.example.com" }),
  person("u4", "Pieter de Vries", "privacy", { login: "pieter", suspended_at: ago(4) }),
  person("u5", "<b>Chen</b> Wei", "marketer", { password: false, signed_in_at: undefined }),
];

const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
const sessions = [
  { id: "s1", device: chrome, address: "203.0.113.9", how: "passkey", signed_in_at: ago(0.1), seen_at: ago(0), expires_at: ago(-1), here: true },
  { id: "s2", device: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", address: "2001:db8:1:2::/64", how: "password", signed_in_at: ago(0.3), seen_at: ago(0.2), expires_at: ago(-1) },
  { id: "s3", device: "curl", address: "198.51.100.7", how: "link", signed_in_at: ago(0.4), seen_at: ago(0.4), expires_at: ago(-1) },
];

const passkeys = [
  { id: "k1", name: "Laptop", created_at: ago(60), used_at: ago(0.1) },
  { id: "k2", name: "Old phone", created_at: ago(300), used_at: ago(80), copied: true },
];

export function me(world) {
  return { user: { id: "dana", name: "Dana", role: world.role ?? "admin", login: world.fresh ? "" : "dana@example.com", returns: !world.fresh, password: !world.fresh, proven: true } };
}

/** Answers what is asked of people and of one's own account; undefined: it is nothing of these. */
export function accounts(world, method, [what, ...rest], body) {
  world.people ??= people();
  if (what === "me") {
    const list = { passkeys: { passkeys: world.fresh ? [] : passkeys }, sessions: { sessions: world.fresh ? sessions.slice(0, 1) : sessions } }[rest[0]];
    if (method === "PUT") return [422, { title: "Unprocessable Entity", status: 422, detail: "password: too common", errors: [{ location: "body.password", message: "too common", value: "common" }] }];
    if (method !== "GET") return [204];
    return [200, list ?? me(world)];
  }
  const one = world.people.find((p) => p.id === rest[0]);
  if (method === "GET" && rest[1] === "history") {
    return [200, { revisions: [{ at: ago(2), what: ["role"], role: "agent", was: "viewer", by: "Dana" }, { at: ago(90), what: ["name", "role"], role: "viewer", by: "Dana" }] }];
  }
  if (rest[1] === "link") return [200, { path: "/login?token=K5WCHB3JZ4XQ7TN2K5WCHB3JZ4XQ7TN2", expires: ago(-3) }];
  if (method === "POST") {
    const p = person("u9", body.name, body.role, { login: body.login, password: false, signed_in_at: undefined });
    world.people.push(p);
    return [201, p];
  }
  if (method === "PATCH") {
    const { suspended, ...edit } = body;
    Object.assign(one, edit, suspended === undefined ? {} : { suspended_at: suspended ? ago(0) : undefined });
    return [200, one];
  }
  return [200, { users: world.people }];
}

/** Signing in and out: a status, a body, and the session that begins or "" where one ends. */
export function session(world, method, [what], body) {
  if (what === "ways") return [200, { password: true, passkey: true, ...(world.provider ? { provider: world.provider } : {}) }];
  if (method === "DELETE") return [200, {}, "; Max-Age=0"];
  if (body.token === "mock" || body.password === "mock") return [204, undefined, "1"];
  if (body.password === "wait") return [429, { title: "Too Many Requests", status: 429, detail: "too many tries: wait 8 seconds." }];
  return [401, { title: "Unauthorized", status: 401, detail: "the user name or the password is not right" }];
}
