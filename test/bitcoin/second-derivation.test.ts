// Two implementations derive the keys of a wallet, and a wallet on which they differ is never used.

import assert from "node:assert/strict";
import { test } from "node:test";
import { agreeOnKeys } from "../../src/bitcoin/index.ts";
import type { Template } from "../../src/bitcoin/wallet.ts";
import { FORMS, purse } from "./build.ts";

for (const form of FORMS)
  test(`the keys of ${form} are the same by @scure/bip32`, () => {
    agreeOnKeys(purse(form).template);
    agreeOnKeys(purse(form, { network: "mainnet" }).template);
  });

test("a first key that the other implementation does not derive stops everything", () => {
  const { template } = purse("p2wsh");
  const lying: Template = {
    ...template,
    derive: (branch, index) => template.derive(branch, index + 1),
  };
  assert.throws(() => agreeOnKeys(lying), /disagree/);
});

test("a key that is not what its extended form says stops everything", () => {
  const { template } = purse("p2wsh");
  const [first, second, ...rest] = template.wallet.keys;
  const swapped = { ...first!, publicKey: second!.publicKey };
  const wallet = { ...template.wallet, keys: [swapped, second!, ...rest] };
  assert.throws(() => agreeOnKeys({ wallet, derive: template.derive }), /disagree/);
});
