// npm run explain, run as anybody would run it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { concat, toHex } from "../../src/bytes.ts";
import { transactionCode } from "../../src/code.ts";
import type { Dialect } from "../../src/model.ts";
import { split } from "../../src/transport/index.ts";
import { anyPurse } from "./any-wallet.ts";
import { descriptorOf, heldBy, masterOf, message, PHRASES, psbt, purse, signed } from "./build.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const FOLDER = mkdtempSync(join(tmpdir(), "firn-explain-"));
after(() => rmSync(FOLDER, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(FOLDER, name);
  writeFileSync(path, content);
  return path;
}

function explain(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/explain.ts", ...args], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return { status, stdout, stderr, document: stdout === "" ? undefined : JSON.parse(stdout) };
}

const masters = PHRASES.map((phrase) => masterOf(phrase));
const vault = purse("p2wsh");
const descriptor = descriptorOf("p2wsh", masters);
const bytes = (await signed(heldBy(vault, 1), psbt(vault, { inputs: 2, feeSats: 1_500n }))).whole.bytes;
const binary = file("spend.psbt", bytes);
const practice = ["--network", "regtest"];

test("a PSBT is explained as docs/explain.md says, key for key", () => {
  const { status, stderr, document } = explain(binary, "--wallet", `Family=${descriptor}`, ...practice);
  assert.equal(status, 0, stderr);
  assert.equal(stderr, "");
  const { ok, review, ...rest } = document;
  assert.equal(ok, true);
  assert.deepEqual(rest, {});
  const { inputs, outputs, txid, ...facts } = review;
  assert.match(txid, /^[0-9a-f]{64}$/);
  assert.deepEqual(facts, {
    network: "regtest",
    version: 2,
    lockTime: 0,
    replaceable: true,
    feeSats: "1500",
    feeRate: 5.12,
    feePercent: 1.25,
    feeProven: true,
    warnings: [],
  });
  const { outpoint, ...input } = inputs[1];
  assert.match(outpoint, /^[0-9a-f]{64}:1$/);
  assert.deepEqual(input, {
    amountSats: "100000",
    proven: true,
    owner: "own",
    wallet: "Family",
    path: "0/1",
    signedBy: [vault.wallet.keys[1]!.fingerprint],
  });
  assert.deepEqual(Object.keys(outputs[0]).sort(), ["address", "amountSats", "owner", "scriptHex"]);
  assert.equal(outputs[0].owner, "foreign");
  const change = vault.template.derive(1, 0);
  assert.equal(outputs[1].scriptHex, toHex(change.scriptPubKey));
  assert.deepEqual([outputs[1].owner, outputs[1].wallet, outputs[1].path], ["change", "Family", "1/0"]);
});

test("binary, base64, hex and the texts of QR codes are the same to it", () => {
  const reference = explain(binary, "--wallet", descriptor, ...practice).stdout;
  const base64 = Buffer.from(bytes).toString("base64");
  const texts = (dialect: Dialect) => split(message(bytes), { dialect, density: "medium" }).texts;
  const contents = {
    base64: `${base64}\n`,
    "base64 in lines": base64.replace(/.{64}/g, "$&\n"),
    hex: toHex(bytes),
    UR: texts("ur").join("\n"),
    BBQr: [...texts("bbqr")].reverse().join("\r\n"),
    pMofN: texts("pmofn").join("\n"),
  };
  for (const [name, content] of Object.entries(contents))
    assert.equal(
      explain(file("texts", content), "--wallet", descriptor, ...practice).stdout,
      reference,
      name,
    );
});

test("what is refused is refused by name and in words, with exit code 0", () => {
  const stranger = descriptorOf("p2wpkh", masters);
  const { status, document } = explain(binary, "--wallet", stranger, ...practice);
  assert.equal(status, 0);
  assert.deepEqual(Object.keys(document), ["ok", "reason", "message"]);
  assert.equal(document.ok, false);
  assert.equal(document.reason, "bitcoin.not-ours");
  assert.match(document.message, /^Nothing in it is yours to sign\. /);
  const cut = explain(file("cut.psbt", bytes.slice(0, -1)), "--wallet", descriptor, ...practice);
  assert.equal(cut.status, 0);
  assert.equal(cut.document.reason, "bitcoin.psbt-malformed");
  const random = file("random", concat(Uint8Array.of(0xff, 0xfe), bytes));
  assert.equal(explain(random, "--wallet", descriptor, ...practice).document.reason, "transport.unknown");
});

test("a policy adds its verdict, and a no of it does not make the PSBT less understood", () => {
  const policy = {
    version: 1,
    mostPerTransactionSats: "1000",
    mostPerDaySats: "100000000",
    mostFeeSats: "100000",
    mostFeeRate: "200",
    mostFeePercent: "12.5",
    destinations: "any",
    unprovenFees: "refuse",
  };
  const path = file("policy.json", JSON.stringify(policy));
  const { document } = explain(binary, "--wallet", descriptor, ...practice, "--policy", path);
  assert.equal(document.ok, true);
  assert.equal(document.verdict.outcome, "refuse");
  const reasons = document.verdict.rules.flatMap(({ reason }: { reason?: string }) => reason ?? []);
  assert.deepEqual(reasons, ["policy.over-transaction-limit"]);
});

const RULES = `Firn policy 2
Number 1
Network regtest
Loosening waits 1 day
Reasons shown

List suppliers
party acme ${descriptorOf("p2wpkh", [masterOf(PHRASES[1])])}

For everything
At most 0.0001 BTC per transaction, else ask 2 of anna, ben, the code
To suppliers only
Fee at most 0.01 BTC
Foreign input allowed

For key ${vault.wallet.keys[0]!.fingerprint}
At most 5 transactions per day
`;

test("a policy as people read it is judged too: whom it asks, the code, parties, and the rules of the key that answers", () => {
  const acme = purse("p2wpkh", { phrases: [PHRASES[1]] });
  const outputs = [{ of: acme, branch: 0, index: 7, amountSats: 90_000n }];
  const path = file("supplier.psbt", psbt(vault, { outputs }));
  const rules = file("policy.txt", RULES);
  const args = [path, "--wallet", `Family=${descriptor}`, ...practice, "--policy", rules];
  const { document, stderr } = explain(...args, "--key", vault.wallet.keys[0]!.fingerprint);
  assert.equal(stderr, "");
  assert.equal(document.message, undefined);
  assert.deepEqual(document.review.outputs[0].parties, ["acme"]);
  const { verdict, code } = document;
  assert.equal(verdict.outcome, "ask");
  assert.deepEqual(
    verdict.rules.map(({ outcome }: { outcome: string }) => outcome),
    ["ask", "allow", "allow", "allow"],
  );
  assert.deepEqual(verdict.rules[0].ask, { need: 2, of: ["anna", "ben", "the code"] });
  assert.equal(code, transactionCode(document.review.txid));
  // Without the key its rules are nobody's.
  assert.equal(explain(...args).document.verdict.rules.length, 3);
  const elsewhere = file("mainnet.txt", RULES.replace("Network regtest", "Network mainnet"));
  assert.equal(explain(...args.slice(0, -1), elsewhere).document.reason, "policy.malformed");
});

test("among others' coins the document says what leaves, and whose each input is", () => {
  const own = purse("p2wpkh");
  const stranger = purse("p2wpkh", { phrases: [PHRASES[1]] });
  const outputs = [
    { of: own, branch: 1, index: 0, amountSats: 60_000n },
    { foreign: 1, amountSats: 139_000n },
  ];
  const path = file("joint.psbt", psbt(own, { inputs: [{}, { of: stranger }], outputs }));
  const rules = file(
    "joint.txt",
    RULES.replace(/List(.|\n)*\n\nFor every/, "For every").replace("To suppliers only", "To any destination"),
  );
  const args = [path, "--wallet", `Own=${descriptorOf("p2wpkh", masters)}`, ...practice, "--policy", rules];
  const { review, verdict, message: refusal } = explain(...args).document;
  assert.equal(refusal, undefined);
  assert.equal(review.leavesSats, "40000");
  assert.deepEqual(review.warnings, ["foreign-inputs"]);
  const { outpoint: _, ...input } = review.inputs[1];
  assert.deepEqual(input, { amountSats: "100000", proven: true, owner: "foreign", signedBy: [] });
  assert.equal(verdict.outcome, "ask");
});

test("single-key descriptors, several wallets, and descriptors without checksum are taken", () => {
  const own = purse("p2tr", { name: "Cold" });
  const path = file(
    "taproot.psbt",
    psbt(own, { outputs: [{ of: vault, branch: 0, index: 3, amountSats: 99_000n }] }),
  );
  const bare = descriptorOf("p2tr", masters).replace(/#.*/, "");
  const { document } = explain(
    path,
    "--wallet",
    `Cold=${bare}`,
    "--wallet",
    `Family=${descriptor}`,
    ...practice,
  );
  const [output] = document.review.outputs;
  assert.deepEqual([output.owner, output.wallet, output.path], ["own", "Family", "0/3"]);
  assert.equal(document.review.inputs[0].wallet, "Cold");
  assert.deepEqual(document.review.warnings, ["change-to-other-wallet"]);
});

test("what only the screens need never becomes a key of the document, whatever the transaction is", () => {
  const own = purse("p2wpkh", { name: "Own" });
  const outputs = [{ of: vault, branch: 0, index: 3, amountSats: 99_000n }];
  const aged = file("aged.psbt", psbt(own, { inputs: 1, sequence: 144, outputs }));
  const both = ["--wallet", `Own=${descriptorOf("p2wpkh", masters)}`, "--wallet", `Family=${descriptor}`];
  const { review } = explain(aged, ...both, ...practice).document;
  assert.deepEqual(review.warnings.sort(), ["change-to-other-wallet", "relative-lock-time"]);
  const keys =
    "network txid version lockTime replaceable feeSats feeRate feePercent feeProven warnings inputs outputs";
  assert.deepEqual(Object.keys(review).sort(), keys.split(" ").sort());
  const output = ["address", "amountSats", "owner", "path", "scriptHex", "wallet"];
  assert.deepEqual(Object.keys(review.outputs[0]).sort(), output);
});

test("a wallet with several ways is explained with those that are open, in words", () => {
  const text = "wsh(or_d(multi(2,@0/<0;1>/*,@1/<0;1>/*),and_v(v:pkh(@2/<0;1>/*),older(26000))))";
  const heir = anyPurse(text, { ours: [2] });
  const path = file("ways.psbt", psbt(heir, { inputs: 2, sequence: 26_000 }));
  const args = [path, "--wallet", `Estate=${heir.wallet.descriptor}`, ...practice];
  const [first, second, third] = heir.wallet.keys.map(({ fingerprint }) => fingerprint);
  const { review } = explain(...args, "--key", third!).document;
  assert.deepEqual(review.ways, [
    {
      wallet: "Estate",
      way: "2 of 2 now",
      inputs: 2,
      ours: false,
      locked: false,
      missing: 2,
      signedBy: [],
      secrets: [],
    },
    {
      wallet: "Estate",
      way: "your key after 26,000 blocks, about 6 months",
      inputs: 2,
      ours: true,
      locked: true,
      missing: 0,
      signedBy: [],
      secrets: [],
    },
  ]);
  assert.ok(review.warnings.includes("locked-way"));
  const early = file("early.psbt", psbt(heir));
  const shut = explain(early, ...args.slice(1), "--key", third!).document;
  assert.equal(shut.reason, "bitcoin.no-way-open");
  assert.match(shut.message, /input 1 needs an nSequence of at least 26000/);
  const usual = explain(early, ...args.slice(1), "--key", first!).document;
  assert.equal(usual.review.ways.length, 1);
  assert.notEqual(first, second);
});

test("wrong use ends with exit code 2, words on standard error and nothing on standard output", () => {
  for (const args of [
    [],
    [binary],
    ["--wallet", descriptor],
    [binary, "--wallet", descriptor, "--network", "testnet"],
    [join(FOLDER, "nowhere"), "--wallet", descriptor, ...practice],
    [binary, "--wallet", descriptor, ...practice, "--loud"],
    [binary, "--wallet", descriptor, ...practice, "--key", "73C5DA0A"],
  ]) {
    const { status, stdout, stderr } = explain(...args);
    assert.equal(status, 2, args.join(" "));
    assert.equal(stdout, "");
    assert.match(stderr, /npm run explain/);
  }
});

test("a wallet or a policy that Firn refuses is a refusal by name, like any other", () => {
  const wrong = `${descriptor.slice(0, -1)}${descriptor.endsWith("q") ? "p" : "q"}`;
  for (const [reason, ...args] of [
    ["bitcoin.descriptor-checksum", "--wallet", wrong, ...practice],
    ["bitcoin.wallet-network", "--wallet", descriptor],
    ["policy.malformed", "--wallet", descriptor, ...practice, "--policy", binary],
  ]) {
    const { status, document } = explain(binary, ...args);
    assert.equal(status, 0);
    assert.deepEqual([document.ok, document.reason], [false, reason]);
  }
});

test("a FILE or policy that cannot be read is said in words, with exit code 2", () => {
  const cases = [
    ["docs", "docs is a folder: name one file\n"],
    ["/no/such", "/no/such is not there\n"],
  ] as const;
  for (const [path, words] of cases) {
    const { status, stdout, stderr } = explain(path, "--wallet", descriptor);
    assert.deepEqual([status, stdout], [2, ""]);
    assert.ok(stderr.startsWith(words), stderr);
  }
});
