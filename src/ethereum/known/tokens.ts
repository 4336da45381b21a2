// Made by scripts/known.ts: tokens by chain. Sources: docs/known.md.

import { TOKENS_1 } from "./tokens-1.ts";
import { TOKENS_10 } from "./tokens-10.ts";
import { TOKENS_56 } from "./tokens-56.ts";
import { TOKENS_100 } from "./tokens-100.ts";
import { TOKENS_137 } from "./tokens-137.ts";
import { TOKENS_8453 } from "./tokens-8453.ts";
import { TOKENS_42161 } from "./tokens-42161.ts";
import { TOKENS_43114 } from "./tokens-43114.ts";
import { TOKENS_59144 } from "./tokens-59144.ts";
import {
  TOKENS_130,
  TOKENS_146,
  TOKENS_204,
  TOKENS_324,
  TOKENS_480,
  TOKENS_1868,
  TOKENS_4326,
  TOKENS_5000,
  TOKENS_9745,
  TOKENS_42220,
  TOKENS_43113,
  TOKENS_57073,
  TOKENS_81457,
  TOKENS_84532,
  TOKENS_421614,
  TOKENS_534352,
  TOKENS_11155111,
  TOKENS_11155420,
} from "./tokens-other.ts";

/** contract: small letters, sorted by it. Symbols are unique within a chain. decimals: 0 to 18. */
export type Token = readonly [contract: string, symbol: string, decimals: number];

function read(text: string): readonly Token[] {
  return text
    .trim()
    .split(/, |\n/)
    .map((line) => {
      const [contract, decimals, symbol] = line.split(" ");
      return [`0x${contract}`, symbol!, Number(decimals)];
    });
}

export const TOKENS: Readonly<Record<number, readonly Token[]>> = {
  1: read(TOKENS_1),
  10: read(TOKENS_10),
  56: read(TOKENS_56),
  100: read(TOKENS_100),
  130: read(TOKENS_130),
  137: read(TOKENS_137),
  146: read(TOKENS_146),
  204: read(TOKENS_204),
  324: read(TOKENS_324),
  480: read(TOKENS_480),
  1868: read(TOKENS_1868),
  4326: read(TOKENS_4326),
  5000: read(TOKENS_5000),
  8453: read(TOKENS_8453),
  9745: read(TOKENS_9745),
  42161: read(TOKENS_42161),
  42220: read(TOKENS_42220),
  43113: read(TOKENS_43113),
  43114: read(TOKENS_43114),
  57073: read(TOKENS_57073),
  59144: read(TOKENS_59144),
  81457: read(TOKENS_81457),
  84532: read(TOKENS_84532),
  421614: read(TOKENS_421614),
  534352: read(TOKENS_534352),
  11155111: read(TOKENS_11155111),
  11155420: read(TOKENS_11155420),
};
