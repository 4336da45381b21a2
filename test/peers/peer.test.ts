import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { isHere } from "./peer.ts";

function told(): { t: TestContext; lines: string[] } {
  const lines: string[] = [];
  return { t: { diagnostic: (line: string) => lines.push(line) } as unknown as TestContext, lines };
}

/** The environment as it was is put back. */
function peersAre(wish: string | undefined, act: () => void): void {
  const { FIRN_PEERS } = process.env;
  const set = (value: string | undefined) => {
    if (value === undefined) delete process.env.FIRN_PEERS;
    else process.env.FIRN_PEERS = value;
  };
  set(wish);
  try {
    act();
  } finally {
    set(FIRN_PEERS);
  }
}

test("a peer that is not installed is left out by name", () => {
  peersAre(undefined, () => {
    const { t, lines } = told();
    assert.equal(isHere(t, "Electrum", false), false);
    assert.deepEqual(lines, ["left out: Electrum is not installed"]);
  });
});

test("where peers are required a missing one fails, and one that is there goes on", () => {
  peersAre("required", () => {
    assert.throws(() => isHere(told().t, "Electrum", false), /Electrum is required/);
    assert.equal(isHere(told().t, "Electrum", true), true);
  });
});
