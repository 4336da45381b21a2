// A cosigner is replaced with codes that pass as pictures only: from the glass of one Firn to the camera of the next. Then
// the money goes to the successor, signed by the two who stay, and another program completes it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { networks, Psbt } from "bitcoinjs-lib";
import type { DiskState } from "../../device/sim/recording.ts";
import { COIN_SATS, psbt } from "../bitcoin/build.ts";
import { verifySpend } from "../peers/consensus.ts";
import { picturePsbt } from "./pictures.ts";
import { folder, holds, homeOf, PIN, replyIn, script } from "./stage.ts";
import {
  A,
  B,
  fresh,
  GOES,
  LEAVE,
  NAME,
  NEW,
  NEXT,
  old,
  stateOn,
  TAKE,
  WALK,
  withOld,
} from "./wallet-life-stage.ts";

const SPOKEN = /(?:\d{5} ){4}\d{5}/;
const eye = "pictures";

async function signsSweep(t: TestContext, disk: DiskState, CAMERA: string): Promise<string> {
  const OUT = join(folder(t), "signed");
  const { printed } = await holds(script("sign"), { disk, set: { PIN, CAMERA, OUT }, eye });
  assert.ok(printed.includes(`To ${NEXT}, which takes its place`));
  return OUT;
}

test("by pictures alone: the newcomer's key, the new wallet for all three, the sweep from one to the other", async (t) => {
  const at = folder(t);
  const [KEY_PICTURES, WALLET_PICTURES] = [join(at, "key"), join(at, "wallet")];
  const newcomer = await homeOf("regtest", NEW);
  const shows = { disk: newcomer, set: { PIN, OUT: KEY_PICTURES }, eye } as const;
  const [CODE] = SPOKEN.exec((await holds(script("cosigner-key"), shows)).printed)!;

  const keys = { KEY: GOES, CODE, NAME: "Carla", CAMERA: KEY_PICTURES };
  const set = { PIN, WALLET: NAME, ...keys, OUT: WALLET_PICTURES };
  const first = await holds(script("replace"), { disk: await withOld(t, A), set, eye });
  const takes = `${TAKE}camera ${WALLET_PICTURES}\n${WALK}${LEAVE}`;
  const second = await holds(takes, { disk: await withOld(t, B), eye });
  const registers = { disk: newcomer, set: { PIN, CAMERA: WALLET_PICTURES }, eye } as const;
  const third = await holds(script("register"), registers);
  for (const { disk } of [first, second, third]) {
    const { wallets } = await stateOn(disk);
    assert.equal(wallets.at(-1)!.descriptor, fresh.wallet.descriptor);
    for (const { replacedBy } of wallets.slice(0, -1)) assert.equal(replacedBy, fresh.wallet.fingerprint);
  }

  const outputs = [{ of: fresh, branch: 0, index: 0, amountSats: 199_000n }];
  const asked = await picturePsbt(join(at, "sweep"), psbt(old, { inputs: 2, outputs }), {
    density: "medium",
  });
  const one = await signsSweep(t, first.disk, asked);
  const two = await signsSweep(t, second.disk, one);
  const theirs = Psbt.fromBuffer(replyIn(two).bytes, { network: networks.regtest });
  theirs.finalizeAllInputs();
  const spent = [0, 1].map((index) => {
    return { amountSats: COIN_SATS, script: old.template.derive(0, index).scriptPubKey };
  });
  assert.equal(verifySpend(theirs.extractTransaction(true).toBuffer(), spent), 4);
});
