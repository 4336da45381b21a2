// Requests of Ethereum that get no signature, and what is left of them; and requests that come again.

import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { getAddress, HDNodeWallet, Interface, MaxUint256, parseEther } from "ethers";
import type { DiskState } from "../../device/sim/recording.ts";
import { ANY_COIN } from "../../src/assets.ts";
import type { Limit } from "../../src/rules.ts";
import { type Asking, message, requestTexts, SIGNER, sentBy, signs, transaction } from "./ethereum-stage.ts";
import { changed } from "./people-stage.ts";
import { folder, holds, homeOf, journalOf, PIN, papers, play, script, UNLOCK, WORDS } from "./stage.ts";

const ANNA = getAddress("0xd8da6bf26964af9d7eed9e03e53415d37aa96045");
const USDC = getAddress("0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48");
const ERC20 = new Interface(["function approve(address,uint256)"]);
const SMALL = { columns: 40, rows: 15 };

const send = (more = {}): Asking =>
  transaction({
    ...{ type: 2, to: ANNA, value: parseEther("0.5"), nonce: 3 },
    ...{ maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n },
    ...more,
  });
const camera = (t: TestContext, asking: Asking): string =>
  papers(join(folder(t), "in"), requestTexts(asking));
const last = async (disk: DiskState, count = 1) => (await journalOf(disk)).slice(-count);

/** Of any coin 1 a day. */
async function oneADay(): Promise<DiskState> {
  const most = { asset: ANY_COIN, units: parseEther("1") };
  const isDaily = (limit: Limit) =>
    limit.kind === "amount" && limit.per === "day" && limit.most.asset === ANY_COIN;
  return changed(await homeOf(), (state) => ({
    ...state,
    policy: {
      ...state.policy,
      rules: state.policy.rules.map((rule) =>
        isDaily(rule.limit) ? { ...rule, limit: { ...rule.limit, most } as Limit } : rule,
      ),
    },
  }));
}

async function refuses(t: TestContext, asking: Asking, SEE: string, disk?: DiskState): Promise<DiskState> {
  const set = { PIN, CAMERA: camera(t, asking), SEE };
  return (await holds(script("eth-refuse"), { disk: disk ?? (await homeOf()), set, size: SMALL })).disk;
}

test("what takes more than the policy lets go is refused before any hold, its pages behind the refusal", async (t) => {
  const asking = send({ value: parseEther("1.5") });
  const disk = await refuses(t, asking, "policy.over-transaction-limit");
  const [line] = await last(disk);
  assert.ok(line?.kind === "refused" && line.reasons.includes("policy.over-transaction-limit"));
  const camera_ = camera(t, asking);
  const pages = ["1.5 ETH", ANNA, "The most that it can cost", "Key at"]
    .map((text) => `see ${text}`)
    .join("\n");
  await holds(`${UNLOCK}pick Sign\ncamera ${camera_}\n${pages}\npage\nunseen hold ok\npress back`, {
    disk: await homeOf(),
  });
});

test("an allowance without a limit fits no limit, and is said in red", async (t) => {
  const data = ERC20.encodeFunctionData("approve", [ANNA, MaxUint256]);
  const asking = send({ to: USDC, value: 0n, data, gasLimit: 90_000n });
  const disk = await refuses(t, asking, "An allowance without a limit");
  const [line] = await last(disk);
  assert.ok(line?.kind === "refused" && line.txid !== "");
});

test("a request for another account is refused before anything, and the journal has the reason", async (t) => {
  const other = HDNodeWallet.fromPhrase(WORDS, "", "m/44'/60'/0'/0/1").address;
  const disk = await refuses(t, { ...send(), address: other }, "ethereum.not-ours");
  const [line] = await last(disk);
  assert.ok(line?.kind === "refused" && line.txid === "" && line.reasons.includes("ethereum.not-ours"));
  // The same address under its own path is another account of the same words.
  const right = { ...send(), address: other, path: "m/44'/60'/0'/0/1" };
  const { signature } = await signs(t, right);
  assert.equal(sentBy(right, signature).from, other);
});

test("a request whose chain is not the transaction's is refused, and so is one for a path of Bitcoin's", async (t) => {
  await refuses(t, { ...send(), chainId: 137 }, "ethereum.other-chain");
  const disk = await homeOf();
  const set = {
    PIN,
    CAMERA: camera(t, message("hi", { path: "m/84'/1'/0'/0/0", address: "none" })),
    SEE: "ethereum.",
  };
  await holds(script("eth-refuse"), { disk, set });
});

test("what is declined is journalled as declined, and nothing counts", async (t) => {
  const steps = `${UNLOCK}pick Sign\ncamera ${camera(t, send())}\nsee 0.5 ETH\npress back\nsee Declined\npress ok\nsee Sign a transaction`;
  const { disk } = await holds(steps, { disk: await homeOf() });
  const [line] = await last(disk);
  assert.ok(line?.kind === "refused" && line.reasons.includes("user.declined"));
});

test("a frozen device shows nothing of a request and signs nothing", async (t) => {
  const steps = `${UNLOCK}hold back\nsee Frozen\ncamera ${camera(t, send())}\nunseen 0.5 ETH`;
  await holds(steps, { disk: await homeOf() });
});

test("power that goes between the line and the signature leaves a spend that counts once, however often it comes again", async (t) => {
  const asking = send({ value: parseEther("0.9") });
  const CAMERA = camera(t, asking);
  const before = `see PIN\ntype ${PIN}\npress ok\npick Sign\ncamera ${CAMERA}\npage\n`;
  const home = await oneADay();
  let lost: DiskState | undefined;
  for (let operations = 1; operations < 30; operations++) {
    const played = await play(`${before}cut ${operations}\nhold ok\nif see PIN\nend\n`, {
      disk: home,
    });
    const kinds = (await journalOf(played.disk)).map(({ kind }) => kind);
    if (kinds.includes("spent") && !kinds.includes("signed")) lost = played.disk;
  }
  assert.ok(lost, "no cut fell between the line and the signature");
  // 0.9 of 1 ETH a day: were it counted twice it would be refused.
  const again = await signs(t, asking, { disk: lost });
  assert.equal(sentBy(asking, again.signature).from, SIGNER.address);
  const third = await signs(t, asking, { disk: again.disk });
  assert.equal(third.signature, again.signature);
  await refuses(t, send({ value: parseEther("0.2"), nonce: 4 }), "policy.over-window-limit", third.disk);
});

test("of two transactions with one nonce the larger counts, and the second one says that it takes a place", async (t) => {
  const first = await signs(t, send({ value: parseEther("0.4") }), { disk: await oneADay() });
  const steps = (asking: Asking, ...see: string[]) =>
    `${UNLOCK}pick Sign\ncamera ${camera(t, asking)}\n${see.map((text) => `see ${text}\n`).join("")}page\n`;
  const replacing = send({ value: parseEther("0.7") });
  await holds(`${steps(replacing, "This nonce was signed before", "Sign?")}press back`, { disk: first.disk });
  const second = await signs(t, replacing, { disk: first.disk });
  // 0.7 counts, and not 1.1: another 0.2 has room, another 0.4 has none.
  const more = (eth: string) => send({ value: parseEther(eth), nonce: 4 });
  await refuses(t, more("0.4"), "policy.over-window-limit", second.disk);
  const third = await signs(t, more("0.2"), { disk: second.disk });
  await holds(`${steps(send({ value: 1n, nonce: 40 }), "A nonce far ahead")}press back`, {
    disk: third.disk,
  });
  await holds(`${steps(send({ value: 1n, nonce: 1 }), "A nonce of before")}press back`, { disk: third.disk });
  await holds(`${steps(more("0.2"), "Signed before")}press back`, { disk: third.disk });
});
