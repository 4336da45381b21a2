// Messages and sign-ins: hashed as ethers and viem hash them, read to the letter, and doubted aloud.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { hashMessage, verifyMessage } from "ethers";
import fc from "fast-check";
import { hashMessage as viemHash } from "viem";
import { createSiweMessage, parseSiweMessage } from "viem/siwe";
import { toHex } from "../../src/bytes.ts";
import type { Address } from "../../src/eip55.ts";
import type { Context } from "../../src/ethereum/context.ts";
import {
  actsOfPersonal,
  agreeOnPersonal,
  factsOfSignIn,
  type Personal,
  readPersonal,
  saysOfPersonal,
} from "../../src/ethereum/personal/index.ts";
import { LIMITS } from "../../src/limits.ts";
import { Refusal } from "../../src/refusal.ts";
import { utf8 } from "../../src/text.ts";

const ACCOUNT: Address = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2";
/** 2021-10-01 */
const NOW = 1_633_046_400n;

const context = (account: Address = ACCOUNT): Context => ({
  account,
  nowSeconds: NOW,
  safes: [],
  nameOf: () => undefined,
  readCall: () => assert.fail("a message calls nothing"),
});

const read = (text: string): Personal => readPersonal(utf8(text));
const saysOf = (text: string) => saysOfPersonal(read(text), context());

function reasonOf(run: () => unknown): string {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.reason;
    throw thrown;
  }
  return "read";
}

// ---------------------------------------------------------------- EIP 191

test("messages have the digest that ethers and viem sign, whatever their bytes", () => {
  assert.equal(
    toHex(read("hello world").digest),
    "d9eba16ed0ecae432b71fe008c98cc872bb4cc214d3220a36f365326cf807d68",
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
      let personal: Personal;
      try {
        personal = readPersonal(data);
      } catch (thrown) {
        return assert.ok(thrown instanceof Refusal);
      }
      const digest = `0x${toHex(personal.digest)}`;
      assert.equal(digest, hashMessage(data));
      assert.equal(digest, viemHash({ raw: data }));
      agreeOnPersonal(personal, data);
    }),
    { numRuns: 2000 },
  );
  const personal = read("hello");
  assert.equal(
    reasonOf(() => agreeOnPersonal(personal, utf8("hullo"))),
    "ethereum.readers-disagree",
  );
});

test("text is text, and bytes that are none are said to be unreadable", () => {
  for (const text of [
    "hello",
    "two\nlines\tand tabs",
    "lines\r\nof Windows",
    "grüße 你好 😀",
    "0123456789abcdef0123456789abcdef",
  ]) {
    assert.equal(read(text).text, text);
    assert.deepEqual(actsOfPersonal(read(text)), []);
  }
  for (const data of [
    new Uint8Array(32).fill(0xab),
    Uint8Array.of(0xc0, 0x80),
    utf8("a\u0000b"),
    utf8("a\rb"),
    utf8("a\n\rb"),
    utf8("a\u001b[2Jb"),
    utf8("a\u007f"),
    utf8("a\u0085b"),
  ]) {
    const personal = readPersonal(data);
    assert.equal(personal.text, undefined);
    const [act, ...others] = actsOfPersonal(personal);
    assert.equal(others.length, 0);
    assert.deepEqual(act!.oddities, ["unreadable message"]);
    assert.equal(act!.tone, "danger");
    assert.deepEqual(act!.facts[0]!.value, { kind: "bytes", bytes: data });
    assert.equal(saysOfPersonal(personal, context()).tone, "danger");
  }
});

test("the hash of a transaction that is sent as a message is unreadable, and as text it is doubted", () => {
  const hash = Uint8Array.from(
    Buffer.from("33469b22e9f636356c4160a87eb19df52b7412e8eac32a4a55ffe88ea8350788", "hex"),
  );
  assert.match(actsOfPersonal(readPersonal(hash))[0]!.says[0]!, /32 bytes may be a hash/);
  for (const text of [toHex(hash), `0x${toHex(hash)}`, ` 0x${toHex(hash)}\n`]) {
    assert.match(saysOf(text).says.join(), /The text is a hash/);
    assert.equal(saysOf(text).tone, "caution");
  }
  assert.match(saysOf(`0x${"f86c".repeat(30)}`).says.join(), /data in hex/);
  assert.match(
    saysOf('{"types":{"EIP712Domain":[]},"primaryType":"Permit"}').says.join(),
    /data for programs/,
  );
  assert.deepEqual(saysOf("Hello, I own this account."), { says: [], tone: "calm" });
});

test("a hash that somebody searched for until it is text is still a hash", () => {
  for (const found of ["k3$vQ[}7(z~Wp)a;L^0x@Ee_8&tR*=H<", `${"é{".repeat(10)}é`, "a\nb\tc/d:".repeat(4)]) {
    assert.equal(utf8(found).length, 32);
    assert.equal(read(found).text, undefined);
    assert.deepEqual(actsOfPersonal(read(found))[0]!.oddities, ["unreadable message"]);
    assert.equal(saysOfPersonal(read(found), context()).tone, "danger");
    assert.equal(read(`${found}.`).text, `${found}.`);
  }
  for (const plain of ["Please let me in at half past two", "0123456789abcdef0123456789abcdefg"])
    assert.equal(read(plain.slice(0, 32)).text, plain.slice(0, 32));
});

test("a message that is longer than people read is refused", () => {
  assert.equal(
    reasonOf(() => readPersonal(new Uint8Array(LIMITS.signedBytes + 1).fill(0x61))),
    "message.too-long",
  );
  assert.equal(readPersonal(new Uint8Array(LIMITS.signedBytes).fill(0x61)).text?.length, LIMITS.signedBytes);
});

// ---------------------------------------------------------------- EIP 4361

const { positive, negative, verified } = JSON.parse(
  readFileSync(new URL("../vectors/ethereum/eip4361.json", import.meta.url), "utf8"),
);

test("the sign-ins that are published with EIP 4361's library are read field by field", () => {
  const names = Object.keys(positive);
  assert.ok(names.length >= 18);
  for (const name of names) {
    const { message, fields } = positive[name];
    const signIn = read(message).signIn!;
    assert.ok(signIn, name);
    const own = {
      ...(signIn.scheme === undefined ? {} : { scheme: signIn.scheme }),
      ...{ domain: signIn.domain, address: signIn.address, statement: signIn.statement, uri: signIn.uri },
      ...{
        version: "1",
        chainId: Number(signIn.chainId),
        nonce: signIn.nonce,
        issuedAt: signIn.issuedAt.text,
      },
      ...{
        expirationTime: signIn.expires?.text,
        notBefore: signIn.notBefore?.text,
        requestId: signIn.requestId,
      },
      resources: signIn.resources,
    };
    const { signature: _, ...wanted } = { resources: [], ...fields };
    const present = Object.entries(own).filter(([, value]) => value !== undefined);
    assert.deepEqual(Object.fromEntries(present), dropped(wanted), name);
  }
});

/** The vectors write null where nothing stands. */
function dropped(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}

test("the sign-ins that must not be read are refused by their field", () => {
  const names = Object.keys(negative);
  assert.equal(names.length, 29);
  for (const name of names)
    assert.equal(
      reasonOf(() => read(negative[name])),
      "ethereum.sign-in",
      name,
    );
});

test("published sign-ins were signed by the accounts that they name", () => {
  let checked = 0;
  for (const fields of Object.values<Record<string, string>>(verified)) {
    const message = [
      `${fields.domain} wants you to sign in with your Ethereum account:`,
      ...[fields.address, "", ...(fields.statement === undefined ? [] : [fields.statement]), ""],
      ...[`URI: ${fields.uri}`, "Version: 1", `Chain ID: ${fields.chainId}`, `Nonce: ${fields.nonce}`],
      `Issued At: ${fields.issuedAt}`,
      ...(fields.expirationTime ? [`Expiration Time: ${fields.expirationTime}`] : []),
      ...(fields.notBefore ? [`Not Before: ${fields.notBefore}`] : []),
    ].join("\n");
    const personal = read(message);
    assert.equal(verifyMessage(message, fields.signature!), fields.address);
    assert.equal(personal.signIn!.address, fields.address);
    checked++;
  }
  assert.equal(checked, Object.keys(verified).length);
});

const plain = positive["no optional field"].message as string;

test("what viem writes is read, and what is read viem reads alike", () => {
  const label = fc.stringMatching(/^[a-z0-9]{1,12}$/);
  const moment = fc.date({ min: new Date(0), max: new Date("9999-01-01"), noInvalidDate: true });
  let read1 = 0;
  fc.assert(
    fc.property(
      fc.record({
        domain: label.map((name) => `${name}.org`),
        statement: fc.option(fc.stringMatching(/^[A-Za-z0-9 .,!?:'-]{1,60}$/), { nil: undefined }),
        path: label,
        chainId: fc.integer({ min: 1, max: 2 ** 40 }),
        nonce: fc.stringMatching(/^[A-Za-z0-9]{8,20}$/),
        issuedAt: moment,
        expirationTime: fc.option(moment, { nil: undefined }),
        notBefore: fc.option(moment, { nil: undefined }),
        requestId: fc.option(label, { nil: undefined }),
        resources: fc.option(
          fc.array(
            label.map((name) => `https://${name}.org/x`),
            { minLength: 1, maxLength: 3 },
          ),
          { nil: undefined },
        ),
        scheme: fc.option(fc.constantFrom("https", "http"), { nil: undefined }),
      }),
      ({ path, ...fields }) => {
        const uri = `https://${fields.domain}/${path}`;
        const message = createSiweMessage({ ...fields, address: ACCOUNT, uri, version: "1" } as never);
        const signIn = read(message).signIn!;
        const theirs = parseSiweMessage(message);
        assert.equal(signIn.domain, theirs.domain);
        assert.equal(signIn.statement, theirs.statement);
        assert.equal(signIn.uri, theirs.uri);
        assert.equal(signIn.chainId, BigInt(theirs.chainId!));
        assert.equal(signIn.issuedAt.seconds, BigInt(Math.floor(theirs.issuedAt!.getTime() / 1000)));
        assert.equal(signIn.expires?.text, fields.expirationTime?.toISOString());
        assert.deepEqual(signIn.resources, fields.resources ?? []);
        read1++;
      },
    ),
    { numRuns: 1000 },
  );
  assert.equal(read1, 1000);
});

test("every character of a sign-in counts: another one is refused, or shown", () => {
  const full = positive["couple of optional fields"].message as string;
  const facts = (text: string) =>
    JSON.stringify(factsOfSignIn(read(text).signIn!, context()), (_, value) =>
      typeof value === "bigint" ? `${value}` : value,
    );
  let shown = 0;
  for (let at = 0; at < full.length; at++) {
    for (const put of ["", "x", "7", "\n", " ", "%"]) {
      const mutated = full.slice(0, at) + put + full.slice(at + 1);
      if (mutated === full) continue;
      let personal: Personal;
      try {
        personal = read(mutated);
        // No sign-in any more: then people see the text itself.
        if (personal.signIn === undefined) continue;
        assert.notEqual(facts(mutated), facts(full), JSON.stringify(mutated));
        shown++;
      } catch (thrown) {
        assert.ok(thrown instanceof Refusal, `${thrown}`);
      }
    }
  }
  assert.ok(shown > 100);
});

test("only texts that do not read as a sign-in are read as other texts", () => {
  for (const text of [
    plain.replace("wants you", "WANTS you"),
    plain.replace("wants you to", "wants  you to"),
    plain.replace("wants you to sign", "wants you to\nsign"),
    `Hello\n${plain}`,
    `${plain}\n`,
    plain.replace("Version: 1", "Version: 01"),
    plain.replace("\n\nURI", "\nURI"),
    plain.replace("Chain ID: 1", "Chain ID: 0"),
    plain.replace("Chain ID: 1", "Chain ID: 9007199254740992"),
    plain.replace("2021-09-30", "2021-09-31"),
    plain.replace("2021-09-30", "2021-02-29"),
    plain.replace("T16", "T24"),
    plain.replace("https://service.org/login", "https://service.org:x/login"),
    plain.replace("https://service.org/login", "https://[::1/login"),
    plain.replace("https://service.org/login", "https://[1::2::3]"),
    plain.replace("https://service.org/login", "//service.org"),
    plain.replace("service.org wants", "sërvice.org wants"),
    plain.replace("0xC02a", "0xc02a"),
  ])
    assert.equal(
      reasonOf(() => read(text)),
      "ethereum.sign-in",
      text,
    );
  assert.equal(read("The site wants you to know this.").signIn, undefined);
});

test("a sign-in of another account is refused, and the site stands first", () => {
  const signIn = read(plain).signIn!;
  const [site, account] = factsOfSignIn(signIn, context());
  assert.deepEqual(site, { label: "Site", value: { kind: "text", text: "service.org" } });
  assert.deepEqual(account!.value, { kind: "address", address: ACCOUNT });
  assert.equal(
    reasonOf(() => factsOfSignIn(signIn, context("0x0000000000000000000000000000000000000001"))),
    "ethereum.sign-in-account",
  );
});

test("what is doubtful about a sign-in is said", () => {
  const said = (from: string, to: string) => saysOf(plain.replace(from, to));
  const fresh = saysOf(`${plain}\nExpiration Time: 2021-10-02T00:00:00Z`);
  assert.deepEqual(fresh, { says: [], tone: "calm" });
  const other = said("https://service.org/login", "https://evil.org/login");
  assert.equal(other.tone, "danger");
  assert.match(other.says[0]!, /another site/);
  assert.match(
    said("service.org wants", "service.org@evil.org wants").says.join(" "),
    /The site is evil\.org/,
  );
  assert.match(said("service.org wants", "xn--srvice-bva.org wants").says.join(" "), /look like others/);
  assert.match(said("service.org wants", "http://service.org wants").says.join(" "), /without encryption/);
  assert.match(said("2021-09-30", "2021-09-01").says.join(" "), /more than a day ago/);
  assert.match(said("2021-09-30", "2022-09-30").says.join(" "), /in the future/);
  const ends = (time: string) => saysOf(`${plain}\nExpiration Time: ${time}`).says.join(" ");
  assert.match(ends("2021-09-30T00:00:00Z"), /over already/);
  assert.match(ends("2022-09-30T00:00:00Z"), /more than 30 days/);
  assert.match(saysOf(plain).says.join(" "), /names no end/);
  assert.match(saysOf(`${plain}\nNot Before: 2021-10-05T00:00:00Z`).says.join(" "), /not hold yet/);
  assert.match(
    saysOf(`${plain}\nResources:\n- urn:recap:eyJhdHQiOnt9fQ`).says.join(" "),
    /hands permissions over/,
  );
});
