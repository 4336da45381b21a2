// Decoded arguments in the shape that typed data has, so that one reader of paths serves both.

import type { Address } from "../../eip55.ts";
import type { AbiField, AbiType, AbiValue } from "../abi.ts";
import type { TypedStruct, TypedValue } from "../typed/index.ts";

export function structOf(fields: readonly AbiField[], values: readonly AbiValue[]): TypedStruct {
  const members = fields.map(
    ({ name, type }, i) => [name === "" ? `argument ${i + 1}` : name, treeOf(type, values[i]!)] as const,
  );
  return { kind: "struct", name: "", members: new Map(members) };
}

function treeOf(type: AbiType, value: AbiValue): TypedValue {
  switch (type.kind) {
    case "uint":
    case "int":
      return { kind: "number", value: value as bigint };
    case "bool":
      return { kind: "bool", value: value as boolean };
    case "address":
      return { kind: "address", address: value as Address };
    case "string":
      return { kind: "text", text: value as string };
    case "bytes":
    case "fixed":
      return { kind: "bytes", bytes: value as Uint8Array, fixed: type.kind === "fixed" };
    case "tuple":
      return structOf(type.fields, value as readonly AbiValue[]);
    case "list":
      return {
        kind: "array",
        items: (value as readonly AbiValue[]).map((item) => treeOf(type.of, item)),
      };
  }
}
