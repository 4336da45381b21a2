// Figures of transactions made with others: understanding them, growth, and looking for listed descriptors.
// CPU time of all threads, best of several, warm.

import "./tuned.ts";
import { type Party, partyOf, understand } from "../../src/bitcoin/index.ts";
import type { ScriptForm } from "../../src/bitcoin/wallet.ts";
import {
  descriptorOf,
  run as end,
  masterOf,
  message,
  PHRASES,
  psbt,
  purse,
  request,
} from "../bitcoin/build.ts";

const GROWTH = 2.2;
const MOST_PARTY_MS = { p2wpkh: 250, p2wsh: 750 } as const;

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function best(rounds: number, work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = -1; i < rounds; i++) {
    const start = cpuMs();
    work();
    if (i >= 0) least = Math.min(least, cpuMs() - start);
  }
  return least;
}

function grown(name: string, [half, whole]: readonly number[]): void {
  const ratio = whole! / half!;
  const sides = `${half!.toFixed(0)} → ${whole!.toFixed(0)} ms`;
  console.log(
    `  ${name.padEnd(54)} ${sides.padStart(20)}  ×${ratio.toFixed(2)}  ${ratio <= GROWTH ? "ok" : "MISSED"} (≤ ${GROWTH})`,
  );
}

const own = purse("p2wpkh");
const other = purse("p2tr", { name: "Savings" });
const stranger = purse("p2wpkh", { phrases: [PHRASES[1]] });

/** Every second input is another wallet's; what nothing marks is looked for among our addresses. */
function mixed(count: number, of: typeof own, marked: boolean): Uint8Array {
  const inputs = Array.from({ length: count }, (_, index) =>
    index % 2 === 0 ? { index } : { of, index, marked },
  );
  return psbt(own, { inputs, previousInputs: 2 });
}

function benchGrowth(): void {
  console.log("joint: growth of understanding when doubled");
  for (const [name, of, marked] of [
    ["two own wallets, P2WPKH and P2TR", other, true],
    ["half of others, without key origins", stranger, false],
  ] as const) {
    const ms = [500, 1000].map((count) => {
      const bytes = mixed(count, of, marked);
      return best(4, () => request(own, bytes, other));
    });
    grown(`${name}, 500 → 1000 inputs`, ms);
  }
}

function benchParties(): void {
  console.log("joint: the first 1000 addresses of a listed descriptor, for an output that is none of them");
  const masters = [PHRASES[1], PHRASES[2], PHRASES[0]].map((phrase) => masterOf(phrase));
  for (const form of ["p2wpkh", "p2wsh"] as const satisfies readonly ScriptForm[]) {
    const script = purse(form, { account: 9 }).template.derive(0, 0).scriptPubKey;
    const bytes = psbt(own, { outputs: [{ script, amountSats: 50_000n }] });
    const look = (party: Party) => {
      const known = {
        network: "regtest",
        templates: [own.template],
        curve: own.curve,
        parties: [party],
      } as const;
      end(understand(message(bytes), known));
    };
    const made = () => partyOf("listed", descriptorOf(form, masters), "regtest", own.curve);
    const first = best(4, () => look(made()));
    const kept = made();
    const again = best(8, () => look(kept));
    const most = MOST_PARTY_MS[form];
    console.log(
      `  ${form.padEnd(8)} ${first.toFixed(0)} ms the first time, ${again.toFixed(2)} ms after  ${first <= most ? "ok" : "MISSED"} (≤ ${most})`,
    );
  }
}

export function run(): void {
  benchGrowth();
  benchParties();
}

if (import.meta.main) run();
