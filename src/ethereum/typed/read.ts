// Typed data (EIP 712, as eth_signTypedData_v3 and _v4 send it): from its JSON text to what it says and what is signed of it.
// A second reader's answer must be the same: agree.ts.

import type { ActFact } from "../../act.ts";
import { chainName } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { fromUtf8, shown } from "../../text.ts";
import { chainOfDomain, readDomain, type TypedDomain } from "./domain.ts";
import { digestOf, hashStruct } from "./encode.ts";
import { fieldsOf } from "./fields.ts";
import { type Json, readJson } from "./json.ts";
import { DOMAIN, readSchema, type Schema } from "./schema.ts";
import { type Count, readStruct, type TypedStruct, type TypedValue } from "./values.ts";

export interface TypedData {
  /** What is signed: keccak-256 of 0x1901, domainHash and messageHash. */
  readonly digest: Uint8Array;
  readonly domainHash: Uint8Array;
  /** Absent where the domain alone is signed. */
  readonly messageHash?: Uint8Array;
  readonly domain: TypedDomain;
  readonly primaryType: string;
  /** EIP 712, encodeType: "Mail(Person from)Person(address wallet)". Names prove nothing; this is all that a type is. */
  readonly type: string;
  readonly domainType: string;
  readonly message: TypedStruct;
  readonly schema: Schema;
  /** The domain first, then every field, in order. */
  readonly fields: readonly ActFact[];
  /** Sentences in Firn's words that stand before it. */
  readonly says: readonly string[];
}

/** Throws Refusal typed.* */
export function readTyped(data: Uint8Array): TypedData {
  const { types, primaryType, domain, message, others } = partsOf(data);
  const schema = readSchema(types, primaryType);
  const count: Count = { values: 1 };
  const domainValue = readStruct(domain, DOMAIN, schema.structs, count, "domain");
  const read = readDomain(domainValue, schema.structs.get(DOMAIN)!);
  const alone = primaryType === DOMAIN;
  const value = alone ? domainValue : readStruct(message, primaryType, schema.structs, count, "message");
  const domainHash = hashStruct(domainValue, schema.structs);
  const messageHash = alone ? undefined : hashStruct(value, schema.structs);
  return {
    digest: digestOf(domainHash, messageHash),
    domainHash,
    ...(messageHash ? { messageHash } : {}),
    domain: read,
    primaryType,
    type: schema.structs.get(primaryType)!.written,
    domainType: schema.structs.get(DOMAIN)!.written,
    message: value,
    schema,
    fields: fieldsOf({
      domain: domainValue,
      primaryType,
      message: alone ? undefined : value,
      schema,
      others,
    }),
    says: saysOf(read),
  };
}

interface Parts {
  readonly types: ReadonlyMap<string, Json>;
  readonly primaryType: string;
  readonly domain: Json;
  readonly message: Json;
  /** How many members stand beside these four: nothing signs them. */
  readonly others: number;
}

function partsOf(data: Uint8Array): Parts {
  const root = readRoot(data);
  const [types, primaryType, domain] = ["types", "primaryType", "domain"].map((name) => root.get(name));
  if (types?.kind !== "object") return refuse("typed.shape", "types");
  if (primaryType?.kind !== "string") return refuse("typed.shape", "primaryType");
  if (domain?.kind !== "object") return refuse("typed.shape", "domain");
  const message = root.get("message");
  if (message?.kind !== "object") return refuse("typed.shape", "message");
  if (primaryType.text === DOMAIN && message.members.size > 0) return refuse("typed.extra-member", "message");
  return {
    ...domainTyped(types.members, domain.members),
    primaryType: primaryType.text,
    domain,
    message,
    others: root.size - 4,
  };
}

/** Without a type of their own some wallets hash a domain as if it were empty, others by its members: only of nothing are both the same. */
function domainTyped(
  types: ReadonlyMap<string, Json>,
  domain: ReadonlyMap<string, Json>,
): { readonly types: ReadonlyMap<string, Json> } {
  if (types.has(DOMAIN)) return { types };
  if (domain.size > 0) return refuse("typed.no-domain-type");
  return { types: new Map([...types, [DOMAIN, { kind: "array", items: [] }]]) };
}

function readRoot(data: Uint8Array): ReadonlyMap<string, Json> {
  if (data.length > LIMITS.ethereumBytes) return refuse("typed.too-large", `${data.length} bytes`);
  const text = fromUtf8(data);
  if (isHash(data, text)) return refuse("typed.hash-only");
  if (text === undefined) return refuse("typed.not-json", "no UTF-8");
  const json = readJson(text);
  if (json.kind === "array") return refuse("typed.old-form");
  return json.kind === "object" ? json.members : refuse("typed.not-json", shown(json.text));
}

/** 32 bytes, or the 66 of EIP 712 before their last hash; as they are, in hex, or that as a text of JSON. */
function isHash(data: Uint8Array, text: string | undefined): boolean {
  const bare = data.length === 32 || (data.length === 66 && data[0] === 0x19 && data[1] === 0x01);
  return bare || /^\s*"?(0x)?([0-9a-f]{64}|1901[0-9a-f]{128})"?\s*$/i.test(text?.slice(0, 300) ?? "");
}

function saysOf(domain: TypedDomain): readonly string[] {
  const says: string[] = [];
  const chain = chainOfDomain(domain);
  if (chain === undefined)
    says.push("It names no chain: it may count on every chain where such a contract stands.");
  else if (domain.chainId === undefined)
    says.push(`It names no chain; its salt is the number of ${chainName(chain)}, as bridged tokens have it.`);
  if (domain.contract === undefined) says.push("It names no contract: any program may take it for its own.");
  return says;
}

/** The chain that the request names must be the domain's. Throws Refusal ethereum.domain-chain. */
export function checkDomainChain(typed: TypedData, chainId: bigint | undefined): void {
  const own = chainOfDomain(typed.domain);
  if (own === undefined || chainId === undefined || own === chainId) return;
  refuse("ethereum.domain-chain", `${chainName(own)}, ${chainName(chainId)}`);
}

/** Where it counts; absent where it names no chain. */
export function chainOf(typed: TypedData): bigint | undefined {
  return chainOfDomain(typed.domain);
}

/** For EthereumSpend.domain. */
export function domainOf({ domain, primaryType }: TypedData): {
  readonly contract?: Address;
  readonly name: string;
  readonly primaryType: string;
} {
  const { contract, name = "" } = domain;
  return { ...(contract ? { contract } : {}), name, primaryType };
}

/** What stands at this place of the message: at(typed, "to", 1, "wallet"); absent where there is nothing. */
export function at(typed: TypedData, ...path: readonly (string | number)[]): TypedValue | undefined {
  let value: TypedValue | undefined = typed.message;
  for (const step of path) {
    if (value?.kind === "struct" && typeof step === "string") value = value.members.get(step);
    else if (value?.kind === "array" && typeof step === "number") value = value.items[step];
    else return undefined;
  }
  return value;
}
