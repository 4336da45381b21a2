// Safes from end to end: owners' Firns register the same one, compare it, sign for it, and follow what becomes of it.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { HDNodeWallet, Interface, verifyTypedData } from "ethers";
import type { DiskState } from "../../device/sim/recording.ts";
import { folderStick } from "../../device/stick/folder.ts";
import type { Address } from "../../src/eip55.ts";
import { type Safe, safeOf, safeText } from "../../src/safe.ts";
import { PHRASES } from "../bitcoin/build.ts";
import {
  addressOf,
  SAFE_ADDRESS,
  SAFE_TX,
  type TxFields,
  txFields,
  typedText,
  ZERO,
} from "../ethereum/safe-stage.ts";
import {
  DONE,
  FROM_STICK,
  MAKE,
  PASSPHRASE,
  REHEARSE,
  RESTORE,
  TAKE,
  TO_STICK,
  TYPE_CODE,
} from "./backup-file-stage.ts";
import { codeIn } from "./ceremony-stage.ts";
import { type Asking, requestTexts, signs, TYPE, transaction } from "./ethereum-stage.ts";
import { stateOf } from "./policy-stage.ts";
import { folder, holds, homeOf, journalOf, PIN, type Play, papers, script, UNLOCK, WORDS } from "./stage.ts";

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 40, rows: 15 },
];

const ownerOf = (phrase: string) => HDNodeWallet.fromPhrase(phrase, "", "m/44'/60'/0'/0/0");
const [ANNA, BERT] = [ownerOf(WORDS), ownerOf(PHRASES[1])];
const EXECUTE = new Interface([
  "function execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)",
]);
const MASTERS = new Map([
  [ANNA, "73c5da0a"],
  [BERT, "3f635a63"],
]);
const CORA = addressOf(7);
/** With capitals and small letters among its digits. */
const CASED = "0xF3f50213C1d2e255e4B2bAD430F8A38EEF8D718E";
const OWNERS = [ANNA.address, BERT.address, CORA] as Address[];

function safe(change: Partial<Safe> = {}): Safe {
  const facts = {
    chainId: 1n,
    address: SAFE_ADDRESS,
    owners: OWNERS,
    threshold: 2,
    version: "1.4.1",
  } as const;
  return safeOf(change.name ?? "Family", { ...facts, ...change });
}

/** As the transaction service answers. */
function served(change: Record<string, unknown> = {}): string {
  const facts = {
    address: `eth:${SAFE_ADDRESS}`,
    nonce: 7,
    threshold: 2,
    owners: OWNERS,
    version: "1.4.1+L2",
  };
  return JSON.stringify({ ...facts, modules: [], guard: null, ...change });
}

interface Registering extends Play {
  readonly phrase?: string;
  readonly disk?: DiskState;
}

async function registers(
  at: string,
  texts: readonly string[],
  { phrase = WORDS, disk, ...more }: Registering = {},
) {
  const CAMERA = more.eye === "pictures" ? at : papers(at, texts);
  const home = disk ?? (await homeOf("regtest", phrase));
  return holds(script("eth-safe"), { disk: home, set: { PIN, CAMERA }, ...more });
}

const IN_SAFES = `${UNLOCK}pick Ethereum\npick Safes\n`;
const NAME = `2 of 3 ${safe().fingerprint}`;

function asking(fields: Partial<TxFields>, owner: HDNodeWallet): Asking {
  const text = typedText({ ...txFields(fields) });
  return {
    data: Buffer.from(text),
    type: TYPE.typed,
    chainId: 1,
    address: owner.address,
    master: MASTERS.get(owner)!,
  };
}

for (const size of SIZES)
  test(`two owners' Firns register the same Safe by pictures, compare it, and both sign (${size.columns}×${size.rows})`, async (t) => {
    const at = folder(t);
    const first = await registers(join(at, "json"), [served()], { size });
    const OUT = join(at, "shown");
    const shows = `${IN_SAFES}pick ${NAME}\npick Show it to the owners\ncodes $OUT\npress ok\n`;
    await holds(shows, { disk: first.disk, set: { OUT }, size });
    const second = await registers(OUT, [], { phrase: PHRASES[1], eye: "pictures", size });

    assert.equal(codeIn(first.printed, 8), codeIn(second.printed, 8));
    for (const { disk, printed } of [first, second]) {
      const { fingerprint, name } = (await stateOf(disk)).safes![0]!;
      assert.deepEqual([name, fingerprint], [NAME, safe().fingerprint]);
      assert.ok(printed.includes("This is your account 0."));
      const line = (await journalOf(disk)).find(({ kind }) => kind === "safe-registered");
      assert.deepEqual(line && "fingerprint" in line && line.fingerprint, fingerprint);
    }

    const fields = { to: CORA, value: 10n ** 17n };
    const domain = { chainId: 1, verifyingContract: SAFE_ADDRESS };
    for (const [owner, { disk }] of [
      [ANNA, first],
      [BERT, second],
    ] as const) {
      const { signature } = await signs(t, asking(fields, owner), { disk, size });
      assert.equal(verifyTypedData(domain, SAFE_TX, txFields(fields), signature), owner.address);
      assert.equal(signature, await owner.signTypedData(domain, SAFE_TX, txFields(fields)));
    }
  });

test("the review says which Safe it is, its nonce, and what it sends; the journal counts it for the Safe too", async (t) => {
  const at = folder(t);
  const { disk } = await registers(join(at, "in"), [safeText(safe())]);
  const answer = await signs(t, asking({ to: CORA, value: 10n ** 17n }, ANNA), { disk });
  const line = (await journalOf(answer.disk)).find(({ kind }) => kind === "spent");
  assert.ok(line?.kind === "spent");
  assert.deepEqual(line.outpoints, [`1/${SAFE_ADDRESS.toLowerCase()}/safe/7`]);
  assert.ok(line.wallets.includes(safe().fingerprint));
  assert.equal(line.wallets.length, 2);
  assert.deepEqual(line.takes, ["coin/eth 100000000000000000"]);
});

test("what a registered Safe carries out is counted for it too; an old one's chain is the registered one", async (t) => {
  const at = folder(t);
  const { disk } = await registers(join(at, "in"), [safeText(safe())]);
  const data = EXECUTE.encodeFunctionData("execTransaction", [
    ...[CORA, 10n ** 17n, "0x", 0, 0n, 0n, 0n, ZERO, ZERO, `0x${"11".repeat(130)}`],
  ]);
  const carried = transaction({
    type: 2,
    to: SAFE_ADDRESS,
    data,
    gasLimit: 200_000n,
    maxFeePerGas: 10n ** 9n,
  });
  const answer = await signs(t, carried, { disk });
  const line = (await journalOf(answer.disk)).find(({ kind }) => kind === "spent");
  assert.ok(line?.kind === "spent" && line.wallets.includes(safe().fingerprint));

  const old = await registers(join(at, "old"), [safeText(safe({ version: "1.1.1" }))]);
  const text = typedText({ ...txFields({ to: CORA, value: 1n }) }, {}, true);
  const asked = { data: Buffer.from(text), type: TYPE.typed, address: ANNA.address };
  const elsewhere = papers(join(at, "ask"), requestTexts({ ...asked, chainId: 10 }));
  await holds(`${UNLOCK}pick Sign a transaction\ncamera $CAMERA loop\nsee safe.other-chain\n`, {
    ...{ disk: old.disk, set: { CAMERA: elsewhere } },
  });
  const { signature } = await signs(t, { ...asked, chainId: 1 }, { disk: old.disk });
  const domain = { verifyingContract: SAFE_ADDRESS };
  assert.equal(verifyTypedData(domain, SAFE_TX, txFields({ to: CORA, value: 1n }), signature), ANNA.address);
});

test("a request for a Safe is read out: whose, its nonce, what it does; a delegate call is refused", async (t) => {
  const at = folder(t);
  const { disk } = await registers(join(at, "in"), [safeText(safe())]);
  const see = (fields: Partial<TxFields>, steps: string) =>
    holds(`${UNLOCK}pick Sign a transaction\ncamera $CAMERA loop\n${steps}`, {
      disk,
      set: { CAMERA: papers(join(at, "ask"), requestTexts(asking(fields, ANNA))) },
    });
  await see(
    { to: CORA, value: 10n ** 17n },
    `see ${NAME}\nsee You sign as owner\nsee 2 of 3 owners must sign\nsee Safe's nonce\nsee 0.1 ETH\n`,
  );
  await see({ to: CORA, data: "0x12345678", operation: 1 }, "see policy.delegate-call\n");
  const one = `0x694e80c3${"1".padStart(64, "0")}`;
  await see({ to: SAFE_ADDRESS, data: one }, "see policy.safe-change\n");
});

test("a Safe of which only the address is shown is completed by hand", async (t) => {
  const at = folder(t);
  const bare = papers(join(at, "bare"), [SAFE_ADDRESS]);
  const owner = papers(join(at, "owner"), [`eth:${ANNA.address}`]);
  const steps = `${IN_SAFES}pick Register a Safe
camera ${bare}
see On which chain?
pick Ethereum
see Which version?
pick 1.4.1
see Owners: 0
pick Add an owner
pick Scan it
camera ${owner}
see Owners: 1
pick Add an owner
pick Type it
type ${BERT.address.slice(2)}
press ok
see Owners: 2
pick Add an owner
pick Type it
type ${BERT.address.slice(2)}
press ok
see safe.owners
page
press ok
see Owners: 2
pick That is all
see How many must sign?
pick 2 of 2
see Name the Safe
press ok
page
hold ok
see Code of the whole Safe
`;
  const owners = [ANNA.address, BERT.address] as Address[];
  const { fingerprint } = safe({ owners });
  const renews = `${IN_SAFES}pick 2 of 2 ${fingerprint}
pick Owners changed, by hand
see Owners: 2
pick Remove the last one
pick Add an owner
pick Type it
type ${CASED.toLowerCase().slice(2)}
press ok
see Not an address as it is written
press back x40
type ${CASED.slice(2)}
press ok
pick That is all
pick 1.4.1
pick 2 of 2
see What changes
see It stays 2 of 2
page
hold ok
see Code of the whole Safe
`;
  for (const size of SIZES) {
    const { disk, printed } = await holds(steps, { disk: await homeOf(), size });
    assert.equal((await stateOf(disk)).safes?.[0]?.fingerprint, fingerprint);
    const renewed = await holds(renews, { disk, size });
    const [kept] = (await stateOf(renewed.disk)).safes!;
    const stays = [...owners].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))[0]!;
    assert.equal(kept?.fingerprint, safe({ owners: [stays, CASED] }).fingerprint);
    assert.ok(!`${printed}${renewed.printed}`.includes("… more"));
  }
});

test("what is held for nothing keeps nothing, and a Safe that is known is refused", async (t) => {
  const at = folder(t);
  const { disk } = await registers(join(at, "in"), [served()]);
  const again = `${IN_SAFES}pick Register a Safe\ncamera $CAMERA\nsee safe.known\n`;
  await holds(again, { disk, set: { CAMERA: papers(join(at, "in"), [served({ threshold: 1 })]) } });
  const other = `${IN_SAFES}pick Register a Safe\ncamera $CAMERA\nsee Name the Safe\npress ok\npage\npress back\nsee Register a Safe\n`;
  const left = await holds(other, {
    disk,
    set: { CAMERA: papers(join(at, "in"), [served({ address: `gno:${SAFE_ADDRESS}` })]) },
  });
  assert.equal((await stateOf(left.disk)).safes?.length, 1);
});

test("modules and guards are warned of before anything is kept", async (t) => {
  const at = folder(t);
  const given = served({ modules: [addressOf(8)], guard: addressOf(9), threshold: 1 });
  const steps = `${IN_SAFES}pick Register a Safe\ncamera $CAMERA\npress ok\nsee A module moves everything\nsee A guard can forbid\nsee One owner is enough\n`;
  await holds(steps, { disk: await homeOf(), set: { CAMERA: papers(join(at, "in"), [given]) } });
});

test("when owners changed another takes its place, walked through anew; then it is removed", async (t) => {
  const at = folder(t);
  const { disk } = await registers(join(at, "in"), [served()]);
  const fresh = [ANNA.address, BERT.address, addressOf(8)] as Address[];
  const set = { CAMERA: papers(join(at, "fresh"), [served({ owners: fresh, threshold: 3 })]) };
  const changed = `${IN_SAFES}pick ${NAME}\npick Owners changed\ncamera $CAMERA\nsee What changes\nsee 2 of 3 becomes 3 of 3\nsee Comes\nsee Goes\npage\nhold ok\nsee Code of the whole Safe\n`;
  const renewed = await holds(changed, { disk, set });
  const kept = (await stateOf(renewed.disk)).safes!;
  assert.deepEqual(
    kept.map((one) => one.fingerprint),
    [safe({ owners: fresh, threshold: 3 }).fingerprint],
  );
  const kinds = (await journalOf(renewed.disk))
    .map(({ kind }) => kind)
    .filter((kind) => kind.startsWith("safe-"));
  assert.deepEqual(kinds, ["safe-registered", "safe-removed", "safe-registered"]);

  const wrong = { CAMERA: papers(join(at, "other"), [served({ address: `eth:${addressOf(55)}` })]) };
  await holds(`${IN_SAFES}pick ${NAME}\npick Owners changed\ncamera $CAMERA\nsee safe.other-safe\n`, {
    disk,
    set: wrong,
  });

  const removal = `${IN_SAFES}pick ${NAME}\npick Remove this Safe\npage\nhold ok\nsee Register a Safe\nunseen ${NAME}\n`;
  const gone = await holds(removal, { disk: renewed.disk });
  assert.equal((await stateOf(gone.disk)).safes, undefined);
});

test("an encrypted backup has the Safes, says which are newer, and brings them back", async (t) => {
  const at = folder(t);
  const stick = folderStick(join(at, "stick"));
  mkdirSync(join(at, "stick"));
  const later = folderStick(join(at, "later"));
  mkdirSync(join(at, "later"));
  const makes = `${MAKE}${PASSPHRASE}${TO_STICK}${DONE}`;
  const before = await holds(makes, { disk: await homeOf(), stick });
  const { disk } = await registers(join(at, "in"), [served()], { disk: before.disk });
  const rehearses = `${REHEARSE}${FROM_STICK}${TYPE_CODE}see Not all that is here is in it\nsee Safes that are newer, not in it ${NAME}\n`;
  await holds(rehearses, { disk, stick });
  const made = await holds(makes, { disk, stick: later });
  const again = await holds(
    `${RESTORE}${FROM_STICK}${TYPE_CODE}see Registered Safes ${NAME}\n${TAKE}${UNLOCK}`,
    { stick: later },
  );
  assert.deepEqual((await stateOf(again.disk)).safes, (await stateOf(made.disk)).safes);
  assert.equal((await stateOf(again.disk)).safes?.length, 1);
});
