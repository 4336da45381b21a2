// What leaves for programs of Ethereum (ERC 4527): signatures, and what a program learns when it is connected.
// Everything as the registry library of MetaMask and Rabby reads it.

import type { EthereumReply } from "../act.ts";
import type { CodeLoop, Density, Fingerprint, Path } from "../model.ts";
import { array, bool, byteString, type Encoded, map, tag, textString, uint } from "./write-cbor.ts";
import { fingerprintItem, originItem, splitUr } from "./write-keys.ts";

/** eth-signature. The request's id is said again: programs refuse an answer without it. */
export function ethSignatureBody({ requestId, signature, origin }: EthereumReply): Uint8Array {
  return map({
    1: requestId && tag(37, byteString(requestId)),
    2: byteString(signature),
    3: origin === undefined ? undefined : textString(origin),
  });
}

/** One code wherever the density allows it. */
export function splitEthSignature(reply: EthereumReply, density: Density): CodeLoop {
  return splitUr(ethSignatureBody(reply), "ETH-SIGNATURE", density);
}

// ---------------------------------------------------------------- connecting

export interface EthereumKey {
  readonly path: Path;
  readonly publicKey: Uint8Array;
}

/** Whose accounts, and what the program calls them. */
export interface EthereumDevice {
  /** Of the master key. */
  readonly fingerprint: Fingerprint;
  readonly name: string;
}

/** From which a program derives accounts by itself: "*" counts them. */
export interface EthereumExtendedKey extends EthereumKey {
  readonly chainCode: Uint8Array;
  /** Of the key one step up. */
  readonly parentFingerprint: Fingerprint;
  readonly children: readonly (number | "*")[];
}

/** The layout, as these programs spell it. */
export type EthereumNote = "account.standard" | "account.ledger_live" | "account.ledger_legacy";

/** SLIP 44. */
const COIN_TYPE = 60;

function keyFields(key: EthereumKey, { fingerprint, name }: EthereumDevice, note: EthereumNote) {
  return {
    3: byteString(key.publicKey),
    5: tag(305, map({ 1: uint(COIN_TYPE) })),
    6: originItem(fingerprint, key.path),
    9: textString(name),
    10: textString(note),
  };
}

function childrenItem(children: EthereumExtendedKey["children"]): Encoded {
  const steps = children.flatMap((step) => [step === "*" ? array([]) : uint(step), bool(false)]);
  return tag(304, map({ 1: array(steps) }));
}

/** crypto-hdkey: the key that all accounts of a layout hang on. */
export function ethereumKeyBody(
  key: EthereumExtendedKey,
  device: EthereumDevice,
  note: EthereumNote,
): Uint8Array {
  return map({
    ...keyFields(key, device, note),
    4: byteString(key.chainCode),
    7: childrenItem(key.children),
    8: fingerprintItem(key.parentFingerprint),
  });
}

/** crypto-account: single keys, each an account, bare. Programs take them by fives. */
export function ethereumAccountsBody(
  keys: readonly EthereumKey[],
  device: EthereumDevice,
  note: EthereumNote,
): Uint8Array {
  const outputs = keys.map((key) => tag(303, map(keyFields(key, device, note))));
  return map({ 1: fingerprintItem(device.fingerprint), 2: array(outputs) });
}

/** What a program learns when it is connected: one extended key, or the keys of so many accounts. */
export interface EthereumPairing {
  readonly device: EthereumDevice;
  readonly note: EthereumNote;
  readonly keys: EthereumExtendedKey | readonly EthereumKey[];
}

export function splitEthereumPairing({ device, note, keys }: EthereumPairing, density: Density): CodeLoop {
  return "children" in keys
    ? splitUr(ethereumKeyBody(keys, device, note), "CRYPTO-HDKEY", density)
    : splitUr(ethereumAccountsBody(keys, device, note), "CRYPTO-ACCOUNT", density);
}
