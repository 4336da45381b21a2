// What one reader of calls is: a selector, the types behind it, and what it makes of their values.

import type { Act } from "../../act.ts";
import type { Address } from "../../eip55.ts";
import type { AbiField, AbiValue } from "../abi.ts";
import type { CallToRead, Context } from "../context.ts";

/** A call that goes somewhere and carries data. */
export interface Site extends CallToRead {
  readonly to: Address;
  /** "0xa9059cbb" */
  readonly selector: string;
}

/** Undefined: it is not what its selector says; then it stays unknown. */
export type ReadArgs = (args: Args, site: Site, context: Context) => readonly Act[] | Doubt | undefined;

/** What it would be at a contract that Firn knows; at this one it stays unknown. */
export interface Doubt {
  /** "a swap (Uniswap V2's)" */
  readonly looks: string;
  /** What it seems to contain: shown and counted all the same. */
  readonly inside: readonly Act[];
}

export interface Entry {
  readonly selector: string;
  /** "transfer(address to,uint256 amount)" */
  readonly signature: string;
  readonly read: ReadArgs;
  /** Its acts account for the coin that is sent with it; of all others, coin that is sent is lost or left behind. */
  readonly payable: boolean;
}

/** Only where it reads to acts in any case. */
export type ReadActs = (args: Args, site: Site, context: Context) => readonly Act[];

export function entry(selector: string, signature: string, read: ReadArgs): Entry {
  return { selector, signature, read, payable: false };
}

export function payable(selector: string, signature: string, read: ReadArgs): Entry {
  return { selector, signature, read, payable: true };
}

/** Decoded values by their names. A name or kind that the signature does not have is a bug. */
export class Args {
  readonly #fields: readonly AbiField[];
  readonly #values: readonly AbiValue[];

  constructor(fields: readonly AbiField[], values: readonly AbiValue[]) {
    this.#fields = fields;
    this.#values = values;
  }

  address(name: string): Address {
    return this.#of(name, "address") as Address;
  }

  number(name: string): bigint {
    return this.#of(name, "uint", "int") as bigint;
  }

  flag(name: string): boolean {
    return this.#of(name, "bool") as boolean;
  }

  bytes(name: string): Uint8Array {
    return this.#of(name, "bytes", "fixed") as Uint8Array;
  }

  addresses(name: string): readonly Address[] {
    return this.#list(name, "address") as readonly Address[];
  }

  numbers(name: string): readonly bigint[] {
    return this.#list(name, "uint") as readonly bigint[];
  }

  blobs(name: string): readonly Uint8Array[] {
    return this.#list(name, "bytes") as readonly Uint8Array[];
  }

  /** With one more value, that the bytes do not say. */
  withAddress(name: string, address: Address): Args {
    const type: AbiField["type"] = { kind: "address", dynamic: false, head: 32 };
    return new Args([...this.#fields, { name, type }], [...this.#values, address]);
  }

  tuple(name: string): Args {
    const { fields } = this.#type(name, "tuple") as { fields: readonly AbiField[] };
    return new Args(fields, this.#of(name, "tuple") as readonly AbiValue[]);
  }

  tuples(name: string): readonly Args[] {
    const { of } = this.#type(name, "list") as { of: { fields: readonly AbiField[] } };
    return this.#list(name, "tuple").map((values) => new Args(of.fields, values as readonly AbiValue[]));
  }

  #list(name: string, kind: string): readonly AbiValue[] {
    const { of } = this.#type(name, "list") as { of: { kind: string } };
    if (of.kind !== kind) throw new Error(`${name} is no list of ${kind}`);
    return this.#of(name, "list") as readonly AbiValue[];
  }

  #of(name: string, ...kinds: readonly string[]): AbiValue {
    this.#type(name, ...kinds);
    return this.#values[this.#index(name)]!;
  }

  #type(name: string, ...kinds: readonly string[]): AbiField["type"] {
    const type = this.#fields[this.#index(name)]?.type;
    if (type === undefined || !kinds.includes(type.kind)) throw new Error(`there is no such value: ${name}`);
    return type;
  }

  #index(name: string): number {
    return this.#fields.findIndex((field) => field.name === name);
  }
}
