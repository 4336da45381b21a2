// Rules of Ethereum, one by one: what each lets pass, what it refuses and how that is called, and what silence refuses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ODDITIES, type Oddity } from "../../src/act.ts";
import { ANY_COIN, ANY_TOKEN, MOST_UNITS, UNLIMITED } from "../../src/assets.ts";
import {
  firstPolicy,
  isAtLeastAsStrict,
  isMessage,
  judge,
  parsePolicy,
  reasonsOf,
  refusalOf,
  withEthereum,
  writePolicy,
} from "../../src/policy/index.ts";
import type { Amount, EthereumSpend, Limit, Policy, Rule, Spend } from "../../src/rules.ts";
import { UNUSUAL } from "../../src/rules.ts";
import { at, DAY, HOUR, ledgerOf, line, NOON, recorded } from "./cases.ts";
import { ACCOUNTS, ADDRESSES, DAI, ETH, UNLISTED, USDC } from "./on-ethereum.ts";
import { policyOf, RULES, rule } from "./policies.ts";

const ETHER = 10n ** 18n;
const [A, B, C] = ADDRESSES as readonly [`0x${string}`, `0x${string}`, `0x${string}`];
const eth = (milli: number): Amount => ({ asset: ETH, units: (ETHER * BigInt(milli)) / 1000n });
const usdc = (units: number): Amount => ({ asset: USDC, units: BigInt(units) * 1_000_000n });

interface Parts {
  readonly takes?: readonly Amount[];
  readonly fee?: Amount;
  readonly to?: string;
  readonly of?: Partial<EthereumSpend>;
}

let made = 0;
/** A transaction of account 0 on Ethereum, with a fee of 0.001 ETH. */
function tx({ takes = [eth(100)], fee = eth(1), to = A, of = {} }: Parts = {}): Spend {
  const form = of.form ?? "transaction";
  const pays = form === "transaction" ? fee : { ...fee, units: 0n };
  const sums = new Map<string, bigint>();
  for (const one of [...takes, ...(pays.units > 0n ? [pays] : [])])
    sums.set(one.asset, (sums.get(one.asset) ?? 0n) + one.units);
  made++;
  return {
    ...{ network: "mainnet", key: "1a2b3c4d", wallets: [ACCOUNTS[0]!], txid: `tx${made}` },
    ...{ outpoints: form === "transaction" ? [`1/0x${"0".repeat(40)}/${made}`] : [], amounts: "00" },
    takes: [...sums].map(([asset, units]) => ({ asset, units })),
    ...{ fee: pays, feeRate: 0, feePercent: 0, feeProven: true, unusual: [] },
    destinations: takes.map((amount) => ({ to, amount })),
    ethereum: {
      ...{ form, chainId: 1n, account: A, path: [0x8000002c, 0x8000003c, 0x80000000, 0, 0] },
      ...{ oddities: [], calls: [], allowances: [], delegates: [], ...of },
    },
  };
}

const call = (contract = A, selector = "0xa9059cbb", more = {}) => ({
  ...{ chainId: 1n, contract, selector, known: true, ...more },
});

const policy = firstPolicy("mainnet", "simulator")!;
const reasons = (by: Policy, one: Spend, ledger = ledgerOf(), ms = NOON) =>
  reasonsOf(judge(by, one, ledger, at(ms)));
const without = (...kinds: readonly Limit["kind"][]): Policy => ({
  ...policy,
  rules: policy.rules.filter(({ limit }) => !kinds.includes(limit.kind)),
});
const beside = (text: string, lists = ""): Policy => {
  const kind = parsePolicy(`${HEAD}${lists}\nFor everything\n${text}\n`).rules[0]!.limit;
  const others = policy.rules.filter(({ limit }) => !("to" in limit && limit.kind === kind.kind));
  const parsed = parsePolicy(`${HEAD}${lists}\nFor everything\n${text}\n`);
  return { ...policy, lists: parsed.lists, rules: [...others, ...parsed.rules] };
};
const HEAD = "Firn policy 2\nNumber 1\nNetwork mainnet\nLoosening waits 1 day\nReasons shown\n";

test("the policy that the simulator offers lets its owner sign 1 ETH and 10,000 of any listed token at once", () => {
  assert.deepEqual(reasons(policy, tx({ takes: [eth(1000)] })), []);
  assert.deepEqual(reasons(policy, tx({ takes: [eth(1001)] })), ["policy.over-transaction-limit"]);
  const send = (units: number) => tx({ takes: [usdc(units)], of: { calls: [call()] } });
  assert.deepEqual(reasons(policy, send(10_000)), []);
  assert.deepEqual(reasons(policy, send(10_001)), ["policy.over-transaction-limit"]);
  assert.deepEqual(reasons(policy, tx({ fee: eth(101) })), ["policy.fee-too-high"]);
});

test("per transaction the fee has its own limit, and windows count it", () => {
  assert.deepEqual(reasons(policy, tx({ takes: [eth(1000)], fee: eth(100) })), []);
  const day = Array.from({ length: 9 }, () => recorded(tx({ takes: [eth(1000)], fee: eth(1) }), NOON));
  assert.deepEqual(reasons(policy, tx({ takes: [eth(990)], fee: eth(1) }), ledgerOf(...day)), []);
  assert.deepEqual(reasons(policy, tx({ takes: [eth(991)], fee: eth(1) }), ledgerOf(...day)), [
    "policy.over-window-limit",
  ]);
});

test("of any listed token each counts by itself, whatever its decimals", () => {
  const dai = (units: number): Amount => ({ asset: DAI, units: BigInt(units) * ETHER });
  const both = tx({ takes: [usdc(10_000), dai(10_000)], of: { calls: [call()] } });
  assert.deepEqual(reasons(policy, both), []);
  const spent = Array.from({ length: 10 }, () => recorded(tx({ takes: [usdc(10_000)] }), NOON - HOUR));
  const ledger = ledgerOf(...spent);
  assert.deepEqual(reasons(policy, tx({ takes: [usdc(1)] }), ledger), ["policy.over-window-limit"]);
  assert.deepEqual(reasons(policy, tx({ takes: [dai(10_000)] }), ledger), []);
  assert.deepEqual(reasons(policy, tx({ takes: [usdc(1)] }), ledger, NOON + DAY), []);
});

test("a specific limit holds beside the one of any token", () => {
  const by = beside("At most 500 USDC on Ethereum per transaction");
  assert.deepEqual(reasons(by, tx({ takes: [usdc(501)] })), ["policy.over-transaction-limit"]);
  assert.deepEqual(reasons(by, tx({ takes: [{ asset: DAI, units: 501n * ETHER }] })), []);
});

test("what has no limit fits none, however wide, and the sentence says so", () => {
  for (const units of [UNLIMITED, MOST_UNITS]) {
    const verdict = judge(policy, tx({ takes: [{ asset: USDC, units }] }), ledgerOf(), at(NOON));
    assert.deepEqual(reasonsOf(verdict), ["policy.over-transaction-limit", "policy.over-window-limit"]);
    assert.match(JSON.stringify(verdict), /without a limit, which fits none/);
  }
  const widest = `${(UNLIMITED - 1n) / 10n ** 18n}`;
  const by = parsePolicy(
    `${HEAD}\nFor everything\nAt most ${widest} of any listed token per transaction\nOn Ethereum only\nTo any destination\nFee at most 1 ETH\nAt most 1 ETH per day\n`,
  );
  assert.deepEqual(reasons(by, tx({ takes: [usdc(1)] })), []);
  assert.deepEqual(reasons(by, tx({ takes: [{ asset: USDC, units: UNLIMITED }] })), [
    "policy.over-transaction-limit",
  ]);
});

test("no limit holds what has no end, not even one that no text can say", () => {
  const most = { asset: USDC, units: MOST_UNITS };
  const limits: readonly Limit[] = [
    { kind: "amount", per: "transaction", most },
    { kind: "amount", per: "day", most },
    { kind: "allowance", most },
  ];
  const others = policy.rules.filter(
    ({ limit }) => limit.kind !== "amount" || limit.most.asset !== ANY_TOKEN,
  );
  const wide: Policy = { ...policy, rules: [...others, ...limits.map((limit) => rule(limit))] };
  const allows = (units: bigint) => {
    const amount = { asset: USDC, units };
    return reasons(wide, tx({ takes: [amount], of: { allowances: [{ spender: A, amount }] } }));
  };
  assert.deepEqual(allows(UNLIMITED - 1n), []);
  for (const units of [UNLIMITED, MOST_UNITS])
    assert.deepEqual(allows(units), [
      "policy.over-transaction-limit",
      "policy.over-window-limit",
      "policy.allowance",
    ]);
});

test("a limit of any listed coin says nothing of the coin of a chain that is not listed", () => {
  const coin = { asset: "coin/chain-987654", units: 1n };
  const there = tx({ takes: [coin], fee: coin, of: { chainId: 987_654n } });
  const by = { ...policy, rules: [...without("chains").rules, rule({ kind: "chains", only: [987_654n] })] };
  assert.deepEqual(reasons(by, there), ["policy.silent"]);
  assert.ok(reasons(policy, there).includes("policy.chain"));
});

test("of several unknown calls and several contracts each must be allowed, not the first alone", () => {
  const unknown = (...contracts: readonly `0x${string}`[]) => {
    const calls = contracts.map((contract) => call(contract, "0x12345678", { known: false }));
    return tx({ of: { calls, oddities: ["unknown call"] } });
  };
  const by = beside("Unknown calls to routers only", LISTS);
  assert.deepEqual(reasons(by, unknown(A, A)), []);
  for (const contracts of [
    [A, C],
    [C, A],
  ] as const)
    assert.deepEqual(reasons(by, unknown(...contracts)), ["policy.blind"]);
});

test("what no rule speaks of is refused: amounts of an unlisted token, and each matter of Ethereum", () => {
  const odd = tx({ takes: [{ asset: UNLISTED, units: 5n }], of: { oddities: ["unlisted token"] } });
  assert.deepEqual(reasons(policy, odd), ["policy.silent", "policy.unlisted-token"]);
  const named = beside(`At most 10 units of 0x${"77".repeat(20)} on Ethereum per week`);
  assert.deepEqual(reasons(named, odd), ["policy.unlisted-token"]);
  const allowance = { spender: A, amount: usdc(5) };
  const cases: readonly (readonly [Limit["kind"], Partial<EthereumSpend>])[] = [
    ["chains", {}],
    ["calls", { calls: [call()] }],
    ["spenders", { allowances: [allowance] }],
    ["typed", { form: "typed" }],
    ["sites", { form: "sign-in", site: "example.com" }],
    ["messages", { form: "message" }],
  ];
  for (const [kind, of] of cases) {
    const takes = of.form === "sign-in" || of.form === "message" ? [] : [usdc(1)];
    assert.deepEqual(reasons(policy, tx({ takes, of })), [], kind);
    assert.deepEqual(reasons(without(kind), tx({ takes, of })), ["policy.silent"], kind);
  }
});

test("a policy of Bitcoin alone signs nothing on Ethereum", () => {
  const bitcoin = policyOf(RULES);
  for (const form of ["transaction", "typed", "message", "sign-in"] as const)
    assert.deepEqual(reasons(bitcoin, tx({ takes: [], of: { form } })), ["policy.silent"], form);
  const sentences = judge(bitcoin, tx(), ledgerOf(), at(NOON)).rules.map(({ sentence }) => sentence);
  assert.ok(sentences.includes("No limit says how much ETH may leave."));
  assert.ok(sentences.includes("No rule says on which chains it may be."));
});

test("chains: named ones alone, or any that is listed; what names no chain only where any is allowed", () => {
  const some = beside("On Base, chain 987654321 only");
  assert.deepEqual(reasons(some, tx()), ["policy.chain"]);
  const odd = tx({ of: { chainId: 987_654_321n } });
  assert.ok(
    !reasons(
      { ...some, rules: some.rules.filter(({ limit }) => limit.kind !== "chains" || limit.only !== "any") },
      odd,
    ).includes("policy.chain"),
  );
  assert.ok(reasons(policy, odd).includes("policy.chain"));
  const { chainId: _, ...rest } = tx({ takes: [], of: { form: "typed" } }).ethereum!;
  const nowhere = { ...tx({ takes: [], of: { form: "typed" } }), ethereum: rest };
  assert.deepEqual(reasons(policy, nowhere), []);
  assert.deepEqual(reasons(some, nowhere), ["policy.chain"]);
});

const LISTS = `\nList routers\ncontract ${A} on Ethereum\ncontract ${B} on Ethereum, 0xa9059cbb\n`;

test("calls: of the contracts on the lists, by the selectors that stand there, and those that are nested as well", () => {
  const by = beside("Calls to routers only", LISTS);
  const called = (...calls: ReturnType<typeof call>[]) => reasons(by, tx({ of: { calls } }));
  assert.deepEqual(called(call(A, "0x12345678"), call(B)), []);
  assert.deepEqual(called(call(A), call(B, "0x095ea7b3")), ["policy.contract"]);
  assert.deepEqual(called(call(A), call(C)), ["policy.contract"]);
  assert.deepEqual(called(call(A, "0xa9059cbb", { chainId: 137n })), ["policy.contract"]);
  assert.deepEqual(called(call(C, "0x")), [], "nothing is called where no data is sent");
  assert.deepEqual(called(call(C, "0x", { delegate: true })), ["policy.contract"], "code runs all the same");
});

test("unknown calls: never but for the very contracts that are named for it", () => {
  const unknown = (contract = A) =>
    tx({ of: { calls: [call(contract, "0x12345678", { known: false })], oddities: ["unknown call"] } });
  assert.deepEqual(reasons(policy, unknown()), ["policy.silent"]);
  const by = beside("Unknown calls to routers only", LISTS);
  assert.deepEqual(reasons(by, unknown()), []);
  assert.deepEqual(reasons(by, unknown(B)), ["policy.blind"], "by another selector");
  assert.deepEqual(reasons(by, unknown(C)), ["policy.blind"]);
  assert.deepEqual(reasons(by, tx({ of: { oddities: ["unknown call"] } })), ["policy.blind"]);
  assert.throws(
    () => parsePolicy(`${HEAD}\nFor everything\nUnknown calls to any contract\n`),
    /no rule is written so/,
  );
});

test("spenders and allowances: who may be allowed to spend, and how much each", () => {
  const allows = (spender: `0x${string}`, amount: Amount) =>
    tx({ takes: [], of: { allowances: [{ spender, amount }] } });
  const by = beside("Spenders routers only", LISTS);
  assert.deepEqual(reasons(by, allows(A, usdc(1))), []);
  assert.deepEqual(reasons(by, allows(B, usdc(1))), ["policy.spender"], "selectors are about calls alone");
  assert.deepEqual(reasons(by, allows(C, usdc(1))), ["policy.spender"]);
  assert.deepEqual(reasons(by, allows(C, usdc(0))), [], "what is taken back is nobody's");
  const cap = beside("Allowance at most 500 USDC on Ethereum");
  assert.deepEqual(reasons(cap, allows(A, usdc(500))), []);
  assert.deepEqual(reasons(cap, allows(A, usdc(501))), ["policy.allowance"]);
  assert.deepEqual(reasons(cap, allows(A, { asset: DAI, units: 501n * ETHER })), []);
  const any = beside("Allowance at most 500 of any listed token");
  assert.deepEqual(reasons(any, allows(A, { asset: DAI, units: 500n * ETHER + 1n })), ["policy.allowance"]);
  assert.deepEqual(reasons(any, allows(A, { asset: USDC, units: MOST_UNITS })), ["policy.allowance"]);
});

test("typed data: for the contracts that are named; without a contract only where any is allowed", () => {
  const typed = (contract?: `0x${string}`) =>
    tx({
      takes: [],
      of: { form: "typed", domain: { name: "x", primaryType: "y", ...(contract ? { contract } : {}) } },
    });
  const by = beside("Typed data for routers only", LISTS);
  assert.deepEqual(reasons(by, typed(A)), []);
  assert.deepEqual(reasons(by, typed(C)), ["policy.typed-data"]);
  assert.deepEqual(reasons(by, typed()), ["policy.typed-data"]);
  assert.deepEqual(reasons(policy, typed()), []);
});

test("a contract on a list is that of its chain alone: for typed data, calls, spenders and delegations", () => {
  const elsewhere = { chainId: 137n } as const;
  const asked: readonly (readonly [string, Partial<EthereumSpend>, string])[] = [
    ["Typed data for", { form: "typed", domain: { name: "x", primaryType: "y", contract: A } }, "typed-data"],
    ["Calls to", { calls: [{ ...call(A), ...elsewhere }] }, "contract"],
    ["Spenders", { allowances: [{ spender: A, amount: usdc(1) }] }, "spender"],
    ["Delegation to", { delegates: [A], oddities: ["account delegation"] }, "delegation"],
  ];
  for (const [words, of, reason] of asked) {
    const by = beside(`${words} routers only`, LISTS);
    const here = { ...of, calls: (of.calls ?? []).map((one) => ({ ...one, chainId: 1n })) };
    assert.deepEqual(reasons(by, tx({ takes: [], of: here })), [], words);
    assert.deepEqual(
      reasons(by, tx({ takes: [], of: { ...of, ...elsewhere } })),
      [`policy.${reason}`],
      words,
    );
  }
});

test("what goes nowhere that is said is spoken of by what it takes", () => {
  const by = {
    ...without("destinations"),
    lists: parsePolicy(`${HEAD}${LISTS}\nFor everything\nSpenders routers only\n`).lists,
    rules: [
      ...without("destinations").rules,
      rule({ kind: "destinations", to: ["routers"], above: { asset: ETH, units: ETHER } }),
    ],
  };
  assert.deepEqual(reasons(by, { ...tx({ takes: [eth(1)] }), destinations: [] }), []);
  assert.deepEqual(reasons(by, { ...tx({ takes: [usdc(1)] }), destinations: [] }), ["policy.silent"]);
});

test("a list that holds above an amount holds for every asset that is above it", () => {
  const by = {
    ...without("destinations"),
    lists: parsePolicy(`${HEAD}${LISTS}\nFor everything\nSpenders routers only\n`).lists,
    rules: [
      ...without("destinations").rules,
      rule({ kind: "destinations", to: ["routers"], above: { asset: ANY_TOKEN, units: 100n * ETHER } }),
      rule({ kind: "destinations", to: ["routers"], above: { asset: ETH, units: ETHER } }),
    ],
  };
  const dai = (units: number): Amount => ({ asset: DAI, units: BigInt(units) * ETHER });
  const sends = (...takes: readonly Amount[]) => reasons(by, tx({ takes, to: C, of: { calls: [call()] } }));
  assert.deepEqual(sends(usdc(100), dai(100)), []);
  assert.deepEqual(sends(usdc(101), dai(1)), ["policy.destination"]);
  assert.deepEqual(sends(usdc(1), dai(101)), ["policy.destination"]);
});

test("of an allowance without a limit the refusal says that first: to send less would be no remedy", () => {
  const amount = { asset: USDC, units: MOST_UNITS };
  const endless = tx({ takes: [amount], of: { oddities: ["unlimited approval"] } });
  const refusal = refusalOf(judge(policy, endless, ledgerOf(), at(NOON)));
  assert.equal(refusal?.reason, "policy.unlimited-approval");
  assert.ok(refusal.also.includes("policy.over-transaction-limit"));
});

test("delegations: refused unless the very contract is named", () => {
  const over = (address: `0x${string}`) =>
    tx({ of: { delegates: [address], oddities: ["account delegation"] } });
  assert.deepEqual(reasons(policy, over(A)), ["policy.silent"]);
  const by = beside("Delegation to routers only", LISTS);
  assert.deepEqual(reasons(by, over(A)), []);
  assert.deepEqual(reasons(by, over(C)), ["policy.delegation"]);
  assert.deepEqual(reasons(by, tx({ of: { oddities: ["account delegation"] } })), ["policy.delegation"]);
});

test("sites and messages: what is signed in to, and under which path", () => {
  const signIn = (site: string) => tx({ takes: [], of: { form: "sign-in", site } });
  const by = beside("Sign-in to example.com, app.example.org only");
  const only = {
    ...by,
    rules: by.rules.filter(({ limit }) => limit.kind !== "sites" || limit.only !== "any"),
  };
  assert.deepEqual(reasons(only, signIn("example.com")), []);
  assert.deepEqual(reasons(only, signIn("example.com.evil.net")), ["policy.site"]);
  assert.deepEqual(reasons(only, signIn("EXAMPLE.COM")), ["policy.site"]);
  for (const site of ["evil-example.com", "www.example.com", "example.com:8443", ""])
    assert.deepEqual(reasons(only, signIn(site)), ["policy.site"], site);
  const elsewhere = tx({ takes: [], of: { form: "message", path: [1] } });
  const silent = { ...only, rules: only.rules.filter(({ limit }) => limit.kind !== "messages") };
  assert.deepEqual(reasons(silent, signIn("example.com")), [], "sign-ins are a kind of their own");
  assert.deepEqual(reasons(silent, elsewhere), ["policy.silent"]);
  assert.deepEqual(reasons(policy, elsewhere), ["policy.message-path"]);
  assert.ok(isMessage(elsewhere) && !isMessage(tx()));
  assert.ok(!isMessage(tx({ takes: [], fee: eth(0) })), "a transaction is none, whatever it takes");
  // A Safe's change of owners takes nothing, and uses up a nonce of the Safe.
  assert.ok(!isMessage({ ...elsewhere, outpoints: [`1/${A.toLowerCase()}/safe/5`] }));
});

test("every oddity is refused where nothing is said of it, and where it is not allowed, by a name of its own", () => {
  const names = new Set<string>();
  for (const what of ODDITIES) {
    const one = tx({ of: { oddities: [what] } });
    const silent = {
      ...policy,
      rules: policy.rules.filter(({ limit }) => !("what" in limit) || limit.what !== what),
    };
    assert.deepEqual(reasons(silent, one), ["policy.silent"], what);
    const found = reasons(policy, one);
    if (what === "unknown typed data") assert.deepEqual(found, []);
    else assert.equal(found.length, 1, what);
    names.add(found.join());
    if (isNamed(what)) assert.deepEqual(reasons(saying(silent, what, true), one), [], what);
  }
  assert.equal(names.size, ODDITIES.length - 1, "blind and delegation are both silent");
});

const isNamed = (what: Oddity) => what !== "unknown call" && what !== "account delegation";

function saying(of: Policy, what: Oddity, allowed: boolean): Policy {
  const said = { kind: "unusual", what, allowed } as Rule["limit"];
  return { ...of, rules: [...of.rules, rule(said)] };
}

test("rules of every other kind hold on Ethereum: count, hours, wallets, lists, new destinations, waits, asks", () => {
  const known = recorded(tx({ to: B }), NOON - 3 * DAY);
  const cases: readonly (readonly [string, Spend, readonly string[]])[] = [
    ["Between 00:00 and 01:00 UTC on Mon", tx(), ["policy.hours"]],
    ["Only wallets aaaa0001 Ethereum account 1", tx(), ["policy.wallet"]],
    ["Only wallets aaaa0000 Ethereum account 0", tx(), []],
    [
      "At most 0 of any listed coin to a new destination, else wait 1 day",
      tx({ to: A }),
      ["policy.new-destination"],
    ],
    ["At most 0 of any listed coin to a new destination, else wait 1 day", tx({ to: B }), []],
    [
      "At most 0 of any listed coin to a new destination, else ask anna",
      tx({ to: A }),
      ["policy.new-destination"],
    ],
    ["At most 0 BTC to a new destination, else wait 1 day", tx({ to: A }), []],
    ["Fee at most 1 sat/vB", tx(), []],
    ["Fee at most 0.001 %", tx(), []],
    ["Lock height at least 6 blocks above the one before", tx(), ["policy.lock-height"]],
  ];
  for (const [text, one, wanted] of cases)
    assert.deepEqual(reasons(beside(text), one, ledgerOf(known)), wanted, text);
  const once = beside("At most 1 transaction per week");
  assert.deepEqual(reasons(once, tx(), ledgerOf(known)), ["policy.too-many"]);
  assert.deepEqual(reasons(once, tx({ takes: [], of: { form: "message" } }), ledgerOf(known)), []);
});

test("a destination on Ethereum is on a list by its address, as an own account, or as a whole contract", () => {
  const list = `\nList own\nwallet aaaa0001 Ethereum account 1\n${C}\n\nList apps\ncontract ${A} on Ethereum\ncontract ${B} on Ethereum, 0xa9059cbb\n`;
  const by = beside("To own, apps only", list);
  assert.deepEqual(reasons(by, tx({ to: A })), []);
  assert.deepEqual(reasons(by, tx({ to: B })), ["policy.destination"]);
  assert.deepEqual(reasons(by, tx({ to: C })), []);
  const own = tx({ to: B });
  const mine = { ...own, destinations: own.destinations.map((one) => ({ ...one, wallet: "aaaa0001" })) };
  assert.deepEqual(reasons(by, mine), []);
});

test("a wait on Ethereum ends, and windows of a wallet count its account alone", () => {
  const by = beside("At most 0.05 of any listed coin per transaction, else wait 1 day");
  const one = tx();
  const told = line({ kind: "asked", txid: one.txid, destinations: [], reasons: [] }, NOON);
  assert.equal(judge(by, one, ledgerOf(), at(NOON)).outcome, "wait");
  assert.equal(judge(by, one, ledgerOf(told), at(NOON + DAY)).outcome, "allow");
  const text = `${writePolicy(policy)}\nFor wallet aaaa0000 Ethereum account 0\nAt most 0.15 ETH per day\n`;
  const scoped = parsePolicy(text);
  const past = recorded(tx(), NOON);
  assert.deepEqual(reasons(scoped, tx(), ledgerOf(past)), ["policy.over-window-limit"]);
  const other = { ...tx(), wallets: [ACCOUNTS[1]!] };
  assert.deepEqual(reasons(scoped, other, ledgerOf(past)), []);
});

test("to speak of a new asset allows more; what one of any listed coin holds is no new one", () => {
  const bitcoin = policyOf(RULES);
  const add = (...texts: readonly string[]) => {
    const { rules } = parsePolicy(`${HEAD}\nFor everything\n${texts.join("\n")}\n`);
    return { ...bitcoin, rules: [...RULES, ...rules] };
  };
  assert.equal(isAtLeastAsStrict(add("At most 1000 ETH per day"), bitcoin), false);
  assert.equal(isAtLeastAsStrict(add("Fee at most 1 ETH"), bitcoin), false);
  assert.equal(isAtLeastAsStrict(add("On Ethereum only"), bitcoin), false);
  assert.equal(isAtLeastAsStrict(bitcoin, add("At most 1000 ETH per day")), true);
  const any = add("At most 10 of any listed coin per day");
  assert.equal(
    isAtLeastAsStrict(add("At most 10 of any listed coin per day", "At most 1 ETH per day"), any),
    true,
  );
  assert.equal(
    isAtLeastAsStrict(add("At most 10 ETH per day"), any),
    false,
    "other coins are refused, and these may be more",
  );
  assert.equal(isAtLeastAsStrict(any, add("At most 5 ETH per day")), false);
  const token = add("At most 100 USDC on Ethereum per day");
  assert.equal(isAtLeastAsStrict(add("At most 100 of any listed token per day"), token), false);
  assert.equal(isAtLeastAsStrict(add("At most 99 USDC on Ethereum per day"), token), true);
  assert.equal(isAtLeastAsStrict(add("At most 100 USDC on Base per day"), token), false);
  for (const what of UNUSUAL) assert.ok(!what.includes("ETH"));
});

test("the rules for Ethereum are added to any policy that has none, in the place of those it has", () => {
  const limits = {
    ...{ coinPerTransaction: ETHER, coinPerDay: 2n * ETHER, fee: ETHER / 50n },
    ...{ tokenPerTransaction: 100n * ETHER, tokenPerDay: 200n * ETHER },
  };
  for (const before of [policyOf(RULES), policy, firstPolicy("signet", "board")!]) {
    const after = withEthereum(before, limits, "refused");
    assert.deepEqual(parsePolicy(writePolicy(after)), after);
    assert.deepEqual(
      writePolicy(withEthereum(after, limits, "refused")),
      writePolicy(after),
      "twice is as once",
    );
    const found = reasons(after, { ...tx({ takes: [eth(1000)] }), network: after.network });
    assert.deepEqual(found, []);
  }
});

test("any listed coin and any listed token are words of limits alone: nothing that is taken is of them", () => {
  for (const asset of [ANY_COIN, ANY_TOKEN])
    assert.ok(reasons(without("amount"), tx({ takes: [{ asset, units: 1n }] })).includes("policy.silent"));
});

const only = (text: string) => parsePolicy(`${HEAD}\nFor everything\n${text}\n`);

test("what had no name when a policy was written is read by the name that a list gives it now, and means the same", () => {
  const raw = only("At most 2500000 units of 0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48 on Ethereum per day");
  assert.deepEqual(raw, only("At most 2.5 USDC on Ethereum per day"));
  assert.match(writePolicy(raw), /\nAt most 2.5 USDC on Ethereum per day\n$/);
  assert.deepEqual(only("On chain 8453, chain 987654321 only"), only("On Base, chain 987654321 only"));
  const listed = parsePolicy(
    `${HEAD}\nList routers\ncontract ${A} on chain 8453\n\nFor everything\nCalls to routers only\n`,
  );
  assert.match(writePolicy(listed), new RegExp(`\ncontract ${A} on Base\n`));
  for (const [text, why] of [
    [
      "At most 010 units of 0x7777777777777777777777777777777777777777 on Ethereum per day",
      /this is written/,
    ],
    ["On chain 987654321, chain 987654321 only", /a chain is named twice/],
    ["On chain 0 only", /a chain is named as in Firn's list/],
    ["On chain 9007199254740992 only", /no chain has such a number/],
  ] as const)
    assert.throws(() => only(text), why, text);
});

test("amounts are read up to what any can be, each with the decimals that it has", () => {
  const most = `${UNLIMITED - 1n}`;
  const unlisted = `units of 0x7777777777777777777777777777777777777777 on Ethereum`;
  assert.match(writePolicy(only(`At most ${most} ${unlisted} per day`)), new RegExp(most));
  for (const [text, why] of [
    [`At most ${UNLIMITED} ${unlisted} per day`, /more than any amount can be/],
    [`At most 1.5 ${unlisted} per day`, /at most 0 decimals/],
    ["At most 1.0000001 USDC on Ethereum per day", /at most 6 decimals/],
    ["At most 21000001 BTC per day", /only 21000000 BTC/],
    ["At most 1 USDC per day", /an amount is a number and what it is of/],
    ["At most 1 USDC on Atlantis per day", /an amount is a number and what it is of/],
    ["Fee at most 1 of any listed token", /fees are paid in coins/],
    ["Fee at most 1 USDC on Ethereum", /fees are paid in coins/],
    ["Allowance at most 1 ETH", /allowances are of tokens/],
    ["Allowance at most 0 of any listed token", /nothing could ever pass/],
  ] as const)
    assert.throws(() => only(text), why, text);
});

test("what can only be a mistake is refused with the line: lists, addresses, selectors, sites, rules that never matter", () => {
  const small = A.toLowerCase();
  const swapped = `${A.slice(0, -1)}${/[A-F]/.test(A.slice(-1)) ? A.slice(-1).toLowerCase() : "b"}`;
  const cases: readonly (readonly [lists: string, rules: string, why: RegExp])[] = [
    [`List a\n${small}`, "To a only", /with its checksum it is written/],
    [`List a\n${swapped}`, "To a only", /line 8, .*(checksum|character may be wrong)/],
    [`List a\ncontract ${small} on Ethereum`, "Calls to a only", /with its checksum it is written/],
    [`List a\ncontract ${A} on Atlantis`, "Calls to a only", /a contract is its address and its chain/],
    [`List a\ncontract ${A} on Ethereum, 0xA9059CBB`, "Calls to a only", /a selector has 8 hex digits/],
    [`List a\ncontract ${A} on Ethereum, 0xa9059cbb, 0xa9059cbb`, "Calls to a only", /stands there twice/],
    [
      `List a\ncontract ${A} on Ethereum\ncontract ${A} on Ethereum`,
      "Calls to a only",
      /on this list already/,
    ],
    [`List a\n${A}`, "Calls to a only", /no contract that it could let through/],
    [`List a\ncontract ${A} on Ethereum, 0xa9059cbb`, "Typed data for a only", /no contract that it could/],
    [`List a\ncontract ${A} on Ethereum`, "Spenders any", /no rule uses it/],
    ["", "Calls to a only", /does not stand above/],
    ["", "Sign-in to Example.com only", /a site is like/],
    ["", "Sign-in to example.com, example.com only", /a site is named twice/],
    ["", "On Ethereum only\nOn Base only", /nothing passes both/],
    ["", "On Ethereum only\nOn any listed chain", /it never matters/],
    ["", "Sign-in to a.b only\nSign-in to any site", /it allows what is not allowed by/],
    [
      "",
      "At most 10 of any listed coin per day\nAt most 20 ETH per day",
      /"At most 20 ETH per day": it never matters/,
    ],
    ["", "Unknown call allowed", /what may be allowed is one of/],
    ["", "Account delegation allowed", /what may be allowed is one of/],
  ];
  for (const [lists, rules, why] of cases)
    assert.throws(
      () => parsePolicy(`${HEAD}${lists === "" ? "" : `\n${lists}\n`}\nFor everything\n${rules}\n`),
      why,
      `${lists} ${rules}`,
    );
});

test("a rule that a request has nothing to do with is not told of it", () => {
  const told = (one: Spend) => judge(policy, one, ledgerOf(), at(NOON)).rules.map(({ sentence }) => sentence);
  const token = told(tx({ takes: [usdc(250)], of: { calls: [call()] } }));
  assert.ok(token.some((one) => /^Takes 250\.000000 USDC/.test(one)));
  assert.ok(token.some((one) => one.startsWith("Any destination")));
  assert.deepEqual(
    token.filter((one) => one.startsWith("Takes 0 ")),
    [],
  );
  const message = told(tx({ takes: [], of: { form: "message" } }));
  assert.deepEqual(
    message.filter((one) => !one.startsWith("Signs at m/44h/60h/0h/0/0: ") && !one.startsWith("On Ethereum")),
    [],
  );
  assert.ok(message.length > 0);
});
