// PSBTs for tests and benches: any form, any number of inputs and outputs, version 0 and 2, with previous
// transactions, from published practice seeds. Written apart from src's codec, so that one cannot hide the
// other's mistakes. Parts are rows that hostile tests change before they are encoded.

import assert from "node:assert/strict";
import { sha256 } from "@noble/hashes/sha2.js";
import { HDKey } from "@scure/bip32";
import { mnemonicToSeedSync } from "@scure/bip39";
import { checksum, compile, readWallet, understand } from "../../src/bitcoin/index.ts";
import type { Derived, ScriptForm, Template, Wallet } from "../../src/bitcoin/wallet.ts";
import { compare, concat, equal, toHex, u32be, u32le, u64le } from "../../src/bytes.ts";
import { loadCurve, signEcdsaLowR, signSchnorrPlain } from "../../src/keys/index.ts";
import { HARDENED } from "../../src/limits.ts";
import type { Curve, Network, Path, PsbtMessage, Task } from "../../src/model.ts";
import type { Refusal } from "../../src/refusal.ts";
import type { Reply, Request, Work } from "../../src/request.ts";

export const curve: Curve = await loadCurve();

/** Published in BIP 39's test vectors: never for money. */
export const PHRASES = [
  "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
  "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong",
  "legal winner thank year wave sausage worth useful legal winner thank yellow",
] as const;

const H = HARDENED;
const PRACTICE = { private: 0x04358394, public: 0x043587cf };
const MONEY = { private: 0x0488ade4, public: 0x0488b21e };

export function run<T>(work: Work<T>): T {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

// ---------------------------------------------------------------- who

/** A wallet with all its private keys: three practice seeds for multisig, the first for single keys. */
export interface Purse {
  readonly wallet: Wallet;
  readonly template: Template;
  readonly masters: readonly HDKey[];
  readonly curve: Curve;
}

export interface PurseOptions {
  readonly network?: Network;
  readonly threshold?: number;
  /** Of PHRASES, one cosigner each; single-key forms take the first only. */
  readonly phrases?: readonly string[];
  /** Places of the keys that this device holds; the first unless given. */
  readonly ours?: readonly number[];
  readonly account?: number;
  readonly sorted?: boolean;
  readonly name?: string;
  readonly curve?: Curve;
}

const MULTISIG: readonly ScriptForm[] = ["p2sh", "p2sh-p2wsh", "p2wsh"];
export const FORMS: readonly ScriptForm[] = ["p2pkh", "p2sh-p2wpkh", "p2wpkh", "p2tr", ...MULTISIG];

/** BIP 44, 49, 84, 86, 48; 45 for P2SH. */
function accountPath(form: ScriptForm, coin: number, account: number): Path {
  const purposes: Partial<Record<ScriptForm, number>> = {
    p2pkh: 44,
    "p2sh-p2wpkh": 49,
    p2wpkh: 84,
    p2tr: 86,
  };
  const purpose = purposes[form];
  if (purpose !== undefined) return [H + purpose, H + coin, H + account];
  return form === "p2sh" ? [H + 45] : [H + 48, H + coin, H + account, H + (form === "p2wsh" ? 2 : 1)];
}

function pathText(path: Path): string {
  return path.map((step) => `/${step >= H ? `${step - H}h` : step}`).join("");
}

export function masterOf(phrase: string, network: Network = "regtest"): HDKey {
  return HDKey.fromMasterSeed(mnemonicToSeedSync(phrase), network === "mainnet" ? MONEY : PRACTICE);
}

export function nodeAt(master: HDKey, path: Path): HDKey {
  return path.reduce((node, step) => node.deriveChild(step), master);
}

/** The wallet's descriptor with checksum, both branches. */
export function descriptorOf(
  form: ScriptForm,
  masters: readonly HDKey[],
  options: PurseOptions = {},
): string {
  const { network = "regtest", threshold = 2, account = 0, sorted = true } = options;
  const path = accountPath(form, network === "mainnet" ? 0 : 1, account);
  const keys = masters.map((master) => {
    const fingerprint = toHex(u32be(master.fingerprint));
    return `[${fingerprint}${pathText(path)}]${nodeAt(master, path).publicExtendedKey}/<0;1>/*`;
  });
  const multi = `${sorted ? "sortedmulti" : "multi"}(${threshold},${keys.join(",")})`;
  const bodies: Record<ScriptForm, string> = {
    p2pkh: `pkh(${keys[0]})`,
    "p2sh-p2wpkh": `sh(wpkh(${keys[0]}))`,
    p2wpkh: `wpkh(${keys[0]})`,
    p2tr: `tr(${keys[0]})`,
    p2sh: `sh(${multi})`,
    "p2sh-p2wsh": `sh(wsh(${multi}))`,
    p2wsh: `wsh(${multi})`,
  };
  return `${bodies[form]}#${checksum(bodies[form])}`;
}

export function purse(form: ScriptForm, options: PurseOptions = {}): Purse {
  const { network = "regtest", phrases = PHRASES, ours = [0], name = "Vault" } = options;
  const used = MULTISIG.includes(form) ? phrases : phrases.slice(0, 1);
  const masters = used.map((phrase) => masterOf(phrase, network));
  const read = readWallet(descriptorOf(form, masters, options), network, options.curve ?? curve, name);
  const keys = read.keys.map((key, place) => ({ ...key, ours: ours.includes(place) }));
  return withKeys({ ...read, keys }, masters, options.curve ?? curve);
}

function withKeys(wallet: Wallet, masters: readonly HDKey[], its: Curve): Purse {
  return { wallet, template: compile(wallet, its), masters, curve: its };
}

/** The same wallet on another cosigner's device. */
export function heldBy(own: Purse, ...ours: readonly number[]): Purse {
  const keys = own.wallet.keys.map((key, place) => ({ ...key, ours: ours.includes(place) }));
  return withKeys({ ...own.wallet, keys }, own.masters, own.curve);
}

// ---------------------------------------------------------------- what

export interface TestRow {
  type: number;
  key: Uint8Array;
  value: Uint8Array;
}
export type TestMap = TestRow[];

export interface Parts {
  global: TestMap;
  inputs: TestMap[];
  outputs: TestMap[];
}

export interface CoinPlan {
  readonly branch?: number;
  readonly index?: number;
  readonly amountSats?: bigint;
  readonly sequence?: number;
  /** Another wallet's coin. */
  readonly of?: Purse;
  /** Whether key origins say whose it is; default as `derivations`. */
  readonly marked?: boolean;
  /** Coins with the same number here come from one previous transaction. */
  readonly previous?: number;
}

export interface OutputPlan {
  /** A wallet's own address: branch and index are given as hints. */
  readonly of?: Purse;
  readonly branch?: number;
  readonly index?: number;
  /** Somebody else's: P2WPKH of a hash made from this number. */
  readonly foreign?: number;
  readonly script?: Uint8Array;
  readonly amountSats: bigint;
}

export interface Plan {
  readonly version?: 0 | 2;
  /** How many of 100 000 sats each on the receive branch, or what exactly. */
  readonly inputs?: number | readonly CoinPlan[];
  /** Default: one foreign output and one change that takes what is left. */
  readonly outputs?: readonly OutputPlan[];
  readonly feeSats?: bigint;
  readonly txVersion?: number;
  readonly lockTime?: number;
  readonly sequence?: number;
  /** Full previous transactions; default yes. */
  readonly previous?: boolean;
  /** Of each previous transaction; default 1. */
  readonly previousInputs?: number;
  /** Witness UTXOs for segwit forms; default yes. */
  readonly witnessUtxo?: boolean;
  readonly derivations?: boolean;
  readonly sighash?: number;
  /** Version 2's flags. */
  readonly modifiable?: number;
}

export const COIN_SATS = 100_000n;
const NO_KEY = new Uint8Array(0);

export function compactSize(value: number): Uint8Array {
  if (value < 0xfd) return Uint8Array.of(value);
  if (value < 0x10000) return Uint8Array.of(0xfd, value & 255, value >> 8);
  return concat(Uint8Array.of(0xfe), u32le(value));
}

const sized = (bytes: Uint8Array): Uint8Array => concat(compactSize(bytes.length), bytes);

export function row(type: number, value: Uint8Array, key: Uint8Array = NO_KEY): TestRow {
  return { type, key, value };
}

export function encodeMap(map: TestMap): Uint8Array {
  const rows = map.flatMap(({ type, key, value }) => [sized(concat(compactSize(type), key)), sized(value)]);
  return concat(...rows, Uint8Array.of(0));
}

export function encode({ global, inputs, outputs }: Parts): Uint8Array {
  const magic = Uint8Array.of(0x70, 0x73, 0x62, 0x74, 0xff);
  return concat(magic, ...[global, ...inputs, ...outputs].map(encodeMap));
}

interface PlannedCoin {
  readonly of: Purse;
  readonly marked?: boolean;
  readonly derived: Derived;
  readonly amountSats: bigint;
  readonly sequence: number;
  readonly previous: Uint8Array;
  readonly txid: Uint8Array;
  readonly index: number;
}

export const foreignScript = (number: number): Uint8Array =>
  concat(Uint8Array.of(0, 20), sha256(u32le(number)).subarray(0, 20));

export const encodeOutput = (amountSats: bigint, script: Uint8Array): Uint8Array =>
  concat(u64le(amountSats), sized(script));

/** A transaction as nodes know it, inputs with scriptSigs of usual length. */
export function previousTx(number: number, outputs: readonly Uint8Array[], inputs = 1): Uint8Array {
  const scriptSig = concat(
    Uint8Array.of(71),
    new Uint8Array(71).fill(0x30),
    Uint8Array.of(33),
    new Uint8Array(33).fill(2),
  );
  return concat(
    u32le(2),
    compactSize(inputs),
    ...Array.from({ length: inputs }, (_, i) =>
      concat(
        sha256(concat(Uint8Array.of(1 + i), u32le(number))),
        u32le(number % 3),
        sized(scriptSig),
        u32le(0xfffffffd),
      ),
    ),
    compactSize(outputs.length),
    ...outputs,
    u32le(0),
  );
}

export const txidOf = (bytes: Uint8Array): Uint8Array => sha256(sha256(bytes));

function coinsOf(own: Purse, plan: Plan): PlannedCoin[] {
  const { inputs = 1, sequence = 0xfffffffd } = plan;
  const plans = typeof inputs === "number" ? Array.from({ length: inputs }, (): CoinPlan => ({})) : inputs;
  const planned = plans.map((coin, i) => {
    const of = coin.of ?? own;
    const derived = of.template.derive(coin.branch ?? 0, coin.index ?? i);
    const amountSats = coin.amountSats ?? COIN_SATS;
    return {
      of,
      derived,
      amountSats,
      sequence: coin.sequence ?? sequence,
      number: coin.previous ?? 1000 + i,
      ...(coin.marked === undefined ? {} : { marked: coin.marked }),
    };
  });
  const made = new Map<number, { bytes: Uint8Array; txid: Uint8Array; scripts: Uint8Array[] }>();
  for (const { number } of planned) {
    if (made.has(number)) continue;
    const mine = planned.filter((coin) => coin.number === number);
    const change = encodeOutput(7_000n + BigInt(number), foreignScript(number));
    const scripts = mine.map(({ derived, amountSats }) => encodeOutput(amountSats, derived.scriptPubKey));
    // Ours stands first or last by turns.
    const bytes = previousTx(
      number,
      number % 2 === 0 ? [...scripts, change] : [change, ...scripts],
      plan.previousInputs,
    );
    made.set(number, { bytes, txid: txidOf(bytes), scripts });
  }
  const taken = new Map<number, number>();
  return planned.map(({ number, ...coin }) => {
    const { bytes, txid } = made.get(number)!;
    const place = taken.get(number) ?? 0;
    taken.set(number, place + 1);
    return { ...coin, previous: bytes, txid, index: place + (number % 2) };
  });
}

/** Every key of the script under its own path; in taproot with the hashes of the leaves that it stands in. */
export function derivationRows(
  of: Purse,
  derived: Derived,
  types: { plain: number; tap: number },
): TestRow[] {
  const { uses, keys, receive, body } = of.wallet;
  const member = derived.branch === receive ? 0 : 1;
  return uses.flatMap((use, place) => {
    if (use.kind !== "child") return [];
    const key = keys[use.key]!;
    const steps = use.steps.map((step) =>
      step === "*" ? derived.index : typeof step === "number" ? step : step[member]!,
    );
    const fingerprint = u32be(Number.parseInt(key.fingerprint, 16));
    const origin = concat(fingerprint, ...[...key.path, ...steps].map(u32le));
    const publicKey = derived.publicKeys[place]!;
    if (!derived.taproot || body.kind !== "taproot") return [row(types.plain, origin, publicKey)];
    const hashes = derived.taproot.leaves.filter(({ node }) => standsIn(node, place)).map(({ hash }) => hash);
    return [row(types.tap, concat(compactSize(hashes.length), ...hashes, origin), publicKey.slice(1))];
  });
}

function standsIn(node: object, use: number): boolean {
  return Object.entries(node).some(([name, value]) => {
    if (name === "use") return value === use;
    if (name === "uses") return (value as number[]).includes(use);
    return name === "of" && (value as object[]).some((one) => standsIn(one, use));
  });
}

const inType = {
  redeem: 0x04,
  witness: 0x05,
  plain: 0x06,
  tap: 0x16,
  internal: 0x17,
  root: 0x18,
  leaf: 0x15,
};
const outType = { redeem: 0x00, witness: 0x01, plain: 0x02, tap: 0x07, internal: 0x05 };

type Types = typeof outType & Partial<typeof inType>;

function scriptRows(of: Purse, derived: Derived, types: Types, hints: boolean): TestRow[] {
  const { redeemScript, witnessScript, taproot } = derived;
  return [
    ...(redeemScript ? [row(types.redeem, redeemScript)] : []),
    ...(witnessScript ? [row(types.witness, witnessScript)] : []),
    ...(taproot ? [row(types.internal, taproot.internalKey)] : []),
    ...(taproot?.merkleRoot && types.root !== undefined ? [row(types.root, taproot.merkleRoot)] : []),
    ...(types.leaf === undefined ? [] : leafRows(derived, types.leaf)),
    ...(hints ? derivationRows(of, derived, types) : []),
  ];
}

function leafRows({ taproot }: Derived, type: number): TestRow[] {
  const rows = taproot?.leaves.map(({ script, control }) =>
    row(type, concat(script, Uint8Array.of(0xc0)), control),
  );
  return rows ?? [];
}

const inOrder = (map: TestMap): TestMap => map.sort((a, b) => a.type - b.type || compare(a.key, b.key));

function inputMap(coin: PlannedCoin, plan: Plan): TestMap {
  const { version = 0, previous = true, witnessUtxo = true, derivations = true, sighash } = plan;
  const segwit = coin.of.wallet.form !== "p2pkh" && coin.of.wallet.form !== "p2sh";
  return inOrder([
    ...(previous ? [row(0x00, coin.previous)] : []),
    ...(segwit && witnessUtxo ? [row(0x01, encodeOutput(coin.amountSats, coin.derived.scriptPubKey))] : []),
    ...(sighash === undefined ? [] : [row(0x03, u32le(sighash))]),
    ...scriptRows(coin.of, coin.derived, inType, coin.marked ?? derivations),
    ...(version === 2
      ? [row(0x0e, coin.txid), row(0x0f, u32le(coin.index)), row(0x10, u32le(coin.sequence))]
      : []),
  ]);
}

interface PlannedOutput {
  readonly plan: OutputPlan;
  readonly derived?: Derived;
  readonly script: Uint8Array;
}

function outputsOf(own: Purse, coins: readonly PlannedCoin[], plan: Plan): PlannedOutput[] {
  const comes = coins.reduce((total, { amountSats }) => total + amountSats, 0n);
  const sent = (comes * 6n) / 10n;
  const standard: OutputPlan[] = [
    { foreign: 1, amountSats: sent },
    { of: own, branch: 1, index: 0, amountSats: comes - sent - (plan.feeSats ?? 1_000n) },
  ];
  return (plan.outputs ?? standard).map((output) => {
    const derived = output.of?.template.derive(output.branch ?? 0, output.index ?? 0);
    const script = output.script ?? derived?.scriptPubKey ?? foreignScript(output.foreign ?? 0);
    return { plan: output, script, ...(derived ? { derived } : {}) };
  });
}

function outputMap({ plan: output, derived, script }: PlannedOutput, plan: Plan): TestMap {
  return inOrder([
    ...(output.of && derived ? scriptRows(output.of, derived, outType, plan.derivations ?? true) : []),
    ...(plan.version === 2 ? [row(0x03, u64le(output.amountSats)), row(0x04, script)] : []),
  ]);
}

export function unsignedTx(
  version: number,
  inputs: readonly { txid: Uint8Array; index: number; sequence: number }[],
  outputs: readonly { amountSats: bigint; script: Uint8Array }[],
  lockTime: number,
): Uint8Array {
  return concat(
    u32le(version),
    compactSize(inputs.length),
    ...inputs.map(({ txid, index, sequence }) =>
      concat(txid, u32le(index), Uint8Array.of(0), u32le(sequence)),
    ),
    compactSize(outputs.length),
    ...outputs.map(({ amountSats, script }) => encodeOutput(amountSats, script)),
    u32le(lockTime),
  );
}

/** Everything that a careful wallet program would put in, as rows. */
export function plan(own: Purse, what: Plan = {}): Parts {
  const { version = 0, txVersion = 2, lockTime = 0 } = what;
  const coins = coinsOf(own, what);
  const outputs = outputsOf(own, coins, what);
  const paid = outputs.map(({ plan: { amountSats }, script }) => ({ amountSats, script }));
  const global =
    version === 0
      ? [row(0x00, unsignedTx(txVersion, coins, paid, lockTime))]
      : [
          row(0x02, u32le(txVersion)),
          row(0x03, u32le(lockTime)),
          row(0x04, compactSize(coins.length)),
          row(0x05, compactSize(outputs.length)),
          ...(what.modifiable === undefined ? [] : [row(0x06, Uint8Array.of(what.modifiable))]),
          row(0xfb, u32le(2)),
        ];
  return {
    global,
    inputs: coins.map((coin) => inputMap(coin, what)),
    outputs: outputs.map((output) => outputMap(output, what)),
  };
}

export function psbt(own: Purse, what: Plan = {}): Uint8Array {
  return encode(plan(own, what));
}

// ---------------------------------------------------------------- how it goes on

export const message = (bytes: Uint8Array): PsbtMessage => ({ kind: "psbt", dialect: "base64", bytes });

/** Understood by a device that knows this wallet and those. */
export function request(own: Purse, bytes: Uint8Array, ...others: readonly Purse[]): Request {
  const templates = [own, ...others].map(({ template }) => template);
  return run(understand(message(bytes), { network: own.wallet.network, templates, curve: own.curve }));
}

/** The reason of the refusal that understanding ends with; fails where it ends otherwise. */
export function reasonOf(own: Purse, bytes: Uint8Array, ...others: readonly Purse[]): string {
  try {
    request(own, bytes, ...others);
  } catch (error) {
    if (error instanceof Error && error.name === "Refusal") return (error as Refusal).reason;
    throw error;
  }
  return "understood";
}

/** Agreed, approved and recorded: the tasks, as a Keyring gets them. */
export async function tasksOf(of: Request): Promise<readonly Task[]> {
  run(of.agree());
  const approval = of.approve({ txid: of.spend.txid, outcome: "allow", rules: [] }, "approve");
  await approval.record(async () => {});
  return approval.take();
}

/** Signs as the Keyring does, with private keys that are kept by path. */
export function signer(own: Purse): (tasks: readonly Task[]) => Uint8Array[] {
  const branches = new Map<string, HDKey>();
  const nodeOf = ({ fingerprint, path }: Task): HDKey => {
    const name = `${fingerprint}${pathText(path.slice(0, -1))}`;
    const master = own.masters.find((one) => toHex(u32be(one.fingerprint)) === fingerprint)!;
    const node = branches.get(name) ?? nodeAt(master, path.slice(0, -1));
    branches.set(name, node);
    return node.deriveChild(path.at(-1)!);
  };
  return (tasks) =>
    tasks.map((task) => {
      const node = nodeOf(task);
      const secret = node.privateKey!;
      if (task.scheme === "ecdsa") {
        assert.ok(equal(node.publicKey!, task.publicKey), "the key is the one named");
        return signEcdsaLowR(own.curve, task.digest, secret);
      }
      assert.ok(task.scheme === "schnorr");
      if (task.tweak === undefined) {
        assert.ok(equal(node.publicKey!.slice(1), task.publicKey), "the key is the one named");
        return signSchnorrPlain(own.curve, task.digest, secret);
      }
      assert.equal(node.publicKey![0] === 3, task.odd, "the parity is the key's");
      const even = task.odd ? own.curve.negateSecret(secret) : secret;
      return signSchnorrPlain(own.curve, task.digest, own.curve.addSecret(even, task.tweak)!);
    });
}

/** The whole journey for the keys that are ours. */
export async function signed(own: Purse, bytes: Uint8Array): Promise<Reply> {
  const of = request(own, bytes);
  const tasks = await tasksOf(of);
  return run(of.finish(signer(own)(tasks)));
}
