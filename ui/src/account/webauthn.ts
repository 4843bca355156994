// Passkeys in the browser: the JSON of the server to what navigator.credentials
// takes, and back. Not all browsers have the functions of the standard for it.

import { Problem } from "../api";
import { t } from "../lang";

type Json = Record<string, unknown>;

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}

export function textOf(bytes: ArrayBuffer | null | undefined): string | undefined {
  if (!bytes) return undefined;
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const described = (list: unknown): PublicKeyCredentialDescriptor[] =>
  (Array.isArray(list) ? (list as Json[]) : []).map((d) => ({ ...d, id: bytesOf(String(d["id"])) }) as unknown as PublicKeyCredentialDescriptor);

function creation(options: unknown): PublicKeyCredentialCreationOptions {
  const o = options as Json & { user: Json };
  return {
    ...o, challenge: bytesOf(String(o["challenge"])), user: { ...o.user, id: bytesOf(String(o.user["id"])) }, excludeCredentials: described(o["excludeCredentials"]),
  } as unknown as PublicKeyCredentialCreationOptions;
}

function request(options: unknown): PublicKeyCredentialRequestOptions {
  const o = options as Json;
  return { ...o, challenge: bytesOf(String(o["challenge"])), allowCredentials: described(o["allowCredentials"]) } as unknown as PublicKeyCredentialRequestOptions;
}

function answered(c: PublicKeyCredential, response: Json): Json {
  return {
    id: c.id, rawId: textOf(c.rawId), type: c.type, clientExtensionResults: c.getClientExtensionResults(), response,
    ...(c.authenticatorAttachment ? { authenticatorAttachment: c.authenticatorAttachment } : {}),
  };
}

/** Makes a passkey and gives what the server is told. */
export async function make(options: unknown): Promise<Json> {
  const c = await asked(() => navigator.credentials.create({ publicKey: creation(options) }));
  const r = c.response as AuthenticatorAttestationResponse;
  return answered(c, {
    clientDataJSON: textOf(r.clientDataJSON), attestationObject: textOf(r.attestationObject), transports: r.getTransports?.() ?? [],
  });
}

/** Has a passkey prove who is here. */
export async function prove(options: unknown): Promise<Json> {
  const c = await asked(() => navigator.credentials.get({ publicKey: request(options) }));
  const r = c.response as AuthenticatorAssertionResponse;
  return answered(c, {
    clientDataJSON: textOf(r.clientDataJSON), authenticatorData: textOf(r.authenticatorData), signature: textOf(r.signature), userHandle: textOf(r.userHandle),
  });
}

/** Whether this browser knows passkeys: it does not on a page without HTTPS. */
export const knowsPasskeys = (): boolean => "PublicKeyCredential" in globalThis && !!navigator.credentials;

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  const { account } = t();
  if (!knowsPasskeys()) throw new Problem(0, account.noPasskey, account.noPasskeyHow);
  try {
    const c = await ask();
    if (c) return c as PublicKeyCredential;
  } catch (err) {
    if (err instanceof DOMException && err.name === "InvalidStateError") throw new Problem(0, account.passkeyThere, account.passkeyThereHow);
    if (err instanceof DOMException && err.name === "SecurityError") throw new Problem(0, account.noPasskey, account.passkeyElsewhere);
  }
  // Who closes the browser's own window says no; nothing more is told.
  throw new Problem(0, account.passkeyNot, account.passkeyNotHow);
}
