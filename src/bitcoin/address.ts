// Addresses ↔ scripts: base58 (P2PKH, P2SH), bech32 (BIP 173), bech32m (BIP 350).

import { sha256 } from "@noble/hashes/sha2.js";
import { bech32, bech32m, createBase58check } from "@scure/base";
import { concat } from "../bytes.ts";
import { NETWORKS, type Network } from "../model.ts";
import { refuse } from "../refusal.ts";
import { marks } from "./network.ts";
import { p2pkh, p2sh, witness } from "./script.ts";

const base58check = createBase58check(sha256);

/** BIP 173: no address is longer. */
const ADDRESS_CHARS = 90;

interface Program {
  readonly version: number;
  readonly program: Uint8Array;
}

/** BIP 141: one version opcode and one push of 2..40 bytes; version 0 has 20 or 32. */
function programOf(script: Uint8Array): Program | undefined {
  const [op = -1, length = -1] = script;
  if ((op !== 0 && (op < 0x51 || op > 0x60)) || script.length !== length + 2) return undefined;
  const version = op === 0 ? 0 : op - 0x50;
  return programFits(version, length) ? { version, program: script.subarray(2) } : undefined;
}

function programFits(version: number, length: number): boolean {
  if (version === 0) return length === 20 || length === 32;
  return version <= 16 && length >= 2 && length <= 40;
}

function startsWith(script: Uint8Array, ...bytes: readonly number[]): boolean {
  return bytes.every((byte, i) => script[i] === byte);
}

/**
 * The address of a scriptPubKey: P2PKH, P2SH, and every witness version (so also P2A and versions that
 * have no rules yet, in bech32m). Undefined for all else: OP_RETURN, bare keys, bare multisig.
 */
export function addressOf(script: Uint8Array, network: Network): string | undefined {
  const { hrp, p2pkh: keyMark, p2sh: scriptMark } = marks(network);
  if (
    script.length === 25 &&
    startsWith(script, 0x76, 0xa9, 20) &&
    script[23] === 0x88 &&
    script[24] === 0xac
  )
    return base58check.encode(concat(Uint8Array.of(keyMark), script.subarray(3, 23)));
  if (script.length === 23 && startsWith(script, 0xa9, 20) && script[22] === 0x87)
    return base58check.encode(concat(Uint8Array.of(scriptMark), script.subarray(2, 22)));
  const found = programOf(script);
  if (found === undefined) return undefined;
  const codec = found.version === 0 ? bech32 : bech32m;
  return codec.encode(hrp, [found.version, ...codec.toWords(found.program)]);
}

/**
 * The scriptPubKey that an address stands for. Throws Refusal bitcoin.address where it is none, and
 * bitcoin.address-network where it is one of another network. Never throws anything else.
 */
export function scriptOf(address: string, network: Network): Uint8Array {
  if (address.length > ADDRESS_CHARS) refuse("bitcoin.address", "too long");
  return fromBase58(address, network) ?? fromBech32(address, network) ?? refuse("bitcoin.address");
}

/** The networks on which this is an address; testnets and signet write theirs alike. */
export function networksOf(address: string): readonly Network[] {
  return NETWORKS.filter((network) => attempt(() => scriptOf(address, network)) !== undefined);
}

function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

const BASE58_MARKS: readonly number[] = [0, 5, 111, 196];

function fromBase58(address: string, network: Network): Uint8Array | undefined {
  const bytes = attempt(() => base58check.decode(address));
  if (bytes === undefined || bytes.length !== 21 || !BASE58_MARKS.includes(bytes[0]!)) return undefined;
  const hash = bytes.subarray(1);
  const own = marks(network);
  if (bytes[0] === own.p2pkh) return p2pkh(hash);
  if (bytes[0] === own.p2sh) return p2sh(hash);
  refuse("bitcoin.address-network");
}

function fromBech32(address: string, network: Network): Uint8Array | undefined {
  for (const codec of [bech32, bech32m]) {
    const decoded = attempt(() => codec.decode(address as `${string}1${string}`, ADDRESS_CHARS));
    if (decoded === undefined) continue;
    const [version = -1, ...words] = decoded.words;
    const program = attempt(() => codec.fromWords(words));
    if ((version === 0) !== (codec === bech32) || program === undefined) return undefined;
    if (version < 0 || !programFits(version, program.length)) return undefined;
    if (decoded.prefix === marks(network).hrp) return witness(version, program);
    return ["bc", "tb", "bcrt"].includes(decoded.prefix) ? refuse("bitcoin.address-network") : undefined;
  }
  return undefined;
}
