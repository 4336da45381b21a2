// The codes by which coordinators hand over a multisig wallet, written apart from src's readers.

import { UR, UREncoder } from "@ngraveio/bc-ur";
import { quorumOf } from "../../src/bitcoin/index.ts";
import { concat, u32be } from "../../src/bytes.ts";
import { HARDENED } from "../../src/limits.ts";
import { nodeAt, type Purse } from "../bitcoin/build.ts";

/** Coldcard's multisig text, as Sparrow exports it. */
export function coldcardText({ wallet, masters }: Purse, name: string): string {
  const keys = wallet.keys.map(({ fingerprint, path }, place) => {
    const steps = path.map((step) => (step >= HARDENED ? `${step - HARDENED}'` : `${step}`));
    const extended = nodeAt(masters[place]!, path).publicExtendedKey;
    return `Derivation: m/${steps.join("/")}\n${fingerprint}: ${extended}`;
  });
  const policy = `Policy: ${quorumOf(wallet)!.threshold} of ${wallet.keys.length}`;
  return `Name: ${name}\n${policy}\nFormat: ${wallet.form.toUpperCase()}\n\n${keys.join("\n\n")}\n`;
}

function head(major: number, value: number): Uint8Array {
  if (value < 24) return Uint8Array.of((major << 5) | value);
  if (value < 0x100) return Uint8Array.of((major << 5) | 24, value);
  if (value < 0x10000) return Uint8Array.of((major << 5) | 25, value >> 8, value & 255);
  return concat(Uint8Array.of((major << 5) | 26), u32be(value));
}

const uint = (value: number) => head(0, value);
const byteString = (bytes: Uint8Array) => concat(head(2, bytes.length), bytes);
const array = (...items: Uint8Array[]) => concat(head(4, items.length), ...items);
const map = (...rows: [number, Uint8Array][]) =>
  concat(head(5, rows.length), ...rows.flatMap(([key, value]) => [uint(key), value]));
const tag = (number: number, item: Uint8Array) => concat(head(6, number), item);
const flag = (value: boolean) => Uint8Array.of(value ? 0xf5 : 0xf4);

/** BCR-2020-010: nested tags around a sorted multisig of HD keys (BCR-2020-007). */
export function cryptoOutputTexts(own: Purse, partBytes: number): string[] {
  const { wallet } = own;
  const keys = wallet.keys.map((_, place) => hdKey(own, place));
  const multisig = tag(407, map([1, uint(quorumOf(wallet)!.threshold)], [2, array(...keys)]));
  const wrapped: Record<string, Uint8Array> = {
    p2wsh: tag(401, multisig),
    "p2sh-p2wsh": tag(400, tag(401, multisig)),
    p2sh: tag(400, multisig),
  };
  const encoder = new UREncoder(new UR(Buffer.from(wrapped[wallet.form]!), "crypto-output"), partBytes);
  return Array.from({ length: encoder.fragmentsLength }, () => encoder.nextPart().toUpperCase());
}

function hdKey({ wallet, masters }: Purse, place: number): Uint8Array {
  const { path, fingerprint } = wallet.keys[place]!;
  const node = nodeAt(masters[place]!, path);
  const steps = path.flatMap((step) => [uint(step % HARDENED), flag(step >= HARDENED)]);
  const origin = tag(304, map([1, array(...steps)], [2, uint(Number.parseInt(fingerprint, 16))]));
  const use = tag(305, map([2, uint(wallet.network === "mainnet" ? 0 : 1)]));
  return tag(
    303,
    map(
      [3, byteString(node.publicKey!)],
      [4, byteString(node.chainCode!)],
      [5, use],
      [6, origin],
      [8, uint(node.parentFingerprint)],
    ),
  );
}
