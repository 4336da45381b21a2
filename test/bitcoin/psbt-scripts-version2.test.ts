// PSBT version 2 (BIP 370) of wallets of any script: the same spend is understood, and the same signatures are made,
// as in version 0, which test/bitcoin/psbt-scripts*.test.ts compare with other programs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Transaction as Other } from "@scure/btc-signer/transaction.js";
import { INPUT } from "../../src/bitcoin/psbt/fields.ts";
import { readPsbt } from "../../src/bitcoin/psbt/psbt.ts";
import { toHex } from "../../src/bytes.ts";
import { anyPurse, POINT_H } from "./any-wallet.ts";
import { type Plan, type Purse, psbt, request, run, signed } from "./build.ts";

const THREE = "@0/<0;1>/*,@1/<0;1>/*,@2/<0;1>/*";
const WALLETS: readonly (readonly [string, Plan])[] = [
  [`sh(sortedmulti(2,${THREE}))`, {}],
  [`sh(wsh(multi(2,${THREE})))`, {}],
  ["wsh(or_d(multi(2,@1/<0;1>/*,@2/<0;1>/*),and_v(v:pkh(@0/<0;1>/*),older(144))))", { sequence: 144 }],
  ["sh(wsh(andor(pk(@0/<0;1>/*),older(10),pk(@1/<0;1>/*))))", { sequence: 10 }],
  ["wsh(and_v(v:pk(@0/<0;1>/*),after(700000)))", { sequence: 0xfffffffe, lockTime: 700_000 }],
  [`tr(${POINT_H},multi_a(2,${THREE}))`, {}],
  [`tr(${POINT_H},sortedmulti_a(2,${THREE}))`, {}],
  ["tr(@1/<0;1>/*,{pk(@0/<0;1>/*),{pk(@2/<0;1>/*),and_v(v:pk(@0/<2;3>/*),older(9))}})", { sequence: 9 }],
  ["tr(@0/<0;1>/*,pk(@1/<0;1>/*))", {}],
];

const KINDS: readonly number[] = [INPUT.partialSignature, INPUT.tapKeySignature, INPUT.tapScriptSignature];

/** Key and value of each signature, input by input. */
async function signaturesOf(own: Purse, bytes: Uint8Array): Promise<string[][]> {
  const { whole } = await signed(own, bytes);
  return run(readPsbt(whole.bytes)).inputs.map((rows) =>
    rows.filter(({ type }) => KINDS.includes(type)).map(({ raw }) => toHex(raw)),
  );
}

for (const [text, more] of WALLETS)
  test(`of PSBT version 2 the same is understood and signed as of version 0: ${text}`, async () => {
    const own = anyPurse(text);
    const [old, now] = ([0, 2] as const).map((version) => psbt(own, { inputs: 3, ...more, version }));
    assert.equal(
      Other.fromPSBT(now!, { allowUnknownInputs: true, allowUnknownOutputs: true }).opts.PSBTVersion,
      2,
    );
    assert.deepEqual(request(own, now!).review, request(own, old!).review);
    const signatures = await signaturesOf(own, now!);
    assert.deepEqual(signatures, await signaturesOf(own, old!));
    assert.equal(signatures.filter((rows) => rows.length > 0).length, 3, "each input is signed");
  });
