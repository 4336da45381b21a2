// Members of a message by their names, for whoever knows its type to the letter. A name or kind that it does not have is a bug.

import type { Address } from "../../eip55.ts";
import type { TypedStruct, TypedValue } from "./values.ts";

export class Members {
  readonly #struct: TypedStruct;

  constructor(struct: TypedStruct) {
    this.#struct = struct;
  }

  address(name: string): Address {
    return this.#of(name, "address").address;
  }

  number(name: string): bigint {
    return this.#of(name, "number").value;
  }

  flag(name: string): boolean {
    return this.#of(name, "bool").value;
  }

  text(name: string): string {
    return this.#of(name, "text").text;
  }

  bytes(name: string): Uint8Array {
    return this.#of(name, "bytes").bytes;
  }

  /** Undefined where it is null: what a contract would read there is all zeros, which no hash has. */
  struct(name: string): Members | undefined {
    const value = this.#struct.members.get(name);
    return value?.kind === "none" ? undefined : new Members(this.#of(name, "struct"));
  }

  /** Of structs, lists of lists put one behind the other. */
  structs(name: string): readonly Members[] {
    return this.#of(name, "array").items.flatMap(structsIn);
  }

  #of<K extends TypedValue["kind"]>(name: string, kind: K): TypedValue & { readonly kind: K } {
    const value = this.#struct.members.get(name);
    if (value?.kind !== kind) throw new Error(`there is no such member: ${name}`);
    return value as TypedValue & { readonly kind: K };
  }
}

function structsIn(value: TypedValue): readonly Members[] {
  if (value.kind === "array") return value.items.flatMap(structsIn);
  return value.kind === "struct" ? [new Members(value)] : [];
}
