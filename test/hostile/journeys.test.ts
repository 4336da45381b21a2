// What a person sees and the journal keeps where things go wrong late.

import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf } from "../../src/bitcoin/index.ts";
import { grouped } from "../../src/text.ts";
import { encode, plan, purse, row } from "../bitcoin/build.ts";
import {
  folder,
  holds,
  homeOf,
  journalOf,
  PIN,
  papers,
  psbtTexts,
  script,
  UNLOCK,
  walletTexts,
} from "../flows/stage.ts";

test("readings that differ end the review, and the journal says why", async (t) => {
  const single = purse("p2wpkh");
  const parts = plan(single);
  // A proprietary field without its subtype (BIP 174): the second reader takes none.
  parts.global.push(row(0xfc, Uint8Array.of(1), Uint8Array.of(3, 65, 66, 67)));
  const camera = papers(folder(t), psbtTexts(encode(parts)));
  const set = { PIN, CAMERA: camera, SEE: "bitcoin.readers-disagree" };
  const { disk } = await holds(script("refuse"), { disk: await homeOf(), set });
  const refused = (await journalOf(disk)).filter(({ kind }) => kind === "refused");
  assert.deepEqual(
    refused.map((entry) => entry.kind === "refused" && [entry.txid.length, entry.reasons]),
    [[64, ["bitcoin.readers-disagree"]]],
  );
});

test("what cosigners compare after registering is an address, not eight digits that can be forged", async (t) => {
  const vault = purse("p2wsh");
  const first = grouped(addressOf(vault.template.derive(0, 0).scriptPubKey, "regtest")!);
  const camera = papers(folder(t), walletTexts(vault.wallet.descriptor));
  await holds(
    `${UNLOCK}pick Wallets\npick Register a wallet\ncamera ${camera} loop\nsee Name the wallet\npress ok
    see Quorum\npage\nhold ok\nsee Registered\nsee ${first}\nsee with the other cosigners, by voice`,
    { disk: await homeOf() },
  );
});
