// What tests of accounts of Ethereum share: one seed as ethers has it, and as Firn's ports to it.

import { readFileSync } from "node:fs";
import { HDNodeWallet, Mnemonic } from "ethers";
import { fromHex } from "../../src/bytes.ts";
import { HARDENED } from "../../src/limits.ts";
import type { Path } from "../../src/model.ts";

// biome-ignore lint/suspicious/noExplicitAny: vectors are JSON of many shapes
export const ERC4527: any = JSON.parse(
  readFileSync(new URL("../vectors/ethereum/erc4527.json", import.meta.url), "utf8"),
);

const bytes = (hex: string): Uint8Array => fromHex(hex.replace(/^0x/, ""))!;

/** ethers' master node for words without a passphrase. */
export function master(words: string): HDNodeWallet {
  return HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(words), "m");
}

export const written = (path: Path): string =>
  ["m", ...path.map((step) => (step >= HARDENED ? `${step - HARDENED}'` : `${step}`))].join("/");

export function nodeOf(root: HDNodeWallet, path: Path) {
  const node = path.length === 0 ? root : root.derivePath(written(path));
  return {
    publicKey: bytes(node.publicKey),
    chainCode: bytes(node.chainCode),
    fingerprint: root.fingerprint.slice(2),
    parentFingerprint: node.parentFingerprint.slice(2),
  };
}
