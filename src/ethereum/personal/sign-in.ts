// Sign-In with Ethereum (EIP 4361): a text whose every line has its meaning.

import { type Address, readAddress } from "../../eip55.ts";
import { refuse } from "../../refusal.ts";
import { shown } from "../../text.ts";
import { readDateTime } from "./date-time.ts";
import { type Authority, PCHAR, readAuthority, readUri, type Uri } from "./rfc3986.ts";

export interface Moment {
  readonly text: string;
  /** Unix, seconds. */
  readonly seconds: bigint;
}

export interface SignIn {
  readonly scheme?: string;
  /** As it is written: user, host and port. */
  readonly domain: string;
  readonly authority: Authority;
  readonly address: Address;
  readonly statement?: string;
  readonly uri: string;
  readonly subject: Uri;
  readonly chainId: bigint;
  readonly nonce: string;
  readonly issuedAt: Moment;
  readonly expires?: Moment;
  readonly notBefore?: Moment;
  readonly requestId?: string;
  readonly resources: readonly string[];
}

const ASKS = "wants you to sign in with your Ethereum account";

/** A text that people would take for one: then it is one, to the last letter, or it is refused. */
export function looksLikeSignIn(text: string): boolean {
  return text.replace(/\s+/g, " ").toLowerCase().includes(ASKS.toLowerCase());
}

/** The lines that are still to be read. */
interface Lines {
  readonly lines: readonly string[];
  at: number;
}

/** Throws Refusal ethereum.sign-in, with the field that is wrong. */
export function readSignIn(text: string): SignIn {
  const lines: Lines = { lines: text.split("\n"), at: 0 };
  const asked = readFirst(lines);
  const address = readAccount(next(lines, "account"));
  if (next(lines, "empty line") !== "") return bad("account");
  const statement = readStatement(lines);
  const uri = field(lines, "URI");
  const subject = readUri(uri) ?? bad("URI", uri);
  if (field(lines, "Version") !== "1") return bad("Version");
  const chainId = readChain(field(lines, "Chain ID"));
  const nonce = field(lines, "Nonce");
  if (!/^[A-Za-z0-9]{8,}$/.test(nonce)) return bad("Nonce", nonce);
  const issuedAt = moment("Issued At", field(lines, "Issued At"));
  return {
    ...asked,
    address,
    ...(statement === undefined ? {} : { statement }),
    ...{ uri, subject, chainId, nonce, issuedAt },
    ...readOptional(lines),
  };
}

function bad(name: string, text = ""): never {
  return refuse("ethereum.sign-in", text === "" ? name : `${name}: ${shown(text)}`);
}

function next(lines: Lines, name: string): string {
  return lines.lines[lines.at++] ?? bad(name);
}

function field(lines: Lines, name: string): string {
  const line = next(lines, name);
  return line.startsWith(`${name}: `) ? line.slice(name.length + 2) : bad(name, line);
}

function optional(lines: Lines, name: string): string | undefined {
  if (!lines.lines[lines.at]?.startsWith(`${name}: `)) return undefined;
  return field(lines, name);
}

function readFirst(lines: Lines): Pick<SignIn, "scheme" | "domain" | "authority"> {
  const line = next(lines, "site");
  const end = ` ${ASKS}:`;
  const [, scheme, domain = ""] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(.*)$/.exec(line.endsWith(end) ? line.slice(0, -end.length) : "") ??
    [];
  const authority = readAuthority(domain) ?? bad("site", line);
  return { ...(scheme === undefined ? {} : { scheme: scheme.toLowerCase() }), domain, authority };
}

/** With the capitals of EIP 55: what an account is called has one spelling. */
function readAccount(line: string): Address {
  const address = readAddress(line);
  return address === line ? (address as Address) : bad("account", line);
}

/** Between two empty lines; where there is none only they are there. */
function readStatement(lines: Lines): string | undefined {
  const line = next(lines, "statement");
  const none = line === "" && lines.lines[lines.at]?.startsWith("URI: ");
  if (none) return undefined;
  if (!/^[A-Za-z0-9._~:/?#[\]@!$&'()*+,;= -]*$/.test(line)) return bad("statement", line);
  return next(lines, "statement") === "" ? line : bad("statement", lines.lines[lines.at - 1]);
}

function readChain(text: string): bigint {
  const id = /^\d{1,16}$/.test(text) ? BigInt(text) : 0n;
  return id > 0n && id <= BigInt(Number.MAX_SAFE_INTEGER) ? id : bad("Chain ID", text);
}

function moment(name: string, text: string): Moment {
  return { text, seconds: readDateTime(text) ?? bad(name, text) };
}

function readOptional(lines: Lines): Pick<SignIn, "expires" | "notBefore" | "requestId" | "resources"> {
  const expires = optional(lines, "Expiration Time");
  const notBefore = optional(lines, "Not Before");
  const requestId = optional(lines, "Request ID");
  if (requestId !== undefined && !new RegExp(`^${PCHAR}*$`).test(requestId)) bad("Request ID", requestId);
  const resources = readResources(lines);
  if (lines.at < lines.lines.length) return bad("end", lines.lines[lines.at]);
  return {
    ...(expires === undefined ? {} : { expires: moment("Expiration Time", expires) }),
    ...(notBefore === undefined ? {} : { notBefore: moment("Not Before", notBefore) }),
    ...(requestId === undefined ? {} : { requestId }),
    resources,
  };
}

function readResources(lines: Lines): readonly string[] {
  if (lines.lines[lines.at] !== "Resources:") return [];
  const found: string[] = [];
  for (lines.at++; lines.lines[lines.at]?.startsWith("- "); lines.at++) {
    const resource = lines.lines[lines.at]!.slice(2);
    if (readUri(resource) === undefined) bad("Resources", resource);
    found.push(resource);
  }
  return found;
}
