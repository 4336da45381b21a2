// BIP 381 to 387 and 389: every valid descriptor of the BIPs gives the scripts that they list, or is of a kind that Firn
// does not know and refuses; every invalid one is refused, and read by nobody as something else.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import { createBase58check } from "@scure/base";
import { HDKey } from "@scure/bip32";
import { prepare } from "../../src/bitcoin/derive.ts";
import { checksum } from "../../src/bitcoin/descriptor/checksum.ts";
import { readAnyDescriptor } from "../../src/bitcoin/descriptor/descriptor.ts";
import { readWalletFile } from "../../src/bitcoin/formats/index.ts";
import { toHex } from "../../src/bytes.ts";
import { HARDENED } from "../../src/limits.ts";
import { curve, reasonOf } from "./wallet-cast.ts";

interface Valid {
  readonly descriptor: string;
  readonly scripts: readonly string[];
}
const read = (file: string) => JSON.parse(readFileSync(`test/vectors/bitcoin-wallet/${file}.json`, "utf8"));
const [old, more] = [read("bips"), read("bips-384-389")];
const valid: readonly (Valid & { readonly bip: string })[] = [
  ...["bip381", "bip382", "bip383", "bip386"].flatMap((bip) =>
    old[bip].valid.map((one: Valid) => ({ ...one, bip })),
  ),
  ...["bip384", "bip385", "bip387"].flatMap((bip) =>
    more[bip].valid.map((one: { descriptor: string; gives: string[] }) => ({
      descriptor: one.descriptor,
      scripts: one.gives,
      bip,
    })),
  ),
];

const base58 = createBase58check(sha256);

/**
 * The same script of an index without private keys: WIF as its public key, xprv as the xpub below its hardened steps, and
 * below a hardened wildcard as the public key itself.
 */
function publicly(descriptor: string, index: number): string {
  const xonly = descriptor.startsWith("tr(");
  return descriptor
    .replace(/\b[5KL][1-9A-HJ-NP-Za-km-z]{50,51}\b/g, (wif) => {
      const bytes = base58.decode(wif);
      const key = curve.publicKey(bytes.slice(1, 33));
      return bytes.length === 33 ? toHex(curve.decompress(key)) : toHex(key).slice(xonly ? 2 : 0);
    })
    .replace(PRIVATE, (_, xprv: string, path = "", end?: string) => {
      const steps: string[] = [...path.split("/").slice(1), ...(end === undefined ? [] : [`${index}h`])];
      const node = steps.reduce(
        (at, step) => at.deriveChild(Number.parseInt(step, 10) + (/['h]$/.test(step) ? HARDENED : 0)),
        HDKey.fromExtendedKey(xprv),
      );
      return end === undefined ? node.publicExtendedKey : toHex(node.publicKey!);
    });
}

/** Down to the last hardened step. */
const PRIVATE =
  /(?:\[[^\]]*\])?(xprv[1-9A-HJ-NP-Za-km-z]+)((?:\/[0-9]+['h]?)*(?:\/[0-9]+['h]|(?=\/\*['h])))?(\/\*['h])?/g;

function scriptAt(descriptor: string, index: number): string {
  const value = readAnyDescriptor(publicly(descriptor, index), "mainnet", curve);
  return toHex(prepare(value, curve)(0, index)!.scriptPubKey);
}

/** Valid, and no wallet of anybody's: bare scripts, single addresses, keys that segwit forbids. */
const STRANGE = /^(?:pk|multi|sortedmulti|combo|raw|addr)\(|^sh\(pkh?\(/;
const UNCOMPRESSED = /\b(?:04[0-9a-f]{128}|5[1-9A-HJ-NP-Za-km-z]{50})\b/;

test("every valid descriptor of BIP 381 to 387 gives the scripts that the BIP lists, or is refused as another kind", () => {
  const counts = { same: 0, form: 0, key: 0 };
  for (const { descriptor, scripts, bip } of valid) {
    const reason = STRANGE.test(descriptor)
      ? "bitcoin.wallet-form"
      : UNCOMPRESSED.test(descriptor)
        ? "bitcoin.wallet-key"
        : undefined;
    if (reason === undefined) {
      for (const [index, script] of scripts.entries())
        assert.equal(scriptAt(descriptor, index), script, `${bip} ${descriptor}`);
      counts.same++;
      continue;
    }
    assert.equal(
      reasonOf(() => scriptAt(descriptor, 0)),
      reason,
      descriptor,
    );
    counts[reason === "bitcoin.wallet-form" ? "form" : "key"]++;
  }
  assert.deepEqual(counts, { same: 34, form: 22, key: 2 });
});

test("no descriptor with a private key is taken, whatever its form", () => {
  const secret = valid.filter(({ descriptor }) => publicly(descriptor, 0) !== descriptor);
  assert.equal(secret.length, 30);
  for (const { descriptor } of secret) {
    const reason = reasonOf(() => readAnyDescriptor(descriptor, "mainnet", curve));
    assert.equal(reason, "bitcoin.wallet-private-key", descriptor);
    assert.equal(
      reasonOf(() => readWalletFile(`${descriptor}#${checksum(descriptor)}`)),
      "bitcoin.wallet-private-key",
    );
  }
});

test("every invalid descriptor of BIP 384, 385, 387 and 389 is refused, private keys or not", () => {
  const bad = ["bip384", "bip385", "bip387", "bip389"].flatMap((bip) => more[bip].invalid);
  assert.equal(bad.length, 24);
  for (const { descriptor, why } of bad)
    for (const text of [descriptor, publicly(descriptor, 0)])
      assert.match(
        reasonOf(() => readAnyDescriptor(text, "mainnet", curve)),
        /^bitcoin\.(?:wallet|miniscript|musig)-/,
        `${why}: ${text}`,
      );
});

test("BIP 389: each member of a multipath descriptor is the descriptor that the BIP expands it to", () => {
  let same = 0;
  for (const { descriptor, gives } of more.bip389.valid) {
    // A branch that is hardened for one member and not for the other has no public form.
    if (STRANGE.test(descriptor) || /<[0-9]+h;/.test(descriptor)) continue;
    const whole = readAnyDescriptor(publicly(descriptor, 0), "mainnet", curve);
    for (const [member, single] of gives.entries())
      for (const index of [0, 1, 7]) {
        const one = prepare(readAnyDescriptor(publicly(single, index), "mainnet", curve), curve);
        const [got, want] = [prepare(whole, curve)(member, index)!, one(0, index)!];
        assert.equal(toHex(got.scriptPubKey), toHex(want.scriptPubKey), single);
        same++;
      }
  }
  assert.equal(same, 24);
});
