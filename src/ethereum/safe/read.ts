// A Safe as people bring it: an address, what the transaction service or a program says of it, or another Firn's text.

import { type Address, readAddress } from "../../eip55.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { SAFE_VERSIONS, type SafeFacts, type SafeVersion, safeText } from "../../safe.ts";
import { shown } from "../../text.ts";
import { readAddressText } from "../addresses.ts";
import { canOwn } from "./changes.ts";
import { deploymentAt } from "./deployments.ts";

/** What is not there is asked for. */
export interface BroughtSafe extends Partial<SafeFacts> {
  /** What has power over it beside its owners, where that was said. */
  readonly modules: readonly Address[];
  readonly guard?: Address;
}

/** Throws Refusal safe.not-a-safe, safe.address, safe.chain, safe.version, safe.owners, safe.threshold. */
export function readSafe(text: string): BroughtSafe {
  const trimmed = text.trim();
  if (trimmed.length > LIMITS.safeTextChars) return refuse("safe.not-a-safe", "it is too long");
  if (trimmed.startsWith("Firn safe ")) return readText(trimmed);
  if (trimmed.startsWith("{")) return readFacts(trimmed);
  return readPlace(trimmed);
}

// ---------------------------------------------------------------- an address

/** However addresses are written (../addresses.ts). Throws Refusal ethereum.address, ethereum.checksum, safe.chain. */
function readPlace(text: string): BroughtSafe {
  const { address, chainId, chainSaid, token } = readAddressText(text);
  if (token !== undefined) return refuse("safe.not-a-safe", "a payment is asked for");
  if (chainSaid !== undefined) return refuse("safe.chain", shown(chainSaid));
  return { modules: [], address, ...(chainId === undefined ? {} : { chainId }) };
}

/** An owner as he shows himself; a chain beside his address says nothing of him. */
export function readOwner(text: string): Address {
  const { address } = readAddressText(text);
  return canOwn(address, "0x") ? address : refuse("safe.owners", address);
}

export function addressIn(text: unknown, where: string): Address {
  const address = typeof text === "string" ? readAddress(text) : undefined;
  if (address === "checksum") return refuse("safe.address", `${where}: ${shown(plain(text))}`);
  return address ?? refuse("safe.not-a-safe", `${where} has no address`);
}

function chainIn(text: string): bigint {
  const id = /^[1-9]\d{0,15}$/.test(text) ? BigInt(text) : 0n;
  return id > 0n && id <= BigInt(Number.MAX_SAFE_INTEGER) ? id : refuse("safe.chain", shown(text));
}

// ---------------------------------------------------------------- facts

/**
 * The transaction service's answer to /safes/0x…/, or the client gateway's, which writes { value } around addresses.
 * Other members are left alone. One that is there has to be right.
 */
function readFacts(text: string): BroughtSafe {
  const facts = objectIn(text);
  const { address, owners, threshold, version, chainId, modules, guard } = facts;
  const code = facts.masterCopy ?? facts.implementation;
  const place = typeof bare(address) === "string" ? readPlace(bare(address) as string) : undefined;
  if (!place?.address) return refuse("safe.not-a-safe", "no address");
  const chain = chainId === undefined || chainId === null ? place.chainId : chainIn(plain(bare(chainId)));
  if (place.chainId !== undefined && chain !== place.chainId) refuse("safe.chain", "two chains are named");
  return {
    ...{ address: place.address, ...(chain === undefined ? {} : { chainId: chain }) },
    ...(owners === undefined ? {} : { owners: ownersIn(owners, place.address) }),
    ...(threshold === undefined ? {} : { threshold: thresholdIn(threshold) }),
    ...versionIn(version, bare(code)),
    modules: Array.isArray(modules)
      ? modules.slice(0, LIMITS.safeOwners).map((one) => addressIn(bare(one), "a module"))
      : [],
    ...guardIn(bare(guard)),
  };
}

function objectIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Named below: what JSON says of it is of no use to a person.
  }
  return refuse("safe.not-a-safe", "no JSON of a Safe");
}

/** Of JSON: whatever else it is says nothing that it calls itself. */
function plain(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function bare(value: unknown): unknown {
  return typeof value === "object" && value !== null && "value" in value ? value.value : value;
}

function ownersIn(value: unknown, self: Address): readonly Address[] {
  if (!Array.isArray(value)) return refuse("safe.owners", "no list");
  if (value.length > LIMITS.safeOwners) return refuse("safe.owners", `more than ${LIMITS.safeOwners}`);
  return checkOwners(
    value.map((one, i) => addressIn(bare(one), `owner ${i + 1}`)),
    self,
  );
}

function thresholdIn(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) >= 1
    ? (value as number)
    : refuse("safe.threshold", shown(plain(value)));
}

/** "1.3.0+L2" is 1.3.0; where none is said its code tells. */
function versionIn(version: unknown, code: unknown): { version?: SafeVersion } {
  const own = typeof code === "string" ? readAddress(code) : undefined;
  const told = own && own !== "checksum" ? deploymentAt(1n, own) : undefined;
  const byCode = told?.part === "safe" ? told.version : undefined;
  if (version === undefined || version === null) return byCode ? { version: byCode } : {};
  const said = readVersion(typeof version === "string" ? version.replace(/\+L2$/, "") : "");
  if (byCode !== undefined && byCode !== said) refuse("safe.version", `${said}, but its code is ${byCode}`);
  return { version: said };
}

function readVersion(text: string): SafeVersion {
  return SAFE_VERSIONS.find((one) => one === text) ?? refuse("safe.version", shown(text));
}

function guardIn(value: unknown): { guard?: Address } {
  if (typeof value !== "string" || /^0x0{40}$/.test(value)) return {};
  return { guard: addressIn(value, "the guard") };
}

// ---------------------------------------------------------------- another Firn's text

/** As safeText writes it, to the last letter: the fingerprint is made of it. */
function readText(text: string): BroughtSafe {
  const lines = `${text}\n`.split("\n").slice(0, -1);
  const [head, chain, address, version, threshold, ...owners] = lines;
  if (head !== "Firn safe 1") return refuse("safe.not-a-safe", shown(head ?? ""));
  if (owners.length > LIMITS.safeOwners) return refuse("safe.owners", `more than ${LIMITS.safeOwners}`);
  const own = addressIn(after(address, "address "), "the Safe");
  const facts: SafeFacts = {
    chainId: chainIn(after(chain, "chain ")),
    address: own,
    version: readVersion(after(version, "version ")),
    threshold: Number(after(threshold, "threshold ")),
    owners: checkOwners(
      owners.map((line, i) => addressIn(after(line, "owner "), `owner ${i + 1}`)),
      own,
    ),
  };
  checkThreshold(facts);
  if (safeText(facts) !== `${text}\n`)
    refuse("safe.not-a-safe", "it is written otherwise than Firn writes it");
  return { ...facts, modules: [] };
}

function after(line: string | undefined, mark: string): string {
  return line?.startsWith(mark)
    ? line.slice(mark.length)
    : refuse("safe.not-a-safe", `no line "${mark.trim()}"`);
}

// ---------------------------------------------------------------- what holds of every Safe

/** Throws Refusal safe.owners. */
export function checkOwners(owners: readonly Address[], self: Address): readonly Address[] {
  if (owners.length === 0) refuse("safe.owners", "none");
  if (owners.length > LIMITS.safeOwners) refuse("safe.owners", `more than ${LIMITS.safeOwners}`);
  const impossible = owners.find((owner) => !canOwn(owner, self));
  if (impossible) refuse("safe.owners", impossible);
  const twice = owners.find((owner, i) => owners.indexOf(owner) !== i);
  if (twice) refuse("safe.owners", `${twice} stands twice`);
  return owners;
}

/** Throws Refusal safe.threshold. */
export function checkThreshold({ owners, threshold }: Pick<SafeFacts, "owners" | "threshold">): void {
  if (!Number.isSafeInteger(threshold) || threshold < 1 || threshold > owners.length)
    refuse("safe.threshold", `${threshold} of ${owners.length}`);
}
