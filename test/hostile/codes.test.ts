// Through codes: whatever is held before the camera, on the whole journey. Nothing of it is signed.

import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { concat, u32le, u64le } from "../../src/bytes.ts";
import type { Dialect } from "../../src/model.ts";
import {
  derivationRows,
  encode,
  encodeOutput,
  heldBy,
  type Parts,
  PHRASES,
  type Plan,
  type Purse,
  plan,
  previousTx,
  psbt,
  purse,
  row,
  signed,
} from "../bitcoin/build.ts";
import { picturePsbt } from "../flows/pictures.ts";
import {
  folder,
  holds,
  homeOf,
  journalOf,
  PIN,
  papers,
  psbtTexts,
  registered,
  replyIn,
  script,
  UNLOCK,
  walletTexts,
} from "../flows/stage.ts";

const single = purse("p2wpkh");
const legacy = purse("p2pkh");
const root = purse("p2tr");
const vault = purse("p2wsh");
const stranger = purse("p2wpkh", { phrases: [PHRASES[1]] });

const find = (parts: Parts, input: number, type: number) =>
  parts.inputs[input]!.find((one) => one.type === type)!;
const drop = (parts: Parts, input: number, ...types: number[]) => {
  parts.inputs[input] = parts.inputs[input]!.filter(({ type }) => !types.includes(type));
};

function changed(own: Purse, what: Plan, change: (parts: Parts) => void): Uint8Array {
  const parts = plan(own, what);
  change(parts);
  return encode(parts);
}

async function withSignatureFlag(flag: number): Promise<Uint8Array> {
  const first = (await signed(heldBy(vault, 1), psbt(vault))).whole.bytes;
  const at = first.findIndex((byte, i) => byte === 0x01 && first[i - 71] === 0x47 && first[i - 70] === 0x30);
  assert.ok(at > 0, "the signature's last byte is found");
  return first.map((byte, i) => (i === at ? flag : byte));
}

/** What is shown to the camera, and the reason that refuse.txt must find. */
const REFUSED: readonly (readonly [string, string, () => Uint8Array | Promise<Uint8Array>])[] = [
  ["nothing of ours", "bitcoin.not-ours", () => psbt(stranger)],
  ["another network's coin", "bitcoin.not-ours", () => psbt(purse("p2wpkh", { network: "mainnet" }))],
  [
    "somebody's coin among ours, which the offered policy does not allow",
    "policy.foreign-input",
    () => psbt(single, { inputs: [{}, { of: stranger }] }),
  ],
  [
    "a coin under our key that no wallet here makes, among ours",
    "bitcoin.claimed-input",
    () => psbt(single, { inputs: [{}, { of: purse("p2wpkh", { account: 7 }) }] }),
  ],
  [
    "coins of two of our accounts, which the offered policy does not allow",
    "policy.mixed-wallets",
    () => psbt(single, { inputs: [{}, { of: root }] }),
  ],
  [
    "our key claimed for a stranger's script",
    "bitcoin.not-ours",
    () =>
      changed(stranger, {}, (parts) => {
        drop(parts, 0, 0x06);
        parts.inputs[0]!.push(
          ...derivationRows(single, single.template.derive(0, 0), { plain: 6, tap: 0x16 }),
        );
      }),
  ],
  [
    "a smaller amount than the previous transaction proves",
    "bitcoin.utxo-mismatch",
    () =>
      changed(single, {}, (parts) => {
        const utxo = find(parts, 0, 0x01);
        utxo.value = concat(u64le(90_000n), utxo.value.slice(8));
      }),
  ],
  [
    "another previous transaction",
    "bitcoin.previous-mismatch",
    () =>
      changed(single, {}, (parts) => {
        const script = single.template.derive(0, 0).scriptPubKey;
        find(parts, 0, 0x00).value = previousTx(77, [encodeOutput(900_000n, script)]);
        drop(parts, 0, 0x01);
      }),
  ],
  ["segwit amounts that nothing proves", "policy.fee-unproven", () => psbt(single, { previous: false })],
  [
    "taproot beside nothing that proves it",
    "bitcoin.missing-utxo",
    () => psbt(root, { previous: false, witnessUtxo: false }),
  ],
  [
    "witness data alone for a legacy coin",
    "bitcoin.legacy-needs-previous",
    () =>
      changed(legacy, { previous: false }, (parts) => {
        const { scriptPubKey } = legacy.template.derive(0, 0);
        parts.inputs[0]!.push(row(0x01, encodeOutput(100_000n, scriptPubKey)));
      }),
  ],
  ["no coin described", "bitcoin.missing-utxo", () => psbt(single, { previous: false, witnessUtxo: false })],
  ["the same coin twice", "bitcoin.duplicate-input", () => twice()],
  [
    "outputs above inputs",
    "bitcoin.amounts",
    () => psbt(single, { outputs: [{ foreign: 1, amountSats: 100_001n }] }),
  ],
  [
    "more than all bitcoin",
    "bitcoin.amounts",
    () => psbt(single, { outputs: [{ foreign: 1, amountSats: 2_100_000_000_000_001n }] }),
  ],
  ["no outputs", "bitcoin.no-outputs", () => psbt(single, { outputs: [] })],
  [
    "no inputs",
    "bitcoin.no-inputs",
    () => psbt(single, { version: 2, inputs: [], outputs: [{ foreign: 1, amountSats: 1n }] }),
  ],
  ["SIGHASH NONE", "bitcoin.sighash", () => psbt(single, { sighash: 2 })],
  ["SIGHASH SINGLE", "bitcoin.sighash", () => psbt(legacy, { sighash: 3 })],
  ["ANYONECANPAY", "bitcoin.sighash", () => psbt(single, { sighash: 0x81 })],
  ["a reserved sighash", "bitcoin.sighash", () => psbt(root, { sighash: 0x04 })],
  ["a cosigner's signature that binds nothing", "bitcoin.sighash", () => withSignatureFlag(0x02)],
  ["a fee of half of what is sent", "policy.fee-percent-too-high", () => psbt(single, { feeSats: 39_000n })],
  [
    "a signature of ours already there",
    "bitcoin.already-signed",
    async () => (await signed(single, psbt(single))).whole.bytes,
  ],
  [
    "a flood of derivation paths that lead nowhere",
    "bitcoin.false-paths",
    () => {
      const outputs = Array.from({ length: 600 }, (_, i) => ({ foreign: i, amountSats: 100n }));
      return changed(single, { outputs }, (parts) =>
        parts.outputs.forEach((map, i) => {
          map.push(...derivationRows(single, single.template.derive(1, i), { plain: 0x02, tap: 0x07 }));
        }),
      );
    },
  ],
  [
    "a version that nobody knows",
    "bitcoin.psbt-version",
    () => changed(single, {}, ({ global }) => global.push(row(0xfb, u32le(1)))),
  ],
  ["a truncated PSBT", "bitcoin.psbt-malformed", () => psbt(single).slice(0, -9)],
  [
    "a PSBT with something behind it",
    "bitcoin.psbt-malformed",
    () => concat(psbt(single), Uint8Array.of(1, 2, 3)),
  ],
  ["a magic and nothing", "bitcoin.psbt-malformed", () => Uint8Array.of(0x70, 0x73, 0x62, 0x74, 0xff, 0)],
];

function twice(): Uint8Array {
  const parts = plan(single, { version: 2, inputs: 2 });
  for (const type of [0x00, 0x01, 0x0e, 0x0f]) find(parts, 1, type).value = find(parts, 0, type).value;
  return encode(parts);
}

for (const [what, reason, make] of REFUSED)
  test(`${what}: refused as ${reason}, no hold is offered, and home is reached again`, async (t) => {
    const disk = await vaultHome(t);
    const CAMERA = papers(join(folder(t), "in"), psbtTexts(await make(), "bbqr"));
    const after = await holds(script("refuse"), { disk, set: { PIN, CAMERA, SEE: reason } });
    assert.match(after.screen, /Sign a transaction/);
    const last = (await journalOf(after.disk)).at(-1);
    assert.ok(last?.kind === "refused" && last.reasons.includes(reason), "the journal has the reason");
  });

async function vaultHome(t: TestContext) {
  return registered(await homeOf(), folder(t), walletTexts(vault.wallet.descriptor));
}

test("as real pictures, taken askew, blurred and noisy, they are refused the same", async (t) => {
  const shot = { tiltX: 0.1, rotationDegrees: 5, blur: 0.6, noise: 6 };
  const disk = await homeOf();
  for (const name of ["SIGHASH NONE", "outputs above inputs", "nothing of ours"]) {
    const [, SEE, make] = REFUSED.find(([what]) => what === name)!;
    const bytes = await make();
    const CAMERA = await picturePsbt(
      join(folder(t), "in"),
      bytes,
      { dialect: "ur", density: "medium" },
      shot,
    );
    await holds(script("refuse"), { disk, set: { PIN, CAMERA, SEE }, eye: "pictures" });
  }
});

// ---------------------------------------------------------------- what is shown for what it is

/** What is shown, what some page must say, and what none may. */
const SHOWN: readonly (readonly [string, readonly string[], readonly string[], () => Uint8Array])[] = [
  [
    "a stranger's address that claims to be our change",
    ["Pays to", "To 2 destinations"],
    ["Comes back as change"],
    () =>
      changed(single, {}, (parts) => {
        const hints = derivationRows(single, single.template.derive(1, 0), { plain: 0x02, tap: 0x07 });
        parts.outputs[0] = hints;
        parts.outputs[1] = [];
      }),
  ],
  [
    "a 2-of-3 of strangers with our key in it",
    ["Pays to"],
    ["Comes back as change", "Goes to yourself"],
    () => {
      const theirs = purse("p2wsh", { threshold: 1, sorted: false });
      return psbt(single, { outputs: [{ of: theirs, branch: 1, amountSats: 99_000n }] });
    },
  ],
  [
    "change at an absurd index",
    ["Change at a far index", "Pays to"],
    ["Comes back as change"],
    () => psbt(single, { outputs: [{ of: single, branch: 1, index: 2 ** 31 - 2, amountSats: 99_000n }] }),
  ],
  [
    "change to another account of ours",
    ["Change to another wallet", "Goes to yourself", "Taproot, account 0"],
    ["Comes back as change"],
    () => psbt(single, { outputs: [{ of: root, branch: 1, amountSats: 99_000n }] }),
  ],
  [
    "data in an output, behind PUSHDATA2",
    ["An output has no address", "6a4d 0400 6869"],
    [],
    () => {
      const script = concat(Uint8Array.of(0x6a, 0x4d, 4, 0), Uint8Array.from(Buffer.from("hi!!")));
      return psbt(single, {
        outputs: [
          { script, amountSats: 0n },
          { of: single, branch: 1, amountSats: 99_000n },
        ],
      });
    },
  ],
  [
    "an empty change beside the output that matters",
    ["Output 1 of 2", "Output 2 of 2", "0.00090000 BTC"],
    [],
    () =>
      psbt(single, {
        outputs: [
          { of: single, branch: 1, amountSats: 0n },
          { foreign: 2, amountSats: 90_000n },
        ],
      }),
  ],
  [
    "a lock time that holds nothing back",
    ["lock time block 800000 has no effect"],
    [],
    () => psbt(single, { lockTime: 800_000, sequence: 0xffffffff }),
  ],
  ["a lock time that holds", ["only after block 800000"], [], () => psbt(single, { lockTime: 800_000 })],
];

for (const [what, seen, unseen, make] of SHOWN)
  test(`${what} is shown as what it is`, async (t) => {
    const CAMERA = papers(join(folder(t), "in"), psbtTexts(make()));
    const looks = [...seen.map((text) => `see ${text}`), ...unseen.map((text) => `unseen ${text}`)];
    await holds(`${UNLOCK}pick Sign\ncamera ${CAMERA}\n${looks.join("\n")}\npage\nsee Sign?`, {
      disk: await homeOf(),
    });
  });

// ---------------------------------------------------------------- the wrong code at the wrong time

test("a seed is not taken where a transaction is expected, nor a wallet, and the camera stays on", async () => {
  const seeds = [
    "scan-hex 0e74b64107f94cc0ccfae6a13dcbec36",
    "scan 011513251154012711900771041507421289190620080870",
    `scan ${PHRASES[0]}`,
  ];
  for (const scan of [...seeds, `scan ${vault.wallet.descriptor}`]) {
    const { printed, disk } = await holds(
      `${UNLOCK}pick Sign\n${scan}\nsee transport.wrong-kind\nsee camera`,
      {
        disk: await homeOf(),
      },
    );
    assert.doesNotMatch(
      printed.slice(printed.indexOf("> scan")).replace(/> scan.*/g, ""),
      /attack|abandon|0115/,
    );
    assert.notEqual((await journalOf(disk)).at(-1)?.kind, "spent");
  }
});

test("a transaction is not taken where a wallet is expected", async () => {
  const text = psbtTexts(psbt(single), "base64")[0]!;
  await holds(`${UNLOCK}pick Wallets\npick Register\nscan ${text}\nsee transport.wrong-kind\nsee camera`, {
    disk: await homeOf(),
  });
});

test("parts of another code are refused with a word, change nothing, and the first one is signed", async (t) => {
  const asked = psbt(single, { inputs: 3 });
  const evil = psbt(single, { inputs: 3, outputs: [{ foreign: 666, amountSats: 299_000n }] });
  for (const dialect of ["ur", "bbqr", "pmofn"] as const satisfies readonly Dialect[]) {
    const good = psbtTexts(asked, dialect, "low");
    const bad = psbtTexts(evil, dialect, "low");
    assert.ok(good.length > 3 && bad.length > 3);
    const [first, second, ...rest] = good.map((text) => `scan ${text}`);
    const out = join(folder(t), "out");
    const begin = `${UNLOCK}pick Sign\n${first}\n`;
    // pMofN has no checksum and says nothing of which message a part is of: only the count can differ.
    const mixed =
      dialect === "pmofn" ? [] : [`scan ${bad[1]}`, "see transport.mixed", `${second}`, `scan ${bad[2]}`];
    const steps = [...mixed, ...(mixed.length > 0 ? [] : [second]), ...rest];
    await holds(`${begin}${steps.join("\n")}\nsee You send\npage\nhold ok\ncodes ${out}`, {
      disk: await homeOf(),
    });
    assert.deepEqual(replyIn(out).bytes, (await signed(single, asked)).whole.bytes, dialect);
  }
});

test("parts that were stirred together without a checksum make nothing that is signed unseen", async (t) => {
  const asked = psbtTexts(psbt(single, { inputs: 3 }), "pmofn", "low");
  const evil = psbtTexts(psbt(single, { inputs: 3, feeSats: 2_000n }), "pmofn", "low");
  assert.equal(asked.length, evil.length);
  const stirred = asked.map((text, i) => (i % 2 === 0 ? text : evil[i]!));
  const CAMERA = papers(join(folder(t), "in"), stirred);
  const { printed, disk } = await holds(`${UNLOCK}pick Sign\ncamera ${CAMERA}`, { disk: await homeOf() });
  // Either it is no transaction any more, or the person sees exactly the one that it has become.
  assert.match(printed, /bitcoin\.|Sign a transaction|You send/);
  assert.notEqual((await journalOf(disk)).at(-1)?.kind, "spent");
});

test("nonsense before the camera is named, and a good code after it is read", async (t) => {
  const asked = psbt(single);
  const out = join(folder(t), "out");
  const noise = [
    "scan WIFI:S:net;;",
    "scan-hex ff00ff00ff",
    "scan ur:crypto-psbt/1-9999999/aaaa",
    "scan $BBQR",
  ];
  const rest = psbtTexts(asked, "bbqr").map((text) => `scan ${text}`);
  const steps = noise.map((scan) => `${scan}\nsee transport.`).join("\n");
  await holds(`${UNLOCK}pick Sign\n${steps}\n${rest.join("\n")}\npage\nhold ok\ncodes ${out}`, {
    disk: await homeOf(),
    set: { BBQR: "B$ZP0102!!!!" },
  });
  assert.deepEqual(replyIn(out).bytes, (await signed(single, asked)).whole.bytes);
});

/** What is shown where a wallet is expected, and its refusal. */
const WALLETS: readonly (readonly [string, string, string])[] = [
  [
    "a wrong checksum",
    "bitcoin.descriptor-checksum",
    vault.wallet.descriptor.replace(/.$/, (c) => (c === "q" ? "p" : "q")),
  ],
  ["no checksum", "bitcoin.descriptor-checksum-missing", vault.wallet.descriptor.replace(/#.*/, "")],
  [
    "keys that are all of others",
    "bitcoin.wallet-without-our-key",
    purse("p2wsh", { phrases: [PHRASES[1], PHRASES[2]] }).wallet.descriptor,
  ],
  [
    "another network's keys",
    "bitcoin.wallet-network",
    purse("p2wsh", { network: "mainnet" }).wallet.descriptor,
  ],
];

for (const [what, reason, text] of WALLETS)
  test(`a wallet with ${what} is refused and nothing is registered`, async () => {
    const { disk } = await holds(
      `${UNLOCK}pick Wallets\npick Register\nscan ${text}\nif see Name the wallet\npress ok\nend\nsee ${reason}\npress ok`,
      { disk: await homeOf() },
    );
    assert.ok(!(await journalOf(disk)).some(({ kind }) => kind === "wallet-registered"));
  });

test("a wallet is registered once, and its keys under other rules are refused by name", async (t) => {
  const disk = await vaultHome(t);
  const start = `${UNLOCK}pick Wallets\npick Register\n`;
  await holds(`${start}scan ${vault.wallet.descriptor}\nsee bitcoin.wallet-`, { disk });
  const weaker = purse("p2wsh", { threshold: 1 }).wallet.descriptor;
  await holds(`${start}scan ${weaker}\nsee bitcoin.wallet-altered`, { disk });
});
