// What the tests of changing a policy share: the way to its menus, and what a disk holds of it.

import { PIN, UNLOCK } from "./stage.ts";

export { changed, stateOn as stateOf } from "./people-stage.ts";

export const POLICY = `${UNLOCK}pick Policy\n`;
export const EDIT = `${POLICY}pick Change it\npick Edit it here\n`;

/** Reads all of the edited policy. */
export const READ = "pick Read it and take it\npage\n";
/** It is stricter: taken by a hold, it holds. */
export const TAKE = `${READ}hold ok\nsee It holds\npress ok\nsee Head-room now\n`;
/** It allows more: asked for, by gesture and PIN; everything starts afresh. */
export const ASK = `${READ}press ok\nsee This allows more\npage\npress ok\nhold both\nsee Your present PIN\ntype ${PIN}\npress ok\nsee It waits\npage\npress ok\n`;

/** Another amount in the rule whose line this is part of; `old`: as it is written. */
export const amountOf = (rule: string, old: string, amount: string): string =>
  `pick Rules\npick ${rule}\npick Change what it limits\npress back x${old.length}\ntype ${amount}\npress ok\npress back\n`;

/** So little a transaction, and no fee above it, which would say nothing. */
export const lowered = (amount: string): string =>
  amountOf("per transaction", "100", amount) + amountOf("Fee at most 0.05 BTC", "0.05", amount);

/** From the offered limits: 100 BTC a transaction, 1000 a day. */
export const MORE = amountOf("per day", "1000", "2000");
export const LESS = amountOf("per day", "1000", "500");

/** A home in which 2000 BTC a day wait. */
export const ASKED = `${EDIT}${MORE}${ASK}`;

export const SHOWN = `see PIN\ntype ${PIN}\npress ok\nsee A change waits\n`;
