// Keys and wallets as UR: crypto-account (BCR-2020-015), crypto-hdkey (BCR-2020-007), crypto-output (BCR-2020-010), and
// any text as bytes. Under their old names, which every program reads.

import { fromHex, readU32be } from "../bytes.ts";
import { HARDENED } from "../limits.ts";
import type { CodeLoop, Density, Fingerprint, Path } from "../model.ts";
import { refuse } from "../refusal.ts";
import { utf8 } from "../text.ts";
import { cutUr, loop } from "./split.ts";
import { array, bool, byteString, type Encoded, map, tag, uint } from "./write-cbor.ts";
import { type UrType, urLoop } from "./write-ur.ts";

/** An extended public key and where it comes from. */
export interface UrKey {
  /** Of the master key. */
  readonly fingerprint: Fingerprint;
  readonly path: Path;
  readonly publicKey: Uint8Array;
  readonly chainCode: Uint8Array;
  /** Of the key one step up. */
  readonly parentFingerprint: Fingerprint;
  /** Of a network without money. */
  readonly practice: boolean;
}

/** The script that stands around a key, or around several. */
export type UrForm = "pkh" | "wpkh" | "sh-wpkh" | "tr" | "sh" | "wsh" | "sh-wsh";

const TAGS: Readonly<Record<UrForm, readonly number[]>> = {
  pkh: [403],
  wpkh: [404],
  "sh-wpkh": [400, 404],
  tr: [409],
  sh: [400],
  wsh: [401],
  "sh-wsh": [400, 401],
};

const tagged = (form: UrForm, item: Encoded): Encoded =>
  TAGS[form].reduceRight((inner, number) => tag(number, inner), item);

export const fingerprintItem = (text: Fingerprint): Encoded => uint(readU32be(fromHex(text)!, 0));

/** crypto-keypath: where a key comes from, its depth with it. */
export function originItem(fingerprint: Fingerprint, path: Path): Encoded {
  const steps = path.flatMap((step) => [uint(step % HARDENED), bool(step >= HARDENED)]);
  return tag(304, map({ 1: array(steps), 2: fingerprintItem(fingerprint), 3: uint(path.length) }));
}

/**
 * Whole: depth, parent and chain code too, from which programs put the extended key together again. Without a path of
 * children: some readers know no pair of branches, and all take the usual two where nothing is said.
 */
function hdKey({ fingerprint, path, publicKey, chainCode, parentFingerprint, practice }: UrKey): Encoded {
  return map({
    3: byteString(publicKey),
    4: byteString(chainCode),
    5: practice ? tag(305, map({ 2: uint(1) })) : undefined,
    6: originItem(fingerprint, path),
    8: fingerprintItem(parentFingerprint),
  });
}

/**
 * One output alone: several programs read only the first. Neither tag 308 around it nor cosigner (410) inside, against
 * the paper's own example: with them the programs that most people have do not read it.
 */
export function accountBody(key: UrKey, form: UrForm): Uint8Array {
  const output = tagged(form, tag(303, hdKey(key)));
  return map({ 1: fingerprintItem(key.fingerprint), 2: array([output]) });
}

export function splitAccountUr(key: UrKey, form: UrForm, density: Density): CodeLoop {
  return splitUr(accountBody(key, form), "CRYPTO-ACCOUNT", density);
}

export function splitHdKeyUr(key: UrKey, density: Density): CodeLoop {
  return splitUr(hdKey(key), "CRYPTO-HDKEY", density);
}

/** A wallet of one key, or of several under a quorum. */
export interface UrWallet {
  readonly form: UrForm;
  readonly keys: readonly UrKey[];
  readonly quorum?: { readonly threshold: number; readonly sorted: boolean };
}

export function outputBody({ form, keys, quorum }: UrWallet): Uint8Array {
  const all = keys.map((key) => tag(303, hdKey(key)));
  if (quorum === undefined) return tagged(form, all[0]!);
  return tagged(form, tag(quorum.sorted ? 407 : 406, map({ 1: uint(quorum.threshold), 2: array(all) })));
}

export function splitOutputUr(wallet: UrWallet, density: Density): CodeLoop {
  return splitUr(outputBody(wallet), "CRYPTO-OUTPUT", density);
}

/** A text as UR of type bytes: how Coldcard's files travel. */
export function splitBytesUr(text: string, density: Density): CodeLoop {
  return splitUr(byteString(utf8(text)), "BYTES", density);
}

export function splitUr(body: Uint8Array, type: UrType, density: Density): CodeLoop {
  const planned = cutUr(body.length, density) ?? refuse("transport.no-room", `${body.length} bytes`);
  return loop(urLoop(body, planned.size, type), "alphanumeric");
}
