// What registering a wallet asks before anything of it is kept.

import assert from "node:assert/strict";
import { test } from "node:test";
import { addWallet, type Session } from "../../src/flows/session.ts";
import type { Curve } from "../../src/model.ts";
import { curve, purse } from "../bitcoin/build.ts";

test("a wallet whose keys the two implementations derive otherwise is not kept, whichever form it has", async () => {
  // Each derived key is another one: of the same secret, one step further.
  const wrong: Curve = {
    ...curve,
    addPublic: (key, tweak) => {
      const sum = curve.addPublic(key, tweak);
      return sum && curve.addPublic(sum, tweak);
    },
  };
  const kept: string[] = [];
  const store = { replace: async (name: string) => void kept.push(name) };
  for (const form of ["p2wpkh", "p2wsh", "p2tr"] as const) {
    const session = {
      store,
      curve: wrong,
      wallets: [],
      templates: [],
      key: { fingerprint: "" },
    } as unknown as Session;
    await assert.rejects(addWallet(session, purse(form).wallet), /disagree/);
    assert.deepEqual([kept, session.wallets, session.templates], [[], [], []]);
  }
});
