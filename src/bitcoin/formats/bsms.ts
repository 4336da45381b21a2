// The descriptor record of BIP 129 (BSMS 1.0): version, descriptor or template, path restrictions, first address.
// Written by Nunchuk, Sparrow, Bitcoin Keeper, Coldcard.

import { refuse } from "../../refusal.ts";
import { bodyOf, descriptorFrom, type WalletFile } from "./file.ts";

export const VERSION = "BSMS 1.0";
export const NO_RESTRICTIONS = "No path restrictions";

export function looksLikeBsms(text: string): boolean {
  return /^\s*BSMS [0-9.]+[ \t]*(?:\r?\n|$)/.test(text);
}

export function readBsms(text: string): WalletFile {
  const lines = text.trim().split(/\r\n|\n/);
  checkVersion(lines[0]!);
  const [, descriptor = "", restrictions, address] = lines;
  if (/^(?:[0-9a-f]{2}|[0-9a-f]{16}|[0-9a-f]{32})$/i.test(descriptor))
    return refuse("bitcoin.wallet-unreadable", "a key record of one cosigner, not the wallet");
  if (lines.length > 4)
    return refuse("bitcoin.wallet-unreadable", "line 5: nothing may follow the first address");
  const { body, checksummed } = bodyOf(descriptor, "line 2");
  if (restrictions === undefined) return refuse("bitcoin.wallet-unreadable", "line 3: no path restrictions");
  const firstAddress = plainAddress(address?.trim() ?? "");
  if (firstAddress === "") return refuse("bitcoin.wallet-unreadable", "line 4: no first address");
  return { descriptor: descriptorFrom(withPaths(body, restrictions.trim())), checksummed, firstAddress };
}

/** BIP 173 allows capitals throughout, for codes. */
function plainAddress(text: string): string {
  return /^(?:BC|TB|BCRT)1[0-9A-Z]+$/.test(text) ? text.toLowerCase() : text;
}

export function checkVersion(line: string): void {
  if (line.trim() !== VERSION) refuse("bitcoin.wallet-unreadable", `line 1: only "${VERSION}" is known`);
}

/**
 * The template's `/**` stands for the restrictions, of which a wallet needs two: receiving and change. Where there are
 * none the descriptor says it itself; Nunchuk writes `/*` there and means the usual two, which the first address proves.
 */
function withPaths(body: string, restrictions: string): string {
  if (restrictions === NO_RESTRICTIONS) {
    if (body.includes("/**"))
      refuse("bitcoin.wallet-branches", "line 3: a template without path restrictions");
    return body.replace(/([1-9A-HJ-NP-Za-km-z]{100,112})\/\*/g, "$1/<0;1>/*");
  }
  const [receive, change, ...more] = restrictions.split(",").map((path) => path.trim());
  const numbers = [receive, change].map((path) => /^\/(0|[1-9][0-9]{0,9})\/\*$/.exec(path ?? "")?.[1]);
  if (more.length > 0 || numbers.includes(undefined))
    return refuse("bitcoin.wallet-branches", "line 3: two path restrictions of one step are needed");
  const pair = `/<${numbers.join(";")}>/*`;
  const strange = (body.match(/\/<[^>]*>\/\*/g) ?? []).find((one) => one !== pair);
  if (strange !== undefined) refuse("bitcoin.wallet-branches", `line 3 says other paths than ${strange}`);
  return body.replaceAll("/**", pair);
}
