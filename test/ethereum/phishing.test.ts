// How people lose what they have: a corpus of shapes that thieves really use, each with what must be told of it. The
// acts are what the screen shows and what the policy judges, so nothing here can be shown otherwise.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { getBytes } from "ethers";
import type { Act } from "../../src/act.ts";
import { inSymbol } from "../../src/assets.ts";
import { fromHex, toHex } from "../../src/bytes.ts";
import type { Address } from "../../src/eip55.ts";
import { actsOfCall, looksLike } from "../../src/ethereum/calls/index.ts";
import { worst } from "../../src/ethereum/calls/making.ts";
import type { Context } from "../../src/ethereum/context.ts";
import { actsOfTransaction, readTransaction } from "../../src/ethereum/transaction/index.ts";
import { actsOfTyped, readTyped } from "../../src/ethereum/typed/index.ts";
import { type Safe, type SafeVersion, safeOf } from "../../src/safe.ts";
import { utf8 } from "../../src/text.ts";
import { ACCOUNT, at, contextWith, FRIEND, SAFE, THIEF, told, USDC } from "./call-world.ts";

interface Shape {
  readonly name: string;
  readonly source: string;
  readonly account?: string;
  readonly safe?: { address: string; owners: readonly string[]; threshold: number; version: SafeVersion };
  /** What is signed, where it is known. */
  readonly digest?: string;
  readonly request:
    | { readonly kind: "call"; readonly to: string; readonly data: string; readonly value: string }
    | { readonly kind: "typed"; readonly data: unknown }
    | { readonly kind: "transaction"; readonly data: string };
  /** Of the first act: title. Of all of them: tone, sentences, oddities, what is taken, destinations. null: not compared. */
  readonly must: {
    readonly title: string;
    readonly tone: Act["tone"];
    readonly says: readonly string[];
    readonly oddities: readonly string[];
    readonly takes: readonly string[] | null;
    readonly destinations: readonly string[] | null;
    readonly delegates?: readonly string[];
  };
}

const FOLDER = join(import.meta.dirname, "../vectors/ethereum/phishing");
const SHAPES = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .sort()
  .map((file): Shape => JSON.parse(readFileSync(join(FOLDER, file), "utf8")));

function contextOf({ account, safe }: Shape): Context {
  const safes: readonly Safe[] = safe
    ? [
        safeOf("Cold wallet", {
          ...{ chainId: 1n, address: at(safe.address), owners: safe.owners.map(at) },
          ...{ threshold: safe.threshold, version: safe.version },
        }),
      ]
    : [SAFE];
  const plain = contextWith(safes);
  const own = account === undefined ? ACCOUNT : at(account);
  const context: Context = { ...plain, account: own, readCall: (call) => actsOfCall(call, context) };
  return context;
}

function actsOf(shape: Shape): readonly Act[] {
  const context = contextOf(shape);
  const { request } = shape;
  if (request.kind === "typed") {
    const typed = readTyped(utf8(JSON.stringify(request.data)));
    if (shape.digest !== undefined) assert.equal(`0x${toHex(typed.digest)}`, shape.digest);
    return actsOfTyped(typed, context);
  }
  if (request.kind === "transaction")
    return actsOfTransaction(readTransaction(getBytes(request.data), 4), context);
  return actsOfCall(
    {
      ...{ chainId: 1n, from: context.account, to: at(request.to), value: BigInt(request.value) },
      ...{ data: fromHex(request.data.slice(2))!, depth: 0 },
    },
    context,
  );
}

test("the corpus holds every shape", () => {
  assert.ok(SHAPES.length >= 25, `${SHAPES.length} shapes`);
  for (const { source } of SHAPES) assert.ok(source.length > 40, "each says where it comes from");
});

for (const shape of SHAPES)
  test(`${shape.name}: told as what it is`, () => {
    const acts = actsOf(shape);
    const { must } = shape;
    const all = told(acts).join("\n");
    assert.equal(acts[0]!.title, must.title, all);
    assert.equal(worst(acts.map(({ tone }) => tone)), must.tone, all);
    for (const words of must.says)
      assert.ok(
        acts.some(({ says }) => says.some((text) => text.includes(words))),
        `${words}\n${all}`,
      );
    assert.deepEqual(
      [...new Set(acts.flatMap(({ oddities }) => oddities))].sort(),
      [...must.oddities].sort(),
      all,
    );
    if (must.takes)
      assert.deepEqual(
        acts.flatMap(({ takes }) => takes.map(inSymbol)),
        must.takes,
        all,
      );
    const places = [...new Set(acts.flatMap(({ destinations }) => destinations.map(({ to }) => to)))];
    if (must.destinations) assert.deepEqual(places, [...new Set(must.destinations.map(at))], all);
    assert.deepEqual(
      acts.flatMap(({ delegates }) => delegates),
      (must.delegates ?? []).map(at),
      all,
    );
  });

test("none of them is calm, and each that takes something says to whom", () => {
  for (const shape of SHAPES) {
    const acts = actsOf(shape);
    assert.equal(worst(acts.map(({ tone }) => tone)), "danger", shape.name);
    for (const act of acts) if (act.takes.length > 0) assert.ok(act.destinations.length > 0, shape.name);
  }
});

test("an address is like another one by its ends alone, and never like itself", () => {
  const like = at(`${USDC.slice(0, 6)}${"00".repeat(16)}${USDC.slice(-4)}`);
  assert.equal(looksLike(like, [FRIEND, USDC]), USDC);
  assert.equal(looksLike(like, [FRIEND, USDC.toLowerCase()]), USDC, "however it is written");
  assert.equal(looksLike(USDC, [FRIEND, USDC]), undefined);
  assert.equal(looksLike(USDC, [like, USDC]), undefined, "what is known itself looks like nobody");
  assert.equal(looksLike(THIEF, [FRIEND, USDC]), undefined);
  const first = at(`${USDC.slice(0, 6)}${"00".repeat(18)}`);
  const last = at(`0x${"00".repeat(18)}${USDC.slice(-4)}`);
  for (const half of [first, last]) assert.equal(looksLike(half as Address, [USDC]), undefined);
});
