// A proof serves the one request that it was made for, once; no approval comes without all that were asked for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Approval, isMet, Proof, type Request, type Verdict } from "../src/request.ts";
import type { Ask } from "../src/rules.ts";
import { psbt, purse, request, run } from "./bitcoin/build.ts";

const own = purse("p2wpkh");

function read(inputs = 1): Request {
  const made = request(own, psbt(own, { inputs }));
  run(made.agree());
  return made;
}

function verdict(of: Request, ...asks: readonly Ask[]): Verdict {
  const rules = asks.map((ask) => ({ rule: "a rule", outcome: "ask", sentence: "It asks.", ask }) as const);
  return { txid: of.spend.txid, outcome: "ask", rules };
}

const two: Ask = { need: 2, of: ["anna", "bert", "carl"] };

test("as many of those who are asked as are needed make an approval, whoever they are, and fewer make none", () => {
  for (const [persons, enough] of [
    [[], false],
    [["anna"], false],
    [["anna", "anna"], false],
    [["anna", "dora"], false],
    [["anna", "bert"], true],
    [["carl", "bert"], true],
    [["anna", "bert", "carl"], true],
  ] as const) {
    const one = read();
    const proofs = persons.map((person) => one.proven(person));
    const approve = (): Approval => one.approve(verdict(one, two), "approve", proofs);
    if (enough) assert.equal(approve().spend, one.spend);
    else assert.throws(approve, /without the proofs/);
  }
});

test("every ask must be met, and one person counts in each that names that person", () => {
  const one = read();
  const asks = [two, { need: 1, of: ["dora"] }];
  const proofs = () => ["anna", "bert"].map((person) => one.proven(person));
  assert.throws(() => one.approve(verdict(one, ...asks), "approve", proofs()), /without the proofs/);
  assert.ok(one.approve(verdict(one, ...asks), "approve", [...proofs(), one.proven("dora")]));
  const both = [two, { need: 1, of: ["anna"] }];
  assert.ok(one.approve(verdict(one, ...both), "approve", proofs()));
});

test("a proof of another request throws, also of one that is read from the same bytes", () => {
  const [one, same, other] = [read(), read(), read(2)];
  const ask: Ask = { need: 1, of: ["anna"] };
  assert.equal(one.spend.txid, same.spend.txid);
  for (const stranger of [same, other])
    assert.throws(
      () => one.approve(verdict(one, ask), "approve", [stranger.proven("anna")]),
      /another request/,
    );
});

test("a proof serves once", () => {
  const one = read();
  const ask: Ask = { need: 1, of: ["anna"] };
  const proof = one.proven("anna");
  assert.ok(one.approve(verdict(one, ask), "approve", [proof]));
  assert.throws(() => one.approve(verdict(one, ask), "approve", [proof]), /twice/);
  assert.throws(() => one.approve(verdict(one, two), "approve", [one.proven("bert"), proof]), /twice/);
});

test("what only looks like a proof throws", () => {
  const one = read();
  const ask: Ask = { need: 1, of: ["anna"] };
  const alike = Object.create(Proof.prototype) as Proof;
  assert.throws(() => one.approve(verdict(one, ask), "approve", [alike]));
  assert.throws(() => new Proof(Symbol("approval") as never, one, "anna"), /forged/);
});

test("whoever is named twice in one ask counts once", () => {
  assert.equal(isMet({ need: 2, of: ["anna", "anna"] }, new Set(["anna"])), false);
  assert.equal(isMet({ need: 1, of: ["anna", "anna"] }, new Set(["anna"])), true);
});
