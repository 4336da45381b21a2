// Selectors and the texts that they are the hash of: from whitelists and descriptors that others publish, and the standards.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { readSignature } from "../../src/ethereum/abi-types.ts";
import { filesIn } from "./read.ts";
import { STANDARDS } from "./standards.ts";

/** Longer ones say nothing to people. */
const MOST_CHARS = 140;

/** Sorted. Of texts with the same selector none is kept: it could be either. */
export function chooseSelectors(folder: string): readonly (readonly [selector: string, text: string])[] {
  const texts = [...STANDARDS.trim().split("\n"), ...functionsOf(folder), ...describedIn(folder)];
  const found = new Map<string, Set<string>>();
  for (const text of texts) {
    const canonical = readSignature(text)?.canonical;
    if (canonical === undefined || canonical.length > MOST_CHARS) continue;
    const selector = selectorOf(canonical);
    found.set(selector, (found.get(selector) ?? new Set()).add(canonical));
  }
  const single = [...found].filter(([, one]) => one.size === 1);
  return single.map(([selector, [text]]) => [selector, text!] as const).sort(([a], [b]) => (a < b ? -1 : 1));
}

function selectorOf(text: string): string {
  return Buffer.from(keccak_256(new TextEncoder().encode(text)).slice(0, 4)).toString("hex");
}

function functionsOf(folder: string): readonly string[] {
  const text = readFileSync(join(folder, "lifinance/contracts/config/whitelist.json"), "utf8");
  return [...text.matchAll(/"0x[0-9a-f]{8}": "(\w+\([^"]*\))"/g)].map(([, signature]) => signature!);
}

/** The keys of ERC-7730 files for calls, whose commas some write with a blank. */
function describedIn(folder: string): readonly string[] {
  return filesIn(folder)
    .filter((name) => name.startsWith("LedgerHQ/") && !/\/tests\/|eip712/.test(name))
    .flatMap((name) => {
      const formats = JSON.parse(readFileSync(join(folder, name), "utf8")).display?.formats ?? {};
      return Object.keys(formats).map((key) => key.replaceAll(", ", ","));
    });
}
