// Entries of a list: where money may go. What could never match, because it was mistyped, is told.

import { sha256 } from "@noble/hashes/sha2.js";
import { bech32, bech32m, createBase58check } from "@scure/base";
import { readChainName } from "../assets.ts";
import { type Address, readAddress } from "../eip55.ts";
import type { Network } from "../model.ts";
import type { Entry } from "../rules.ts";
import { readWallet, WALLET } from "./forms.ts";

/** Names of lists and of parties. */
export const LIST_NAME = /^[a-z][a-z0-9-]{0,23}$/;

/** The entry that this line says, or in a sentence what it must be. */
export function readEntry(line: string): Entry | string {
  const wallet = /^wallet (.+)$/.exec(line)?.[1];
  if (wallet !== undefined) {
    const found = readWallet(wallet);
    return found ? { kind: "wallet", ...found } : WALLET;
  }
  const contract = /^contract (.+)$/.exec(line)?.[1];
  if (contract !== undefined) return readContract(contract) ?? CONTRACT;
  const party = /^party (.+)$/.exec(line)?.[1];
  if (party === undefined) return { kind: "address", to: line };
  const [name, descriptor, ...more] = party.split(" ");
  if (name === undefined || descriptor === undefined || more.length > 0)
    return 'a party is a name and a descriptor without spaces, like "party acme wpkh(xpub...)#checksum"';
  return { kind: "party", name, descriptor };
}

const CONTRACT =
  'a contract is its address and its chain, like "contract 0x... on Ethereum"; behind them may stand the selectors by which alone it is called, like ", 0xa9059cbb, 0x095ea7b3"';

function readContract(text: string): Extract<Entry, { kind: "contract" }> | undefined {
  const [, address, chain = "", by] = /^(0x\S+) on (.+?)((?:, 0x[^\s,]+)*)$/.exec(text) ?? [];
  const chainId = readChainName(chain);
  if (address === undefined || chainId === undefined) return undefined;
  const selectors = by === "" ? undefined : by?.slice(2).split(", ");
  return { kind: "contract", chainId, address: address as Address, ...(selectors ? { selectors } : {}) };
}

/** Undefined where such a payment can be; what a party's descriptor leads to is told where wallets are read. */
export function entryProblem(entry: Entry, network: Network): string | undefined {
  if (entry.kind === "wallet") return undefined;
  if (entry.kind === "contract") return contractProblem(entry);
  return entry.kind === "address" ? placeProblem(entry.to, network) : partyProblem(entry);
}

function contractProblem({ chainId, address, selectors }: Extract<Entry, { kind: "contract" }>) {
  if (chainId < 1n || chainId >= 2n ** 53n) return "no chain has such a number";
  const problem = addressProblem(address);
  if (problem !== undefined || selectors === undefined) return problem;
  if (selectors.length === 0 || !selectors.every((one) => /^0x[0-9a-f]{8}$/.test(one)))
    return 'a selector has 8 hex digits, in small letters, like "0xa9059cbb"';
  return new Set(selectors).size === selectors.length ? undefined : "a selector stands there twice";
}

/** One spelling for each address of Ethereum (EIP 55). */
function addressProblem(text: string): string | undefined {
  const found = readAddress(text);
  if (found === "checksum")
    return "its capitals are not those of its checksum (EIP 55): a character may be wrong";
  if (found === undefined) return "an address of Ethereum has 40 hex digits behind 0x";
  return found === text ? undefined : `with its checksum it is written ${found}`;
}

function partyProblem({ name, descriptor }: Extract<Entry, { kind: "party" }>): string | undefined {
  if (!LIST_NAME.test(name)) return "a party's name has small letters, digits and hyphens, 24 at most";
  if (descriptor.includes("prv")) return "it holds a private key, which has no place in a policy";
  if (!/^[a-z]+\([\x21-\x7e]+\)#[02-9ac-hj-np-z]{8}$/.test(descriptor))
    return 'a descriptor ends with "#" and its checksum, like "wpkh(xpub...)#vvmnz0ww"';
  return undefined;
}

const HRPS: Readonly<Record<Network, string>> = {
  mainnet: "bc",
  testnet3: "tb",
  testnet4: "tb",
  signet: "tb",
  regtest: "bcrt",
};
const base58check = createBase58check(sha256);
/** 520 bytes: no script that is relayed is longer without an address. */
const SCRIPT_CHARS = 1040;

function placeProblem(to: string, network: Network): string | undefined {
  if (/^0x/i.test(to)) return addressProblem(to);
  const found = networksOf(to);
  if (found) return found(network) ? undefined : `it is an address of another network than ${network}`;
  if (!/^([0-9a-f]{2})+$/.test(to))
    return "it is neither an address (a character may be wrong: its checksum does not fit) nor a script in hex, in small letters";
  if (to.length > SCRIPT_CHARS) return "the script is too long";
  return hasAddress(to) ? "this script has an address: that is what stands here" : undefined;
}

/** Which networks this address is of; undefined where it is none. */
function networksOf(to: string): ((network: Network) => boolean) | undefined {
  const bytes = attempt(() => base58check.decode(to));
  if (bytes?.length === 21) {
    if (bytes[0] === 0 || bytes[0] === 5) return (network) => network === "mainnet";
    return bytes[0] === 111 || bytes[0] === 196 ? (network) => network !== "mainnet" : undefined;
  }
  if (to !== to.toLowerCase()) return undefined;
  for (const codec of [bech32, bech32m]) {
    const decoded = attempt(() => codec.decode(to as `${string}1${string}`));
    const [version = -1, ...words] = decoded?.words ?? [];
    const program = attempt(() => codec.fromWords(words));
    if (!decoded || !program || (version === 0) !== (codec === bech32)) continue;
    const fits =
      version === 0 ? [20, 32].includes(program.length) : program.length >= 2 && program.length <= 40;
    if (fits && version <= 16) return (network) => decoded.prefix === HRPS[network];
  }
  return undefined;
}

/** P2PKH, P2SH, and one version and one push of 2 to 40 bytes (BIP 141). */
function hasAddress(script: string): boolean {
  if (/^76a914.{40}88ac$/.test(script) || /^a914.{40}87$/.test(script)) return true;
  if (/^0014.{40}$/.test(script) || /^0020.{64}$/.test(script)) return true;
  const length = Number.parseInt(script.slice(2, 4), 16);
  return /^(5[1-9a-f]|60)/.test(script) && length >= 2 && length <= 40 && script.length === 2 * length + 4;
}

function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}
