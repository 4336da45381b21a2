// What policy judges: the sum of the acts that are shown, and what it can cost.

import { sha256 } from "@noble/hashes/sha2.js";
import type { EthereumReview } from "../act.ts";
import { MOST_UNITS } from "../assets.ts";
import { toHex } from "../bytes.ts";
import type { Address } from "../eip55.ts";
import type { Fingerprint, Network } from "../model.ts";
import type { Amount, Asset, Destination, EthereumSpend, Spend, WalletRef } from "../rules.ts";
import type { Safe } from "../safe.ts";
import { utf8 } from "../text.ts";

export interface ToJudge {
  readonly network: Network;
  /** Of the key that signs. */
  readonly key: Fingerprint;
  readonly review: EthereumReview;
  /** What excludes each other: the same chain, account and nonce. */
  readonly outpoints: readonly string[];
  /** What is paid for gas at the most, and in what; nothing for what is only signed. */
  readonly fee: Amount;
  readonly safe?: Safe;
  /** The fingerprint of the own account or Safe that is at this address. */
  readonly walletOf: (to: Address) => string | undefined;
  readonly domain?: EthereumSpend["domain"];
  readonly site?: string;
}

/** The same for every request: on Ethereum nothing is only claimed. */
const NOTHING_CLAIMED = toHex(sha256(new Uint8Array(0)));

export function spendOf(of: ToJudge): Spend {
  const { network, key, review, outpoints, fee, domain, site } = of;
  const { acts, account, form } = review;
  return {
    ...{ network, key, outpoints, fee },
    txid: review.digest,
    wallets: walletsOf(account.address, account.name, of.safe),
    amounts: NOTHING_CLAIMED,
    takes: sums([...acts.flatMap(({ takes }) => takes), ...(fee.units === 0n ? [] : [fee])]),
    ...{ feeRate: 0, feePercent: 0, feeProven: true, unusual: [] },
    destinations: acts.flatMap(({ destinations }) => destinations.map((one) => placed(one, of.walletOf))),
    ethereum: {
      ...{ form, account: account.address, path: account.path },
      ...(review.chain ? { chainId: review.chain.id } : {}),
      ...(review.nonce === undefined ? {} : { nonce: review.nonce }),
      oddities: [...new Set(acts.flatMap(({ oddities }) => oddities))],
      calls: acts.flatMap(({ calls }) => calls),
      allowances: acts.flatMap(({ allowances }) => allowances),
      delegates: acts.flatMap(({ delegates }) => delegates),
      ...(domain ? { domain } : {}),
      ...(site === undefined ? {} : { site }),
    },
  };
}

function placed(destination: Destination, walletOf: ToJudge["walletOf"]): Destination {
  const wallet = walletOf(destination.to as Address);
  return wallet === undefined ? destination : { ...destination, wallet };
}

/** One amount an asset. Beyond what can be written it stays there: no limit holds that much. */
export function sums(amounts: readonly Amount[]): readonly Amount[] {
  const byAsset = new Map<Asset, bigint>();
  for (const { asset, units } of amounts) byAsset.set(asset, (byAsset.get(asset) ?? 0n) + units);
  return [...byAsset].map(([asset, units]) => ({ asset, units: units > MOST_UNITS ? MOST_UNITS : units }));
}

/** As policies name what is spent from: the account, and the Safe that it signs for. */
function walletsOf(address: Address, name: string, safe: Safe | undefined): readonly WalletRef[] {
  const account = { name: `Ethereum ${name}`, fingerprint: accountFingerprint(address) };
  return safe ? [account, { name: safe.name, fingerprint: safe.fingerprint }] : [account];
}

/** First 8 hex digits of SHA-256 of the address in small letters. */
export function accountFingerprint(address: Address): string {
  return toHex(sha256(utf8(address.toLowerCase())).subarray(0, 4));
}
