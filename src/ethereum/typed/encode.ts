// EIP 712: what is hashed of typed data.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { concat, fromHex } from "../../bytes.ts";
import { addressBytes } from "../../eip55.ts";
import { utf8 } from "../../text.ts";
import type { StructType } from "./schema.ts";
import type { TypedStruct, TypedValue } from "./values.ts";

const WORD = 32;

/** hashStruct: of the type and of every member, a word each. */
export function hashStruct(struct: TypedStruct, structs: ReadonlyMap<string, StructType>): Uint8Array {
  const words = [...struct.members.values()].map((value) => wordOf(value, structs));
  return keccak_256(concat(structs.get(struct.name)!.hash, ...words));
}

/** encodeData of one value. */
function wordOf(value: TypedValue, structs: ReadonlyMap<string, StructType>): Uint8Array {
  switch (value.kind) {
    case "number":
      return numberWord(value.value);
    case "bool":
      return numberWord(value.value ? 1n : 0n);
    case "address":
      return concat(new Uint8Array(WORD - 20), addressBytes(value.address));
    case "text":
      return keccak_256(utf8(value.text));
    case "bytes":
      return value.fixed
        ? concat(value.bytes, new Uint8Array(WORD - value.bytes.length))
        : keccak_256(value.bytes);
    case "struct":
      return hashStruct(value, structs);
    case "array":
      return keccak_256(concat(...value.items.map((item) => wordOf(item, structs))));
    case "none":
      return new Uint8Array(WORD);
  }
}

/** Two's complement. */
function numberWord(value: bigint): Uint8Array {
  return fromHex(
    BigInt.asUintN(256, value)
      .toString(16)
      .padStart(2 * WORD, "0"),
  )!;
}

/** What is signed: the domain's hash and the message's; of a domain alone nothing but its own. */
export function digestOf(domainHash: Uint8Array, messageHash: Uint8Array | undefined): Uint8Array {
  return keccak_256(concat(Uint8Array.of(0x19, 0x01), domainHash, messageHash ?? new Uint8Array(0)));
}
