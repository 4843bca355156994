// What the mock keeps of how a call was handled.

/** Answers a mute or a wrap-up as the server does, and tells the stream. */
export async function handled(world, method, r, part, body) {
  const at = new Date().toISOString();
  const about = { call_id: r.call.id, by: "Dana", at };
  if (part === "mute") {
    const on = method === "PUT";
    const { minutes = 0 } = on ? await body() : {};
    r.call.mute = { ...about, on, ...(minutes ? { until: new Date(Date.now() + minutes * 60_000).toISOString() } : {}) };
    world.emit("suggestions.muted", r.call.id, r.call.mute);
    return [200, r.call.mute];
  }
  r.call.wrap_up = { ...about, ...(await body()) };
  world.emit("call.wrapped", r.call.id, r.call.wrap_up);
  return [200, r.call.wrap_up];
}
