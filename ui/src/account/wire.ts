// What the API says of signing in, one's own account and the users.

/** How people can sign in here. */
export interface Ways {
  password: boolean;
  passkey: boolean;
  /** Name of the provider of identities. */
  provider?: string;
}

/** The first half of what a browser does with a passkey. */
export interface Ceremony {
  state: string;
  options: unknown;
}

export interface Passkey {
  id: string;
  name: string;
  created_at: string;
  used_at?: string;
  /** Its counter went back: it lets nobody in any more. */
  copied?: boolean;
}

export interface Session {
  id: string;
  device: string;
  address: string;
  how: "link" | "password" | "passkey" | "oidc";
  signed_in_at: string;
  seen_at: string;
  expires_at: string;
  here?: boolean;
}

export interface Person {
  id: string;
  name: string;
  login?: string;
  role: string;
  created_at: string;
  suspended_at?: string;
  signed_in_at?: string;
  password: boolean;
  passkeys: number;
  provider: boolean;
}

export interface PersonEdit {
  name?: string;
  login?: string;
  role?: string;
  suspended?: boolean;
}

export interface LoginLink {
  path: string;
  expires: string;
}

export interface Revision {
  at: string;
  what: readonly string[] | null;
  role?: string;
  was?: string;
  by?: string;
}

/** The roles of people, in the order in which they are offered. */
export const staff = ["agent", "supervisor", "marketer", "designer", "privacy", "viewer", "admin"] as const;
