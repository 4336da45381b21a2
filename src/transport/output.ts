// crypto-output (BCR-2020-010) and output-descriptor (BCR-2023-010), written as descriptor text.

import { sha256 } from "@noble/hashes/sha2.js";
import { createBase58check } from "@scure/base";
import { concat, toHex, u32be } from "../bytes.ts";
import { HARDENED, LIMITS } from "../limits.ts";
import { refuse } from "../refusal.ts";
import { type Cbor, field } from "./cbor.ts";
import { descriptorChecksum } from "./descriptor-checksum.ts";

const XPUB = 0x0488b21e;
const TPUB = 0x043587cf;

const malformed = (what: string): never => refuse("transport.damaged", `${what} is malformed`);
const unsupported = (what: string): never => refuse("transport.unsupported", what);

/**
 * The descriptor with its checksum; where the UR names the wallet or its keys, JSON as Specter writes it. Throws Refusal
 * transport.damaged, transport.unsupported or transport.too-large.
 */
export function walletOf(output: Cbor): string {
  const template = output.type === "map" && field(output, 1)?.type === "text";
  const text = template ? fromTemplate(output) : script(output);
  if (text.length > LIMITS.walletTextChars) refuse("transport.too-large", "a wallet's text");
  const checksum = descriptorChecksum(text) ?? malformed("the output descriptor");
  const descriptor = `${text}#${checksum}`;
  const label = template ? textIn(output, 3) : undefined;
  const names = namesIn(output);
  const named = names.some((name) => name !== undefined);
  if (label === undefined && !named) return descriptor;
  return JSON.stringify({
    ...(label === undefined ? {} : { label }),
    descriptor,
    ...(named ? { devices: names.map((name) => ({ label: name ?? "" })) } : {}),
  });
}

function textIn(node: Cbor, key: number): string | undefined {
  const item = field(node, key);
  return item?.type === "text" ? item.text : undefined;
}

/** BCR-2020-007: 9 is the name of a key. In the order of the keys, as far as there are names to be had at all. */
function namesIn(node: Cbor): (string | undefined)[] {
  if (node.type === "array") return node.items.flatMap(namesIn);
  if (node.type === "tag") return HD_KEYS.includes(node.tag) ? [textIn(node.item, 9)] : namesIn(node.item);
  return namesIn(field(node, 2) ?? { type: "array", items: [] });
}

const HD_KEYS: readonly number[] = [303, 40303];

/**
 * Version 3: a descriptor with @0, @1 … in place of its keys. What follows a key stands in the descriptor (Sparrow), or
 * in the key itself as its children (the paper's examples).
 */
export function fromTemplate(output: Cbor): string {
  const source = field(output, 1);
  const keys = field(output, 2);
  if (source?.type !== "text" || (keys !== undefined && keys.type !== "array"))
    return malformed("the output descriptor");
  const items = keys?.items ?? [];
  if (items.length > LIMITS.walletKeys || source.text.length > LIMITS.walletTextChars)
    return refuse("transport.too-large", "a wallet's text");
  const whole = items.map((item) => script(item));
  const bare = items.map((item) => script(item, false));
  const put = (texts: readonly string[], at: string) =>
    texts[Number(at)] ?? malformed("the output descriptor");
  let room = LIMITS.walletTextChars;
  return source.text.replace(/musig\([^()]*\)|@(\d{1,3})(?=(\/?))/g, (place, at, slash) => {
    const text =
      at === undefined
        ? place.replace(/@(\d{1,3})/g, (_: string, one: string) => put(bare, one))
        : put(slash === "" ? whole : bare, at);
    room -= text.length;
    return room < 0 ? refuse("transport.too-large", "a wallet's text") : text;
  });
}

const WRAPPERS: Readonly<Record<number, string>> = {
  400: "sh",
  401: "wsh",
  402: "pk",
  403: "pkh",
  404: "wpkh",
  405: "combo",
  409: "tr",
};

/** Version 1: nested tags. `children`: with what follows a key. */
export function script(node: Cbor, children = true): string {
  if (node.type !== "tag") return malformed("the output descriptor");
  const { tag, item } = node;
  const wrapper = WRAPPERS[tag];
  if (wrapper !== undefined) return `${wrapper}(${script(item)})`;
  if (tag === 406 || tag === 407) return multisig(tag === 407 ? "sortedmulti" : "multi", item);
  if (HD_KEYS.includes(tag)) return hdKey(item, children);
  if (tag === 306 || tag === 40306) return bareKey(item);
  return unsupported(`a descriptor with CBOR tag ${tag}`);
}

function multisig(name: string, node: Cbor): string {
  const threshold = field(node, 1);
  const keys = field(node, 2);
  if (threshold?.type !== "uint" || keys?.type !== "array") return malformed("the multisig");
  if (keys.items.length > LIMITS.walletKeys) return refuse("transport.too-large", "the keys of a wallet");
  return `${name}(${[threshold.value, ...keys.items.map((key) => script(key))].join(",")})`;
}

/** A lone public key (crypto-eckey). */
function bareKey(node: Cbor): string {
  const key = field(node, 3);
  if (isTrue(field(node, 2))) return unsupported("a private key in a descriptor");
  return key?.type === "bytes" ? toHex(key.bytes) : malformed("a key");
}

const isTrue = (item: Cbor | undefined): boolean => item?.type === "bool" && item.value;

/** BCR-2020-007: [origin]xpub/children; without a chain code, [origin]hex. */
export function hdKey(node: Cbor, withChildren = true): string {
  if (isTrue(field(node, 2))) return unsupported("a private key in a descriptor");
  const key = field(node, 3);
  const chainCode = field(node, 4);
  if (key?.type !== "bytes" || key.bytes.length !== 33) return malformed("a key");
  const origin = keypath(field(node, 6), 304, 40304);
  const prefix =
    origin?.fingerprint === undefined
      ? ""
      : `[${[toHex(u32be(origin.fingerprint)), ...(origin?.steps ?? [])].join("/")}]`;
  if (chainCode === undefined) return prefix + toHex(key.bytes);
  if (chainCode.type !== "bytes" || chainCode.bytes.length !== 32) return malformed("a key");
  const children = withChildren ? (keypath(field(node, 7), 304, 40304)?.steps ?? ["<0;1>", "*"]) : [];
  const extended = serialise(node, origin, chainCode.bytes, key.bytes);
  return [prefix + extended, ...children].join("/");
}

/** BIP 32's 78 bytes in base58check; depth and number from the origin, as the registry has no place of its own. */
function serialise(node: Cbor, origin: Keypath | undefined, chainCode: Uint8Array, key: Uint8Array): string {
  const steps = origin?.steps ?? [];
  const depth = origin?.depth ?? steps.length;
  const last = steps.at(-1);
  const parent = field(node, 8);
  const parentFingerprint =
    parent?.type === "uint" ? parent.value : depth === 1 ? (origin?.fingerprint ?? 0) : 0;
  if (depth > 255 || parentFingerprint > 0xffffffff) return malformed("a key's origin");
  const number = last === undefined ? 0 : Number.parseInt(last, 10) + (last.endsWith("h") ? HARDENED : 0);
  if (!(number <= 0xffffffff)) return malformed("a key's origin");
  const version = isTest(node, steps) ? TPUB : XPUB;
  return createBase58check(sha256).encode(
    concat(u32be(version), Uint8Array.of(depth), u32be(parentFingerprint), u32be(number), chainCode, key),
  );
}

/** By use-info (BCR-2020-007, coin-info: 2 is the network), else by the coin type in the origin (BIP 44). */
function isTest(node: Cbor, steps: readonly string[]): boolean {
  const use = field(node, 5);
  const coin = use?.type === "tag" && (use.tag === 305 || use.tag === 40305) ? use.item : use;
  const network = coin === undefined ? undefined : field(coin, 2);
  if (network?.type === "uint") return network.value !== 0;
  return steps[1] === "1h";
}

interface Keypath {
  /** "48h", "*", "<0;1>" */
  readonly steps: readonly string[];
  readonly fingerprint: number | undefined;
  readonly depth: number | undefined;
}

function keypath(node: Cbor | undefined, ...tags: readonly number[]): Keypath | undefined {
  if (node === undefined) return undefined;
  const map = node.type === "tag" && tags.includes(node.tag) ? node.item : node;
  const steps = field(map, 1);
  const fingerprint = field(map, 2);
  const depth = field(map, 3);
  if (steps !== undefined && steps.type !== "array") return malformed("a key's path");
  if (fingerprint !== undefined && (fingerprint.type !== "uint" || fingerprint.value > 0xffffffff))
    return malformed("a key's path");
  return {
    steps: components(steps?.items ?? []),
    fingerprint: fingerprint?.value,
    depth: depth?.type === "uint" ? depth.value : undefined,
  };
}

/** Each component is followed by its hardened flag, but for pairs, which hold theirs. */
function components(items: readonly Cbor[]): string[] {
  const steps: string[] = [];
  for (let at = 0; at < items.length; ) {
    const item = items[at++]!;
    if (item.type === "array" && item.items.length === 4) {
      const [low, lowHard, high, highHard] = item.items;
      steps.push(`<${child(low)}${hard(lowHard)};${child(high)}${hard(highHard)}>`);
    } else if (item.type === "array" && item.items.length > 0) return unsupported("a range in a key's path");
    else steps.push(`${item.type === "array" ? "*" : child(item)}${hard(items[at++])}`);
  }
  return steps.length > LIMITS.pathDepth ? malformed("a key's path") : steps;
}

function child(item: Cbor | undefined): number {
  return item?.type === "uint" && item.value < HARDENED ? item.value : malformed("a key's path");
}

function hard(item: Cbor | undefined): string {
  if (item?.type !== "bool") return malformed("a key's path");
  return item.value ? "h" : "";
}
