// Descriptors of ERC 7730: real ones say what their registry's own tests expect, another reader shows the same values,
// and nothing that they say lowers what is judged.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AbiCoder, Interface, ParamType, TypedDataEncoder } from "ethers";
import { eip712, repository } from "micro-eth-signer/clearsig.js";
import type { ActFact } from "../../src/act.ts";
import { MOST_UNITS, tokenOf } from "../../src/assets.ts";
import type { Address } from "../../src/eip55.ts";
import {
  actsOfDescribedCall,
  actsOfDescribedTyped,
  summaryOf,
  typedOrDescribed,
} from "../../src/ethereum/descriptors/index.ts";
import { actsOfTyped, readTyped } from "../../src/ethereum/typed/index.ts";
import { Refusal } from "../../src/refusal.ts";
import { ACCOUNT, callOf, lines, REGISTRY, registry, words, worldOf } from "./descriptor-world.ts";

const USDC = "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48";
const USDT = "0xdAC17F958D2ee523a2206206994597C13D831ec7";
const WETH = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2";
const WBTC = "0x2260FAC5E5542a773Aa44fBCfeDf7C193bc2C599";
const AAVE = "0x87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2";
const QUEUE = "0x889edC2eDab5f40e902b864aD4d7AdE8E412F9B1";
const ROUTER = "0x68b3465833fb72A70ecDF485E0e4C7bD8665Fc45";
const OTHER = "0x81EC2081dfb42C5291C55e6123D527EB744a5fFB";

/** Described, whatever Firn itself could read of it. */
function described(name: string, call: ReturnType<typeof callOf>) {
  const world = worldOf(registry(name));
  const acts = actsOfDescribedCall(call, world, world.descriptors!);
  assert.ok(acts, name);
  return acts[0]!;
}

test("real transactions are shown as the registry's own tests of their descriptors expect", () => {
  // Transactions 0x54f9cece…, 0x1cbba012…, 0xae32a8d0…: values and expected texts from the registry's tests of Aave V3.
  const repay = callOf(AAVE, "repay(address,uint256,uint256,address)", [USDC, 997_000_000n, 2n, ACCOUNT]);
  const first = described("aave/calldata-lpv3", repay);
  for (const line of [
    "It is called: Repay loan",
    "Amount to repay: 997 USDC on Ethereum",
    "Interest rate mode: variable (2)",
    `For debt holder: ${ACCOUNT}`,
  ])
    assert.ok(lines(first).includes(line), line);
  const withdraw = callOf(AAVE, "withdraw(address,uint256,address)", [WETH, 51n * 10n ** 18n, OTHER]);
  const second = lines(described("aave/calldata-lpv3", withdraw));
  assert.ok(
    second.includes("Amount to withdraw: 51 WETH on Ethereum") && second.includes(`To recipient: ${OTHER}`),
  );
  const borrow = callOf(AAVE, "borrow(address,uint256,uint256,uint16,address)", [
    WBTC,
    30_817_074n,
    2n,
    0n,
    OTHER,
  ]);
  const third = lines(described("aave/calldata-lpv3", borrow));
  assert.ok(
    third.includes("Amount to borrow: 0.30817074 WBTC on Ethereum") && third.includes(`Debtor: ${OTHER}`),
  );
  // 0x726b85ce…, of Lido's withdrawal queue: a list of amounts of a token that is a constant of the descriptor.
  const request = callOf(QUEUE, "requestWithdrawals(uint256[],address)", [[1_101_279_150_423_731n], OTHER]);
  assert.ok(
    lines(described("lido/calldata-WithdrawalQueueERC721", request)).includes(
      "Amount: 0.001101279150423731 stETH on Ethereum",
    ),
  );
  // 0xb25281ab…, of Uniswap's router: a tuple.
  const swap = callOf(ROUTER, "exactInputSingle((address,address,uint24,address,uint256,uint256,uint160))", [
    [WETH, USDT, 3000n, OTHER, 6_471_375_668_623_977n, 13_901_216n, 0n],
  ]);
  const shown = lines(described("uniswap/calldata-UniswapV3Router02", swap));
  for (const line of [
    "Send: 0.006471375668623977 WETH on Ethereum",
    "Minimum to Receive: 13.901216 USDT on Ethereum",
    "Uniswap fee: 0.3 %",
    `Beneficiary: ${OTHER}`,
  ])
    assert.ok(shown.includes(line), `${line} in ${shown.join("\n")}`);
});

/** Addresses as numbers, because descriptors show some numbers as addresses. */
function textOf(raw: unknown): string {
  const text = String(raw).toLowerCase();
  return /^0x[0-9a-f]{40}$/.test(text) ? String(BigInt(text)) : text;
}

function plainOf(value: ActFact["value"]): string {
  return textOf(value.kind === "amount" ? value.amount.units : words(value).replace(/^block /, ""));
}

const BOUND = Object.keys(REGISTRY).filter(
  (name) =>
    name.startsWith("registry/") && /\/calldata-/.test(name) && !("includes" in (REGISTRY[name] as object)),
);

/** Values of a type that any descriptor can show: small numbers, plain texts. */
function sample(type: ParamType, seed: number): unknown {
  if (type.baseType === "array")
    return Array.from({ length: type.arrayLength! < 0 ? 2 : type.arrayLength! }, (_, i) =>
      sample(type.arrayChildren!, seed + i + 1),
    );
  if (type.baseType === "tuple") return type.components!.map((one, i) => sample(one, seed * 7 + i + 1));
  if (type.type === "address") return `0x${String((seed % 9) + 1).repeat(40)}`;
  if (type.type === "bool") return seed % 2 === 0;
  if (type.type === "string") return `text ${seed}`;
  if (type.type === "bytes") return `0x${(seed % 256).toString(16).padStart(2, "0").repeat(60)}`;
  if (type.type.startsWith("bytes"))
    return `0x${(seed % 256)
      .toString(16)
      .padStart(2, "0")
      .repeat(Number(type.type.slice(5)))}`;
  return BigInt(seed % 2) + 2n;
}

test("another reader of ERC 7730 shows the same values for every function of every descriptor in the registry that includes nothing", async () => {
  let compared = 0;
  let calls = 0;
  let fits = 0;
  for (const name of BOUND) {
    const file = REGISTRY[name] as {
      display: { formats: Record<string, unknown> };
      context: { contract: { deployments: { chainId: number; address: string }[] } };
    };
    const descriptor = registry(name.slice("registry/".length, -".json".length));
    const world = worldOf(descriptor);
    const { chainId, address } = descriptor.deployments[0]!;
    const theirs =
      repository({ [name]: file as Record<string, unknown> }).contracts[String(chainId)]?.[
        address.toLowerCase()
      ] ?? [];
    for (const [index, key] of Object.keys(file.display.formats).entries()) {
      const fragment = new Interface([`function ${key}`]).fragments[0] as unknown as {
        inputs: ParamType[];
        selector: string;
      };
      const args = fragment.inputs.map((type, i) => sample(type, index + i + 1));
      const data = `${fragment.selector}${AbiCoder.defaultAbiCoder().encode(fragment.inputs, args).slice(2)}`;
      const bytes = Uint8Array.from(Buffer.from(data.slice(2), "hex"));
      const call = { chainId, from: ACCOUNT, to: address, value: 0n, data: bytes, depth: 0 };
      const [act] = actsOfDescribedCall(call, world, world.descriptors!) ?? [];
      const entry = theirs.find(
        ({ fn }) =>
          fn &&
          new Interface([fn]).fragments[0]!.format("sighash") ===
            new Interface([`function ${key}`]).fragments[0]!.format("sighash"),
      );
      calls++;
      assert.ok(entry, key);
      // Three of them look for a byte where the made up bytes have none.
      if (!act) continue;
      fits++;
      const read = await entry({ to: address, from: ACCOUNT, data: bytes, value: 0n, chainId }).catch(
        () => undefined,
      );
      if (read === undefined) continue;
      for (const [label, field] of Object.entries(read.fields)) {
        const own: ActFact | undefined = act.facts.find((one) => one.label === label && one.foreign);
        if (!own || typeof field.rawValue === "object") continue;
        if (["unit", "enum", "duration", "calldata", "chainId"].includes(field.format)) continue;
        assert.equal(plainOf(own.value), textOf(field.rawValue), `${name} ${key} ${label}`);
        compared++;
      }
    }
  }
  assert.ok(
    calls > 400 && fits > calls - 5 && compared > 800,
    `${calls} calls, ${fits} described, ${compared} values`,
  );
});

test("whatever a descriptor calls an amount is taken, whoever it names is a destination, and the coin that is sent counts", () => {
  const call = callOf(AAVE, "withdraw(address,uint256,address)", [USDC, 5n, OTHER], { value: 9n });
  const act = described("aave/calldata-lpv3", call);
  assert.deepEqual(act.takes, [
    { asset: tokenOf(1n, USDC), units: 5n },
    { asset: "coin/eth", units: 9n },
  ]);
  assert.deepEqual([...new Set(act.destinations.map(({ to }) => to))], [AAVE, OTHER]);
  assert.deepEqual(act.calls, [{ chainId: 1n, contract: AAVE, selector: "0x69328dec", known: true }]);
  assert.deepEqual(act.oddities, []);
  assert.equal(act.tone, "caution");
  assert.match(act.says[0]!, /Firn cannot read this by itself.*descriptors 7/);
  const all = described(
    "aave/calldata-lpv3",
    callOf(AAVE, "withdraw(address,uint256,address)", [USDC, MOST_UNITS, OTHER]),
  );
  assert.equal(all.takes[0]!.units, MOST_UNITS);
  const strange = described(
    "aave/calldata-lpv3",
    callOf(AAVE, "withdraw(address,uint256,address)", [OTHER, 5n, OTHER]),
  );
  assert.deepEqual(strange.oddities, ["unlisted token"]);
});

test("what a descriptor hides is shown all the same, as it is", () => {
  const permit = callOf(
    AAVE,
    "repayWithPermit(address,uint256,uint256,address,uint256,uint8,bytes32,bytes32)",
    [...[USDC, 5n, 2n, OTHER, 1_800_000_000n, 27n], ...[`0x${"11".repeat(32)}`, `0x${"22".repeat(32)}`]],
  );
  const shown = lines(described("aave/calldata-lpv3", permit));
  const at = shown.findIndex((line) => line.startsWith("Not described: "));
  assert.ok(at > 0);
  assert.deepEqual(shown.slice(at + 1), [
    `asset: ${USDC}`,
    "deadline: 1800000000",
    "permitV: 27",
    `permitR: 0x${"11".repeat(32)}`,
    `permitS: 0x${"22".repeat(32)}`,
  ]);
});

const BASE = {
  $schema: "https://eips.ethereum.org/assets/eip-7730/erc7730-v1.schema.json",
  context: { contract: { deployments: [{ chainId: 1, address: AAVE }] } },
  metadata: { owner: "Somebody", constants: { max: "0xff" }, enums: { kind: { "1": "one" } } },
  display: {
    formats: {
      "poke(address who,uint256 much,bytes data)": {
        intent: "Poke",
        fields: [{ path: "who", label: "Who", format: "addressName" }],
      },
    },
  },
};
type Loose = Record<string, unknown>;

function changed(change: (copy: typeof BASE & Loose) => void): string {
  const copy = structuredClone(BASE) as typeof BASE & Loose;
  change(copy);
  return JSON.stringify(copy);
}

const { readDescriptor, readKeptDescriptor } = await import("../../src/ethereum/descriptors/index.ts");
const POKE = "poke(address who,uint256 much,bytes data)";
const FORMAT = (copy: typeof BASE & Loose) => copy.display.formats[POKE] as unknown as Loose;

test("descriptors that leave anything open are refused by name", () => {
  const refused = (text: string, reason: string, detail = /./) =>
    assert.throws(
      () => readDescriptor(text),
      (error) => error instanceof Refusal && error.reason === reason && detail.test(`${error.detail} `),
      `${reason}: ${text.slice(0, 200)}`,
    );
  refused("{", "descriptor.not-json");
  refused("[]", "descriptor.not-json");
  refused(`{"a":1,"a":2}`, "descriptor.not-json");
  refused(" ".repeat(200_000), "descriptor.not-json", /long/);
  refused(
    changed((d) => {
      d.includes = "common.json";
    }),
    "descriptor.includes",
    /common\.json/,
  );
  refused(
    changed((d) => {
      d.$schema = "erc7730-v3.schema.json";
    }),
    "descriptor.version",
  );
  refused(
    changed((d) => {
      d.extra = 1;
    }),
    "descriptor.malformed",
    /extra/,
  );
  refused(
    changed((d) => {
      d.context.contract.deployments = [];
    }),
    "descriptor.not-bound",
  );
  refused(
    changed((d) => {
      d.context.contract.deployments[0]!.address = AAVE.replace("87", "88");
    }),
    "descriptor.malformed",
    /deployments\[0\]/,
  );
  refused(
    changed((d) => {
      d.context.contract.deployments[0]!.chainId = 1.5;
    }),
    "descriptor.malformed",
  );
  refused(
    changed((d) => {
      d.context.contract.deployments[0]!.chainId = 0;
    }),
    "descriptor.malformed",
  );
  refused(
    changed((d) => {
      FORMAT(d).fields = [{ path: "nobody", label: "x", format: "raw" }];
    }),
    "descriptor.path",
    /nobody/,
  );
  refused(
    changed((d) => {
      FORMAT(d).fields = [{ path: "who.deep", label: "x", format: "raw" }];
    }),
    "descriptor.path",
  );
  refused(
    changed((d) => {
      FORMAT(d).fields = [{ path: "@.gas", label: "x", format: "raw" }];
    }),
    "descriptor.path",
  );
  refused(
    changed((d) => {
      FORMAT(d).fields = [{ path: "$.metadata.constants.none", label: "x", format: "raw" }];
    }),
    "descriptor.path",
  );
  refused(
    changed((d) => {
      FORMAT(d).fields = [{ path: "__proto__", label: "x", format: "raw" }];
    }),
    "descriptor.path",
  );
  refused(
    changed((d) => {
      FORMAT(d).fields = [{ path: "much", label: "x", format: "magic" }];
    }),
    "descriptor.format",
    /magic/,
  );
  refused(
    changed((d) => {
      FORMAT(d).fields = [
        { path: "much", label: "x", format: "tokenAmount", params: { token: AAVE, chainId: 5 } },
      ];
    }),
    "descriptor.format",
    /chainId/,
  );
  refused(
    changed((d) => {
      FORMAT(d).fields = [
        { path: "much", label: "x", format: "tokenAmount", params: { token: { map: "m", keyPath: "k" } } },
      ];
    }),
    "descriptor.format",
    /map/,
  );
  refused(
    changed((d) => {
      FORMAT(d).fields = [{ path: "much", label: "x", format: "raw", encryption: {} }];
    }),
    "descriptor.malformed",
    /encryption/,
  );
  refused(
    changed((d) => {
      d.display.formats = { "poke(address)x": { fields: [] } } as never;
    }),
    "descriptor.function",
  );
  refused(
    changed((d) => {
      d.display.formats = { "0x12345678": { fields: [] } } as never;
    }),
    "descriptor.function",
  );
  refused(
    changed((d) => {
      d.display.formats = { "poke(address a,uint256 a)": { fields: [] } } as never;
    }),
    "descriptor.function",
  );
  refused(
    changed((d) => {
      d.display.formats = { "poke(address a)": { fields: [] }, "poke(address b)": { fields: [] } } as never;
    }),
    "descriptor.twice",
  );
  refused(
    changed((d) => {
      d.display.formats = {} as never;
    }),
    "descriptor.malformed",
  );
  // As text: JSON.parse would make a prototype of it.
  refused(JSON.stringify(BASE).replace('"metadata"', '"__proto__"'), "descriptor.malformed", /__proto__/);
  assert.equal(
    readDescriptor(JSON.stringify(BASE)).formats[0]!.key,
    new Interface([`function ${POKE}`]).getFunction("poke")!.selector,
  );
});

test("a descriptor is kept in one spelling, and another spelling of the same is not taken", () => {
  const spaced = JSON.stringify(BASE, undefined, 2).replace("Poke", "P\\u00f6ke \u{1F600}");
  const { text } = readDescriptor(spaced);
  assert.match(text, /^[\x20-\x7e]+$/);
  assert.equal(readKeptDescriptor(text).text, text);
  assert.deepEqual(JSON.parse(text), JSON.parse(spaced));
  for (const other of [spaced, ` ${text}`, text.replace("{", "{ "), text.replace('"Poke', '"\\u0050oke')])
    if (other !== text)
      assert.throws(
        () => readKeptDescriptor(other),
        (error) => error instanceof Refusal,
      );
});

test("a descriptor says nothing of other contracts, chains, functions, delegate calls, or bytes that are not exactly its arguments", () => {
  const world = worldOf(readDescriptor(JSON.stringify(BASE)));
  const signature = "poke(address,uint256,bytes)";
  const call = callOf(AAVE, signature, [OTHER, 5n, "0x1234"]);
  const acts = (one: typeof call) => actsOfDescribedCall(one, world, world.descriptors!);
  assert.equal(acts(call)?.length, 1);
  assert.equal(acts({ ...call, to: OTHER as Address }), undefined);
  assert.equal(acts({ ...call, chainId: 10n }), undefined);
  assert.equal(acts({ ...call, delegate: true }), undefined);
  assert.equal(acts({ ...call, data: call.data.slice(0, -1) }), undefined);
  assert.equal(acts({ ...call, data: Uint8Array.from([...call.data, 0]) }), undefined);
  assert.equal(
    acts(callOf(AAVE, "poke(address,uint256,bytes32)", [OTHER, 5n, `0x${"00".repeat(32)}`])),
    undefined,
  );
  const { to: _, ...creation } = call;
  assert.equal(acts(creation), undefined);
  const twice = { number: 1, list: [world.descriptors!.list[0]!, world.descriptors!.list[0]!] };
  assert.equal(actsOfDescribedCall(call, world, twice), undefined);
});

test("where Firn itself reads a call the descriptor is not asked, and where a value is not what it must be the call stays unknown", () => {
  const text = changed((d) => {
    d.context.contract.deployments[0]!.address = USDC;
    d.display.formats = {
      "transfer(address to,uint256 value)": { intent: "Claim a gift", fields: [] },
      "gift(uint256 one)": {
        intent: "Gift",
        fields: [{ path: "one", label: "One", format: "raw", visible: { mustMatch: [1] } }],
      },
    } as never;
  });
  const world = worldOf(readDescriptor(text));
  const [transfer] = world.readCall(callOf(USDC, "transfer(address,uint256)", [OTHER, 5n]));
  assert.notEqual(transfer!.title, "A call by a descriptor");
  assert.ok(!lines(transfer!).some((line) => line.includes("gift")));
  const gift = (value: bigint) => world.readCall(callOf(USDC, "gift(uint256)", [value]))[0]!;
  assert.equal(gift(1n).title, "A call by a descriptor");
  assert.ok(gift(2n).oddities.includes("unknown call"));
});

test("a call inside a described one is read by itself, counts once, and repeating it without end is refused", () => {
  const format = (paths: readonly string[]) =>
    readDescriptor(
      changed((d) => {
        FORMAT(d).fields = paths.map((path) => ({
          path,
          label: "Inside",
          format: "calldata",
          params: { calleePath: "who", amountPath: "@.value" },
        }));
      }),
    );
  const inner = callOf(USDC, "transfer(address,uint256)", [OTHER, 5n]).data;
  const call = callOf(AAVE, "poke(address,uint256,bytes)", [USDC, 0n, inner]);
  const [outer, inside] = worldOf(format(["data"])).readCall(call);
  assert.deepEqual(outer!.takes, []);
  assert.deepEqual(inside!.takes, [{ asset: tokenOf(1n, USDC), units: 5n }]);
  assert.equal(inside!.depth, 1);
  const nested = (depth: number): Uint8Array =>
    depth === 0 ? inner : callOf(AAVE, "poke(address,uint256,bytes)", [AAVE, 0n, nested(depth - 1)]).data;
  const deep = { ...call, data: nested(12) };
  const started = performance.now();
  assert.throws(
    () => worldOf(format(Array.from({ length: 50 }, () => "data"))).readCall(deep),
    (error) => error instanceof Refusal && error.reason === "ethereum.too-many-acts",
  );
  assert.ok(performance.now() - started < 2000);
});

test("typed data is described where its type is the same to the letter and its domain says what it must", () => {
  const types = {
    Gift: [
      { name: "to", type: "address" },
      { name: "amount", type: "uint256" },
      { name: "until", type: "uint64" },
    ],
  };
  const domain = { name: "Gifts", version: "1", chainId: 1, verifyingContract: AAVE };
  const typed = (own: object, message: object) => {
    const payload = TypedDataEncoder.getPayload(own, types, message);
    return readTyped(Uint8Array.from(Buffer.from(JSON.stringify(payload))));
  };
  const world = worldOf(
    readDescriptor(
      changed((d) => {
        d.context = {
          eip712: { deployments: [{ chainId: 1, address: AAVE }], domain: { name: "Gifts" } },
        } as never;
        d.display.formats = {
          "Gift(address to,uint256 amount,uint64 until)": {
            intent: "Give",
            fields: [
              { path: "to", label: "To", format: "addressName" },
              { path: "amount", label: "Amount", format: "tokenAmount", params: { token: USDC } },
              { path: "until", label: "Until", format: "date", params: { encoding: "timestamp" } },
            ],
          },
        } as never;
      }),
    ),
  );
  const message = { to: OTHER, amount: 5_000_000n, until: 1_800_000_000n };
  const read = typed(domain, message);
  const [act] = typedOrDescribed(actsOfTyped(read, world), read, world);
  assert.equal(act!.title, "Typed data by a descriptor");
  assert.ok(lines(act!).includes("Amount: 5 USDC on Ethereum") && lines(act!).includes("Until: 1800000000"));
  assert.deepEqual(act!.takes, [{ asset: tokenOf(1n, USDC), units: 5_000_000n }]);
  assert.deepEqual(act!.oddities, []);
  for (const other of [
    { ...domain, name: "Gift" },
    { ...domain, chainId: 10 },
    { ...domain, verifyingContract: OTHER },
  ]) {
    const one = typed(other, message);
    assert.equal(actsOfDescribedTyped(one, world, world.descriptors!), undefined);
    assert.ok(
      typedOrDescribed(actsOfTyped(one, world), one, world)[0]!.oddities.includes("unknown typed data"),
    );
  }
});

test("a mutated descriptor is read or refused, and never anything else", () => {
  const text = JSON.stringify(REGISTRY["registry/aave/calldata-lpv3.json"]);
  let refused = 0;
  for (let i = 0; i < 1500; i++) {
    const at = (i * 7919) % text.length;
    const other = `${text.slice(0, at)}${'{}[]":,x0-.$#@'[i % 14]}${text.slice(at + (i % 3))}`;
    try {
      readDescriptor(other);
    } catch (error) {
      assert.ok(error instanceof Refusal && error.reason.startsWith("descriptor."), `${error} at ${at}`);
      refused++;
    }
  }
  assert.ok(refused > 500);
});

test("administrators read what each field shows, and where from, before they sign", () => {
  const { formats } = registry("aave/calldata-lpv3");
  const repay = formats.find(({ written }) => written.startsWith("repay("))!;
  assert.deepEqual(summaryOf(repay), [
    "Amount to repay: amount as tokenAmount of asset",
    "Interest rate mode: interestRateMode as enum (0: none, 1: deprecated, 2: variable)",
    "For debt holder: onBehalfOf as addressName",
  ]);
  for (const name of BOUND)
    for (const format of registry(name.slice("registry/".length, -".json".length)).formats)
      assert.ok(summaryOf(format).every((line) => line.includes(" as ")));
});

const TYPED = Object.keys(REGISTRY).filter(
  (name) => /^registry\/.*\/eip712-/.test(name) && !("includes" in (REGISTRY[name] as object)),
);

/** "Mail(Person from)Person(address wallet)" as types and the name of the first. */
function typesOf(key: string) {
  const structs = [...key.matchAll(/(\w+)\(([^)]*)\)/g)].map(([, name, members]) => {
    const fields = members!
      .split(",")
      .filter((one) => one !== "")
      .map((one) => one.split(" "));
    return [name!, fields.map(([type, member]) => ({ type: type!, name: member! }))] as const;
  });
  return { primaryType: structs[0]![0], types: Object.fromEntries(structs) };
}

type Types = ReturnType<typeof typesOf>["types"];

function madeUp(type: string, types: Types, seed: number): unknown {
  const [, inner, length] = /^(.*)\[(\d*)\]$/.exec(type) ?? [];
  if (inner !== undefined)
    return Array.from({ length: Number(length || 2) }, (_, i) => madeUp(inner, types, seed + i + 1));
  const members = types[type];
  if (!members) return sample(ParamType.from(type), seed);
  return Object.fromEntries(members.map((one, i) => [one.name, madeUp(one.type, types, seed + i + 1)]));
}

test("the same reader shows the same values of typed data, for every type in the registry", async () => {
  let [types, compared] = [0, 0];
  for (const name of TYPED) {
    const file = REGISTRY[name] as { context: { eip712: { domain?: Record<string, string> } } };
    const descriptor = registry(name.slice("registry/".length, -".json".length));
    const world = worldOf(descriptor);
    const { chainId, address } = descriptor.deployments[0]!;
    const domain = { ...file.context.eip712.domain, chainId: Number(chainId), verifyingContract: address };
    for (const [index, { key }] of descriptor.formats.entries()) {
      // One program's types have names that Firn reads in no typed data at all.
      if (key.includes(":")) continue;
      const schema = typesOf(key);
      const message = madeUp(schema.primaryType, schema.types, index) as Record<string, unknown>;
      const payload = TypedDataEncoder.getPayload(domain, schema.types, message);
      const read = readTyped(Uint8Array.from(Buffer.from(JSON.stringify(payload))));
      const [act] = actsOfDescribedTyped(read, world, world.descriptors!) ?? [];
      assert.ok(act, `${name} ${key}`);
      types++;
      const given = { ...payload, domain: { ...payload.domain, chainId }, message };
      const peer = await eip712(given as never, { clearSig: { [name]: file } }).catch(() => undefined);
      for (const [label, field] of Object.entries(peer?.fields ?? {})) {
        const own: ActFact | undefined = act.facts.find((one) => one.label === label && one.foreign);
        if (!own || typeof field.rawValue === "object") continue;
        if (["unit", "enum", "duration", "calldata", "chainId"].includes(field.format)) continue;
        assert.equal(plainOf(own.value), textOf(field.rawValue), `${name} ${key} ${label}`);
        compared++;
      }
    }
  }
  assert.ok(types >= 60 && compared > 100, `${types} types, ${compared} values`);
});
