// Cosigners' keys put together: the text of the wallet that they make. The same keys and rules give the same text,
// whoever gathered them and in whatever order.

import { sha256 } from "@noble/hashes/sha2.js";
import { concat, fromHex } from "../../bytes.ts";
import type { Network } from "../../model.ts";
import { checksum } from "../descriptor/checksum.ts";
import { writeExtended } from "../descriptor/extended.ts";
import type { WalletKey } from "../wallet.ts";
import { writeKey } from "./key-write.ts";

/** Scripts that a ceremony makes. */
export type SharedForm = "p2wsh" | "p2sh-p2wsh" | "p2tr" | "p2sh";

export interface Plan {
  readonly form: SharedForm;
  readonly network: Network;
  readonly keys: readonly WalletKey[];
  /** So many of them sign. */
  readonly threshold: number;
  /** Taproot only, and all of the keys: they sign as one key, in two rounds (BIP 327 and 390). */
  readonly asOne?: true;
  /** Fewer are enough once coins have lain so many blocks (BIP 68: at most 65,535). Not for P2SH. */
  readonly later?: { readonly threshold: number; readonly blocks: number };
}

/** BIP 341: a point whose private key nobody knows, with an even y. */
const POINT_H = "0250929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0";

/** The descriptor with its checksum, keys in the order of their text. */
export function assemble({ form, network, keys: given, threshold, asOne, later }: Plan): string {
  const keys = [...given].sort((a, b) => (writeKey(a) < writeKey(b) ? -1 : 1));
  // BIP 389: no key stands twice with the same branches, so the later way has a pair of its own.
  const at = (pair: string) => keys.map((key) => `${writeKey(key)}/${pair}/*`).join(",");
  const now = at("<0;1>");
  const wait = later && `older(${later.blocks})`;
  const inTaproot = () => {
    const last = wait && `and_v(v:multi_a(${later.threshold},${at("<2;3>")}),${wait})`;
    if (asOne) {
      const all = `musig(${keys.map(writeKey).join(",")})/<0;1>/*`;
      return last ? `tr(${all},${last})` : `tr(${all})`;
    }
    const leaf = `sortedmulti_a(${threshold},${now})`;
    const nobodys = unspendable(last ? [...keys, ...keys] : keys, network);
    return `tr(${nobodys}/<0;1>/*,${last ? `{${leaf},${last}}` : leaf})`;
  };
  const inScript = () =>
    wait
      ? `or_d(multi(${threshold},${now}),and_v(v:multi(${later.threshold},${at("<2;3>")}),${wait}))`
      : `sortedmulti(${threshold},${now})`;
  const body = {
    p2wsh: () => `wsh(${inScript()})`,
    "p2sh-p2wsh": () => `sh(wsh(${inScript()}))`,
    p2sh: () => `sh(${inScript()})`,
    p2tr: inTaproot,
  }[form]();
  return `${body}#${checksum(body)!}`;
}

/**
 * An extended key in whose place nobody can sign: point H, and as its chain code the SHA-256 of the keys in the leaves,
 * one after the other. Whoever has the wallet's text can make it again, and so be sure that it is nobody's.
 */
export function unspendable(keys: readonly WalletKey[], network: Network): string {
  const chainCode = sha256(concat(...keys.map(({ publicKey }) => publicKey)));
  const publicKey = fromHex(POINT_H)!;
  return writeExtended(
    { depth: 0, parentFingerprint: "00000000", childNumber: 0, chainCode, publicKey },
    network,
  );
}
