// The tabs of administration: each has an address below /admin.

export const tabs = ["users", "keys", "audit", "platforms", "engines", "retention"] as const;
export type Tab = (typeof tabs)[number];

export const tabOf = (name: string): Tab => tabs.find((one) => one === name) ?? "users";
