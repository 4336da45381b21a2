// What differs between the networks: address prefixes, extended key prefixes, coin types.

import type { Network } from "../model.ts";

export interface NetworkMarks {
  /** Human-readable part of bech32 addresses (BIP 173; "bcrt" is Bitcoin Core's for regtest). */
  readonly hrp: "bc" | "tb" | "bcrt";
  /** First byte of base58 addresses. */
  readonly p2pkh: number;
  readonly p2sh: number;
  /** SLIP-44: 0 where money is, 1 on every practice network. */
  readonly coinType: 0 | 1;
  /** Version bytes of an extended public key (BIP 32): xpub or tpub. */
  readonly extended: number;
}

const MAINNET: NetworkMarks = { hrp: "bc", p2pkh: 0, p2sh: 5, coinType: 0, extended: 0x0488b21e };
const TESTNET: NetworkMarks = { hrp: "tb", p2pkh: 111, p2sh: 196, coinType: 1, extended: 0x043587cf };

const MARKS: Readonly<Record<Network, NetworkMarks>> = {
  mainnet: MAINNET,
  testnet3: TESTNET,
  testnet4: TESTNET,
  signet: TESTNET,
  regtest: { ...TESTNET, hrp: "bcrt" },
};

export function marks(network: Network): NetworkMarks {
  return MARKS[network];
}
