// Requests of Ethereum where the policy asks persons, waits, sweeps or is only tried out; by stick, and with a receipt.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { getAddress, parseEther, Transaction } from "ethers";
import { folderStick } from "../../device/stick/folder.ts";
import { transactionCode } from "../../src/code.ts";
import { hotp } from "../../src/factors/index.ts";
import type { Otherwise } from "../../src/rules.ts";
import { CODE } from "../../src/rules.ts";
import {
  type Asking,
  answerIn,
  message,
  requestTexts,
  SIGNER,
  sentBy,
  transaction,
} from "./ethereum-stage.ts";
import { byCounter, byKey, changed, SECRET } from "./people-stage.ts";
import { verified } from "./record-stage.ts";
import { codesIn, folder, holds, homeOf, journalOf, papers, UNLOCK } from "./stage.ts";

const ROOT = join(import.meta.dirname, "../..");
const ANNA = getAddress("0xd8da6bf26964af9d7eed9e03e53415d37aa96045");
const LARGE = { columns: 130, rows: 60 };

const SEND: Asking = transaction({
  ...{ type: 2, to: ANNA, value: parseEther("0.5"), nonce: 3 },
  ...{ maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n },
});
const camera = (t: TestContext, asking = SEND) => papers(join(folder(t), "in"), requestTexts(asking));

/** Whatever takes a coin does this, whatever a message is for too. */
async function homeWith(otherwise: Otherwise, factor = byCounter()) {
  const person = { name: "anna", wrong: 0, wrongMs: 0, factor };
  return changed(
    await homeOf(),
    (state) => ({
      ...state,
      policy: {
        ...state.policy,
        number: state.policy.number + 1,
        rules: state.policy.rules.map((rule) => {
          const { limit } = rule;
          if (limit.kind === "messages")
            return { ...rule, otherwise, limit: { ...limit, under: ["m/44h/1h/9h"] } };
          if (limit.kind !== "amount" || limit.per !== "transaction" || limit.most.asset !== "any-coin")
            return rule;
          return { ...rule, otherwise, limit: { ...limit, most: { ...limit.most, units: 1n } } };
        }),
      },
      people: [{ name: "anna", factor: factor.kind, madeMs: 0 }],
    }),
    [person],
  );
}

const anna = { do: "ask", ask: { need: 1, of: ["anna"] } } as const;

test("persons see what it takes in its own coin, may read all pages, and their proofs are bound to it", async (t) => {
  const disk = await homeWith(anna);
  const OUT = folder(t);
  const played = await holds(
    `${UNLOCK}pick Sign\ncamera ${camera(t)}\npage\nsee Sign?\nsee Then asks for\nhold ok\nsee Who agrees?\nsee 0.5\npick Read the transaction again\nsee ${ANNA}\npage\npress ok\npick anna\ntype ${hotp(SECRET, 0)}\npress ok\nsee Signed: the transaction\ncodes $OUT\npress ok`,
    { disk, set: { OUT } },
  );
  assert.equal(sentBy(SEND, answerIn(codesIn(OUT)).signature).from, SIGNER.address);
  const [proof, spent] = (await journalOf(played.disk)).slice(-4);
  assert.ok(proof?.kind === "proof" && spent?.kind === "spent" && proof.txid === spent.txid);
});

test("a security key agrees to a request of Ethereum, and is told what it takes", async (t) => {
  const { factor, memory } = byKey();
  const disk = await homeWith(anna, factor);
  const keys = new Map([["green", memory]]);
  await holds(
    `${UNLOCK}pick Sign\ncamera ${camera(t)}\npage\nhold ok\npick anna\nsee ETH\nplug green\nsee Touch\ntouch\nsee Signed\npress ok`,
    { disk, keys },
  );
});

/** What npm run explain says of the request in its codes. */
function explained(t: TestContext, asking: Asking, account = SIGNER.address) {
  const file = join(folder(t), "request.txt");
  writeFileSync(file, requestTexts(asking, 60).join("\n"));
  const args = ["scripts/explain.ts", file, "--account", account];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  assert.deepEqual([status, stderr], [0, ""]);
  return JSON.parse(stdout);
}

test("the code of a transaction on Ethereum is what another machine makes of the same request", async (t) => {
  const disk = await homeWith({ do: "ask", ask: { need: 1, of: [CODE] } });
  const { code, digest, pages } = explained(t, SEND);
  const unsigned = Transaction.from(`0x${Buffer.from(SEND.data).toString("hex")}`);
  assert.equal(`0x${digest}`, unsigned.unsignedHash);
  assert.equal(code, transactionCode(digest));
  assert.equal(pages[0].title, "Send");
  assert.equal(pages[0].says[0].Amount, "0.5 ETH");
  const steps = `${UNLOCK}pick Sign\ncamera ${camera(t)}\npage\nhold ok\npick The transaction's code\n`;
  await holds(`${steps}type ${code}\npress ok\nsee Signed\npress ok`, { disk });
  const other = explained(t, {
    ...SEND,
    data: transaction({ ...unsigned.toJSON(), nonce: 4, from: null }).data,
  });
  assert.notEqual(other.code, code);
  await holds(`${steps}type ${other.code}\npress ok\nsee not the right proof`, { disk });
});

test("a request that explain refuses is refused by the same name", (t) => {
  const other = explained(t, SEND, ANNA);
  assert.deepEqual([other.ok, other.reason], [false, "ethereum.not-ours"]);
  const twoChains = explained(t, { ...SEND, chainId: 10 });
  assert.deepEqual([twoChains.ok, twoChains.reason], [false, "ethereum.other-chain"]);
});

test("a message is agreed to as a message", async (t) => {
  const disk = await homeWith(anna);
  const played = await holds(
    `${UNLOCK}pick Sign\ncamera ${camera(t, message("hello"))}\npage\nsee Sign this message?\nhold ok\nsee nothing: it is a message\npick anna\ntype ${hotp(SECRET, 0)}\npress ok\nsee Signed: the message\npress ok`,
    { disk },
  );
  const proof = (await journalOf(played.disk)).find(({ kind }) => kind === "proof");
  assert.ok(proof?.kind === "proof" && proof.what === "message");
});

test("what has to wait is journalled as asked for, and signed once it has waited, a message like a transfer", async (t) => {
  const disk = await homeWith({ do: "wait", ms: 3_600_000 });
  for (const asking of [SEND, message("hello")]) {
    const shows = `pick Sign\ncamera ${camera(t, asking)}\n`;
    const played = await holds(
      `${UNLOCK}${shows}see policy.wait\npage\npress ok\nclock +61m\n${UNLOCK}${shows}page\nhold ok\nsee Signed\npress ok`,
      { disk },
    );
    const kinds = (await journalOf(played.disk)).map(({ kind }) => kind);
    assert.ok(kinds.includes("asked"));
  }
});

test("a sweep that was begun refuses transfers and messages, and says so", async (t) => {
  const successor = { name: "The next one", descriptor: await nextOne() };
  const disk = await changed(
    await homeOf(),
    (state) => ({ ...state, successor, sweep: true }) as typeof state,
  );
  for (const asking of [SEND, message("hello")]) {
    const shows = `${UNLOCK}pick Sign\ncamera ${camera(t, asking)}\nsee policy.\nsee A sweep has begun\npage\nunseen hold ok\npress back`;
    const { disk: after } = await holds(shows, { disk });
    assert.equal((await journalOf(after)).at(-1)?.kind, "refused");
  }
});

async function nextOne(): Promise<string> {
  const { PHRASES, purse } = await import("../bitcoin/build.ts");
  return purse("p2wpkh", { phrases: PHRASES.slice(1) }).wallet.descriptor;
}

test("a dry run judges a request of Ethereum, line by line, and leaves nothing", async (t) => {
  const before = await homeOf();
  const steps = `${UNLOCK}pick Policy\npick Dry run\npick By the policy that holds\ncamera ${camera(t)}\nsee It would be signed, with the hold\nsee Nothing was signed\npage\nunseen hold ok\npress ok`;
  const { disk } = await holds(steps, { disk: before });
  const kinds = (await journalOf(disk)).slice((await journalOf(before)).length).map(({ kind }) => kind);
  assert.ok(!kinds.some((kind) => /spent|refused|asked|signed/.test(kind)));
});

test("a request on a stick is answered by a code, and by a text on the stick", async (t) => {
  const at = folder(t);
  writeFileSync(join(at, "ask.txt"), `${requestTexts(SEND, 60).join("\n")}\n`);
  const steps = `${UNLOCK}pick Sign\nsee from a stick\npress ok\npick ask.txt\npage\nsee Sign?\nhold ok\nsee It is on the stick\npress ok\nsee Signed: the transaction\npress ok\nsee Sign a transaction`;
  await holds(steps, { disk: await homeOf(), stick: folderStick(at) });
  const [name] = readdirSync(at).filter((one) => one.startsWith("eth-signature"));
  const { signature } = answerIn(readFileSync(join(at, name!), "utf8").trim().split("\n"));
  assert.equal(sentBy(SEND, signature).from, SIGNER.address);
});

test("a receipt names what was taken of the coin, and a message has none", async (t) => {
  const OUT = folder(t);
  const steps = (asking: Asking) =>
    `${UNLOCK}pick Sign\ncamera ${camera(t, asking)}\npage\nhold ok\nsee Signed\n`;
  await holds(`${steps(SEND)}press back\nsee Receipt\ncodes $OUT\npress ok\nsee Signed\npress ok`, {
    ...{ disk: await homeOf(), size: LARGE },
    set: { OUT },
  });
  const text = readFileSync(join(OUT, "codes.txt"), "utf8");
  assert.match(text, /^takes 0\.5\d* ETH$/m);
  assert.match(text, new RegExp(`^to ${ANNA} 0\\.5 ETH$`, "mi"));
  assert.match(text, new RegExp(`^chain 1 Ethereum\naccount ${SIGNER.address}\nnonce 3$`, "m"));
  writeFileSync(join(OUT, "receipt.txt"), text);
  assert.match(verified(join(OUT, "receipt.txt")), /is signed and unchanged/);
  await holds(`${steps(message("hello"))}press back\nsee Sign a transaction`, { disk: await homeOf() });
});

test("the banner is the chain's: a real chain in a practice home is said to be none for tests", async (t) => {
  const sepolia = transaction({ type: 0, chainId: 11_155_111n, to: ANNA, value: 1n, gasPrice: 1n });
  const shows = (asking: Asking) => `${UNLOCK}see REGTEST\npick Sign\ncamera ${camera(t, asking)}\n`;
  const disk = await homeOf();
  const accounts = "pick Ethereum\nsee REAL CHAINS TOO\nunseen REGTEST\npick Accounts\nsee REAL CHAINS TOO\n";
  await holds(`${UNLOCK}see REGTEST\n${accounts}press back x2\nsee REGTEST`, { disk });
  await holds(
    `${shows(SEND)}see ETHEREUM, NO TEST CHAIN\nunseen REGTEST\npress back\nsee Declined\nsee REGTEST`,
    { disk },
  );
  await holds(
    `${shows(sepolia)}see SEPOLIA\nunseen NO TEST CHAIN\nsee a test chain\npress back\nsee REGTEST`,
    { disk },
  );
});
