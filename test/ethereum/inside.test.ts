// What others carry out for the account or its Safe is read as what it does there, or stays unknown.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AbiCoder, Interface } from "ethers";
import { encode } from "./call-examples.ts";
import { ACCOUNT, actsOf, FRIEND, SAFE, THIEF, told, USDC } from "./call-world.ts";

const ZERO = `0x${"0".repeat(40)}`;
const UNKNOWN = "A call that Firn cannot read";
const BATCH = "tuple(address,uint256,bytes)[]";

test("a batch at the account itself means the account where it writes nobody's address (ERC 7821)", () => {
  const acts = actsOf(ACCOUNT, encode("0x3f707e6b", [[ZERO, 5n, "0x"]]));
  const to = acts[1]!.facts.find(({ label }) => label === "To")?.value;
  assert.equal(to?.kind === "address" && to.address, ACCOUNT);
  assert.ok(!told(acts).join().includes("zero address"));
});

test("a batch of batches stays unknown, also where it could be read as one batch (ERC 7821)", () => {
  const data = AbiCoder.defaultAbiCoder().encode([BATCH], [[[FRIEND, 5n, "0x"]]]);
  const mode = (kind: string) => `0x0100000000007821000${kind}${"0".repeat(44)}`;
  const titles = (kind: string) =>
    actsOf(ACCOUNT, encode("0xe9ae5c53", mode(kind), data)).map(({ title }) => title);
  assert.deepEqual(titles("1"), ["A batch of one call", "Send"]);
  assert.deepEqual(titles("2"), [UNKNOWN]);
});

test("a module that makes the Safe run other code is said to, whatever the call inside is named", () => {
  const safe = new Interface(["function execTransactionFromModule(address,uint256,bytes,uint8)"]);
  const transfer = encode("0xa9059cbb", FRIEND, 5n);
  const acts = (operation: number) => {
    const values = [THIEF, 0n, transfer, operation];
    return actsOf(SAFE.address, safe.encodeFunctionData("execTransactionFromModule", values));
  };
  assert.ok(!acts(0).some(({ oddities }) => oddities.includes("delegate call")));
  const [, inner] = acts(1);
  assert.deepEqual(inner!.oddities, ["delegate call", "unknown call"]);
  assert.ok(inner!.takes[0]!.units > 2n ** 255n);
});

test("a Safe is created by Safe's own factory alone: at any other contract the call stays unknown", () => {
  const factory = new Interface(["function createProxyWithNonce(address,bytes,uint256)"]);
  const setup = new Interface([
    "function setup(address[],uint256,address,bytes,address,address,uint256,address)",
  ]).encodeFunctionData("setup", [[ACCOUNT], 1n, ZERO, "0x", ZERO, ZERO, 0n, ZERO]);
  const singleton = "0x41675C099F32341bf84BFc5382aF534df5C7461a";
  const data = factory.encodeFunctionData("createProxyWithNonce", [singleton, setup, 0n]);
  const title = (to: Parameters<typeof actsOf>[0]) => actsOf(to, data)[0]!.title;
  assert.notEqual(title("0x4e1DCf7AD4e460CfD30791CCC4F9c8a4f820ec67"), UNKNOWN);
  for (const other of [THIEF, USDC, SAFE.address]) assert.equal(title(other), UNKNOWN);
});

test("nobody, the list's own mark and the Safe itself are told to be impossible as owners, added or put in", () => {
  const safe = new Interface([
    "function addOwnerWithThreshold(address,uint256)",
    "function swapOwner(address,address,address)",
  ]);
  const mark = `0x${"1".padStart(40, "0")}`;
  const says = (name: string, values: readonly unknown[]) =>
    actsOf(SAFE.address, safe.encodeFunctionData(name, values), { from: SAFE.address })[0]!.says.join();
  for (const owner of [ZERO, mark, SAFE.address]) {
    assert.match(says("addOwnerWithThreshold", [owner, 2n]), /such an owner cannot be/);
    assert.match(says("swapOwner", [mark, FRIEND, owner]), /such an owner cannot be/);
  }
  assert.doesNotMatch(says("swapOwner", [mark, FRIEND, THIEF]), /cannot be/);
});
