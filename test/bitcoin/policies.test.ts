// BIP 388: every valid policy of the BIP is the descriptor that it gives, every invalid one is refused.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { checksum } from "../../src/bitcoin/descriptor/checksum.ts";
import { readAnyDescriptor } from "../../src/bitcoin/descriptor/descriptor.ts";
import { bodyOfPolicy } from "../../src/bitcoin/formats/policy.ts";
import { readWalletFile } from "../../src/bitcoin/index.ts";
import { Refusal } from "../../src/refusal.ts";
import { curve, reasonOf } from "./wallet-cast.ts";

interface Valid {
  readonly title: string;
  readonly template: string;
  readonly keys: readonly string[];
  readonly descriptor: string;
}
const vectors: {
  readonly valid: readonly Valid[];
  readonly invalid: readonly { readonly template: string; readonly reason: string }[];
} = JSON.parse(readFileSync("test/vectors/bitcoin-wallet/bip388.json", "utf8"));

const { keys } = vectors.valid.find((one) => one.keys.length === 4)!;
const keysFor = (template: string) =>
  keys.slice(0, 1 + Math.max(...[...template.matchAll(/@(\d+)/g)].map(([, n]) => Number(n))));

test("every valid policy of BIP 388 is the descriptor that the BIP gives, as JSON and as lines", () => {
  assert.equal(vectors.valid.length, 9);
  for (const { title, template, keys: list, descriptor } of vectors.valid) {
    assert.equal(bodyOfPolicy(template, list), descriptor, title);
    const whole = `${descriptor}#${checksum(descriptor)}`;
    const json = readWalletFile(JSON.stringify({ name: title, template, keys: list }));
    assert.deepEqual(json, { name: title, descriptor: whole, checksummed: false });
    assert.deepEqual(readWalletFile([template, ...list].join("\n")), {
      descriptor: whole,
      checksummed: false,
    });
    // Which the one parser reads, musig and leaves of a script tree included.
    assert.equal(readAnyDescriptor(whole, "mainnet", curve).keys.length, list.length, title);
  }
});

test("every invalid policy of BIP 388 is refused", () => {
  assert.equal(vectors.invalid.length, 9);
  for (const { template, reason } of vectors.invalid)
    assert.equal(
      reasonOf(() => bodyOfPolicy(template, keysFor(template))),
      "bitcoin.wallet-template",
      reason,
    );
});

test("a policy is refused with what breaks the rule", () => {
  const cases: readonly (readonly [template: string, keys: number, detail: RegExp])[] = [
    ["wpkh(@0)", 1, /@0 does not end in/],
    ["wpkh(@0/<0;1>)", 1, /does not end in/],
    ["wpkh(@0/*)", 1, /does not end in/],
    ["wpkh(@0/<0;0>/*)", 1, /the same branch twice/],
    ["wpkh(@0/<0h;1h>/*)", 1, /does not end in/],
    ["wpkh(@0/<00;1>/*)", 1, /does not end in/],
    ["wpkh(@/**)", 1, /@ is no placeholder/],
    ["wpkh(@00/**)", 1, /@00 is no placeholder/],
    ["wsh(multi(1,@0/**,@1/**))", 1, /there is no key @1/],
    ["wsh(multi(1,@0/**,@1/**))", 3, /key @2 is not used/],
    ["wsh(multi(1,@1/**,@0/**))", 2, /@1 stands before @0/],
    ["wsh(multi(1,@0/<0;1>/*,@0/<1;2>/*))", 1, /@0\/1\/\* stands in it twice/],
    ["tr(musig(@0,@0)/**)", 1, /a key twice in one musig/],
    ["tr(musig(@0,@1)/**,pk(musig(@1,@0)/<1;2>/*))", 2, /stands in it twice/],
    ["tr(musig(@0,@1))", 2, /does not end in/],
    [`wsh(multi(1,@0/**,02${"ab".repeat(32)}))`, 1, /no placeholder/],
    [`wsh(multi(1,@0/**,${keys[1]}/**))`, 1, /no placeholder/],
    ["wpkh(@0/**)#abcdefgh", 1, /./],
    ["wsh(0)", 0, /no placeholder in it/],
  ];
  for (const [template, count, detail] of cases)
    assert.throws(
      () => bodyOfPolicy(template, keys.slice(0, count)),
      (error) => {
        assert.ok(error instanceof Refusal, String(error));
        assert.equal(error.reason, "bitcoin.wallet-template", template);
        assert.match(error.detail, detail, template);
        return true;
      },
    );
  assert.equal(
    reasonOf(() => bodyOfPolicy("wsh(multi(1,@0/**,@1/**))", [keys[0]!, keys[0]!])),
    "bitcoin.wallet-key-twice",
  );
  assert.equal(
    reasonOf(() => bodyOfPolicy("wpkh(@0/**)", ["02".repeat(33)])),
    "bitcoin.wallet-key",
  );
});

test("digests and numbers of miniscript are no keys, and stay as they are in a policy", () => {
  const digest = "2df".repeat(21).padEnd(64, "1");
  const template = `wsh(and_v(v:pk(@0/**),or_d(sha256(${digest}),and_v(v:hash160(${digest.slice(24)}),older(12960)))))`;
  assert.equal(bodyOfPolicy(template, keys.slice(0, 1)), template.replace("@0/**", `${keys[0]}/<0;1>/*`));
});
