// Requests on Ethereum, for the goldens: hand-made reviews, as the room of Ethereum makes them.

import type { Act, ActFact, EthereumReview, Value } from "../../src/act.ts";
import { coinOf, MOST_UNITS, tokenOf } from "../../src/assets.ts";
import { type Address, readAddress } from "../../src/eip55.ts";
import { Refusal } from "../../src/refusal.ts";
import type { Amount, Verdict } from "../../src/rules.ts";
import { ethereumReview, ethereumSheets, type NonceWord } from "../../src/screens/ethereum.ts";
import { refused } from "../../src/screens/notice.ts";
import type { Screen } from "../../src/screens/screen.ts";

const H = 0x80000000;
const ALLOWED: Verdict = {
  txid: "ab".repeat(32),
  outcome: "allow",
  rules: [
    {
      ...{ rule: "At most 1 ETH per transaction", outcome: "allow" },
      sentence: "0.5 of 1 ETH per transaction.",
    },
  ],
};
const SIGNING = {
  fingerprint: "73c5da0a",
  reasons: "shown",
} as const;

const at = (text: string) => readAddress(text) as Address;
const MINE = at("0x9858effd232b4033e47d90003d41ec34ecaeda94");
const ANNA = at("0xd8da6bf26964af9d7eed9e03e53415d37aa96045");
const ROUTER = at("0xe592427a0aece92de3edee1f18e0157c05861564");
const USDC = at("0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48");
const WETH = at("0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2");
const NFTS = at("0xbc4ca0eda7647a8ab7c2061c2e118a18a936f13d");
const THIEF = at("0x00000000000000000000000000000000deadbeef");
const SAFE = at("0x4f2083f5fbede34c2714affb3105539775f7fe64");

const eth = (units: bigint): Amount => ({ asset: coinOf(1n), units });
const usdc = (units: bigint): Amount => ({ asset: tokenOf(1n, USDC), units });
const amount = (label: string, value: Amount): ActFact => ({
  label,
  value: { kind: "amount", amount: value },
});
const address = (label: string, to: Address, name?: string): ActFact => ({
  label,
  value: { kind: "address", address: to, ...(name === undefined ? {} : { name }) },
});
const words = (label: string, text: string): ActFact => ({ label, value: { kind: "words", text } });
const field = (depth: number, label: string, value: Value): ActFact => ({
  label,
  foreign: true,
  value,
  depth,
});

function act(title: string, more: Partial<Act> = {}): Act {
  return {
    ...{ title, tone: "calm", facts: [], says: [], oddities: [], takes: [] },
    ...{ destinations: [], allowances: [], calls: [], delegates: [], depth: 0 },
    ...more,
  };
}

const ONE: EthereumReview = {
  form: "transaction",
  digest: "3c".repeat(32),
  account: { address: MINE, name: "account 0", path: [H + 44, H + 60, H, 0, 0] },
  chain: { id: 1n, name: "Ethereum", listed: true, test: false },
  acts: [],
  facts: [
    words("Type", "2 (EIP 1559)"),
    { label: "Gas limit", value: { kind: "number", value: 90_000n } },
    words("Highest price of gas", "30 gwei"),
  ],
  fields: [],
  says: [],
  tone: "calm",
  fee: eth(2_700_000_000_000_000n),
  nonce: 7n,
};
const { fee: _, nonce: __, ...SIGNED } = ONE;

const sends = act("Send", {
  facts: [amount("Amount", eth(500_000_000_000_000_000n)), address("To", ANNA)],
  takes: [eth(500_000_000_000_000_000n)],
  destinations: [{ to: ANNA, amount: eth(500_000_000_000_000_000n) }],
});
const call = (contract: Address, selector: string, known = true) => ({
  ...{ chainId: 1n, contract, selector, known },
});
const transfer = act("Send a token", {
  facts: [amount("Amount", usdc(1_250_500_000n)), address("To", ANNA), address("Token", USDC, "USDC")],
  takes: [usdc(1_250_500_000n)],
  destinations: [{ to: ANNA, amount: usdc(1_250_500_000n) }],
  calls: [call(USDC, "0xa9059cbb")],
});
const approval = act("Approve a spender", {
  tone: "danger",
  says: ["The spender can take all USDC of this account, now and later."],
  facts: [amount("Allowance", usdc(MOST_UNITS)), address("Spender", THIEF), address("Token", USDC, "USDC")],
  oddities: ["unlimited approval"],
  takes: [usdc(MOST_UNITS)],
  destinations: [{ to: THIEF, amount: usdc(MOST_UNITS) }],
  allowances: [{ spender: THIEF, amount: usdc(MOST_UNITS) }],
  calls: [call(USDC, "0x095ea7b3")],
});
const permitted = act("A permit: an allowance by signature", {
  tone: "danger",
  says: ["Whoever has this signature can set the allowance, without any transaction of yours."],
  facts: [
    amount("Allowance", usdc(5_000_000_000n)),
    address("Spender", ROUTER, "Uniswap V3 Router"),
    { label: "Holds until", value: { kind: "time", seconds: 1_900_000_000n } },
  ],
  oddities: ["far deadline"],
  takes: [usdc(5_000_000_000n)],
  destinations: [{ to: ROUTER, amount: usdc(5_000_000_000n) }],
  allowances: [{ spender: ROUTER, amount: usdc(5_000_000_000n), untilSeconds: 1_900_000_000n }],
});
const swap = act("Swap", {
  facts: [
    amount("Gives at most", usdc(2_000_000_000n)),
    amount("Gets at least", { asset: tokenOf(1n, WETH), units: 600_000_000_000_000_000n }),
    address("For", MINE, "your account 0"),
    address("By", ROUTER, "Uniswap V3 Router"),
  ],
  takes: [usdc(2_000_000_000n)],
  destinations: [{ to: ROUTER, amount: usdc(2_000_000_000n) }],
  calls: [call(ROUTER, "0x414bf389")],
});
const collection = { asset: tokenOf(1n, NFTS), units: MOST_UNITS };
const all = act("Hand over a whole collection", {
  tone: "danger",
  facts: [address("Operator", THIEF), address("Collection", NFTS)],
  oddities: ["approval of all"],
  takes: [collection],
  destinations: [{ to: THIEF, amount: collection }],
  allowances: [{ spender: THIEF, amount: collection }],
  calls: [call(NFTS, "0xa22cb465")],
});
const unknown = act("A call that Firn cannot read", {
  tone: "danger",
  facts: [
    address("Contract", ROUTER),
    words("Selector", "0x5ae401dc"),
    { label: "Word 1", value: { kind: "bytes", bytes: new Uint8Array(32).fill(7) } },
    { label: "All of it", value: { kind: "bytes", bytes: new Uint8Array(1000).map((_, i) => i) } },
  ],
  oddities: ["unknown call"],
  takes: [eth(10_000_000_000_000_000n)],
  destinations: [{ to: ROUTER, amount: eth(10_000_000_000_000_000n) }],
  calls: [call(ROUTER, "0x5ae401dc", false)],
});
const creation = act("Make a contract", {
  tone: "caution",
  facts: [{ label: "Its code", value: { kind: "bytes", bytes: new Uint8Array(700).fill(0x60) } }],
  oddities: ["contract creation"],
});
const blobs = act("Post data", {
  facts: [
    address("To", ROUTER),
    { label: "Blob 1", value: { kind: "bytes", bytes: new Uint8Array(32).fill(1) } },
    { label: "Blob 2", value: { kind: "bytes", bytes: new Uint8Array(32).fill(2) } },
  ],
});
const delegation = act("Hand over the account", {
  tone: "danger",
  facts: [address("To the code of", THIEF), words("On", "every chain")],
  oddities: ["account delegation"],
  delegates: [THIEF],
});
const several = act("Several calls in one", {
  facts: [address("Contract", ROUTER, "Uniswap V3 Router"), words("Calls", "3")],
  calls: [call(ROUTER, "0xac9650d8")],
});
const inside = (one: Act, depth: number): Act => ({ ...one, depth });
const safeTx = act("A transaction of the Safe", {
  facts: [
    address("Safe", SAFE, "your Safe Treasury"),
    words("It does", "runs foreign code as itself"),
    { label: "Nonce of the Safe", value: { kind: "number", value: 42n } },
  ],
});
const delegated = act("Run foreign code as the Safe", {
  tone: "danger",
  facts: [address("Code of", THIEF)],
  oddities: ["delegate call", "safe change"],
  calls: [{ ...call(THIEF, "0xa9059cbb"), delegate: true }],
  depth: 1,
});
const unknownTyped = act("Typed data that Firn cannot read", {
  tone: "danger",
  oddities: ["unknown typed data"],
});
const unreadable = act("A message that nobody can read", {
  tone: "danger",
  facts: [{ label: "Bytes", value: { kind: "bytes", bytes: new Uint8Array(32).fill(0xab) } }],
  oddities: ["unreadable message"],
});
const DOMAIN: readonly ActFact[] = [
  field(0, "Domain", { kind: "words", text: "for whom it is" }),
  field(1, "name", { kind: "text", text: "Ether Mail" }),
  field(1, "version", { kind: "text", text: "1" }),
  field(1, "chainId", { kind: "number", value: 1n }),
  field(1, "verifyingContract", { kind: "address", address: at(`0x${"cc".repeat(20)}`) }),
];
const MAIL: readonly ActFact[] = [
  ...DOMAIN,
  field(0, "Mail", { kind: "words", text: "what is said" }),
  field(1, "from", { kind: "words", text: "Person" }),
  field(2, "name", { kind: "text", text: "Cow" }),
  field(2, "wallet", { kind: "address", address: at("0xcd2a3d9f938e13cd947ec05abc7fe734df8dd826") }),
  field(1, "contents", { kind: "text", text: "Hello, B\u043eb!\u202e" }),
];

const NONCE: NonceWord = {
  title: "This nonce was signed before",
  tone: "caution",
  text: "Another transaction of this account with nonce 7 was signed here. Only one of the two can happen.",
};

function screen(facts: EthereumReview, nonce: readonly NonceWord[] = []): Screen<unknown> {
  return ethereumReview(facts, ALLOWED, { signing: SIGNING, nonce });
}

const tx = (acts: readonly Act[], more: Partial<EthereumReview> = {}): EthereumReview => ({
  ...{ ...ONE, acts, tone: acts.some(({ tone }) => tone === "danger") ? "danger" : "calm" },
  ...more,
});

/** A review and an act that say nothing yet. */
export const REVIEW: EthereumReview = ONE;
export const ACT: Act = act("An act");

export const ETHEREUM_SCREENS: Readonly<Record<string, Screen<unknown>>> = {
  "ethereum-send": screen(tx([sends], { origin: "MetaMask" }), [NONCE]),
  "ethereum-token": screen(tx([transfer])),
  "ethereum-approve": screen(tx([approval])),
  "ethereum-swap": screen(tx([swap])),
  "ethereum-all": screen(tx([all])),
  "ethereum-unknown": screen(tx([unknown])),
  "ethereum-creation": screen(tx([creation], { tone: "caution" })),
  "ethereum-blob": screen(tx([blobs])),
  "ethereum-delegation": screen(tx([delegation])),
  "ethereum-multicall": screen(tx([several, inside(transfer, 1), inside(several, 1), inside(swap, 2)])),
  "ethereum-permit": screen({ ...SIGNED, form: "typed", tone: "danger", acts: [permitted], fields: DOMAIN }),
  "ethereum-safe": screen({
    ...SIGNED,
    ...{ form: "typed", tone: "danger", acts: [safeTx, delegated], fields: DOMAIN },
  }),
  "ethereum-typed": screen({
    ...SIGNED,
    ...{ form: "typed", tone: "danger", acts: [unknownTyped], fields: MAIL },
  }),
  "ethereum-message": screen({
    ...SIGNED,
    ...{ form: "message", facts: [], message: "Hello, this is Anna.\nLondon, 2026-11-22" },
  }),
  "ethereum-sign-in": screen({
    ...SIGNED,
    ...{ form: "sign-in", origin: "Rabby" },
    facts: [
      words("Site", "example.com"),
      words("Wants", "https://example.com/login"),
      words("Nonce", "32891756"),
    ],
    says: ["It names no end: the site alone decides how long it holds.", "It was issued long ago."],
    tone: "caution",
    message:
      "example.com wants you to sign in with your Ethereum account:\n0x9858EfFD232B4033E47d90003D41EC34EcaEda94",
  }),
  "ethereum-unreadable": screen({
    ...SIGNED,
    ...{ form: "message", facts: [], tone: "danger", acts: [unreadable] },
  }),
  "ethereum-unlisted": screen(
    tx([sends], {
      chain: { id: 987_654n, name: "chain 987654", listed: false, test: false },
      tone: "caution",
    }),
  ),
  "ethereum-test-chain": screen(
    tx([sends], { chain: { id: 11_155_111n, name: "Sepolia", listed: true, test: true } }),
  ),
  "ethereum-refused": refused(
    new Refusal("policy.over-transaction-limit", "2 of 1 ETH per transaction"),
    ethereumSheets(tx([sends])),
  ),
};
