// Documents of a fleet: who may sign for it, and what they signed: one policy, and wallets, for several devices. Texts
// with one way to write each, so that what was signed is what is read.

import { LIMITS } from "../limits.ts";
import { NETWORKS, type Network } from "../model.ts";
import { refuse } from "../refusal.ts";
import type { Policy } from "../rules.ts";
import { shown } from "../text.ts";
import { parsePolicy, writePolicy } from "./document.ts";

/** Whose signatures count: an administrator's key is on a Firn of his own. */
export interface Administrator {
  readonly name: string;
  /** Ed25519, 64 hex digits. */
  readonly publicKey: string;
}

export interface Administrators {
  readonly fleet: string;
  /** So many of them must sign. */
  readonly need: number;
  readonly admins: readonly Administrator[];
}

export interface FleetWallet {
  readonly name: string;
  /** Canonical, with its checksum. */
  readonly descriptor: string;
}

export interface FleetDocument {
  readonly fleet: string;
  /** Only grows; the policy's number too. */
  readonly number: number;
  readonly network: Network;
  readonly wallets: readonly FleetWallet[];
  readonly policy: Policy;
}

/** A text of a fleet, and who signed it. */
export interface Signed {
  /** What is signed: the text as it came, without its signatures. */
  readonly body: string;
  /** Ed25519 signatures in hex, not checked here. */
  readonly signatures: readonly { readonly name: string; readonly signature: string }[];
}

export interface SignedDocument extends Signed {
  readonly document: FleetDocument;
}

/** No blank at its end: two that look the same are the same. */
const NAME = "[a-z](?:[a-z0-9 -]{0,22}[a-z0-9])?";
const KEY = "[0-9a-f]{64}";

// ---------------------------------------------------------------- an administrator's card

/** What he gives to the devices that shall know him. */
export function writeCard({ name, publicKey }: Administrator): string {
  return `Firn administrator 1\nName ${name}\nKey ${publicKey}\n`;
}

/** Throws Refusal fleet.malformed. */
export function readCard(text: string): Administrator {
  const pattern = new RegExp(`^Firn administrator 1\\nName (${NAME})\\nKey (${KEY})\\n?$`);
  const [, name, publicKey] = pattern.exec(text) ?? [];
  if (name === undefined || publicKey === undefined)
    return malformed("it is no administrator's card: a name in small letters, and a key");
  return { name, publicKey };
}

export function isFleetName(name: string): boolean {
  return new RegExp(`^${NAME}$`).test(name);
}

// ---------------------------------------------------------------- who may sign

export function writeAdministrators({ fleet, need, admins }: Administrators): string {
  const lines = admins.map(({ name, publicKey }) => `Administrator ${publicKey} ${name}`);
  return ["Firn administrators 1", `Fleet ${fleet}`, `Need ${need}`, ...lines, ""].join("\n");
}

/** Throws Refusal fleet.malformed: also where fewer than are needed are named, or one twice. */
export function readAdministrators(text: string): Administrators {
  const lines = text.trimEnd().split("\n");
  if (lines[0] !== "Firn administrators 1") malformed("it names no administrators");
  const [, fleet] = new RegExp(`^Fleet (${NAME})$`).exec(lines[1] ?? "") ?? [];
  const [, need] = /^Need ([1-9]\d?)$/.exec(lines[2] ?? "") ?? [];
  const admins = lines.slice(3).map((line) => {
    const [, publicKey, name] = new RegExp(`^Administrator (${KEY}) (${NAME})$`).exec(line) ?? [];
    if (publicKey === undefined || name === undefined) return malformed(`"${shown(line)}" names none`);
    return { name, publicKey };
  });
  if (fleet === undefined || need === undefined) return malformed("the fleet's name, or how many are needed");
  return checkAdministrators({ fleet, need: Number(need), admins });
}

export function checkAdministrators(all: Administrators): Administrators {
  const { need, admins } = all;
  if (admins.length > LIMITS.people) malformed(`more than ${LIMITS.people} administrators`);
  if (need < 1 || need > admins.length) malformed(`${need} of ${admins.length} can never sign`);
  for (const part of ["name", "publicKey"] as const)
    if (new Set(admins.map((admin) => admin[part])).size !== admins.length)
      malformed("one administrator is named twice");
  return all;
}

// ---------------------------------------------------------------- what they sign

export function writeFleet({ fleet, number, network, wallets, policy }: FleetDocument): string {
  return [
    "Firn fleet 1",
    `Fleet ${fleet}`,
    `Number ${number}`,
    `Network ${network}`,
    ...wallets.map(({ name, descriptor }) => `Wallet ${descriptor} ${name}`),
    "",
    writePolicy(policy),
  ].join("\n");
}

/** The text with one more signature under it. */
export function withSignature(signed: string, name: string, signature: string): string {
  return `${signed}Signature ${signature} ${name}\n`;
}

/** What was signed, and who signed it, of a text with signatures under it. Throws Refusal fleet.malformed. */
export function splitSigned(given: string): Signed {
  if (given.length > LIMITS.documentBytes) malformed("it is too long");
  // Whoever pastes a text into a code may leave its last line open.
  const text = given.endsWith("\n") ? given : `${given}\n`;
  const at = text.search(/^Signature /m);
  const body = at === -1 ? text : text.slice(0, at);
  const lines = at === -1 ? [] : text.slice(at, -1).split("\n");
  const signatures = lines.map((line) => {
    const [, signature, name] = new RegExp(`^Signature ([0-9a-f]{128}) (${NAME})$`).exec(line) ?? [];
    if (signature === undefined || name === undefined) return malformed(`"${shown(line)}" is no signature`);
    return { name, signature };
  });
  if (new Set(signatures.map(({ name }) => name)).size !== signatures.length)
    malformed("somebody signed it twice");
  return { body, signatures };
}

/** Throws Refusal fleet.malformed, policy.malformed for anything but what writeFleet and withSignature write. */
export function readFleet(given: string): SignedDocument {
  const { body, signatures } = splitSigned(given);
  const document = readBody(body);
  if (writeFleet(document) !== body) malformed("it is not written as it must be");
  return { document, body, signatures };
}

function readBody(body: string): FleetDocument {
  const end = body.indexOf("\n\n");
  const lines = body.slice(0, Math.max(0, end)).split("\n");
  const value = (index: number, pattern: RegExp): string =>
    pattern.exec(lines[index] ?? "")?.[1] ?? malformed(`line ${index + 1} is not as it must be`);
  value(0, /^(Firn fleet 1)$/);
  const fleet = value(1, new RegExp(`^Fleet (${NAME})$`));
  const number = Number(value(2, /^Number ([1-9]\d{0,8})$/));
  const name = value(3, /^Network (\w+)$/);
  const network = NETWORKS.find((one) => one === name) ?? malformed("line 4 names no network");
  if (lines.length - 4 > LIMITS.wallets) malformed("it has too many wallets");
  const wallets = lines.slice(4).map((line): FleetWallet => {
    const [, descriptor, called] = /^Wallet (\S+) (\S.{0,39})$/.exec(line) ?? [];
    if (descriptor === undefined || called === undefined) return malformed(`"${shown(line)}" is no wallet`);
    return { name: called, descriptor };
  });
  const policy = parsePolicy(body.slice(end + 2));
  if (policy.network !== network) malformed("its policy is of another network");
  return { fleet, number, network, wallets, policy };
}

function malformed(what: string): never {
  return refuse("fleet.malformed", what);
}
