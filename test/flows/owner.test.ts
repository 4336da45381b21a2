// What an owner does with wallets and with amounts that are only claimed.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { concat, u64le } from "../../src/bytes.ts";
import { writePolicy } from "../../src/policy/index.ts";
import type { Policy } from "../../src/rules.ts";
import { COIN_SATS, encode, plan, psbt, purse } from "../bitcoin/build.ts";
import { changed } from "./people-stage.ts";
import {
  folder,
  holds,
  homeOf,
  journalOf,
  PIN,
  papers,
  play,
  psbtTexts,
  registered,
  script,
  UNLOCK,
  WORDS,
  walletTexts,
} from "./stage.ts";

const ALLOWING = `see Welcome\npress ok\npick regtest\ntype ${PIN}\npress ok\ntype ${PIN}\npress ok
  pick Type words in\ntype ${WORDS}\npress ok\npick No passphrase\npage\npress ok\npick Type my own
  type 1\npress ok\ntype 2\npress ok\ntype 0.1\npress ok\ntype 1000\npress ok\ntype 90\npress ok
  pick Allow them\nsee Unproven fee allowed\npage\npress ok\nsee sealed\npress ok\n${UNLOCK}`;

test("a code that leaves the previous transactions out is refused by the limits that are offered, and shown in red where the owner allows it", async (t) => {
  const own = purse("p2wpkh");
  const at = folder(t);
  const CAMERA = papers(join(at, "in"), psbtTexts(psbt(own, { inputs: 2, previous: false })));
  await holds(script("refuse"), { disk: await homeOf(), set: { PIN, CAMERA, SEE: "policy.fee-unproven" } });
  const { disk } = await holds(ALLOWING);
  const set = { PIN, CAMERA, OUT: join(at, "out") };
  const walk = script("sign").replace("see Sign?", "see The fee is not proven\nsee Sign?");
  const once = await holds(walk, { disk, set });

  assert.ok(once.printed.includes("is not proven"));

  // The other half of the old trick: the very same transaction, the lie moved to another input.
  const parts = plan(own, { inputs: 2, previous: false });
  for (const [place, amountSats] of [COIN_SATS - 500n, COIN_SATS + 500n].entries()) {
    const claim = parts.inputs[place]!.find(({ type }) => type === 0x01)!;
    claim.value = concat(u64le(amountSats), claim.value.subarray(8));
  }
  const second = papers(join(at, "second"), psbtTexts(encode(parts)));
  await holds(script("refuse"), {
    disk: once.disk,
    set: { PIN, CAMERA: second, SEE: "policy.amounts-changed" },
  });
  await holds(walk, { disk: once.disk, set });
});

test("a wallet that is removed is unknown until it is registered again, and the journal says so", async (t) => {
  const own = purse("p2wsh");
  const at = folder(t);
  const home = await registered(await homeOf(), join(at, "wallet"), walletTexts(own.wallet.descriptor));
  const CAMERA = papers(join(at, "in"), psbtTexts(psbt(own)));
  const remove = `${UNLOCK}pick Wallets\npick 2 of 3\npick Remove this wallet\nsee unknown here\nhold ok
    unseen 2 of 3\npress back\nsee Sign a transaction`;
  const { disk } = await holds(remove, { disk: home });
  await holds(script("refuse"), { disk, set: { PIN, CAMERA, SEE: "bitcoin.not-ours" } });
  assert.ok((await journalOf(disk)).some(({ kind }) => kind === "wallet-removed"));
  const again = await registered(disk, join(at, "wallet"), walletTexts(own.wallet.descriptor));
  await holds(script("sign"), { disk: again, set: { PIN, CAMERA, OUT: join(at, "out") } });
});

test("a wallet that a policy names, held or waiting, stays as it is known: registered anew in another order it would be without its rules", async (t) => {
  const own = purse("p2wsh");
  const at = folder(t);
  const home = await registered(await homeOf(), join(at, "wallet"), walletTexts(own.wallet.descriptor));
  const { name, fingerprint } = own.wallet;
  const limited = (policy: Policy): Policy => {
    const most = { asset: "btc", units: 1n } as const;
    const limit = { kind: "amount", per: "day", most } as const;
    const rule = { scope: { of: "wallet", name, fingerprint }, limit, otherwise: { do: "refuse" } } as const;
    return { ...policy, number: policy.number + 1, rules: [...policy.rules, rule] };
  };
  const remove = `${UNLOCK}pick Wallets\npick 2 of 3\npick Remove this wallet\nsee bitcoin.wallet-named\nsee ${fingerprint}
    page\npress ok\nsee Keys and quorum\npress back\nsee 2 of 3`;
  const held = await changed(home, (state) => ({ ...state, policy: limited(state.policy) }));
  const waits = await changed(home, (state) => {
    const change = { kind: "policy", text: writePolicy(limited(state.policy)) } as const;
    return { ...state, pending: [{ change, askedMs: 0, dueMs: 1e14 }] };
  });
  for (const disk of [held, waits]) {
    const seen =
      disk === waits ? remove.replace("see Sign", "see A change waits\npage\npress ok\nsee Sign") : remove;
    await holds(seen, { disk });
  }
});

test("the accounts of the device's own seed cannot be removed", async () => {
  await holds(`${UNLOCK}pick Wallets\npick Native segwit\nunseen Remove`, { disk: await homeOf() });
});

test("a wallet is registered by a hold: a key that merely turns pages does not do it", async (t) => {
  const own = purse("p2wsh");
  const set = { PIN, CAMERA: papers(folder(t), walletTexts(own.wallet.descriptor)) };
  const pressed = script("register").replace("hold ok", "press ok x9");
  const { failure, disk } = await play(pressed, { disk: await homeOf(), set });
  assert.match(failure ?? "", /see Registered/);
  assert.ok(!(await journalOf(disk)).some(({ kind }) => kind === "wallet-registered"));
});
