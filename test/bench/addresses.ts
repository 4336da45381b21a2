// Figures of addresses: 1,000 of a 3-of-5 P2WSH against the JavaScript libraries that wallet programs use, each as
// fast as it can be called, in the same run; and how soon an address is verified. CPU time, best of several, warm.

import "./tuned.ts";
import { createHmac } from "node:crypto";
import { Output } from "@bitcoinerlab/descriptors-scure";
import { HDKey } from "@scure/bip32";
import * as btc from "@scure/btc-signer";
import { initEccLib, networks, payments } from "bitcoinjs-lib";
import * as ecc from "tiny-secp256k1";
import { addressOf, compile, locate, scriptOf } from "../../src/bitcoin/index.ts";
import { compare, u32be } from "../../src/bytes.ts";
import { run as end } from "../bitcoin/build.ts";
import { bodyOf, curve, walletOf } from "../bitcoin/wallet-cast.ts";

initEccLib(ecc);

const COUNT = 1000;
const MOST_RATIO = 1.5;
const MOST_ANSWER_MS = 100;

const PLAY = { form: "p2wsh", cosigners: [1, 2, 3, 4, 5], threshold: 3 } as const;
const wallet = walletOf(PLAY);
const REGTEST = { ...btc.TEST_NETWORK, bech32: "bcrt" };
const PRACTICE = { private: 0x04358394, public: 0x043587cf };

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

type Deriver = (index: number) => string;

/** Everything that stays the same is made beforehand, as a program would that shows a list of addresses. */
const DERIVERS: Readonly<Record<string, () => Deriver>> = {
  Firn: () => {
    const template = compile(wallet, curve);
    return (index) => addressOf(template.derive(0, index).scriptPubKey, "regtest")!;
  },
  "bitcoinjs-lib, libsecp256k1 in wasm, native HMAC": () => {
    const nodes = wallet.keys.map((key) => childOf(key, 0));
    return (index) => {
      const pubkeys = nodes.map((node) => childOf(node, index).publicKey).sort(compare);
      const network = networks.regtest;
      return payments.p2wsh({ redeem: payments.p2ms({ m: 3, pubkeys, network }), network }).address!;
    };
  },
  "@scure/bip32 and btc-signer": () => {
    const nodes = wallet.keys.map(({ extended }) => HDKey.fromExtendedKey(extended, PRACTICE).deriveChild(0));
    return (index) => {
      const keys = nodes.map((node) => node.deriveChild(index).publicKey!).sort(compare);
      return btc.p2wsh(btc.p2ms(3, keys), REGTEST).address!;
    };
  },
  "@bitcoinerlab/descriptors-scure": () => {
    const descriptor = bodyOf({ ...PLAY, children: "/0/*" });
    return (index) => new Output({ descriptor, index, network: networks.regtest }).getAddress();
  },
};

interface Node {
  readonly publicKey: Uint8Array;
  readonly chainCode: Uint8Array;
}

/** As the package bip32 does it. */
function childOf({ publicKey, chainCode }: Node, index: number): Node {
  const both = createHmac("sha512", chainCode).update(publicKey).update(u32be(index)).digest();
  return {
    publicKey: ecc.pointAddScalar(publicKey, both.subarray(0, 32), true)!,
    chainCode: both.subarray(32),
  };
}

/** Reads its descriptor anew for each address: timed on a tenth of them. */
const SLOW = "@bitcoinerlab/descriptors-scure";

/** CPU time of all of them, ms, and the first address as a proof of work. */
function timed(name: string): { readonly ms: number; readonly first: string } {
  const count = name === SLOW ? COUNT / 10 : COUNT;
  const start = cpuMs();
  const derive = DERIVERS[name]!();
  const first = derive(0);
  for (let index = 1; index < count; index++) derive(index);
  return { ms: ((cpuMs() - start) * COUNT) / count, first };
}

/** In turns, so that a busy machine is busy for all; the first round only warms up. */
function benchPeers(): void {
  console.log(`addresses: ${COUNT} of a 3-of-5 P2WSH, CPU time`);
  const least = new Map<string, number>();
  for (let round = 0; round <= 4; round++)
    for (const name of Object.keys(DERIVERS)) {
      if (name === SLOW && round > 0) continue;
      const { ms, first } = timed(name);
      if (first !== DERIVERS.Firn!()(0)) throw new Error(`${name} makes other addresses`);
      if (round > 0 || name === SLOW)
        least.set(name, Math.min(least.get(name) ?? Number.POSITIVE_INFINITY, ms));
    }
  const { Firn: own = 0, ...peers } = Object.fromEntries(least);
  const fastest = Math.min(...Object.values(peers));
  for (const [name, ms] of Object.entries(peers))
    console.log(`  ${name.padEnd(50)} ${ms.toFixed(0).padStart(6)} ms`);
  const ratio = own / fastest;
  const verdict = ratio <= MOST_RATIO ? "ok" : "MISSED";
  console.log(
    `  ${"Firn".padEnd(50)} ${own.toFixed(0).padStart(6)} ms  ×${ratio.toFixed(2)} of the fastest  ${verdict} (≤ ${MOST_RATIO})`,
  );
}

function benchVerify(): void {
  console.log("addresses: verifying one against five wallets, the first 1,000 of each branch");
  const forms = ["p2wpkh", "p2tr", "p2sh-p2wpkh", "p2pkh"] as const;
  const templates = [...forms.map((form) => walletOf({ form })), wallet].map((one) => compile(one, curve));
  const known = scriptOf(DERIVERS.Firn!()(999), "regtest");
  const foreign = compile(walletOf({ ...PLAY, threshold: 2 }), curve).derive(0, 0).scriptPubKey;
  const looks = [
    ["one of ours, the first time", known],
    ["a foreign one, the first time", foreign],
    ["one of ours, again", known],
    ["a foreign one, again", foreign],
  ] as const;
  for (const [what, script] of looks) {
    const start = cpuMs();
    end(locate(templates, script));
    const ms = cpuMs() - start;
    const verdict = what.endsWith("again")
      ? `  ${ms <= MOST_ANSWER_MS ? "ok" : "MISSED"} (≤ ${MOST_ANSWER_MS})`
      : "";
    console.log(`  ${what.padEnd(50)} ${ms.toFixed(1).padStart(6)} ms${verdict}`);
  }
}

export function run(): void {
  benchPeers();
  benchVerify();
}

if (import.meta.main) run();
