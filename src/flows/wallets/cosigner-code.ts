// Codes that people read aloud to each other. Why they are as long as they are: docs/ceremony.md.

import { keyStatement, type Wallet, type WalletKey, walletStatement } from "../../bitcoin/index.ts";
import { toHex } from "../../bytes.ts";
import { LIMITS } from "../../limits.ts";
import type { Network } from "../../model.ts";
import { utf8 } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { drain, wait } from "../../ui.ts";

const SALT = utf8("Firn spoken code");

/** Whoever exchanges a key has to find another one with the same code: five groups are enough. */
const KEY_GROUPS = 5;
/** Whoever makes two wallets chooses both, and only needs any two with the same code: that takes the square root. */
const WALLET_GROUPS = 8;

export function codeOfKey(desk: Desk, key: WalletKey, network: Network): Promise<string> {
  return spoken(desk, keyStatement(key, network), KEY_GROUPS);
}

export function codeOfWallet(desk: Desk, wallet: Wallet): Promise<string> {
  return spoken(desk, walletStatement(wallet.descriptor, wallet.network), WALLET_GROUPS);
}

/** Of what several people must hold alike, letter for letter. */
export function codeOfText(desk: Desk, text: string): Promise<string> {
  return spoken(desk, text, WALLET_GROUPS);
}

/** PBKDF2-HMAC-SHA512 of the statement, as a number, its last digits in groups of five. */
async function spoken(desk: Desk, statement: string, groups: number): Promise<string> {
  const { stretch } = desk.ports;
  const hash = stretch.pbkdf2Sha512(utf8(statement), SALT, LIMITS.spokenRounds, 32);
  const bytes = await wait(desk, "Computing the code", hash);
  drain(desk);
  const digits = (BigInt(`0x${toHex(bytes)}`) % 10n ** BigInt(5 * groups))
    .toString()
    .padStart(5 * groups, "0");
  return digits.match(/.{5}/g)!.join(" ");
}
