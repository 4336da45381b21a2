// Wallets with more than one way to spend, from their registration to a transaction that rust-miniscript finishes.

import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Psbt as Peer } from "@bitgo/wasm-miniscript";
import { anyPurse, POINT_H, peerPsbt, signedByPeer } from "../bitcoin/any-wallet.ts";
import { signed } from "../bitcoin/build.ts";
import {
  folder,
  holds,
  homeOf,
  PIN,
  papers,
  psbtTexts,
  registered,
  replyIn,
  script,
  walletTexts,
} from "./stage.ts";

const ESTATE = "wsh(or_d(multi(2,@1/<0;1>/*,@2/<0;1>/*),and_v(v:pkh(@0/<0;1>/*),older(26000))))";
const TREE = `tr(${POINT_H},{multi_a(2,@0/<0;1>/*,@1/<0;1>/*),and_v(v:pk(@0/<2;3>/*),after(900000))})`;

const homeWith = async (t: TestContext, text: string) =>
  registered(await homeOf(), folder(t), walletTexts(anyPurse(text).wallet.descriptor));

/** What was printed, without frames and line ends. */
const said = (printed: string): string => printed.replace(/[|\s]+/g, " ");

async function signs(t: TestContext, disk: Awaited<ReturnType<typeof homeWith>>, bytes: Uint8Array) {
  const at = folder(t);
  const set = { PIN, CAMERA: papers(join(at, "in"), psbtTexts(bytes)), OUT: join(at, "out") };
  const { printed } = await holds(script("sign"), { disk, set });
  return { printed, bytes: replyIn(join(at, "out")).bytes };
}

test("an heir is refused before the time has come, with what it needs, and signs by the recovery way after it", async (t) => {
  const disk = await homeWith(t, ESTATE);
  const early = peerPsbt({ text: ESTATE }).serialize();
  const set = { PIN, CAMERA: papers(folder(t), psbtTexts(early)), SEE: "bitcoin.no-way-open" };
  const refused = await holds(script("refuse"), { disk, set });
  assert.match(said(refused.printed), /input 1 needs an nSequence of at least 26000/);
  const late = peerPsbt({ text: ESTATE, sequence: 26_000 }).serialize();
  const { printed, bytes } = await signs(t, disk, late);
  const words = said(printed);
  assert.match(words, /By a way that had to wait/);
  assert.match(words, /needs your key after 26,000 blocks, about 6 months/);
  assert.match(words, /with yours it is complete/);
  assert.deepEqual(bytes, (await signed(anyPurse(ESTATE), late)).whole.bytes);
  Peer.deserialize(bytes).finalize();
});

test("of a tree the leaf that is open is signed, named in words, and a cosigner's signature finishes it", async (t) => {
  const disk = await homeWith(t, TREE);
  const { printed, bytes } = await signs(t, disk, peerPsbt({ text: TREE }).serialize());
  const words = said(printed);
  assert.match(words, /leaf 1 needs 2 of 2 now/);
  assert.match(words, /with yours 1 more is needed/);
  assert.doesNotMatch(words, /had to wait/);
  assert.throws(() => Peer.deserialize(bytes).finalize());
  signedByPeer(Peer.deserialize(bytes), [1]).finalize();
});
