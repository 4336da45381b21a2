// Every call that Firn can read, by its selector.

import { AGGREGATORS } from "./aggregators.ts";
import { BATCHES } from "./batches.ts";
import { CONTROL } from "./control.ts";
import type { Entry } from "./entry.ts";
import { ERC20 } from "./erc20.ts";
import { ERC20_MORE } from "./erc20-more.ts";
import { EXECUTORS } from "./executors.ts";
import { ITEMS } from "./items.ts";
import { LENDING } from "./lending.ts";
import { PERMIT2 } from "./permit2.ts";
import { SWAPS_V2 } from "./swaps-v2.ts";
import { SWAPS_V3 } from "./swaps-v3.ts";
import { UNIVERSAL } from "./universal.ts";
import { WRAPPED } from "./wrapped.ts";

export const ALL: readonly Entry[] = [
  ...[...ERC20, ...ERC20_MORE, ...ITEMS, ...WRAPPED, ...PERMIT2, ...BATCHES, ...EXECUTORS, ...CONTROL],
  ...[...SWAPS_V2, ...SWAPS_V3, ...UNIVERSAL, ...AGGREGATORS, ...LENDING],
];

export const ENTRIES: ReadonlyMap<string, Entry> = new Map(ALL.map((entry) => [entry.selector, entry]));
