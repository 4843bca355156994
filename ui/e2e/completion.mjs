/** What may stand at the end of a query: enough to be looked at. */
export function completion(q) {
  const from = q.lastIndexOf(" ") + 1;
  const all = [
    ["intent:", "field", "what the speaker wants"], ["intent:cancel", "value", "", 412], ["intent:refund", "value", "", 96],
    ["theme:", "field", "what it is about"], ["theme:late_delivery", "value", "", 38],
  ];
  const suggestions = all.filter(([t]) => t.startsWith(q.slice(from))).map(([text, kind, about, count]) => ({ text, kind, about, count }));
  return { from: Buffer.byteLength(q.slice(0, from)), to: Buffer.byteLength(q), suggestions };
}
