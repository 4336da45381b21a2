// Requests of Ethereum from the camera to the code of the answer, which another library checks.

import assert from "node:assert/strict";
import { test } from "node:test";
import { getAddress, Interface, parseEther, verifyMessage, verifyTypedData } from "ethers";
import { message, SIGNER, sentBy, signs, transaction, typed } from "./ethereum-stage.ts";
import { holds, homeOf, journalOf, UNLOCK } from "./stage.ts";

const ANNA = getAddress("0xd8da6bf26964af9d7eed9e03e53415d37aa96045");
const USDC = getAddress("0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48");
const ERC20 = new Interface(["function transfer(address,uint256)", "function approve(address,uint256)"]);
const SMALL = { columns: 40, rows: 15 };

/** The example of EIP 712. */
const MAIL = {
  types: {
    EIP712Domain: [
      { name: "name", type: "string" },
      { name: "version", type: "string" },
      { name: "chainId", type: "uint256" },
      { name: "verifyingContract", type: "address" },
    ],
    Person: [
      { name: "name", type: "string" },
      { name: "wallet", type: "address" },
    ],
    Mail: [
      { name: "from", type: "Person" },
      { name: "to", type: "Person" },
      { name: "contents", type: "string" },
    ],
  },
  primaryType: "Mail",
  domain: {
    name: "Ether Mail",
    version: "1",
    chainId: 1,
    verifyingContract: "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC",
  },
  message: {
    from: { name: "Cow", wallet: "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826" },
    to: { name: "Bob", wallet: "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB" },
    contents: "Hello, Bob!",
  },
} as const;

const send = (more = {}) =>
  transaction({
    ...{ type: 2, to: ANNA, value: parseEther("0.5"), nonce: 3 },
    ...{ maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n },
    ...more,
  });

for (const network of ["regtest", "testnet4"] as const)
  test(`on ${network} a transfer of EIP 1559 is signed so that a node takes it for the account's`, async (t) => {
    const asking = send();
    const answer = await signs(t, { ...asking, origin: "MetaMask" }, { disk: await homeOf(network) });
    const sent = sentBy(asking, answer.signature);
    assert.equal(sent.from, SIGNER.address);
    assert.equal(sent.serialized, await SIGNER.signTransaction(sent.clone()));
    const kinds = (await journalOf(answer.disk)).slice(-3).map(({ kind }) => kind);
    assert.deepEqual(kinds, ["spent", "kept", "signed"]);
  });

test("a legacy transfer is answered with the chain in v, in still and in moving codes, on a small screen too", async (t) => {
  const asking = transaction({ type: 0, to: ANNA, value: parseEther("1"), gasPrice: 30_000_000_000n });
  const { disk, signature } = await signs(t, asking);
  assert.equal(sentBy(asking, signature).from, SIGNER.address);
  assert.ok(["25", "26"].includes(signature.slice(130)));
  void disk;
  const moving = await signs(t, asking, { parts: 50, size: SMALL });
  assert.equal(moving.signature, signature);
});

test("the journal says of a signature on Ethereum which nonce it uses, and nothing of coins and lock times", async (t) => {
  const { disk } = await signs(t, send());
  const line =
    "pick Journal\npick newest first\npick Recorded\nsee Hash that is signed\nsee Nonces that it uses\n";
  const says = `see nonce 3 of ${SIGNER.address} on Ethereum\nunseen Coins that it spends\nunseen Lock time\nunseen said to hold`;
  await holds(`${UNLOCK}${line}${says}`, { disk });
});

test("a token's transfer up to what set-up allows is signed", async (t) => {
  const data = ERC20.encodeFunctionData("transfer", [ANNA, 10_000n * 10n ** 6n]);
  const asking = send({ to: USDC, value: 0n, data, gasLimit: 90_000n });
  const { signature, disk } = await signs(t, { ...asking, address: "none" });
  assert.equal(sentBy(asking, signature).from, SIGNER.address);
  const line = (await journalOf(disk)).find(({ kind }) => kind === "spent");
  assert.ok(line?.kind === "spent" && line.takes.some((text) => /0xa0b8.* 10000000000$/.test(text)));
});

test("a message is signed with a chain and without one, with an address and without, and moves nothing", async (t) => {
  const text = "Hello, this is Anna.\nLondon, 2026-11-22";
  for (const more of [{}, { chainId: 1 }, { address: "none" }, { origin: "Rabby", chainId: 137 }] as const) {
    const { signature, disk } = await signs(t, message(text, more), { file: "eth-message" });
    assert.equal(verifyMessage(text, signature), SIGNER.address);
    const kinds = (await journalOf(disk)).slice(-3).map(({ kind }) => kind);
    assert.deepEqual(kinds, ["message", "kept", "message-signed"]);
  }
});

test("the example of EIP 712 is signed, every field of it on the screen", async (t) => {
  const { signature, disk } = await signs(t, typed(MAIL), {
    file: "eth-typed",
    more: { FIELD: "Hello, Bob!" },
    size: SMALL,
  });
  const { EIP712Domain: _, ...types } = MAIL.types;
  const fields = types as unknown as Record<string, { name: string; type: string }[]>;
  assert.equal(verifyTypedData(MAIL.domain, fields, MAIL.message, signature), SIGNER.address);
  const line = (await journalOf(disk)).find(({ kind }) => kind === "message");
  assert.ok(line?.kind === "message" && line.form === "EIP 712" && line.path === "m/44h/60h/0h/0/0");
});

test("the request's own number comes back with the answer", async (t) => {
  const id = "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d";
  const answer = await signs(t, message("hello", { id }));
  assert.equal(answer.id, id.replaceAll("-", ""));
});

test("whatever a request leaves out or adds, of every data type, it is answered in the form of its type", async (t) => {
  const disk = await homeOf();
  const access = [{ address: USDC, storageKeys: [`0x${"00".repeat(32)}`] }];
  const transactions = [
    transaction({ type: 0, to: ANNA, value: 1n, gasPrice: 1n, chainId: 137n }),
    transaction({ type: 0, to: ANNA, value: 1n, gasPrice: 1n, chainId: 11_155_111n }),
    transaction({ type: 1, to: ANNA, value: 1n, gasPrice: 1n, gasLimit: 60_000n, accessList: access }),
    send({ chainId: 8453n }),
  ];
  const frames = [
    {},
    { address: "none" },
    { origin: "Rabby", address: "none" },
    { origin: "imToken" },
  ] as const;
  for (const [at, frame] of frames.entries()) {
    const size = at % 2 === 0 ? SMALL : { columns: 130, rows: 60 };
    const options = { disk, size, ...(at > 1 ? { parts: 40 } : {}) };
    for (const asking of transactions) {
      const { signature } = await signs(t, { ...asking, ...frame }, options);
      assert.equal(sentBy(asking, signature).from, SIGNER.address);
    }
    const said = await signs(t, message("hello", frame), options);
    assert.equal(verifyMessage("hello", said.signature), SIGNER.address);
    const { signature } = await signs(t, typed(MAIL, frame), options);
    assert.ok(["1b", "1c"].includes(signature.slice(130)));
  }
});

test("a sign-in is shown by its site, and signed as the message that it is", async (t) => {
  const text = [
    "example.com wants you to sign in with your Ethereum account:",
    SIGNER.address,
    "",
    "I accept the terms.",
    "",
    "URI: https://example.com/login",
    "Version: 1",
    "Chain ID: 1",
    "Nonce: 32891756",
    "Issued At: 2026-11-22T12:00:00Z",
  ].join("\n");
  const { signature, disk } = await signs(t, message(text, { origin: "https://example.com" }));
  assert.equal(verifyMessage(text, signature), SIGNER.address);
  const line = (await journalOf(disk)).find(({ kind }) => kind === "message");
  assert.ok(line?.kind === "message" && line.form === "EIP 4361");
});

test("an answer in one code is one whole UR where the window has room for it", async (t) => {
  const { texts } = await signs(t, send(), { size: { columns: 130, rows: 60 } });
  assert.equal(texts.length, 1);
  assert.match(texts[0]!, /^UR:ETH-SIGNATURE\/[A-Z]+$/);
});

test("the sessions of payments and of messages walk requests of Ethereum as well", async (t) => {
  const asking = send();
  assert.equal(sentBy(asking, (await signs(t, asking, { file: "sign" })).signature).from, SIGNER.address);
  const said = await signs(t, message("hello"), { file: "message", size: SMALL });
  assert.equal(verifyMessage("hello", said.signature), SIGNER.address);
});
