// How a secret comes into an authenticator: the text of the code that it scans (Google's Key URI format).

import { base32nopad } from "@scure/base";

/** With the defaults of that format, which are RFC 6238's: SHA-1, six digits, 30 s. `counter` begins at 0. */
export function otpauth(kind: "totp" | "hotp", name: string, secret: Uint8Array): string {
  const counter = kind === "hotp" ? "&counter=0" : "";
  return `otpauth://${kind}/Firn:${encodeURIComponent(name)}?secret=${secretText(secret)}&issuer=Firn${counter}`;
}

/** As it is typed into an authenticator that has no camera: base 32 (RFC 4648). */
export function secretText(secret: Uint8Array): string {
  return base32nopad.encode(secret);
}
