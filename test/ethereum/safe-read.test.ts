// A Safe as people bring it, and the fingerprint that all owners have alike.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readOwner, readSafe } from "../../src/ethereum/safe/index.ts";
import { Refusal } from "../../src/refusal.ts";
import { SAFE_VERSIONS, safeOf, safeText } from "../../src/safe.ts";
import { contentOfText } from "../../src/transport/sniff.ts";
import { ANNA, addressOf, BERT, CORA, DORA, familySafe, SAFE_ADDRESS } from "./safe-stage.ts";

const facts = {
  ...{ address: SAFE_ADDRESS, nonce: 5, threshold: 2, owners: [CORA, ANNA, BERT] },
  masterCopy: "0x29fcB43b46531BcA003ddC8FCB67FFE91900C762",
  ...{
    modules: [],
    fallbackHandler: DORA,
    guard: "0x0000000000000000000000000000000000000000",
    version: "1.4.1+L2",
  },
};
const reason = (act: () => unknown): string => {
  try {
    act();
  } catch (problem) {
    if (problem instanceof Refusal) return problem.reason;
    throw problem;
  }
  return "read";
};
const changed = (change: Record<string, unknown>) =>
  reason(() => readSafe(JSON.stringify({ ...facts, ...change })));

describe("a Safe's fingerprint", () => {
  const safe = familySafe();

  it("is of the text that its owners pass on, by SHA-256 alone", () => {
    const lines = ["Firn safe 1", "chain 1", `address ${SAFE_ADDRESS}`, "version 1.4.1", "threshold 2"];
    const text = `${[...lines, `owner ${ANNA}`, `owner ${BERT}`, `owner ${CORA}`].join("\n")}\n`;
    assert.equal(safeText(safe), text);
    assert.equal(safe.fingerprint, createHash("sha256").update(text).digest("hex").slice(0, 8));
  });

  it("is the same in whatever order the owners come, whatever it is called", () => {
    const other = safeOf("Ours", { ...safe, owners: [CORA, BERT, ANNA] });
    assert.equal(other.fingerprint, safe.fingerprint);
    assert.deepEqual(other.owners, [ANNA, BERT, CORA]);
  });

  it("is another one for every other fact", () => {
    const others = [
      ...[familySafe({ chainId: 10n }), familySafe({ address: DORA }), familySafe({ threshold: 3 })],
      ...[familySafe({ owners: [ANNA, BERT, DORA] }), familySafe({ owners: [ANNA, BERT] })],
      ...SAFE_VERSIONS.filter((version) => version !== "1.4.1").map((version) => familySafe({ version })),
    ];
    const all = [safe, ...others].map(({ fingerprint }) => fingerprint);
    assert.equal(new Set(all).size, all.length);
  });
});

describe("a Safe is read", () => {
  it("from another Firn's text", () => {
    const { name: _, fingerprint: __, ...rest } = familySafe();
    assert.deepEqual(readSafe(safeText(familySafe())), { ...rest, modules: [] });
  });

  it("from the transaction service's answer, with what has power over it", () => {
    const guarded = { ...facts, modules: [DORA], guard: BERT };
    assert.deepEqual(readSafe(JSON.stringify(guarded)), {
      ...{ address: SAFE_ADDRESS, threshold: 2, owners: [CORA, ANNA, BERT], version: "1.4.1" },
      ...{ modules: [DORA], guard: BERT },
    });
  });

  it("from the client gateway's, which writes { value } around addresses", () => {
    const gateway = {
      ...{ address: { value: SAFE_ADDRESS, name: "x" }, chainId: "100", nonce: 1, threshold: 1 },
      ...{
        owners: [{ value: ANNA }],
        implementation: { value: facts.masterCopy },
        version: "1.4.1",
        guard: null,
      },
    };
    const read = readSafe(JSON.stringify(gateway));
    assert.deepEqual([read.chainId, read.owners, read.threshold], [100n, [ANNA], 1]);
  });

  it("from its code's address where no version is said", () => {
    assert.equal(readSafe(JSON.stringify({ ...facts, version: undefined })).version, "1.4.1");
    assert.equal(readSafe(JSON.stringify({ ...facts, version: null, masterCopy: DORA })).version, undefined);
  });

  it("from an address, with its chain where that is said", () => {
    assert.deepEqual(readSafe(SAFE_ADDRESS), { address: SAFE_ADDRESS, modules: [] });
    assert.equal(readSafe(`eth:${SAFE_ADDRESS}`).chainId, 1n);
    assert.equal(readSafe(`gno:${SAFE_ADDRESS}`).chainId, 100n);
    assert.equal(readSafe(`ethereum:${SAFE_ADDRESS}@10`).chainId, 10n);
    assert.equal(readSafe(`eip155:137:${SAFE_ADDRESS}`).chainId, 137n);
    assert.equal(readOwner(`eth:${ANNA}`), ANNA);
  });

  it("and each of these comes through the eye as what asks for it takes", () => {
    const kinds = [safeText(familySafe()), JSON.stringify(facts), `gno:${SAFE_ADDRESS}`, SAFE_ADDRESS];
    assert.deepEqual(
      kinds.map((text) => contentOfText(text)?.content.kind),
      ["document", "wallet", "address", "address"],
    );
  });
});

describe("what is wrong with a Safe is refused by name", () => {
  const wrong: readonly [expected: string, given: string][] = [
    ["read", changed({})],
    ["safe.owners", changed({ owners: [] })],
    ["safe.owners", changed({ owners: [ANNA, ANNA] })],
    ["safe.owners", changed({ owners: [ANNA, SAFE_ADDRESS] })],
    ["safe.owners", changed({ owners: [`0x${"0".repeat(40)}`] })],
    ["safe.owners", changed({ owners: [`0x${"0".repeat(39)}1`] })],
    ["safe.owners", changed({ owners: Array.from({ length: 65 }, (_, i) => addressOf(i + 200)) })],
    ["safe.not-a-safe", changed({ owners: ["anna"] })],
    ["safe.address", changed({ owners: ["0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB4B"] })],
    ["safe.threshold", changed({ threshold: 0 })],
    ["safe.threshold", changed({ threshold: "2" })],
    ["safe.version", changed({ version: "1.9.0" })],
    ["safe.version", changed({ version: "1.3.0" })],
    ["safe.chain", changed({ chainId: "x" })],
    ["safe.chain", changed({ address: `eth:${SAFE_ADDRESS}`, chainId: "100" })],
    ["safe.not-a-safe", changed({ address: undefined })],
    ["safe.chain", reason(() => readSafe(`nowhere:${SAFE_ADDRESS}`))],
    ["safe.not-a-safe", reason(() => readSafe("{"))],
    ["safe.not-a-safe", reason(() => readSafe(`{${" ".repeat(40_000)}}`))],
  ];
  it("each", () => {
    for (const [expected, given] of wrong) assert.equal(given, expected);
  });

  it("another Firn's text in any other writing", () => {
    const text = safeText(familySafe());
    const others = [
      text.replace("safe 1", "safe 2"),
      text.replace("chain 1", "chain 01"),
      text.replace("threshold 2", "threshold 4"),
      text.replace("threshold 2", "threshold 2.0"),
      text.replace(`owner ${ANNA}\nowner ${BERT}`, `owner ${BERT}\nowner ${ANNA}`),
      text.replace(CORA, CORA.toLowerCase()),
      `${text}memo x\n`,
      text.replace(`version 1.4.1\n`, ""),
    ];
    for (const other of others)
      assert.notEqual(
        reason(() => readSafe(other)),
        "read",
        other,
      );
  });

  it("whatever is shown, nothing but a refusal is thrown", () => {
    const text = safeText(familySafe());
    const mutated = fc
      .tuple(fc.nat(text.length - 1), fc.string({ maxLength: 3 }), fc.nat(3))
      .map(([at, put, cut]) => text.slice(0, at) + put + text.slice(at + cut));
    fc.assert(
      fc.property(fc.oneof(fc.string(), mutated, fc.json()), (given) => void reason(() => readSafe(given))),
      { numRuns: 2000 },
    );
    const values = fc.dictionary(fc.constantFrom(...Object.keys(facts), "chainId"), fc.jsonValue());
    fc.assert(
      fc.property(values, (given) => void changed(given)),
      { numRuns: 1000 },
    );
  });

  it("what calls itself something by its own members is refused like anything else", () => {
    for (const trick of [{ toString: 0 }, [{ toString: 0 }], { value: { toString: 0 } }, { toJSON: 0 }]) {
      assert.equal(changed({ threshold: trick }), "safe.threshold");
      assert.equal(changed({ chainId: trick }), "safe.chain");
      assert.equal(changed({ address: trick }), "safe.not-a-safe");
    }
  });

  it("a text that is read again says the same", () => {
    const owner = fc.integer({ min: 1, max: 60_000 }).map(addressOf);
    const made = fc
      .record({
        owners: fc.uniqueArray(owner, { minLength: 1, maxLength: 10 }),
        chainId: fc.integer({ min: 1 }),
        version: fc.constantFrom(...SAFE_VERSIONS),
      })
      .chain(({ owners, chainId, version }) =>
        fc.integer({ min: 1, max: owners.length }).map((threshold) =>
          safeOf("x", {
            chainId: BigInt(chainId),
            address: "0x00000000219ab540356cBB839Cbe05303d7705Fa",
            owners,
            threshold,
            version,
          }),
        ),
      );
    fc.assert(
      fc.property(made, (safe) => {
        const { modules: _, ...read } = readSafe(safeText(safe));
        assert.deepEqual(safeOf("x", read as never), safe);
      }),
      { numRuns: 300 },
    );
  });
});

it("the example of the document has the fingerprint that stands beside it", () => {
  const document = readFileSync(new URL("../../docs/safe.md", import.meta.url), "utf8");
  const text = /```\n(Firn safe 1\n[^`]*)```/.exec(document)?.[1] ?? "";
  const { modules: _, ...facts } = readSafe(text);
  const { fingerprint } = safeOf("", facts as never);
  assert.ok(document.includes(`Here it is \`${fingerprint}\``));
});
