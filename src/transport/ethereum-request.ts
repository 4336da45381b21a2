// eth-sign-request (ERC 4527): its fields as they came. What they mean is looked at where they are understood.
// Rule: a field that is not known here is refused: nobody could say what a wallet program meant by it.

import { toHex, u32be } from "../bytes.ts";
import { HARDENED, LIMITS } from "../limits.ts";
import type { EthereumMessage } from "../model.ts";
import { refuse } from "../refusal.ts";
import { type Cbor, field } from "./cbor.ts";
import type { Content } from "./parts.ts";

const malformed = (what: string): never => refuse("transport.damaged", `${what} is malformed`);

/** What the fields' numbers mean. */
const FIELDS = {
  requestId: 1,
  data: 2,
  dataType: 3,
  chainId: 4,
  path: 5,
  address: 6,
  origin: 7,
} as const;

const UUID_BYTES = 16;
const ADDRESS_BYTES = 20;

/** Throws Refusal transport.damaged, transport.too-large or transport.unsupported. */
export function ethereumRequestOf(request: Cbor): Content & { readonly kind: "ethereum" } {
  onlyKnown(request, Object.values(FIELDS));
  const requestId = requestIdOf(field(request, FIELDS.requestId));
  const chainId = chainIdOf(field(request, FIELDS.chainId));
  const address = addressOf(field(request, FIELDS.address));
  const origin = originOf(field(request, FIELDS.origin));
  return {
    kind: "ethereum",
    data: dataOf(field(request, FIELDS.data)),
    dataType: dataTypeOf(field(request, FIELDS.dataType)),
    ...pathOf(field(request, FIELDS.path)),
    ...(requestId && { requestId }),
    ...(chainId !== undefined && { chainId }),
    ...(address && { address }),
    ...(origin !== undefined && { origin }),
  };
}

function onlyKnown(map: Cbor, known: readonly number[]): void {
  for (const [key] of map.type === "map" ? map.entries : malformed("the request")) {
    if (key.type !== "uint") malformed("the request");
    else if (!known.includes(key.value)) refuse("transport.unsupported", `field ${key.value} of the request`);
  }
}

/** A UUID (tag 37): programs take no answer that does not say it again. */
function requestIdOf(item: Cbor | undefined): Uint8Array | undefined {
  if (item === undefined) return undefined;
  if (item.type !== "tag" || item.tag !== 37 || item.item.type !== "bytes")
    return malformed("the request's id");
  return item.item.bytes.length === UUID_BYTES ? item.item.bytes.slice() : malformed("the request's id");
}

function dataOf(item: Cbor | undefined): Uint8Array {
  if (item?.type !== "bytes") return malformed("what shall be signed");
  if (item.bytes.length > LIMITS.ethereumBytes) return refuse("transport.too-large", "what shall be signed");
  return item.bytes.slice();
}

/** The paper gives it a tag of its own (401); programs write the bare number. */
function dataTypeOf(item: Cbor | undefined): EthereumMessage["dataType"] {
  const bare = item?.type === "tag" && item.tag === 401 ? item.item : item;
  if (bare?.type !== "uint") return malformed("the kind of what shall be signed");
  const found = ([1, 2, 3, 4] as const).find((type) => type === bare.value);
  return found ?? refuse("transport.unsupported", `data type ${bare.value}`);
}

function chainIdOf(item: Cbor | undefined): bigint | undefined {
  if (item === undefined) return undefined;
  if (item.type !== "uint" || item.value < 1) return malformed("the chain's number");
  return BigInt(item.value);
}

/** crypto-keypath (304): numbers, each with whether it is hardened; no wildcards, no ranges. */
function pathOf(item: Cbor | undefined): Pick<EthereumMessage, "path" | "fingerprint"> {
  if (item?.type !== "tag" || (item.tag !== 304 && item.tag !== 40304)) return malformed("the key's path");
  onlyKnown(item.item, [1, 2, 3]);
  const steps = field(item.item, 1);
  const source = field(item.item, 2);
  const depth = field(item.item, 3);
  if (steps?.type !== "array" || steps.items.length % 2 !== 0) return malformed("the key's path");
  const path = Array.from({ length: steps.items.length / 2 }, (_, i) =>
    childOf(steps.items[2 * i]!, steps.items[2 * i + 1]!),
  );
  if (path.length > LIMITS.pathDepth) return malformed("the key's path");
  if (depth !== undefined && (depth.type !== "uint" || depth.value !== path.length))
    return malformed("the key's path");
  if (source === undefined) return { path };
  if (source.type !== "uint" || source.value > 0xffffffff) return malformed("the key's fingerprint");
  // Zero stands for one that the program does not know.
  return source.value === 0 ? { path } : { path, fingerprint: toHex(u32be(source.value)) };
}

function childOf(number: Cbor, hardened: Cbor): number {
  if (number.type !== "uint" || number.value >= HARDENED || hardened.type !== "bool")
    return malformed("the key's path");
  return number.value + (hardened.value ? HARDENED : 0);
}

function addressOf(item: Cbor | undefined): Uint8Array | undefined {
  if (item === undefined) return undefined;
  return item.type === "bytes" && item.bytes.length === ADDRESS_BYTES
    ? item.bytes.slice()
    : malformed("the account's address");
}

function originOf(item: Cbor | undefined): string | undefined {
  if (item === undefined) return undefined;
  if (item.type !== "text") return malformed("the program's name");
  return item.text.length > LIMITS.originChars
    ? refuse("transport.too-large", "the program's name")
    : item.text;
}
