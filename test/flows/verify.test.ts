// Verifying addresses and looking at one's own, as journeys; the addresses are another library's.

import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Output } from "@bitcoinerlab/descriptors-scure";
import { bech32 } from "@scure/base";
import { networks } from "bitcoinjs-lib";
import { FORMS, type Purse, purse } from "../bitcoin/build.ts";
import {
  codesIn,
  folder,
  holds,
  homeOf,
  PIN,
  papers,
  registered,
  script,
  UNLOCK,
  walletTexts,
} from "./stage.ts";

/** What another program says stands there. */
function addressOf({ wallet }: Purse, branch: number, index: number, network = networks.regtest): string {
  const descriptor = wallet.descriptor
    .replace(/#.*$/, "")
    .replaceAll(`/<${wallet.receive};${wallet.change}>/*`, `/${branch}/*`);
  return new Output({ descriptor, index, network }).getAddress();
}

const VAULT = purse("p2wsh");
const NAME = `2 of 3 ${VAULT.wallet.fingerprint}`;

async function withVault(t: TestContext) {
  return registered(await homeOf(), folder(t), walletTexts(VAULT.wallet.descriptor));
}

const VERIFY = "pick Wallets\npick Verify an address\npick Scan its code\n";

for (const form of FORMS)
  test(`the shipped session names wallet, branch and index of a ${form} address`, async (t) => {
    const own = purse(form);
    const single = own.wallet.keys.length === 1;
    const at = folder(t);
    const disk = single
      ? await homeOf()
      : await registered(await homeOf(), join(at, "wallet"), walletTexts(own.wallet.descriptor));
    const CAMERA = papers(join(at, "in"), [addressOf(own, 0, 17)]);
    const { printed } = await holds(script("verify-address"), { disk, set: { PIN, CAMERA } });
    const names: Record<string, string> = {
      p2pkh: "Legacy, account 0",
      "p2sh-p2wpkh": "Nested segwit, account 0",
      p2wpkh: "Native segwit, account 0",
      p2tr: "Taproot, account 0",
    };
    assert.match(printed, /Yours: receive address 17/);
    assert.ok(printed.includes(names[form] ?? `2 of 3 ${own.wallet.fingerprint}`));
    assert.match(printed, /17 \(receive, 0\/17\)/);
  });

test("change is named as change, and is not for others", async (t) => {
  const disk = await withVault(t);
  await holds(
    `${UNLOCK}${VERIFY}scan ${addressOf(VAULT, 1, 3)}\nsee Yours: change address 3\nsee ${NAME}\nsee 3 (change, 1/3)\nsee Give others receive addresses`,
    { disk },
  );
});

test("a payment request in capitals is read, and what it adds is shown as what somebody wrote", async (t) => {
  const disk = await withVault(t);
  const bare = addressOf(VAULT, 0, 5);
  const CODE = `BITCOIN:${bare.toUpperCase()}?amount=0.015&label=Luke%20%E2%80%AE&message=rent%0A&req-x=1&index=5&wallet=${encodeURIComponent(NAME)}`;
  await holds(
    `${UNLOCK}${VERIFY}scan $CODE\nsee Yours: receive address 5\nunseen that is wrong\nunseen calls the wallet
     see What the code says beside\nsee nothing proves it\nsee 0.015 BTC\nsee Luke <U+202E>\nsee rent<U+000A>\nsee req-x\npage\npress ok\nsee Verify an address`,
    { disk, set: { CODE } },
  );
});

test("a hint is followed however far it leads, and one that is wrong is told", async (t) => {
  const disk = await withVault(t);
  const far = `${UNLOCK}${VERIFY}scan $CODE\nsee Yours: receive address 54321\nsee so far away\nunseen that is wrong`;
  await holds(far, { disk, set: { CODE: `bitcoin:${addressOf(VAULT, 0, 54_321)}?index=54321` } });
  const named = `${UNLOCK}${VERIFY}scan $CODE\nsee Yours: receive address 6\nunseen calls the wallet`;
  const { fingerprint } = VAULT.wallet;
  await holds(named, {
    disk,
    set: { CODE: `${addressOf(VAULT, 0, 6)}?wallet=${fingerprint.toUpperCase()}` },
  });
  const wrong = `${UNLOCK}${VERIFY}scan $CODE\nsee Yours: receive address 6\nsee it is index 5: that is wrong\nsee calls the wallet "Other"`;
  await holds(wrong, { disk, set: { CODE: `bitcoin:${addressOf(VAULT, 0, 6)}?index=5&wallet=Other` } });
});

test("what is not among the first thousand is searched far past them when asked, and found there", async (t) => {
  const disk = await withVault(t);
  const CODE = addressOf(VAULT, 1, 1403);
  await holds(
    `${UNLOCK}${VERIFY}scan $CODE\nsee Not found\nsee None of the first 1,000 receive and 1,000 change addresses\nsee Looked in\nsee ${NAME}
     page\npress ok\nsee Yours: change address 1403\nsee so far away`,
    { disk, set: { CODE } },
  );
});

test("a foreign address is not found, and where no wallet makes such addresses no search is offered", async () => {
  const foreign = addressOf(purse("p2wsh", { name: "Foreign", threshold: 1 }), 0, 0);
  const disk = await homeOf();
  const none = `${UNLOCK}${VERIFY}scan $CODE\nsee Not found\nsee No wallet of this key has addresses of this kind\nunseen search\nunseen Looked in\npage\npress ok\nsee Verify an address`;
  await holds(none, { disk, set: { CODE: foreign } });
  const stranger = addressOf(purse("p2wpkh", { account: 7 }), 0, 0);
  const nothing = `${UNLOCK}${VERIFY}scan $CODE\nsee Not found\nsee Native segwit, account 0\nunseen ${NAME}\npress back\nsee Verify an address`;
  await holds(nothing, { disk, set: { CODE: stranger } });
});

test("an address of another network is refused with that network's name", async () => {
  const disk = await homeOf();
  for (const [address, named] of [
    [addressOf(purse("p2wpkh", { network: "mainnet" }), 0, 0, networks.bitcoin), "an address of mainnet"],
    [addressOf(purse("p2wpkh"), 0, 0, networks.testnet), "an address of testnet3, testnet4, signet;"],
  ])
    await holds(
      `${UNLOCK}${VERIFY}scan ${address}\nsee bitcoin.address-network\nsee ${named}\nsee Firn is set up for regtest\npage\npress ok\nsee Verify an address`,
      { disk },
    );
});

/** Bits whose sum, over all the checksums that they change, is none in the last four characters (20 bits). */
function unseenAtTheEnd(program: Uint8Array): Uint8Array {
  const lastOf = (bytes: Uint8Array): number => {
    const words = bech32.toWords(bytes);
    return bech32.decode(bech32.encode("bcrt", [0, ...words]), 90)
      ? [...bech32.encode("bcrt", [0, ...words]).slice(-4)].reduce(
          (sum, char) => sum * 32 + "qpzry9x8gf2tvdw0s3jn54khce6mua7l".indexOf(char),
          0,
        )
      : 0;
  };
  const before = lastOf(program);
  const rows: { change: number; bits: bigint }[] = [];
  for (let bit = 64; ; bit++) {
    const changed = program.slice();
    changed[bit >> 3]! ^= 128 >> (bit & 7);
    let row = { change: lastOf(changed) ^ before, bits: 1n << BigInt(bit) };
    for (const other of rows)
      if ((row.change ^ other.change) < row.change)
        row = { change: row.change ^ other.change, bits: row.bits ^ other.bits };
    if (row.change !== 0) {
      rows.push(row);
      rows.sort((a, b) => b.change - a.change);
      continue;
    }
    const forged = program.slice();
    for (let at = 0; at < 8 * forged.length; at++)
      if ((row.bits >> BigInt(at)) & 1n) forged[at >> 3]! ^= 128 >> (at & 7);
    return forged;
  }
}

test("an address that only begins and ends like one of ours is called a look-alike, and its middle is shown beside ours", async () => {
  const ours = addressOf(purse("p2wpkh"), 0, 2);
  const program = bech32.fromWords(bech32.decode(ours as `bcrt1${string}`).words.slice(1));
  const theirs = bech32.encode("bcrt", [0, ...bech32.toWords(unseenAtTheEnd(program))]);
  assert.notEqual(theirs, ours);
  assert.deepEqual([theirs.slice(0, 12), theirs.slice(-4)], [ours.slice(0, 12), ours.slice(-4)]);
  await holds(
    `${UNLOCK}${VERIFY}scan ${theirs}\nsee A look-alike: not yours\nsee receive address 2 of Native segwit, account 0\nsee ${theirs}\nsee ${ours}
     page\npress ok\nsee Not found`,
    { disk: await homeOf() },
  );
});

test("a typed address is checked while it is typed: a wrong character is no address", async (t) => {
  const disk = await withVault(t);
  const TYPED = addressOf(VAULT, 0, 9);
  const wrong = `${TYPED.slice(0, -1)}${TYPED.endsWith("q") ? "p" : "q"}`;
  await holds(
    `${UNLOCK}pick Wallets\npick Verify an address\npick Type it\ntype ${wrong}\npress ok\nsee No address: a character is wrong
     press back\ntype ${TYPED.slice(-1)}\npress ok\nsee Yours: receive address 9`,
    { disk },
  );
});

test("a wallet that was taken away verifies nothing any more", async (t) => {
  const set = { CODE: addressOf(VAULT, 0, 0) };
  const { disk } = await holds(`${UNLOCK}pick Wallets\npick 2 of 3\npick Remove\nhold ok\nsee Wallets`, {
    disk: await withVault(t),
  });
  await holds(`${UNLOCK}${VERIFY}scan $CODE\nsee Not found\nunseen ${NAME}`, { disk, set });
});

// ---------------------------------------------------------------- one's own addresses

const LOOK = `${UNLOCK}pick Wallets\npick ${NAME}\n`;

test("addresses are shown by pages, forward and back, and at an index that is typed", async (t) => {
  const disk = await withVault(t);
  const at = (index: number, branch = 0) => addressOf(VAULT, branch, index);
  await holds(
    `${LOOK}pick Receive addresses\nsee ${at(0)}\nsee ${at(3)}\nunseen Previous addresses\npick Next addresses\nunseen ${at(0)}\nsee Previous addresses
     press ok\npick Previous addresses\npress left\nsee ${at(0)}\nunseen Previous addresses
     type 7\nsee Go to an index\ntype 77\npress ok\nsee ${at(777)}\nunseen ${at(776)}
     pick Go to an index\ntype 100001\npress ok\nsee A number from 0 to 100,000\npress back\npress back\npress back\npress back\npress back\npress back\npress back\nsee ${at(777)}
     pick Go to an index\ntype 100000\npress ok\nsee ${at(100_000)}\nunseen Next addresses\npress back
     pick Change addresses\nsee ${at(0, 1)}`,
    { disk },
  );
});

test("one address is shown in groups with its ends, and as a code: alone, and as a link in capitals", async (t) => {
  const OUT = folder(t);
  const address = addressOf(VAULT, 0, 1);
  await holds(
    `${LOOK}pick Receive addresses\npress down\npress ok\nsee ${NAME}: receive 1\nsee ${address}\nsee ${address.slice(0, 4)} ${address.slice(4, 8)} ...
     pick Show its code\nsee Address 0/1\ncodes ${join(OUT, "plain")}\npress back\ncodes ${join(OUT, "link")}\npress back\ncodes ${join(OUT, "again")}
     press ok\npress back\nsee Next addresses\npress back\nsee Receive addresses`,
    { disk: await withVault(t) },
  );
  assert.deepEqual(codesIn(join(OUT, "plain")), [address]);
  assert.deepEqual(codesIn(join(OUT, "link")), [`BITCOIN:${address.toUpperCase()}`]);
  assert.deepEqual(codesIn(join(OUT, "again")), [address]);
});

test("an old address is a link as it is: its capitals mean something", async (t) => {
  const OUT = folder(t);
  await holds(
    `${UNLOCK}pick Wallets\npick Legacy, account 0\npick Receive addresses\npress ok\npick Show its code\npress back\ncodes ${OUT}`,
    { disk: await homeOf() },
  );
  assert.deepEqual(codesIn(OUT), [`bitcoin:${addressOf(purse("p2pkh"), 0, 0)}`]);
});

test("from one wallet's menu too, another wallet's address is named and not called foreign", async (t) => {
  const set = { CODE: addressOf(VAULT, 0, 4), OTHER: addressOf(purse("p2wpkh"), 0, 4) };
  const find = "pick Verify an address\npick Scan its code\n";
  await holds(
    `${LOOK}${find}scan $CODE\nsee Yours: receive address 4\npage\npress ok\n${find}scan $OTHER\nsee Yours: receive address 4\nsee Native segwit, account 0\npage\npress ok\nsee Verify an address`,
    { disk: await withVault(t), set },
  );
});

test("the codes that one Firn draws of its addresses another verifies from their pictures", async (t) => {
  const at = folder(t);
  const disk = await homeOf();
  const show = `${UNLOCK}pick Wallets\npick Taproot, account 0\npick Change addresses\npress down x3\npress ok\npick Show its code
    codes ${join(at, "plain")}\npress back\ncodes ${join(at, "link")}`;
  await holds(show, { disk, eye: "pictures" });
  for (const form of ["plain", "link"]) {
    const set = { PIN, CAMERA: join(at, form) };
    const { printed } = await holds(script("verify-address"), { disk, set, eye: "pictures" });
    assert.match(printed, /Yours: change address 3 /);
  }
});
