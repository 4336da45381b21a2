// Figures of signing in wallets of other scripts: a 500-input 3-of-5, recognising change of a 15-of-15, leaves.
// CPU time of all threads, best of several, warm.

import "./tuned.ts";
import { compile, understand } from "../../src/bitcoin/index.ts";
import { anyPurse, POINT_H } from "../bitcoin/any-wallet.ts";
import { curve, message, type Plan, type Purse, psbt, run, signer } from "../bitcoin/build.ts";
import { cosigner, walletOf } from "../bitcoin/wallet-cast.ts";

const GROWTH = 2.2;
/** Reading 199 outputs more is the rest. */
const CHANGE = 1.2;
const ROUNDS = 3;

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function best(once: () => Promise<void>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = -1; round < ROUNDS; round++) {
    const start = cpuMs();
    await once();
    if (round >= 0) least = Math.min(least, cpuMs() - start);
  }
  return least;
}

/** Understood and reviewed, read a second time, signed, the reply verified. */
async function spend(own: Purse, bytes: Uint8Array): Promise<void> {
  const templates = [compile(own.wallet, curve)];
  const request = run(understand(message(bytes), { network: "regtest", templates, curve }));
  run(request.agree());
  const approval = request.approve({ txid: request.spend.txid, outcome: "allow", rules: [] }, "approve");
  await approval.record(async () => {});
  run(request.finish(signer(own)(approval.take())));
}

const KEYS = [0, 1, 2, 3, 4].map((key) => `@${key}/<0;1>/*`).join(",");
const WALLETS: readonly (readonly [string, string, Plan])[] = [
  ["P2WSH 3-of-5", `wsh(sortedmulti(3,${KEYS}))`, {}],
  ["P2TR, leaf of a 3-of-5", `tr(${POINT_H},sortedmulti_a(3,${KEYS}))`, {}],
  [
    "P2WSH, recovery after a wait",
    "wsh(or_d(multi(2,@1/<0;1>/*,@2/<0;1>/*),and_v(v:pkh(@0/<0;1>/*),older(144))))",
    { sequence: 144 },
  ],
];

function line(name: string, words: string): void {
  console.log(`  ${name.padEnd(44)} ${words}`);
}

async function growth(): Promise<void> {
  console.log("sign-scripts: understood, reviewed, read twice, signed and verified; growth when doubled");
  for (const [name, text, more] of WALLETS) {
    const own = anyPurse(text);
    const ms: number[] = [];
    for (const inputs of [250, 500]) {
      const bytes = psbt(own, { inputs, previousInputs: 2, ...more });
      ms.push(await best(() => spend(own, bytes)));
    }
    const ratio = ms[1]! / ms[0]!;
    const met = ratio <= GROWTH ? "ok" : "MISSED";
    line(
      `${name}, 250 → 500 inputs`,
      `${ms.map((one) => one.toFixed(0)).join(" → ")} ms  ×${ratio.toFixed(2)}  ${met} (≤ ${GROWTH})`,
    );
  }
}

/** Against nothing but deriving those addresses. */
async function change(): Promise<void> {
  console.log("sign-scripts: 200 outputs of change of a 15-of-15");
  const numbers = Array.from({ length: 15 }, (_, i) => i + 1);
  const wallet = walletOf({ form: "p2wsh", cosigners: numbers, threshold: 15 });
  const masters = numbers.map((number) => cosigner(number).master);
  const own: Purse = { wallet, template: compile(wallet, curve), masters, curve };
  const outputs = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ of: own, branch: 1, index, amountSats: 400n }));
  const read = (bytes: Uint8Array) => async () => {
    const templates = [compile(wallet, curve)];
    run(understand(message(bytes), { network: "regtest", templates, curve }));
  };
  const [with200, without] = [psbt(own, { outputs: outputs(200) }), psbt(own, { outputs: outputs(1) })];
  const understood = (await best(read(with200))) - (await best(read(without)));
  const derived = await best(async () => {
    const template = compile(wallet, curve);
    for (let index = 1; index < 200; index++) template.derive(1, index);
  });
  line("understood, beside one output", `${understood.toFixed(0)} ms`);
  const ratio = understood / derived;
  const met = ratio <= CHANGE ? "ok" : "MISSED";
  line("the same addresses derived", `${derived.toFixed(0)} ms  ×${ratio.toFixed(2)}  ${met} (≤ ${CHANGE})`);
}

export async function main(): Promise<void> {
  await growth();
  await change();
}

if (import.meta.main) await main();
