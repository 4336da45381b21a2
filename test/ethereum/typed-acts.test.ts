// What typed data allows: known to the letter or not at all, in full, and in red where people lose everything by it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { id } from "ethers";
import fc from "fast-check";
import type { Act } from "../../src/act.ts";
import { MOST_UNITS, tokenOf } from "../../src/assets.ts";
import type { Address } from "../../src/eip55.ts";
import type { CallToRead } from "../../src/ethereum/context.ts";
import { actsOfTyped, outpointsOf, readTyped } from "../../src/ethereum/typed/index.ts";
import { LIMITS } from "../../src/limits.ts";
import { Refusal } from "../../src/refusal.ts";
import {
  ACCOUNT,
  actsOf,
  authorization,
  BATCH,
  BULK,
  CANCEL,
  COW,
  COW_ORDER,
  contextWith,
  cowOrder,
  DAI,
  DAI_PERMIT,
  DELEGATION,
  FAR,
  FORWARD,
  FORWARD_UNTIL,
  FRIEND,
  filler,
  HOUR,
  INCH_5_ORDER,
  INCH_6,
  INCH_ORDER,
  inchOrder,
  META,
  MOST,
  NOBODY,
  ONCE,
  ONCE_BATCH,
  ORDER,
  once,
  order,
  PERMIT,
  PERMIT2,
  permit,
  planOf,
  RECEIVE,
  SEAPORT,
  SINGLE,
  STRANGER,
  single,
  TRANSFER,
  typedOf,
  UNISWAP_ORDERS,
  UNLISTED,
  USDC,
  uniswapOrder,
  WETH,
  WITNESS,
} from "./typed-known.ts";
import { planOf as anyPlan, bytesOf, structOf } from "./typed-plans.ts";

function only(acts: readonly Act[]): Act {
  assert.equal(acts.length, 1);
  return acts[0]!;
}

const amount = (token: Address, units: bigint) => ({ asset: tokenOf(1n, token), units });
const isUnknown = (act: Act) =>
  act.oddities.includes("unknown typed data") && act.title === "Typed data that Firn cannot read";

// ---------------------------------------------------------------- known to the letter

/** As the contracts have them: Permit2, GPv2Order.sol, FiatTokenV2, Dai.sol, Seaport, MinimalForwarder, UChildERC20. */
test("the types that Firn knows hash to what the contracts compare", () => {
  const published: readonly (readonly [type: string, hash: string])[] = [
    [PERMIT, "6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9"],
    [DAI_PERMIT, "ea2aa0a1be11a07ed86d755c93467f4f82362b452371d1ba94d1715123511acb"],
    [SINGLE, "f3841cd1ff0085026a6327b620b67997ce40f282c88a8e905a7a5626e310f3d0"],
    [BATCH, "af1b0d30d2cab0380e68f0689007e3254993c596f2fdd0aaa7f4d04f79440863"],
    [ONCE, "939c21a48a8dbe3a9a2404a1d46691e4d39f6583d6ec6b35714604c986d80106"],
    [ONCE_BATCH, "fcf35f5ac6a2c28868dc44c302166470266239195f02b0ee408334829333b766"],
    [TRANSFER, "7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267"],
    [RECEIVE, "d099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de8"],
    [CANCEL, "158b0a9edf7a828aad02f63cd515c68ef2f50ba807396f6d12842833a1597429"],
    [ORDER, "fa445660b7e21515a59617fcd68910b487aa5808b8abda3d78bc85df364b2c2f"],
    [COW_ORDER, "d5a25ba2e97094ad7d83dc28a6572da797d6b3e7fc6663bd93efb789fc17e489"],
    [FORWARD, "dd8f4b70b0f4393e889bd39128a30628a78b61816a9eb8199759e7a349657e48"],
    [META, "23d10def3caacba2e4042e0c75d44a42d2558aabcf5ce951d0642a8032e1e653"],
  ];
  for (const [type, hash] of published) assert.equal(id(type), `0x${hash}`, type);
});

test("a permit is one by all of its members alone: one that differs anywhere is unknown, and in red", () => {
  assert.ok(!isUnknown(only(actsOf(planOf(PERMIT, USDC, permit())))));
  for (const type of [
    PERMIT.replace("uint256 value", "uint128 value"),
    PERMIT.replace("address owner,address spender", "address spender,address owner"),
    PERMIT.replace("uint256 deadline", "uint256 deadline,bool more"),
    PERMIT.replace("Permit(", "permit("),
  ]) {
    const message = { ...permit(), ...(type.includes("more") ? { more: true } : {}) };
    const act = only(actsOf(planOf(type, USDC, message)));
    assert.ok(isUnknown(act), type);
    assert.equal(act.tone, "danger");
    assert.match(act.says.join(" "), /others than the standard's/);
    assert.deepEqual(act.calls, []);
  }
});

test("a permit whose domain names no contract or no chain is refused: nothing could count it", () => {
  for (const plan of [planOf(PERMIT, undefined, permit()), withoutChain()])
    assert.throws(
      () => actsOf(plan),
      (problem) => problem instanceof Refusal && problem.reason === "typed.nowhere",
    );
});

function withoutChain() {
  const plan = planOf(PERMIT, USDC, permit());
  const { chainId: _, ...domain } = plan.domain;
  const EIP712Domain = plan.types.EIP712Domain!.filter(({ name }) => name !== "chainId");
  return { ...plan, domain, types: { ...plan.types, EIP712Domain } };
}

test("other typed data is unknown, and calm words do not make it known", () => {
  const act = only(
    actsOf(planOf("Vote(uint256 proposal,bool support)", FRIEND, { proposal: 1, support: true })),
  );
  assert.ok(isUnknown(act));
  assert.equal(act.tone, "caution");
  const operation = "PackedUserOperation(address sender,uint256 nonce,bytes callData)";
  const drained = only(actsOf(planOf(operation, FRIEND, { sender: ACCOUNT, nonce: 0, callData: "0x" })));
  assert.ok(isUnknown(drained));
  assert.match(drained.says.join(" "), /ERC 4337/);
});

// ---------------------------------------------------------------- permits

test("a permit allows its value to its spender, in the token that is its domain's contract", () => {
  const act = only(actsOf(planOf(PERMIT, USDC, permit())));
  assert.equal(act.title, "Permit: give an allowance");
  assert.deepEqual(act.takes, [amount(USDC, 1_500_000n)]);
  assert.deepEqual(act.destinations, [{ to: FRIEND, amount: amount(USDC, 1_500_000n) }]);
  assert.deepEqual(act.allowances, [{ spender: FRIEND, amount: amount(USDC, 1_500_000n) }]);
  assert.deepEqual(act.oddities, []);
  assert.deepEqual(act.calls, []);
  assert.equal(act.tone, "caution");
});

test("a permit for all, for ever, to a stranger, of an unlisted token says each of it in red", () => {
  const plan = planOf(PERMIT, UNLISTED, permit({ value: MOST, deadline: MOST, spender: STRANGER }));
  const act = only(actsOf(plan));
  assert.deepEqual([...act.oddities].sort(), ["far deadline", "unlimited approval", "unlisted token"]);
  assert.equal(act.tone, "danger");
  assert.deepEqual(act.takes, [amount(UNLISTED, MOST_UNITS)]);
  assert.match(act.says.join(" "), /There is no limit.*does not know this spender.*more than 30 days/s);
});

test("a permit of another owner is said in red", () => {
  const act = only(actsOf(planOf(PERMIT, USDC, permit({ owner: STRANGER }))));
  assert.equal(act.tone, "danger");
  assert.match(act.says[0]!, /The owner in it is 0x5aAe/);
});

test("a permit that is far off or over is said, and one for nothing takes nothing", () => {
  assert.deepEqual(only(actsOf(planOf(PERMIT, USDC, permit({ deadline: FAR })))).oddities, ["far deadline"]);
  assert.match(only(actsOf(planOf(PERMIT, USDC, permit({ deadline: 1 })))).says.join(" "), /over already/);
  const back = only(actsOf(planOf(PERMIT, USDC, permit({ value: 0 }))));
  assert.equal(back.title, "Permit: take back an allowance");
  assert.deepEqual([back.takes, back.destinations, back.allowances], [[], [], []]);
});

test("DAI's permit allows everything, and without an expiry for ever", () => {
  const message = (more: object) => ({
    holder: ACCOUNT,
    spender: FRIEND,
    nonce: 0,
    expiry: 0,
    allowed: true,
    ...more,
  });
  const act = only(actsOf(planOf(DAI_PERMIT, DAI, message({}))));
  assert.deepEqual(act.takes, [amount(DAI, MOST_UNITS)]);
  assert.deepEqual([...act.oddities].sort(), ["far deadline", "unlimited approval"]);
  const timed = only(actsOf(planOf(DAI_PERMIT, DAI, message({ expiry: HOUR }))));
  assert.deepEqual(timed.oddities, ["unlimited approval"]);
  const back = only(actsOf(planOf(DAI_PERMIT, DAI, message({ allowed: false, expiry: HOUR }))));
  assert.deepEqual([back.takes, back.oddities], [[], []]);
});

test("Permit2 allows what stands in it, each token by itself, until it says", () => {
  const act = only(actsOf(planOf(SINGLE, PERMIT2, single())));
  const untilSeconds = BigInt(HOUR);
  assert.deepEqual(act.allowances, [{ spender: FRIEND, amount: amount(USDC, 1_500_000n), untilSeconds }]);
  const details = [single().details, single({ token: WETH, amount: (2n ** 160n - 1n).toString() }).details];
  const [first, second, ...others] = actsOf(planOf(BATCH, PERMIT2, { ...single(), details }));
  assert.deepEqual(others, []);
  assert.deepEqual(first!.takes, [amount(USDC, 1_500_000n)]);
  assert.deepEqual(second!.takes, [amount(WETH, MOST_UNITS)]);
  assert.deepEqual(second!.oddities, ["unlimited approval"]);
  const back = only(actsOf(planOf(SINGLE, PERMIT2, single({ amount: 0 }))));
  assert.deepEqual(back.takes, []);
  const far = only(actsOf(planOf(SINGLE, PERMIT2, single({}, { sigDeadline: FAR }))));
  assert.deepEqual(far.oddities, ["far deadline"]);
});

test("a signature for Permit2 that another contract takes is in red, and nobody knows what it does", () => {
  for (const [type, message] of [
    [SINGLE, single()],
    [BATCH, { ...single(), details: [single().details] }],
    [ONCE, once()],
    [ONCE_BATCH, once({ permitted: [once().permitted] })],
    [WITNESS, once({ witness: { swapper: ACCOUNT } })],
  ] as const) {
    const act = only(actsOf(planOf(type, STRANGER, message)));
    assert.equal(act.tone, "danger");
    assert.ok(act.oddities.includes("unknown typed data"));
    assert.match(act.says.join(" "), /written as for Permit2/);
    assert.deepEqual(act.takes, [amount(USDC, 1_500_000n)]);
    assert.ok(!only(actsOf(planOf(type, PERMIT2, message))).oddities.includes("unknown typed data"));
  }
});

test("more permits than are shown are refused", () => {
  const details = Array.from({ length: LIMITS.acts + 1 }, (_, nonce) => single({ nonce }).details);
  const plan = planOf(BATCH, PERMIT2, { ...single(), details });
  assert.throws(
    () => actsOf(plan),
    (thrown) => thrown instanceof Refusal && thrown.reason === "typed.too-large",
  );
  assert.equal(actsOf({ ...plan, message: { ...single(), details: details.slice(1) } }).length, LIMITS.acts);
});

test("what Permit2 lets be taken once counts in full, terms beside it or not", () => {
  const act = only(actsOf(planOf(ONCE, PERMIT2, once())));
  assert.equal(act.title, "Permit2: let tokens be taken once");
  assert.deepEqual(act.destinations, [{ to: FRIEND, amount: amount(USDC, 1_500_000n) }]);
  const [a, b] = actsOf(
    planOf(
      ONCE_BATCH,
      PERMIT2,
      once({
        permitted: [
          { token: USDC, amount: 5 },
          { token: DAI, amount: MOST },
        ],
      }),
    ),
  );
  assert.deepEqual([a!.takes, b!.takes], [[amount(USDC, 5n)], [amount(DAI, MOST_UNITS)]]);
  const bound = only(actsOf(planOf(WITNESS, PERMIT2, once({ witness: { swapper: ACCOUNT } }))));
  assert.match(bound.says.join(" "), /terms \(a witness\)/);
  assert.deepEqual(bound.takes, [amount(USDC, 1_500_000n)]);
  assert.deepEqual(
    only(actsOf(planOf(ONCE, PERMIT2, once({ permitted: { token: USDC, amount: 0 } })))).takes,
    [],
  );
  const fake = WITNESS.replace("uint256 amount)", "uint256 amount,uint8 more)");
  const message = once({ permitted: { token: USDC, amount: 1, more: 1 }, witness: { swapper: ACCOUNT } });
  assert.ok(isUnknown(only(actsOf(planOf(fake, PERMIT2, message)))));
});

test("orders of UniswapX show the least that should come back, and are in red where nothing does", () => {
  for (const kind of UNISWAP_ORDERS) {
    const fair = only(actsOf(uniswapOrder(kind, WETH, "500000000000000", ACCOUNT)));
    const got = fair.facts.find(({ label }) => label === "You get")?.value;
    assert.deepEqual(got, { kind: "amount", amount: amount(WETH, 500_000_000_000_000n) }, kind);
    assert.equal(fair.tone, "caution");
    assert.deepEqual(fair.takes, [amount(USDC, 1_500_000n)]);
    for (const drain of [
      uniswapOrder(kind, WETH, "500000000000000", STRANGER),
      uniswapOrder(kind, WETH, "0", ACCOUNT),
      uniswapOrder(kind, UNLISTED, "500000000000000", ACCOUNT),
    ]) {
      const act = only(actsOf(drain));
      assert.equal(act.tone, "danger");
      assert.match(act.says.join(" "), /Nothing comes back|on no shipped list/);
    }
  }
});

// ---------------------------------------------------------------- transfers and calls that others hand in

test("a transfer by signature sends its value to whom it says", () => {
  for (const type of [TRANSFER, RECEIVE]) {
    const act = only(actsOf(planOf(type, USDC, authorization())));
    assert.deepEqual(act.takes, [amount(USDC, 1_500_000n)]);
    assert.deepEqual(act.destinations, [{ to: FRIEND, amount: amount(USDC, 1_500_000n) }]);
    assert.deepEqual(act.allowances, []);
    assert.deepEqual(act.oddities, []);
    const far = only(actsOf(planOf(type, USDC, authorization({ validBefore: MOST, from: STRANGER }))));
    assert.deepEqual(far.oddities, ["far deadline"]);
    assert.match(far.says.join(" "), /The sender in it is/);
    const lost = only(actsOf(planOf(type, USDC, authorization({ to: USDC }))));
    assert.equal(lost.tone, "danger");
    const multicall3: Address = "0xcA11bde05977b3631167028862bE2a173976CA11";
    const open = only(actsOf(planOf(type, USDC, authorization({ to: multicall3 }))));
    assert.match(open.says.join(" "), /anybody can take/);
  }
  const off = only(actsOf(planOf(CANCEL, USDC, { authorizer: ACCOUNT, nonce: authorization().nonce })));
  assert.deepEqual([off.takes, off.tone], [[], "calm"]);
});

test("a call that others hand in is read as the account's own, without coin", () => {
  const inner: Act = only(actsOf(planOf(TRANSFER, USDC, authorization())));
  const asked: CallToRead[] = [];
  const context = contextWith((call) => {
    asked.push(call);
    return [{ ...inner, depth: call.depth }];
  });
  const request = { from: ACCOUNT, to: USDC, value: "5", gas: 1, nonce: 0, data: "0xa9059cbb" };
  for (const [type, message] of [
    [FORWARD, request],
    [FORWARD_UNTIL, { ...request, deadline: HOUR }],
  ] as const) {
    const [outer, called] = actsOf(planOf(type, STRANGER, message), context);
    assert.equal(outer!.tone, "danger");
    assert.deepEqual(outer!.oddities, ["unknown typed data"]);
    assert.deepEqual([outer!.takes, called!.takes, called!.depth], [[], inner.takes, 1]);
  }
  const bridged = { verifyingContract: USDC, salt: `0x${"89".padStart(64, "0")}` };
  const plan = planOf(META, USDC, { nonce: 1, from: ACCOUNT, functionSignature: "0xa9059cbb" });
  const { chainId: _, ...named } = plan.domain;
  const domain = { ...named, ...bridged };
  const kept = plan.types.EIP712Domain!.filter(({ name }) => name !== "chainId");
  const types = { ...plan.types, EIP712Domain: [...kept, { name: "salt", type: "bytes32" }] };
  const [outer] = actsOf({ ...plan, domain, types }, context);
  assert.deepEqual(outer!.oddities, []);
  assert.deepEqual(
    asked.map(({ chainId, from, to, value, depth }) => [chainId, from, to, value, depth]),
    [
      [1n, ACCOUNT, USDC, 0n, 1],
      [1n, ACCOUNT, USDC, 0n, 1],
      [137n, ACCOUNT, USDC, 0n, 1],
    ],
  );
});

test("a delegation hands the account over: everything is taken, and the delegate is named", () => {
  const message = {
    delegate: STRANGER,
    delegator: ACCOUNT,
    authority: authorization().nonce,
    caveats: [],
    salt: 0,
  };
  const act = only(actsOf(planOf(DELEGATION, FRIEND, message)));
  assert.equal(act.tone, "danger");
  assert.deepEqual([act.oddities, act.delegates], [["account delegation"], [STRANGER]]);
  assert.deepEqual(act.takes, [{ asset: "coin/eth", units: MOST_UNITS }]);
  const bounded = { ...message, caveats: [{ enforcer: FRIEND, terms: "0x00" }] };
  assert.match(only(actsOf(planOf(DELEGATION, FRIEND, bounded))).says.join(" "), /count with everything/);
});

// ---------------------------------------------------------------- orders

test("an order at Seaport for a price gives the item and says what comes back", () => {
  const act = only(actsOf(planOf(ORDER, SEAPORT, order("2500000000000000000"))));
  assert.deepEqual(act.takes, [amount(UNLISTED, 1n)]);
  assert.deepEqual(act.destinations, [{ to: SEAPORT, amount: amount(UNLISTED, 1n) }]);
  assert.deepEqual(act.oddities, ["unlisted token"]);
  assert.equal(act.tone, "caution");
  const got = act.facts.find(({ label }) => label === "You get")!.value;
  assert.deepEqual(got, { kind: "amount", amount: { asset: "coin/eth", units: 2_500_000_000_000_000_000n } });
  assert.ok(
    act.facts.some(
      ({ label, value }) => label === "Which item" && value.kind === "number" && value.value === 4242n,
    ),
  );
});

test("an order that gives for nothing, next to nothing, or made-up money is in red", () => {
  const drains = [
    [order(""), /Nothing comes back/],
    [order("1"), /Next to nothing/],
    [order("999999999999"), /Next to nothing/],
    [
      order("5000000000000000000", {
        consideration: [{ ...order("5").consideration[0], recipient: STRANGER }],
      }),
      /Nothing comes back/,
    ],
    [
      order("", {
        consideration: [
          {
            ...order("5").consideration[0],
            itemType: 1,
            token: STRANGER,
            startAmount: "9".repeat(20),
            endAmount: "9".repeat(20),
          },
        ],
      }),
      /on no shipped list: it may be worth nothing/,
    ],
    [
      order("9", {
        consideration: [
          { ...order("5").consideration[0], startAmount: `5${"0".repeat(18)}`, endAmount: "0" },
        ],
      }),
      /Nothing comes back/,
    ],
  ] as const;
  for (const [message, words] of drains) {
    const act = only(actsOf(planOf(ORDER, SEAPORT, message)));
    assert.equal(act.tone, "danger");
    assert.match(act.says.join(" "), words);
    assert.deepEqual(act.takes, [amount(UNLISTED, 1n)]);
  }
});

test("an order counts the most that it can give, each asset once, and any item where it names none", () => {
  const [ape] = order("").offer;
  const offer = [
    ape,
    { ...ape, identifierOrCriteria: 7 },
    { ...ape, itemType: 1, token: USDC, startAmount: 5, endAmount: 9 },
  ];
  const act = only(actsOf(planOf(ORDER, SEAPORT, order("5000000000000000000", { offer }))));
  assert.deepEqual(act.takes, [amount(UNLISTED, 2n), amount(USDC, 9n)]);
  const any = order("5000000000000000000", { offer: [{ ...ape, itemType: 4, identifierOrCriteria: 0 }] });
  assert.match(only(actsOf(planOf(ORDER, SEAPORT, any))).says.join(" "), /chooses which item/);
  const elsewhere = only(actsOf(planOf(ORDER, STRANGER, order("5000000000000000000"))));
  assert.equal(elsewhere.tone, "danger");
  assert.ok(elsewhere.oddities.includes("unknown typed data"));
});

test("of many orders in one signature each is an act, and what fills the tree up is none", () => {
  const tree = [
    [order("5000000000000000000"), order("")],
    [order("5000000000000000000", { offerer: STRANGER }), filler()],
  ];
  const acts = actsOf(planOf(BULK, SEAPORT, { tree }));
  assert.deepEqual(
    acts.map(({ tone }) => tone),
    ["caution", "danger", "danger"],
  );
  assert.match(acts[2]!.says.join(" "), /The seller in it is/);
  const empty = [
    [filler(), filler()],
    [filler(), filler()],
  ];
  assert.ok(isUnknown(only(actsOf(planOf(BULK, SEAPORT, { tree: empty })))));
});

test("orders at CoW and 1inch give what they sell, fee and all, and get to the account or say where", () => {
  const cow = only(actsOf(planOf(COW_ORDER, COW, cowOrder())));
  assert.deepEqual(cow.takes, [amount(USDC, 3_005_000_000n)]);
  assert.equal(cow.tone, "caution");
  const inch = only(actsOf(planOf(INCH_ORDER, INCH_6, inchOrder())));
  assert.deepEqual(inch.takes, [amount(USDC, 3_000_000_000n)]);
  assert.equal(inch.tone, "caution");
  for (const act of [
    only(actsOf(planOf(COW_ORDER, COW, cowOrder({ receiver: STRANGER })))),
    only(actsOf(planOf(INCH_ORDER, INCH_6, inchOrder({ receiver: STRANGER })))),
    only(actsOf(planOf(INCH_ORDER, INCH_6, inchOrder({ takingAmount: 0 })))),
  ]) {
    assert.equal(act.tone, "danger");
    assert.match(act.says.join(" "), /Nothing comes back/);
  }
  assert.equal(only(actsOf(planOf(COW_ORDER, COW, cowOrder({ receiver: NOBODY })))).tone, "caution");
  assert.ok(isUnknown(only(actsOf(planOf(COW_ORDER, STRANGER, cowOrder())))));
  assert.ok(isUnknown(only(actsOf(planOf(COW_ORDER, COW, cowOrder({ kind: "give" }))))));
  const coded = only(actsOf(planOf(INCH_ORDER, INCH_6, inchOrder({ makerTraits: (1n << 249n).toString() }))));
  assert.match(coded.says.join(" "), /can set another price/);
  assert.deepEqual([...coded.oddities].sort(), ["far deadline", "unknown typed data"]);
});

// ---------------------------------------------------------------- what excludes each other

test("permits with the same nonce exclude each other, and only those", () => {
  const of = (...parts: Parameters<typeof planOf>) => outpointsOf(typedOf(planOf(...parts)), ACCOUNT);
  const mine = `1/${USDC.toLowerCase()}/${ACCOUNT.toLowerCase()}/permit/7`;
  assert.deepEqual(of(PERMIT, USDC, permit()), [mine]);
  assert.deepEqual(of(PERMIT, USDC, permit({ spender: STRANGER, value: MOST })), [mine]);
  assert.notDeepEqual(of(PERMIT, USDC, permit({ nonce: 8 })), [mine]);
  assert.notDeepEqual(of(PERMIT, DAI, permit()), [mine]);
  assert.notDeepEqual(of(PERMIT, USDC, permit(), { chainId: 10 }), [mine]);
  assert.deepEqual(of(PERMIT, USDC, permit({ owner: STRANGER })), []);
  const [one] = of(SINGLE, PERMIT2, single());
  assert.deepEqual(of(BATCH, PERMIT2, { ...single(), details: [single().details] }), [one]);
  assert.notDeepEqual(of(SINGLE, PERMIT2, single({}, { spender: STRANGER })), [one]);
  assert.deepEqual(of(SINGLE, STRANGER, single()), []);
  assert.deepEqual(of(ORDER, SEAPORT, order("")), []);
});

// ---------------------------------------------------------------- chance

test("whatever stands in the fields of a known type, acts come of it, or a refusal", () => {
  const known: readonly (readonly [string, Address])[] = [
    ...[PERMIT, DAI_PERMIT, TRANSFER, RECEIVE, CANCEL, META, FORWARD, DELEGATION].map(
      (type) => [type, USDC] as const,
    ),
    ...[SINGLE, BATCH, ONCE, ONCE_BATCH, WITNESS].map((type) => [type, PERMIT2] as const),
    ...[ORDER, BULK].map((type) => [type, SEAPORT] as const),
    [COW_ORDER, COW],
    [INCH_ORDER, INCH_6],
    [INCH_5_ORDER, "0x1111111254EEB25477B68fb85Ed929f73A960582"],
  ];
  let made = 0;
  fc.assert(
    fc.property(fc.gen(), (g) => {
      for (const [type, contract] of known) {
        const plan = planOf(type, contract, {});
        const message = structOf(g, plan.primaryType, plan.types);
        try {
          const acts = actsOfTyped(readTyped(bytesOf({ ...plan, message })), contextWith());
          assert.ok(acts.length > 0);
          for (const act of acts) {
            assert.equal(new Set(act.takes.map(({ asset }) => asset)).size, act.takes.length);
            assert.ok(act.takes.every(({ units }) => units > 0n));
            made++;
          }
        } catch (thrown) {
          assert.ok(thrown instanceof Refusal, `${thrown}`);
        }
      }
    }),
    { numRuns: 100 },
  );
  assert.ok(made > 1000);
});

test("typed data of any other shape is one unknown act that takes nothing and calls nothing", () => {
  fc.assert(
    fc.property(fc.gen(), (g) => {
      const act = only(actsOfTyped(readTyped(bytesOf(anyPlan(g))), contextWith()));
      assert.ok(isUnknown(act));
      assert.deepEqual([act.takes, act.calls, act.allowances, act.delegates], [[], [], [], []]);
    }),
    { numRuns: 300 },
  );
});
