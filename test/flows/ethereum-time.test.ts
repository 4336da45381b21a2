// Time and requests of Ethereum: what was allowed when it was shown may not be any more, dates are told by the clock, and
// what is only signed counts from then on.

import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { getAddress, parseEther } from "ethers";
import type { Rule } from "../../src/rules.ts";
import { type Asking, message, requestTexts, signs, transaction, typed } from "./ethereum-stage.ts";
import { changed } from "./people-stage.ts";
import { folder, holds, homeOf, journalOf, papers, UNLOCK } from "./stage.ts";

const ANNA = getAddress("0xd8da6bf26964af9d7eed9e03e53415d37aa96045");
const USDC = getAddress("0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48");
const camera = (t: TestContext, asking: Asking) => papers(join(folder(t), "in"), requestTexts(asking));
const SEND = transaction({
  ...{ type: 2, to: ANNA, value: parseEther("0.5"), nonce: 3 },
  ...{ maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n },
});

test("hours that end while a request is read refuse it: nothing is recorded, and the journal says why", async (t) => {
  // Plays begin at 12:00.
  const limit = {
    kind: "hours",
    from: 480,
    until: 723,
    days: [1, 2, 3, 4, 5, 6, 0],
    offsetMinutes: 0,
  } as const;
  const rule: Rule = { scope: { of: "all" }, limit, otherwise: { do: "refuse" } };
  const disk = await changed(await homeOf(), (state) => {
    const { policy } = state;
    return { ...state, policy: { ...policy, number: policy.number + 1, rules: [...policy.rules, rule] } };
  });
  for (const asking of [SEND, message("Good evening")]) {
    const shown = `${UNLOCK}pick Sign\ncamera ${camera(t, asking)}\npage\nsee to sign\n`;
    const late = await holds(`${shown}clock +4m\nhold ok\nsee policy.hours\npage\npress back`, { disk });
    const lines = await journalOf(late.disk);
    const last = lines.findLast(({ kind }) => kind === "refused");
    assert.deepEqual(last?.kind === "refused" && last.reasons, ["policy.hours"]);
    assert.ok(!lines.some(({ kind }) => /^(spent|message|signed|message-signed)$/.test(kind)));
    await holds(`${shown}hold ok\nsee Signed`, { disk });
  }
});

const permit = (deadline: number) =>
  typed({
    types: {
      EIP712Domain: [
        { name: "name", type: "string" },
        { name: "chainId", type: "uint256" },
        { name: "verifyingContract", type: "address" },
      ],
      Permit: [
        { name: "owner", type: "address" },
        { name: "spender", type: "address" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint256" },
      ],
    },
    primaryType: "Permit",
    domain: { name: "USD Coin", chainId: 1, verifyingContract: USDC },
    message: {
      ...{ owner: "0x9858EfFD232B4033E47d90003D41EC34EcaEda94", spender: ANNA },
      ...{ value: "5000000", nonce: "0", deadline: String(deadline) },
    },
  });

test("how far away a permit's end is, is told from the date here", async (t) => {
  const disk = await homeOf();
  const shows = (deadline: number, see: string, wallMs: number) =>
    holds(`${UNLOCK}pick Sign\ncamera ${camera(t, permit(deadline))}\n${see}`, { disk, wallMs });
  const now = Date.UTC(2026, 2, 1, 12);
  const day = 86_400;
  await shows(now / 1000 + 29 * day, "unseen It holds for very long\npage\nsee to sign", now);
  await shows(now / 1000 + 32 * day, "see policy.far-deadline\nsee It holds for very long", now);
  await shows(now / 1000 + 29 * day, "see policy.far-deadline", now - 3 * day * 1000);
});

test("a permit that is signed counts as spent, and another one with its nonce takes its place", async (t) => {
  const deadline = Date.UTC(2026, 2, 1, 12) / 1000 + 86_400;
  const { disk } = await signs(t, permit(deadline), { wallMs: Date.UTC(2026, 2, 1, 12) });
  const line = (await journalOf(disk)).find(({ kind }) => kind === "spent");
  assert.ok(line?.kind === "spent");
  assert.deepEqual(line.takes, [`1/${USDC.toLowerCase()} 5000000`]);
  const own = "0x9858effd232b4033e47d90003d41ec34ecaeda94";
  assert.deepEqual(line.outpoints, [`1/${USDC.toLowerCase()}/${own}/permit/0`]);
});
