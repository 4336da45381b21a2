// Figures of signing: Firn against embit and bitcoinjs-lib on the same PSBTs in the same run, growth, and what
// the second reader and the second curve cost. CPU time of all threads, best of several, warm.
// A coordinator's careful PSBT: previous transactions of two inputs and two outputs, and witness UTXOs.

import "./tuned.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScriptForm } from "../../src/bitcoin/wallet.ts";
import { nobleCurve } from "../../src/keys/index.ts";
import type { Curve } from "../../src/model.ts";
import {
  COIN_SATS,
  run as end,
  message,
  type OutputPlan,
  PHRASES,
  type Plan,
  psbt,
  purse,
} from "../bitcoin/build.ts";
import { type Firn, firnOf } from "../peers/firn.ts";
import { bitcoinjs, embit } from "./sign-peers.ts";

const FORMS = ["p2wpkh", "p2wsh", "p2tr"] as const satisfies readonly ScriptForm[];
const NAMES = { p2wpkh: "P2WPKH", p2wsh: "P2WSH 2-of-3", p2tr: "P2TR" };
type Form = (typeof FORMS)[number];
const COUNTS = [1, 20, 100, 500] as const;
/** Firn's by the number of inputs; the slower rivals have fewer. */
const ROUNDS = { 1: 100, 20: 24, 100: 12, 500: 5 };
const EMBIT_ROUNDS = { 1: 30, 20: 10, 100: 5, 500: 3 };
const BITCOINJS_ROUNDS = { 1: 30, 20: 4, 100: 2, 500: 1 };
/** Nonces are ground as often as digests will have it: small sizes are the mean of several PSBTs. */
const SAMPLES = { 1: 12, 20: 5, 100: 2, 500: 1 };

const embitRatio = (inputs: number): number | undefined =>
  inputs === 20 ? 1.5 : inputs >= 100 ? 1 : undefined;
const GROWTH = 2.2;
const SECOND_MS = 6;

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function timed<T>(work: () => T): { value: T; ms: number } {
  const start = cpuMs();
  const value = work();
  return { value, ms: cpuMs() - start };
}

/** The least of `rounds`, after a third as many to warm up. */
async function best(rounds: number, once: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let i = -Math.floor(rounds / 3); i < rounds; i++) {
    const ms = await once();
    if (i >= 0) least = Math.min(least, ms);
  }
  return least;
}

function planOf(inputs: number, more: Plan = {}): Plan {
  return { inputs, previousInputs: 2, ...more };
}

/** Alike, and with other digests each. */
function samplesOf(form: Form, inputs: (typeof COUNTS)[number]): Uint8Array[] {
  return Array.from({ length: SAMPLES[inputs] }, (_, lockTime) =>
    psbt(purse(form), planOf(inputs, { lockTime })),
  );
}

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;

// ---------------------------------------------------------------- Firn, stage by stage

/** CPU ms. */
interface Stages {
  /** First reader, proofs of amounts and scripts, digests. */
  readonly understand: number;
  /** With the verification of each signature by the signing curve. */
  readonly sign: number;
  /** Rows in, the reply read again and compared, both replies written. */
  readonly finish: number;
  /** The second reader. */
  readonly agree: number;
  /** The second curve: each signature verified as it stands in the reply, one made again. */
  readonly second: number;
}

interface Meter {
  ms: number;
}

/** The same curve; what it costs is counted apart. */
function metered(curve: Curve, meter: Meter): Curve {
  const counted = <A extends unknown[], R>(work: (...args: A) => R) => {
    return (...args: A): R => {
      const { value, ms } = timed(() => work(...args));
      meter.ms += ms;
      return value;
    };
  };
  return {
    ...curve,
    addSecret: counted(curve.addSecret),
    negateSecret: counted(curve.negateSecret),
    publicKey: counted(curve.publicKey),
    signEcdsa: counted(curve.signEcdsa),
    verifyEcdsa: counted(curve.verifyEcdsa),
    signSchnorr: counted(curve.signSchnorr),
    verifySchnorr: counted(curve.verifySchnorr),
  };
}

interface Bench {
  readonly firn: Firn;
  readonly second: Meter;
}

/** Everything that flows/sign.ts does with a message but ask and record. */
async function stages({ firn, second }: Bench, form: Form, bytes: Uint8Array): Promise<Stages> {
  const template = firn.register(purse(form).wallet.descriptor);
  // Branch nodes are made when a wallet is opened, not when a spend comes.
  for (const branch of [0, 1]) template.derive(branch, 0);
  const understood = timed(() => firn.understand(message(bytes), template));
  const request = understood.value;
  const agreed = timed(() => end(request.agree()));
  const verdict = { txid: request.spend.txid, outcome: "allow", rules: [] } as const;
  const approval = request.approve(verdict, "approve");
  await approval.record(async () => {});
  second.ms = 0;
  const signed = timed(() => end(firn.keyring.sign(approval)));
  const again = second.ms;
  const finished = timed(() => end(request.finish(signed.value)));
  if (finished.value.signed !== request.review.inputs.length) throw new Error("not all inputs were signed");
  return {
    understand: understood.ms,
    sign: signed.ms - again,
    finish: finished.ms - (second.ms - again),
    agree: agreed.ms,
    second: second.ms,
  };
}

/** What is compared with the rivals: all but the second reader and the second curve. */
const spine = ({ understand, sign, finish }: Stages): number => understand + sign + finish;

/** The round in which the spine took least. */
async function bestStages(bench: Bench, form: Form, bytes: Uint8Array, rounds: number): Promise<Stages> {
  let least: Stages | undefined;
  await best(rounds, async () => {
    const now = await stages(bench, form, bytes);
    if (least === undefined || spine(now) < spine(least)) least = now;
    return spine(now);
  });
  return least!;
}

// ---------------------------------------------------------------- tables

const met = (value: number, most: number | undefined): string =>
  most === undefined ? "" : `${value <= most ? "ok" : "MISSED"} (≤ ${most})`;

function row(...cells: readonly string[]): void {
  const widths = [14, 7, 9, 9, 11, 8, 14, 34];
  console.log(
    cells.map((cell, i) => (i < 1 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(" "),
  );
}

const figure = (ms: number | undefined): string =>
  ms === undefined ? "-" : ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0);

/** CPU ms by form and number of inputs; undefined where embit is not here. */
function embitFigures(folder: string): Map<string, number> | undefined {
  const figures = new Map<string, number>();
  for (const form of FORMS)
    for (const inputs of COUNTS) {
      const files = samplesOf(form, inputs).map((bytes, i) => {
        const file = join(folder, `${form}-${inputs}-${i}.psbt`);
        writeFileSync(file, bytes);
        return file;
      });
      const answers = embit(EMBIT_ROUNDS[inputs], PHRASES[0], files);
      if (answers === undefined) return undefined;
      if (answers.some(({ signed }) => signed !== inputs)) throw new Error("embit did not sign all inputs");
      if (answers.some(({ native }) => !native)) throw new Error("embit runs without libsecp256k1 here");
      figures.set(`${form} ${inputs}`, mean(answers.map(({ cpuMs }) => cpuMs)));
    }
  return figures;
}

async function firnFigures(bench: Bench, form: Form, inputs: (typeof COUNTS)[number]): Promise<Stages> {
  const each: Stages[] = [];
  for (const bytes of samplesOf(form, inputs))
    each.push(await bestStages(bench, form, bytes, ROUNDS[inputs]));
  const of = (stage: keyof Stages): number => mean(each.map((one) => one[stage]));
  return {
    understand: of("understand"),
    sign: of("sign"),
    finish: of("finish"),
    agree: of("agree"),
    second: of("second"),
  };
}

async function benchRivals(bench: Bench): Promise<void> {
  console.log("sign: CPU ms, same PSBTs; Firn = understand + sign + finish, second reader and curve apart");
  const folder = mkdtempSync(join(tmpdir(), "firn-bench-"));
  const rivals = embitFigures(folder);
  rmSync(folder, { recursive: true });
  if (rivals === undefined)
    console.log("  embit is left out: EMBIT_HOME does not name a folder that contains it");
  row("", "inputs", "Firn", "embit", "bitcoinjs", ": embit", ": bitcoinjs", "understand + sign + finish");
  for (const form of FORMS)
    for (const inputs of COUNTS) {
      const mine = await firnFigures(bench, form, inputs);
      const [first] = samplesOf(form, inputs);
      const master = purse(form).masters[0]!;
      const js = await best(BITCOINJS_ROUNDS[inputs], async () => timed(() => bitcoinjs(first!, master)).ms);
      const python = rivals?.get(`${form} ${inputs}`);
      const ratio = python === undefined ? undefined : spine(mine) / python;
      row(
        NAMES[form],
        `${inputs}`,
        figure(spine(mine)),
        figure(python),
        figure(js),
        ratio?.toFixed(2) ?? "-",
        (spine(mine) / js).toFixed(2),
        [mine.understand, mine.sign, mine.finish].map(figure).join(" + "),
        ratio === undefined ? "" : met(ratio, embitRatio(inputs)),
      );
    }
}

/** Twenty inputs, and that many outputs: to others, or to addresses of our own that are derived again. */
function paying(outputs: number, to: "foreign" | "own"): Uint8Array {
  const own = purse("p2wpkh");
  const amountSats = (20n * COIN_SATS) / BigInt(2 * outputs);
  const output = (i: number): OutputPlan =>
    to === "own" ? { of: own, branch: 1, index: i, amountSats } : { foreign: i, amountSats };
  return psbt(own, planOf(20, { outputs: Array.from({ length: outputs }, (_, i) => output(i)) }));
}

async function benchGrowth(bench: Bench): Promise<void> {
  console.log("sign: growth when doubled");
  for (const form of FORMS) {
    const ms: number[] = [];
    for (const inputs of [500, 1000])
      ms.push(spine(await bestStages(bench, form, psbt(purse(form), planOf(inputs)), 4)));
    grown(`${NAMES[form]}, 500 → 1000 inputs`, ms);
  }
  for (const to of ["foreign", "own"] as const) {
    const ms: number[] = [];
    for (const outputs of [1000, 2000])
      ms.push(spine(await bestStages(bench, "p2wpkh", paying(outputs, to), 6)));
    grown(`P2WPKH, 20 inputs, 1000 → 2000 outputs (${to})`, ms);
  }
}

function grown(name: string, [half, whole]: readonly number[]): void {
  const ratio = whole! / half!;
  const sides = `${figure(half)} → ${figure(whole)} ms`;
  console.log(`  ${name.padEnd(47)} ${sides.padStart(20)}  ×${ratio.toFixed(2)}  ${met(ratio, GROWTH)}`);
}

async function benchSecond(bench: Bench): Promise<void> {
  console.log("sign: second reader + second curve (verifies each, makes one again), CPU ms an input");
  for (const form of FORMS)
    for (const inputs of [20, 100, 500, 1000]) {
      const best = await bestStages(bench, form, psbt(purse(form), planOf(inputs)), inputs === 20 ? 6 : 2);
      const sum = (best.agree + best.second) / inputs;
      const parts = [best.agree, best.second].map((ms) => (ms / inputs).toFixed(2)).join(" + ");
      const name = `${NAMES[form].padEnd(14)} ${`${inputs}`.padStart(5)} inputs`;
      console.log(`  ${name}  ${parts.padStart(12)} = ${sum.toFixed(2)}  ${met(sum, SECOND_MS)}`);
    }
}

export async function run(): Promise<void> {
  const second: Meter = { ms: 0 };
  const firn = await firnOf(PHRASES[0], metered(nobleCurve(), second));
  const bench = { firn, second };
  await benchRivals(bench);
  await benchGrowth(bench);
  await benchSecond(bench);
}

if (import.meta.main) await run();
