// What a PSBT says about the script of an input or output of ours must be what the wallet makes.

import { equal } from "../bytes.ts";
import { refuse } from "../refusal.ts";
import { INPUT, OUTPUT } from "./psbt/fields.ts";
import type { Rows } from "./psbt/rows.ts";
import type { Derived } from "./wallet.ts";

interface Claims {
  readonly redeemScript: number;
  readonly witnessScript: number;
  readonly tapInternalKey: number;
  /** Only script paths carry these; no wallet here has one. */
  readonly scriptPath: readonly number[];
}

export const INPUT_CLAIMS: Claims = {
  ...INPUT,
  scriptPath: [INPUT.tapScriptSignature, INPUT.tapLeaf, INPUT.tapMerkleRoot],
};
export const OUTPUT_CLAIMS: Claims = { ...OUTPUT, scriptPath: [OUTPUT.tapTree] };

/** Nothing has to be given; what is given must be right. */
export function checkScripts(rows: Rows, derived: Derived, claims: Claims, where: string): void {
  for (const { type, value } of rows) {
    if (claims.scriptPath.includes(type)) refuse("bitcoin.taproot-scripts", where);
    const expected =
      type === claims.redeemScript
        ? { name: "redeem script", bytes: derived.redeemScript }
        : type === claims.witnessScript
          ? { name: "witness script", bytes: derived.witnessScript }
          : type === claims.tapInternalKey
            ? { name: "internal key", bytes: derived.taproot?.internalKey }
            : undefined;
    if (expected && !(expected.bytes && equal(value, expected.bytes)))
      refuse("bitcoin.script-mismatch", `${where}: ${expected.name}`);
  }
}
