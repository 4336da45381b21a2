// Miniscript (BIP 379): nodes → script. What does not depend on the keys is made once.

import { compare, concat } from "../../bytes.ts";
import type { HashKind } from "../../ways.ts";
import type { Node, Place, WrapperKind } from "../expression.ts";
import { hash160 } from "../script.ts";

const OP = {
  IF: 0x63,
  NOTIF: 0x64,
  ELSE: 0x67,
  ENDIF: 0x68,
  VERIFY: 0x69,
  TOALTSTACK: 0x6b,
  FROMALTSTACK: 0x6c,
  IFDUP: 0x73,
  DUP: 0x76,
  SWAP: 0x7c,
  SIZE: 0x82,
  EQUAL: 0x87,
  EQUALVERIFY: 0x88,
  "0NOTEQUAL": 0x92,
  ADD: 0x93,
  BOOLAND: 0x9a,
  BOOLOR: 0x9b,
  NUMEQUAL: 0x9c,
  NUMEQUALVERIFY: 0x9d,
  HASH160: 0xa9,
  CHECKSIG: 0xac,
  CHECKSIGVERIFY: 0xad,
  CHECKMULTISIG: 0xae,
  CHECKMULTISIGVERIFY: 0xaf,
  CHECKLOCKTIMEVERIFY: 0xb1,
  CHECKSEQUENCEVERIFY: 0xb2,
  CHECKSIGADD: 0xba,
} as const;

const HASH_OP: Readonly<Record<HashKind, number>> = {
  ripemd160: 0xa6,
  sha256: 0xa8,
  hash160: 0xa9,
  hash256: 0xaa,
};

/** Opcodes that have a form which also verifies. */
const VERIFYING: ReadonlyMap<number, number> = new Map([
  [OP.EQUAL, OP.EQUALVERIFY],
  [OP.NUMEQUAL, OP.NUMEQUALVERIFY],
  [OP.CHECKSIG, OP.CHECKSIGVERIFY],
  [OP.CHECKMULTISIG, OP.CHECKMULTISIGVERIFY],
]);

/** What depends on the keys: its length is known before they are. */
interface Slot {
  readonly length: number;
  readonly fill: (keys: readonly Uint8Array[]) => Uint8Array;
}

/** An opcode that is no push, bytes that push something, or a slot. */
type Piece = number | Uint8Array | Slot;

function push(bytes: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(bytes.length), bytes);
}

/** A number as script has it, pushed the shortest way: 0 to 2^31 - 1. */
function number(value: number): Uint8Array {
  if (value === 0) return Uint8Array.of(0);
  if (value <= 16) return Uint8Array.of(0x50 + value);
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest >>>= 8) bytes.push(rest & 0xff);
  if (bytes.at(-1)! >= 0x80) bytes.push(0);
  return push(Uint8Array.from(bytes));
}

/** A key as this place pushes it. */
function inPlace(key: Uint8Array, place: Place): Uint8Array {
  return place === "tapscript" ? key.subarray(1) : key;
}

function keySlot(use: number, place: Place): Slot {
  const length = place === "tapscript" ? 33 : 34;
  return { length, fill: (keys) => push(inPlace(keys[use]!, place)) };
}

function hashSlot(use: number, place: Place): Slot {
  return { length: 21, fill: (keys) => push(hash160(inPlace(keys[use]!, place))) };
}

/** The keys of sortedmulti (BIP 67) and sortedmulti_a in the order of their bytes, with the opcodes between them. */
function sortedSlot(uses: readonly number[], place: Place): Slot {
  const check = (i: number) => (place === "tapscript" ? [i === 0 ? OP.CHECKSIG : OP.CHECKSIGADD] : []);
  const fill = (keys: readonly Uint8Array[]) => {
    const sorted = uses.map((use) => inPlace(keys[use]!, place)).sort(compare);
    return concat(...sorted.flatMap((key, i) => [push(key), Uint8Array.from(check(i))]));
  };
  return { length: 34 * uses.length, fill };
}

type Multi = Extract<Node, { readonly uses: readonly number[] }>;

function multiPieces({ kind, threshold, uses }: Multi, place: Place): Piece[] {
  const sorted = kind.startsWith("sorted");
  if (place === "tapscript") {
    const keys = uses.flatMap((use, i) => [keySlot(use, place), i === 0 ? OP.CHECKSIG : OP.CHECKSIGADD]);
    return [...(sorted ? [sortedSlot(uses, place)] : keys), number(threshold), OP.NUMEQUAL];
  }
  const keys = sorted ? [sortedSlot(uses, place)] : uses.map((use) => keySlot(use, place));
  return [number(threshold), ...keys, number(uses.length), OP.CHECKMULTISIG];
}

function wrapperPieces(kind: WrapperKind, x: Piece[]): Piece[] {
  switch (kind) {
    case "a":
      return [OP.TOALTSTACK, ...x, OP.FROMALTSTACK];
    case "s":
      return [OP.SWAP, ...x];
    case "c":
      return [...x, OP.CHECKSIG];
    case "d":
      return [OP.DUP, OP.IF, ...x, OP.ENDIF];
    case "v": {
      const last = x.at(-1);
      const verifying = typeof last === "number" ? VERIFYING.get(last) : undefined;
      return verifying === undefined ? [...x, OP.VERIFY] : [...x.slice(0, -1), verifying];
    }
    case "j":
      return [OP.SIZE, OP["0NOTEQUAL"], OP.IF, ...x, OP.ENDIF];
    case "n":
      return [...x, OP["0NOTEQUAL"]];
  }
}

/** Fragments that hold others, all but wrappers; `of`: the pieces of what they hold. */
function jointPieces(node: Extract<Node, { readonly of: unknown }>, of: readonly Piece[][]): Piece[] {
  const [x = [], y = [], z = []] = of;
  switch (node.kind) {
    case "andor":
      return [...x, OP.NOTIF, ...z, OP.ELSE, ...y, OP.ENDIF];
    case "and_v":
      return [...x, ...y];
    case "and_b":
      return [...x, ...y, OP.BOOLAND];
    case "or_b":
      return [...x, ...y, OP.BOOLOR];
    case "or_c":
      return [...x, OP.NOTIF, ...y, OP.ENDIF];
    case "or_d":
      return [...x, OP.IFDUP, OP.NOTIF, ...y, OP.ENDIF];
    case "or_i":
      return [OP.IF, ...x, OP.ELSE, ...y, OP.ENDIF];
    case "thresh": {
      const sum = of.flatMap((one, i) => (i === 0 ? one : [...one, OP.ADD]));
      return [...sum, number(node.threshold), OP.EQUAL];
    }
    default:
      return wrapperPieces(node.kind, x);
  }
}

function pieces(node: Node, place: Place): Piece[] {
  switch (node.kind) {
    case "0":
    case "1":
      return [number(Number(node.kind))];
    case "pk_k":
      return [keySlot(node.use, place)];
    case "pk_h":
      return [OP.DUP, OP.HASH160, hashSlot(node.use, place), OP.EQUALVERIFY];
    case "older":
      return [number(node.value), OP.CHECKSEQUENCEVERIFY];
    case "after":
      return [number(node.value), OP.CHECKLOCKTIMEVERIFY];
    case "sha256":
    case "hash256":
    case "ripemd160":
    case "hash160":
      return [OP.SIZE, number(32), OP.EQUALVERIFY, HASH_OP[node.kind], push(node.digest), OP.EQUAL];
    case "multi":
    case "sortedmulti":
    case "multi_a":
    case "sortedmulti_a":
      return multiPieces(node, place);
    default:
      return jointPieces(
        node,
        node.of.map((one) => pieces(one, place)),
      );
  }
}

/** How many bytes a script has, and how many opcodes that are no push: known without any key. */
export function scriptSize(node: Node, place: Place): { readonly bytes: number; readonly ops: number } {
  const all = pieces(node, place);
  const bytes = all.reduce<number>((sum, one) => sum + (typeof one === "number" ? 1 : one.length), 0);
  return { bytes, ops: all.filter((one) => typeof one === "number").length };
}

/**
 * Makes ready a function from public keys (33 bytes each, in the order of the wallet's uses) to the script.
 * An address then costs no more than the joining of bytes, and a hash for each pk_h.
 */
export function compileNode(node: Node, place: Place): (keys: readonly Uint8Array[]) => Uint8Array {
  const parts: (Uint8Array | Slot)[] = [];
  for (const one of pieces(node, place)) {
    const bytes = typeof one === "number" ? Uint8Array.of(one) : one;
    const last = parts.at(-1);
    if (bytes instanceof Uint8Array && last instanceof Uint8Array)
      parts.push(concat(parts.pop() as Uint8Array, bytes));
    else parts.push(bytes);
  }
  return (keys) => concat(...parts.map((part) => (part instanceof Uint8Array ? part : part.fill(keys))));
}
