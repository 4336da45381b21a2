// What policy judges of a request on Ethereum: the sum of all that is shown, however deep it stands inside.

import assert from "node:assert/strict";
import { test } from "node:test";
import { getBytes, Interface, MaxUint256, Transaction, Wallet } from "ethers";
import { inSymbol, MOST_UNITS } from "../../src/assets.ts";
import type { Address } from "../../src/eip55.ts";
import { type EthereumRequest, understand } from "../../src/ethereum/index.ts";
import { sums } from "../../src/ethereum/spend.ts";
import { nobleCurve } from "../../src/keys/index.ts";
import { HARDENED } from "../../src/limits.ts";
import type { EthereumMessage, Path } from "../../src/model.ts";
import { type Safe, safeOf } from "../../src/safe.ts";
import { utf8 } from "../../src/text.ts";
import { at, FRIEND, MULTICALL3, THIEF, USDC } from "./call-world.ts";
import { txFields, typedText } from "./safe-stage.ts";
import { master, nodeOf } from "./support.ts";

const root = master("test test test test test test test test test test test junk");
const OWN = at(root.derivePath("m/44'/60'/0'/0/0").address);
const SECOND = at(root.derivePath("m/44'/60'/0'/0/1").address);
const known = {
  ...({ network: "testnet4", fingerprint: root.fingerprint.slice(2), curve: nobleCurve() } as const),
  nodeAt: (path: Path) => nodeOf(root, path),
  nowSeconds: 1_767_225_600n,
};
const SAFE = safeOf("Treasury", {
  ...({ chainId: 1n, address: at(`0x${"5a".repeat(20)}`), version: "1.4.1", threshold: 1 } as const),
  owners: [OWN, FRIEND],
});

function ask(asked: Pick<EthereumMessage, "data" | "dataType">, safes: readonly Safe[] = []) {
  const path = [44 + HARDENED, 60 + HARDENED, HARDENED, 0, 0];
  const work = understand({ kind: "ethereum", dialect: "ur", path, ...asked }, { ...known, safes });
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

const send = (to: string, more: { data?: string; value?: bigint; chainId?: bigint } = {}, safes = [SAFE]) => {
  const fees = { maxFeePerGas: 1n, maxPriorityFeePerGas: 1n, gasLimit: 1_000_000n };
  const tx = Transaction.from({ type: 2, chainId: 1n, nonce: 7, to, ...fees, ...more });
  return ask({ data: getBytes(tx.unsignedSerialized), dataType: 4 }, safes);
};

const wallets = ({ spend }: EthereumRequest) => spend.wallets.map(({ name }) => name);
const ERC20 = new Interface(["function approve(address,uint256)", "function transfer(address,uint256)"]);
const BATCH = new Interface(["function aggregate3(tuple(address,bool,bytes)[])"]);
const SAFES = new Interface([
  "function execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)",
]);
const ZERO = `0x${"0".repeat(40)}`;

test("what calls inside a call take, allow and call is judged as if each were asked for alone", () => {
  const approve = ERC20.encodeFunctionData("approve", [THIEF, MaxUint256]);
  const inner = [
    [USDC, false, ERC20.encodeFunctionData("transfer", [FRIEND, 5n])],
    [USDC, false, approve],
    [THIEF, false, "0x12345678"],
  ];
  const { spend } = send(MULTICALL3, { data: BATCH.encodeFunctionData("aggregate3", [inner]) });
  const ethereum = spend.ethereum!;
  assert.deepEqual([...ethereum.oddities].sort(), ["unknown call", "unlimited approval"]);
  assert.deepEqual(
    ethereum.calls.map(({ contract, selector, known: read }) => [contract, selector, read]),
    [
      [MULTICALL3, "0x82ad56cb", true],
      [USDC, "0xa9059cbb", true],
      [USDC, "0x095ea7b3", true],
      [THIEF, "0x12345678", false],
    ],
  );
  assert.deepEqual(
    ethereum.allowances.map(({ spender }) => spender),
    [THIEF],
  );
  assert.deepEqual(spend.takes.map(inSymbol), ["unlimited USDC on Ethereum", "0.000000000001 ETH"]);
  const places = new Set(spend.destinations.map(({ to }) => to));
  assert.ok(places.has(FRIEND) && places.has(THIEF));
});

test("what several acts take of one asset is one amount, and no more than can be written", () => {
  const asset = "coin/eth";
  const most = { asset, units: MOST_UNITS };
  assert.deepEqual(sums([most, { asset: "1/0xab", units: 2n }, most]), [
    most,
    { asset: "1/0xab", units: 2n },
  ]);
  assert.deepEqual(
    sums([
      { asset, units: 1n },
      { asset, units: 2n },
    ]),
    [{ asset, units: 3n }],
  );
});

test("a transaction that makes a registered Safe do something is of that Safe as well as of the account", () => {
  const call = ERC20.encodeFunctionData("transfer", [FRIEND, 5n]);
  const rest = [0n, 0n, 0n, ZERO, ZERO, "0x"] as const;
  const data = SAFES.encodeFunctionData("execTransaction", [USDC, 0n, call, 0, ...rest]);
  assert.deepEqual(wallets(send(SAFE.address, { data })), ["Ethereum account 0", "Treasury"]);
  assert.deepEqual(wallets(send(SAFE.address, { data, chainId: 10n })), ["Ethereum account 0"]);
  assert.deepEqual(wallets(send(SAFE.address, { data }, [])), ["Ethereum account 0"]);
});

test("a Safe's transaction that is only signed is of the Safe, and excludes another with its nonce alone", () => {
  const text = typedText({ ...txFields({ value: 3n, nonce: 12n }) }, { safe: SAFE.address });
  const request = ask({ data: utf8(text), dataType: 2 }, [SAFE]);
  assert.deepEqual(wallets(request), ["Ethereum account 0", "Treasury"]);
  assert.deepEqual(request.spend.outpoints, [`1/${SAFE.address.toLowerCase()}/safe/12`]);
  assert.deepEqual(request.spend.takes.map(inSymbol), ["0.000000000000000003 ETH"]);
  assert.equal(request.spend.fee.units, 0n);
});

test("a destination is an own wallet where an account of ours derives it, or a Safe is registered on that chain", () => {
  const walletOf = (to: Address, chainId = 1n) =>
    send(to, { value: 1n, chainId }).spend.destinations.map(({ wallet }) => wallet);
  assert.deepEqual(walletOf(SAFE.address), [SAFE.fingerprint]);
  assert.deepEqual(walletOf(SAFE.address, 10n), [undefined]);
  assert.deepEqual(walletOf(at(`0x${"ab".repeat(20)}`)), [undefined]);
  const [own] = walletOf(SECOND);
  assert.match(own ?? "", /^[0-9a-f]{8}$/);
  assert.deepEqual(walletOf(SECOND, 10n), [own]);
});

test("whom an account is handed over to is judged, and a handover that is taken back hands nothing over", () => {
  const fees = { maxFeePerGas: 1n, maxPriorityFeePerGas: 1n, gasLimit: 1_000_000n };
  const handover = (delegate: string) => {
    const signer = new Wallet(root.derivePath("m/44'/60'/0'/0/1").privateKey);
    const authorizationList = [signer.authorizeSync({ address: delegate, chainId: 1n, nonce: 0n })];
    const like = { type: 4, chainId: 1n, nonce: 7, to: FRIEND, authorizationList, ...fees };
    const data = getBytes(Transaction.from(like).unsignedSerialized);
    return ask({ data, dataType: 4 }).spend.ethereum!;
  };
  const given = handover(USDC);
  assert.deepEqual([given.delegates, given.oddities], [[USDC], ["account delegation"]]);
  const back = handover(ZERO);
  assert.deepEqual([back.delegates, back.oddities], [[], []]);
});

test("the fee is in the coin of the chain that it is paid on, and so is what is sent there", () => {
  for (const [chainId, coin] of [
    [1n, "coin/eth"],
    [8453n, "coin/eth"],
    [137n, "coin/pol"],
    [987654321n, "coin/chain-987654321"],
  ] as const) {
    const { spend, review } = send(FRIEND, { value: 1n, chainId });
    assert.deepEqual(
      [spend.fee, review.fee, spend.takes],
      [
        { asset: coin, units: 1_000_000n },
        { asset: coin, units: 1_000_000n },
        [{ asset: coin, units: 1_000_001n }],
      ],
    );
  }
});

test("a Safe is called by its name on the chain that it is registered on alone", () => {
  const named = (chainId: bigint) => {
    const [act] = send(SAFE.address, { value: 1n, chainId }).review.acts;
    const value = act!.facts.find(({ label }) => label === "To")?.value;
    return value?.kind === "address" ? value.name : "no address";
  };
  assert.equal(named(1n), "Treasury");
  assert.equal(named(10n), undefined);
});
