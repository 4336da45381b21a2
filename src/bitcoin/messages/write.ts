// A signature of BIP 322 as a text: simple where that will do, full, or with coins.

import { base64 } from "@scure/base";
import { concat, u32le } from "../../bytes.ts";
import type { Written } from "../../message.ts";
import type { Curve } from "../../model.ts";
import type { Work } from "../../request.ts";
import type { Coin } from "../coins.ts";
import { encodeCompactSize } from "../cursor.ts";
import { type Psbt, readPsbt } from "../psbt/psbt.ts";
import { encodeMaps } from "../psbt/rows.ts";
import type { Spending } from "../spending/spending.ts";
import { encodeOutput, type Transaction } from "../transaction.ts";
import { encodeWitness, type Final, finalOf, finalRows } from "./finalise.ts";
import { verifyBip322 } from "./verify-322.ts";

/** Best first; none where something is still missing. Each is verified as a stranger would verify it. */
export function* writeSigned(
  bytes: Uint8Array,
  message: string,
  { inputs }: Spending,
  coins: readonly Coin[],
  curve: Curve,
): Work<Written[]> {
  const psbt = yield* readPsbt(bytes);
  const finals = inputs.map((own, i) => own && finalOf(psbt.inputs[i]!, own.template.wallet, own.derived));
  if (!finals.every((final) => final !== undefined)) return [];
  const written = writtenOf(psbt, finals);
  for (const { signature } of written) {
    const { outcome, why } = yield* verifyBip322(message, signature, coins[0]!.script, curve);
    if (outcome !== "valid") throw new Error(`a signature of our own does not verify: ${why}`);
  }
  return written;
}

function writtenOf(psbt: Psbt, finals: readonly Final[]): Written[] {
  const { tx } = psbt;
  if (tx.inputs.length > 1) {
    const maps = psbt.inputs.map((rows, i) => finalRows(rows, finals[i]!));
    const whole = encodeMaps([psbt.global, ...maps, ...psbt.outputs]);
    return [{ label: "BIP 322 with coins (pof)", signature: `pof${base64.encode(whole)}` }];
  }
  const [{ scriptSig, witness }] = finals as [Final];
  const full = { label: "BIP 322 full (ful)", signature: `ful${base64.encode(encodeSigned(tx, finals))}` };
  const plain = tx.version === 0 && tx.lockTime === 0 && tx.inputs[0]!.sequence === 0;
  if (!plain || scriptSig.length > 0) return [full];
  return [{ label: "BIP 322 simple (smp)", signature: `smp${base64.encode(encodeWitness(witness))}` }, full];
}

/** BIP 144 where there is a witness, else as before it. */
function encodeSigned(tx: Transaction, finals: readonly Final[]): Uint8Array {
  const segwit = finals.some(({ witness }) => witness.length > 0);
  return concat(
    u32le(tx.version),
    segwit ? Uint8Array.of(0, 1) : new Uint8Array(0),
    encodeCompactSize(tx.inputs.length),
    ...tx.inputs.flatMap(({ txid, index, sequence }, i) => {
      const { scriptSig } = finals[i]!;
      return [txid, u32le(index), encodeCompactSize(scriptSig.length), scriptSig, u32le(sequence)];
    }),
    encodeCompactSize(tx.outputs.length),
    ...tx.outputs.map(encodeOutput),
    ...(segwit ? finals.map(({ witness }) => encodeWitness(witness)) : []),
    u32le(tx.lockTime),
  );
}
