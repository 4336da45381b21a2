// The rows of PSBT maps: views of one buffer, in the order in which they came (BIP 174).

import { concat } from "../../bytes.ts";
import { refuse } from "../../refusal.ts";
import { type Bad, encodeCompactSize } from "../cursor.ts";

export interface Row {
  readonly type: number;
  /** The key's data, after its type. */
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** The whole row as it stands in the PSBT. */
  readonly raw: Uint8Array;
}

export type Rows = readonly Row[];

export const MAGIC = Uint8Array.of(0x70, 0x73, 0x62, 0x74, 0xff);

/** Names the place; inputs and outputs are counted from 1, as the review does. */
export function place(kind: "global" | "input" | "output", index = 0): Bad {
  return (what) =>
    refuse("bitcoin.psbt-malformed", kind === "global" ? what : `${kind} ${index + 1}: ${what}`);
}

export function rowOf(rows: Rows, type: number): Row | undefined {
  for (const row of rows) if (row.type === type) return row;
  return undefined;
}

export function fieldOf(rows: Rows, type: number): Uint8Array | undefined {
  return rowOf(rows, type)?.value;
}

/** A row of our own. Types below 0xfd only. */
export function makeRow(type: number, key: Uint8Array, value: Uint8Array): Row {
  const raw = concat(
    encodeCompactSize(1 + key.length),
    Uint8Array.of(type),
    key,
    encodeCompactSize(value.length),
    value,
  );
  return { type, key, value, raw };
}

/** One map: its rows as they are, and the zero that ends it. */
export function encodeMap(rows: Rows): Uint8Array {
  return concat(...rows.map(({ raw }) => raw), Uint8Array.of(0));
}

/** The PSBT that these maps make. */
export function encodeMaps(maps: readonly Rows[]): Uint8Array {
  return concat(MAGIC, ...maps.map(encodeMap));
}
