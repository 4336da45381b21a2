// Shares that ask for more rounds than anybody waits for: the owner is asked before they are rehearsed, as at entry.

import assert from "node:assert/strict";
import { test } from "node:test";
import { makeShares, parseShare, slip39Words, wordsOfShare } from "../../src/keys/index.ts";
import { fixedRandom } from "../keys/make.ts";
import { OPEN } from "./backup-stage.ts";
import { holds, homeOf, journalOf, quickStretch } from "./stage.ts";

test("shares that ask for rounds without end are rehearsed only if the owner wants to wait", async () => {
  const plan = { groupThreshold: 1, groups: [{ needed: 1, count: 1 }], iterationExponent: 0 };
  const parts = { secret: new Uint8Array(16).fill(9), passphrase: new Uint8Array(0), ...plan };
  const [[words]] = (await makeShares({ ...parts, random: fixedRandom(), stretch: quickStretch })) as [
    [Uint16Array],
  ];
  const slow = wordsOfShare({ ...parseShare(words), iterationExponent: 15 });
  const share = [...slow].map((index) => slip39Words[index]).join(" ");
  const { disk } = await holds(
    `${OPEN}pick Rehearse a backup\npick SLIP-39\npage\npress ok\npick Scan a share\nscan ${share}
     see This takes long\nsee 327680000 rounds\npage\npress back\nsee Nothing was rehearsed\npress ok\nsee PIN`,
    { disk: await homeOf() },
  );
  assert.ok((await journalOf(disk)).every(({ kind }) => kind !== "backup-rehearsed"));
});
