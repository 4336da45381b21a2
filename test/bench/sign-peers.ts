// The rivals in signing: bitcoinjs-lib with libsecp256k1 in wasm, and embit (Python with libsecp256k1, what
// SeedSigner, Krux and Specter-DIY run). Both read the PSBT, sign from the master key and write it; neither
// proves an amount or rebuilds a script.

import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { HDKey } from "@scure/bip32";
import { type HDSigner, initEccLib, networks, Psbt, type Signer } from "bitcoinjs-lib";
import * as ecc from "tiny-secp256k1";
import { tweakOf } from "../../src/bitcoin/taproot.ts";
import { concat, u32be } from "../../src/bytes.ts";

initEccLib(ecc);

interface Node {
  readonly secret: Uint8Array;
  readonly chainCode: Uint8Array;
}

function childOf({ secret, chainCode }: Node, index: number): Node {
  const body = index >= 0x80000000 ? concat(Uint8Array.of(0), secret) : ecc.pointFromScalar(secret, true)!;
  const both = createHmac("sha512", chainCode).update(body).update(u32be(index)).digest();
  return { secret: ecc.privateAdd(secret, both.subarray(0, 32))!, chainCode: both.subarray(32) };
}

/** As the package bip32 does it, every step of the path each time. */
function derive(master: Node, path: string): Node {
  const steps = path.split("/").slice(1);
  return steps.reduce(
    (node, step) => childOf(node, Number.parseInt(step, 10) + (step.endsWith("'") ? 0x80000000 : 0)),
    master,
  );
}

function signerOf(secret: Uint8Array): Signer {
  return {
    publicKey: ecc.pointFromScalar(secret, true)!,
    sign: (hash) => ecc.sign(hash, secret),
    signSchnorr: (hash) => ecc.signSchnorr(hash, secret),
  };
}

/** Reads, signs each input with the master's key, writes. */
export function bitcoinjs(bytes: Uint8Array, { privateKey, chainCode, fingerprint }: HDKey): Uint8Array {
  const master: Node = { secret: privateKey!, chainCode: chainCode! };
  const psbt = Psbt.fromBuffer(bytes, { network: networks.regtest });
  const hd: HDSigner = {
    ...signerOf(privateKey!),
    fingerprint: u32be(fingerprint),
    derivePath: (path) => ({ ...hd, ...signerOf(derive(master, path).secret) }),
  };
  for (const [i, { tapBip32Derivation }] of psbt.data.inputs.entries()) {
    if (!tapBip32Derivation) psbt.signInputHD(i, hd);
    else psbt.signInput(i, tweaked(derive(master, tapBip32Derivation[0]!.path).secret));
  }
  return psbt.toBuffer();
}

function tweaked(secret: Uint8Array): Signer {
  const point = ecc.pointFromScalar(secret, true)!;
  const even = point[0] === 3 ? ecc.privateNegate(secret) : secret;
  return signerOf(ecc.privateAdd(even, tweakOf(point.subarray(1)))!);
}

export interface EmbitFigure {
  readonly signed: number;
  readonly cpuMs: number;
  /** libsecp256k1 by ctypes; false: embit's own Python, which no device runs. */
  readonly native: boolean;
}

/** By file, in order; undefined where embit is not here. CPU of the best of `rounds`, after one to warm up. */
export function embit(
  rounds: number,
  mnemonic: string,
  files: readonly string[],
): readonly EmbitFigure[] | undefined {
  const { EMBIT_HOME } = process.env;
  if (EMBIT_HOME === undefined || !existsSync(join(EMBIT_HOME, "embit"))) return undefined;
  const program = join(import.meta.dirname, "embit_sign.py");
  const child = spawnSync("python3", [program, String(rounds), mnemonic, ...files], { encoding: "utf8" });
  if (child.status !== 0) throw new Error(`embit failed: ${child.error ?? child.stderr}`);
  return child.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as EmbitFigure);
}
