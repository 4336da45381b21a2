// Addresses of Ethereum as codes carry them, and whose they are.

import assert from "node:assert/strict";
import { test } from "node:test";
import { getAddress, isAddress } from "ethers";
import fc from "fast-check";
import { isAddress as viemIsAddress } from "viem";
import { type Address, writeAddress } from "../../src/eip55.ts";
import { findAccount, isAlike, readAddressText } from "../../src/ethereum/addresses.ts";
import { nobleCurve } from "../../src/keys/curve-noble.ts";
import type { Path } from "../../src/model.ts";
import { Refusal } from "../../src/refusal.ts";
import { collect } from "../transport/support.ts";
import { ERC4527, master, nodeOf } from "./support.ts";

const [FIRST, SECOND] = ERC4527.metamask_pairing.expected_addresses as [Address, Address];
const ROOT = master(ERC4527.metamask_pairing.mnemonic);
const nodeAt = (path: Path) => nodeOf(ROOT, path);
const curve = nobleCurve();
const address20 = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(writeAddress);

/** As the eye hands it over, and then read. */
function asked(text: string) {
  const message = collect([text], ["address"]);
  assert.ok(message?.kind === "address");
  return readAddressText(message.text, message.query);
}

const refused = (reason: string, act: () => unknown): void =>
  assert.throws(act, (error: unknown) => error instanceof Refusal && error.reason === reason);

test("an address is read in every form in which programs show it, and the chain that is said comes with it", () => {
  const plain = { address: FIRST, checked: true, added: [] };
  const forms: readonly (readonly [string, object])[] = [
    [FIRST, plain],
    [` ${FIRST}\n`, plain],
    [FIRST.toLowerCase(), { ...plain, checked: false }],
    [FIRST.toUpperCase().replace("0X", "0x"), { ...plain, checked: false }],
    [FIRST.toUpperCase(), { ...plain, checked: false }],
    [`ethereum:${FIRST}`, plain],
    [`ETHEREUM:${FIRST}`, plain],
    [`ethereum:pay-${FIRST}@137`, { ...plain, chainId: 137n }],
    [
      `ethereum:${FIRST}@1?value=2014000000000000000`,
      {
        ...plain,
        chainId: 1n,
        added: [{ name: "value", value: "2014000000000000000" }],
      },
    ],
    [`eip155:42161:${FIRST}`, { ...plain, chainId: 42161n }],
    [`eth:${FIRST}`, { ...plain, chainId: 1n }],
    [`gno:${FIRST}`, { ...plain, chainId: 100n }],
    [`xyz-9:${FIRST}`, { ...plain, chainSaid: "xyz-9" }],
    [
      `ethereum:${SECOND}@10/transfer?address=${FIRST}&uint256=5`,
      {
        ...plain,
        chainId: 10n,
        token: SECOND,
        added: [{ name: "uint256", value: "5" }],
      },
    ],
  ];
  for (const [text, expected] of forms) assert.deepEqual(asked(text), expected, text);
});

test("a capital letter that EIP 55 does not have there is refused, whoever shows the address", () => {
  let wrong = 0;
  fc.assert(
    fc.property(address20, fc.nat(39), (address, at) => {
      const digit = address[2 + at]!;
      const other = digit === digit.toLowerCase() ? digit.toUpperCase() : digit.toLowerCase();
      const changed = `${address.slice(0, 2 + at)}${other}${address.slice(3 + at)}`;
      const mixed = /[a-f]/.test(changed.slice(2)) && /[A-F]/.test(changed.slice(2));
      assert.equal(viemIsAddress(address), true);
      if (other === digit || !mixed) return;
      wrong++;
      assert.equal(isAddress(changed), false);
      for (const text of [changed, `ethereum:${changed}@1`, `eth:${changed}`, `eip155:1:${changed}`])
        refused("ethereum.checksum", () => asked(text));
    }),
    { numRuns: 500, examples: [["0x9858EfFD232B4033E47d90003D41EC34EcaEda94", 4]] },
  );
  assert.ok(wrong > 0);
});

test("every address is read as itself and as ethers writes it", () => {
  fc.assert(
    fc.property(address20, (address) => {
      assert.equal(asked(address).address, getAddress(address.toLowerCase()));
      assert.equal(asked(address.toLowerCase()).address, address);
    }),
    { numRuns: 1000 },
  );
});

test("what is no address, or says more than an address has, is refused by name", () => {
  const wrong = [
    "",
    FIRST.slice(0, -1),
    `${FIRST}0`,
    FIRST.slice(2),
    `ethereum:${FIRST}@0`,
    `ethereum:${FIRST}/approve?address=${SECOND}&uint256=1`,
    `ethereum:${FIRST}/transfer`,
    `ethereum:${FIRST}/transfer?uint256=1`,
    `ethereum:${FIRST}/transfer?address=vitalik.eth`,
    `ethereum:${FIRST}/transfer?address=${SECOND}&address=${FIRST}`,
    `ethereum:${FIRST}?value=1&value=2`,
    `eth:${FIRST}@1`,
    `eip155:${FIRST}`,
    `gno:1:${FIRST}`,
    "ethereum:vitalik.eth",
  ];
  for (const text of wrong) refused("ethereum.address", () => readAddressText(...split(text)));
  refused("ethereum.address", () => readAddressText(FIRST, "value=1"));
  refused("ethereum.address", () => readAddressText(`eth:${FIRST}`, "value=1"));
});

function split(text: string): [string, string?] {
  const at = text.indexOf("?");
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

test("Bitcoin's addresses are none of Ethereum's", () => {
  for (const text of ["bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"])
    refused("ethereum.address", () => asked(text));
});

test("random texts are read or refused, and never anything else", () => {
  const near = fc
    .tuple(
      fc.constantFrom("", "eth:", "ethereum:", "ethereum:pay-", "eip155:1:"),
      address20,
      fc.string({ maxLength: 12 }),
    )
    .map(([before, address, after]) => `${before}${address}${after}`);
  const look = (text: string, query?: string): void => {
    try {
      readAddressText(text, query);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  };
  fc.assert(fc.property(fc.oneof(near, fc.string()), fc.option(fc.string(), { nil: undefined }), look), {
    numRuns: 5000,
  });
});

// ---------------------------------------------------------------- whose

function found(address: Address, from = 0, count = 12) {
  const work = findAccount(address, { from, count }, nodeAt, curve);
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    assert.ok(step.value > 0 && step.value <= 1);
  }
}

test("an own account is found in every layout, with its number", () => {
  const at = (path: string) => ROOT.derivePath(path).address as Address;
  assert.equal(found(SECOND).own?.name, "account 1");
  assert.equal(found(at("m/44'/60'/7'/0/0")).own?.name, "Ledger Live account 7");
  assert.equal(found(at("m/44'/60'/0'/11")).own?.name, "old Ledger account 11");
  assert.equal(found(at("m/44'/60'/0'/0/12")).own, undefined);
  assert.equal(found(at("m/44'/60'/0'/0/12"), 12, 3).own?.name, "account 12");
});

test("an address that begins and ends like an own one, and is another, is told to be a look-alike", () => {
  const middle = `${SECOND.slice(0, 6)}${"0".repeat(32)}${SECOND.slice(-4)}`.toLowerCase();
  const poison = getAddress(middle) as Address;
  const { own, alike } = found(poison);
  assert.equal(own, undefined);
  assert.equal(alike?.name, "account 1");
  assert.equal(isAlike(SECOND, SECOND), false);
  assert.equal(isAlike(FIRST, SECOND), false);
  assert.deepEqual(found(writeAddress(new Uint8Array(20))), {});
});
