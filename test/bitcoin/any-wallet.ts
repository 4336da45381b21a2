// Wallets of any script for tests, and what rust-miniscript makes of them: it fills in PSBTs, signs and finalises
// by itself, and knows nothing of Firn.

import { Descriptor, Psbt } from "@bitgo/wasm-miniscript";
import type { HDKey } from "@scure/bip32";
import { checksum, compile, readWallet } from "../../src/bitcoin/index.ts";
import { toHex, u32be } from "../../src/bytes.ts";
import { HARDENED } from "../../src/limits.ts";
import {
  COIN_SATS,
  curve,
  encode,
  encodeOutput,
  foreignScript,
  masterOf,
  nodeAt,
  PHRASES,
  type Purse,
  previousTx,
  row,
  txidOf,
  unsignedTx,
} from "./build.ts";

/** BIP 341's point H. */
export const POINT_H = "50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0";

const H = HARDENED;
const PATH = [H + 48, H + 1, H, H + 2];
const MORE = [
  "letter advice cage absurd amount doctor acoustic avoid letter advice cage above",
  "void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold",
] as const;
export const MASTERS: readonly HDKey[] = [...PHRASES, ...MORE].map((phrase) => masterOf(phrase));

const ACCOUNTS = MASTERS.map((master) => ({
  fingerprint: toHex(u32be(master.fingerprint)),
  extended: nodeAt(master, PATH).publicExtendedKey,
}));

/** `@0` is the account key of the first master, with its origin. */
function withKeys(text: string, hardened: string): string {
  const path = [48, 1, 0, 2].map((step) => `${step}${hardened}`).join("/");
  return text.replace(/@(\d)/g, (_, number) => {
    const { fingerprint, extended } = ACCOUNTS[Number(number)]!;
    return `[${fingerprint}/${path}]${extended}`;
  });
}

export interface AnyOptions {
  /** Numbers of the masters whose keys this device holds; the first unless given. */
  readonly ours?: readonly number[];
  readonly name?: string;
}

/** "wsh(pk(@0/<0;1>/*))" as a wallet with all its private keys. */
export function anyPurse(text: string, { ours = [0], name = "Vault" }: AnyOptions = {}): Purse {
  const body = withKeys(text, "h");
  const read = readWallet(`${body}#${checksum(body)}`, "regtest", curve, name);
  const held = ours.map((number) => toHex(u32be(MASTERS[number]!.fingerprint)));
  const keys = read.keys.map((key) => ({ ...key, ours: held.includes(key.fingerprint) }));
  const wallet = { ...read, keys };
  return { wallet, template: compile(wallet, curve), masters: MASTERS, curve };
}

/** The descriptor of one address, as rust-miniscript has it. */
export function definite(text: string, member: 0 | 1, index: number): Descriptor {
  const branch = text.replace(/<(\d+);(\d+)>/g, (_, receive, change) => (member === 0 ? receive : change));
  return Descriptor.fromString(withKeys(branch, "'"), "derivable").atDerivationIndex(index);
}

export interface PeerPlan {
  readonly text: string;
  /** Addresses spent from: index 0 and so on of the receive branch. */
  readonly inputs?: number;
  readonly sequence?: number;
  readonly lockTime?: number;
  readonly txVersion?: number;
}

/** A payment with change, filled in by rust-miniscript. */
export function peerPsbt({
  text,
  inputs = 2,
  sequence = 0xfffffffd,
  lockTime = 0,
  txVersion = 2,
}: PeerPlan): Psbt {
  const at = Array.from({ length: inputs }, (_, index) => definite(text, 0, index));
  const previous = at.map((one, i) => previousTx(i, [encodeOutput(COIN_SATS, one.scriptPubkey())]));
  const coins = previous.map((bytes) => ({ txid: txidOf(bytes), index: 0, sequence }));
  const change = definite(text, 1, 7);
  const outputs = [
    { amountSats: 30_000n, script: foreignScript(1) },
    { amountSats: BigInt(inputs) * COIN_SATS - 31_000n, script: change.scriptPubkey() },
  ];
  const bytes = encode({
    global: [row(0x00, unsignedTx(txVersion, coins, outputs, lockTime))],
    inputs: at.map((one, i) => [
      row(0x00, previous[i]!),
      ...(text.startsWith("sh(multi") || text.startsWith("pkh")
        ? []
        : [row(0x01, encodeOutput(COIN_SATS, one.scriptPubkey()))]),
    ]),
    outputs: outputs.map(() => []),
  });
  const psbt = Psbt.deserialize(bytes);
  at.forEach((one, i) => {
    psbt.updateInputWithDescriptor(i, one);
  });
  psbt.updateOutputWithDescriptor(1, change);
  return psbt;
}

export function signedByPeer(psbt: Psbt, masters: readonly number[]): Psbt {
  for (const number of masters) psbt.signWithXprv(MASTERS[number]!.privateExtendedKey);
  return psbt;
}
