// python3-fido2, a FIDO2 client of another hand: its PIN protocols against ours, and it against the authenticator.

import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { readState } from "../../device/sim/authenticator/state.ts";
import { concat, fromHex, toHex } from "../../src/bytes.ts";
import { answer, assertChallenge, challengeOf, enrol, enrolSigner } from "../../src/factors/index.ts";
import { authenticate, decrypt, encrypt, sharedWith } from "../../src/factors/pin-protocol.ts";
import { signedBy } from "../../src/factors/point.ts";
import { ends, random } from "../factors/run.ts";
import { VECTORS } from "../factors/vectors.ts";
import { isHere } from "./peer.ts";

// Debian's: another Python on the PATH would not find it.
const PYTHON = "/usr/bin/python3";
const installed = spawnSync(PYTHON, ["-c", "import fido2"]).status === 0;
const AUTHENTICATOR = fileURLToPath(new URL("../../device/sim/authenticator/main.ts", import.meta.url));

const folder = mkdtempSync(join(tmpdir(), "firn-fido2-"));
const started: ChildProcess[] = [];
after(() => {
  for (const child of started) child.kill();
  rmSync(folder, { recursive: true });
});

/** One process for all questions; each line is answered by one line. */
function client(): (question: object) => Promise<Record<string, never>> {
  const program = join(import.meta.dirname, "fido2_peer.py");
  const child = spawn(PYTHON, [program], { stdio: ["pipe", "pipe", "inherit"] });
  started.push(child);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (question) => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await answers.next();
    assert.ok(!done, "python3-fido2 ended");
    return JSON.parse(value);
  };
}

const bytes = (hex: string) => fromHex(hex)!;

test("python3-fido2 agrees with both PIN protocols: secret, sealing, opening, marking", async (t) => {
  if (!isHere(t, "python3-fido2", installed)) return;
  const ask = client();
  const { platformSecret, platformX, platformY, keyX, keyY } = VECTORS.protocolOne;
  const [plain, message] = [toHex(random.bytes(32)), toHex(random.bytes(50))];
  for (const version of [1, 2] as const) {
    const shared = sharedWith(version, bytes(platformSecret), bytes(keyX + keyY));
    const sealed = toHex(encrypt(shared, bytes(plain), random));
    const question = { version, secret: platformSecret, point: keyX + keyY, plain, sealed, message };
    const said = await ask({ do: "math", ...question });
    assert.equal(said.ours, platformX + platformY);
    assert.equal(said.shared, toHex(shared.secret));
    assert.equal(said.opened, plain);
    assert.equal(toHex(decrypt(shared, bytes(said.sealed!), 32)), plain);
    assert.equal(said.mark, toHex(authenticate(version, shared.secret, bytes(message))));
  }
});

/** What each kind of key is made with, and what proves the user to it. */
const KINDS: readonly (readonly [string, readonly string[], object])[] = [
  ["touch", [], {}],
  ["pin", ["--pin", "1234"], { pin: "1234" }],
  ["finger", ["--fingerprint"], { uv: true }],
  ["old", ["--old"], {}],
  ["old-pin", ["--old", "--pin", "1234"], { pin: "1234" }],
];

for (const [kind, options, proof] of KINDS)
  test(`python3-fido2 makes a credential in the authenticator (${kind}) and has its secrets, as Firn does after it`, async (t) => {
    if (!isHere(t, "python3-fido2", installed)) return;
    const ask = client();
    const state = join(folder, kind);
    const key = [process.execPath, AUTHENTICATOR, "--state", state, "--touched", ...options];
    const made = await ask({ do: "make", key, ...proof });
    assert.equal(made.verified, kind.includes("pin") || kind === "finger");
    const salts = [toHex(random.bytes(32)), toHex(random.bytes(32))];
    const one = await ask({
      do: "ask",
      key,
      id: made.id,
      point: made.point,
      salts: salts.slice(0, 1),
      ...proof,
    });
    const both = await ask({ do: "ask", key, id: made.id, point: made.point, salts, ...proof });
    const [outputs, first] = [both.outputs as unknown as string[], one.outputs as unknown as string[]];
    assert.deepEqual([outputs.length, first], [2, outputs.slice(0, 1)]);
    assert.notEqual(outputs[0], outputs[1]);
    assert.equal(both.counter, Number(one.counter) + 1);
    // What one program has written the other reads: Firn asks the same key for the same salt.
    const credential = {
      credentialId: bytes(made.id!),
      publicKey: bytes(made.point!),
      verified: made.verified === (true as never),
      salt: bytes(salts[0]!),
    };
    const remembered = readState(readFileSync(state, "utf8"));
    const answered = ends(answer({ random, credentials: [credential] }), {
      state: remembered,
      pins: ["1234"],
    });
    assert.equal(toHex(answered.secret), outputs[0]);
  });

test("python3-fido2 has the same secret of a key that Firn enrolled", async (t) => {
  if (!isHere(t, "python3-fido2", installed)) return;
  const ask = client();
  const file = join(folder, "firn");
  const key = [process.execPath, AUTHENTICATOR, "--state", file, "--touched", "--pin", "1234"];
  // The program makes the file; Firn then enrols with what is in it.
  await ask({ do: "pin", key, version: 2, try: "1234" });
  const state = readState(readFileSync(file, "utf8"));
  const enrolled = ends(enrol({ random, known: [] }), { state, pins: ["1234"] });
  writeFileSync(file, JSON.stringify(state));
  const asked = await ask({
    ...{ do: "ask", key, pin: "1234" },
    ...{ id: toHex(enrolled.credentialId), point: toHex(enrolled.publicKey), salts: [toHex(enrolled.salt)] },
  });
  assert.deepEqual(asked.outputs, [toHex(enrolled.secret)]);
});

const AGREED = {
  txid: "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16",
  amounts: "11".repeat(32),
  policy: { fingerprint: "0a1b2c3d", number: 7 },
  head: "22".repeat(32),
};

for (const [kind, options, pins] of [
  ["touch", [], []],
  ["pin", ["--pin", "1234"], ["1234"]],
] as const)
  test(`python3-fido2 and Firn have the same key sign the digest of a request, and each knows the other's credential (${kind})`, async (t) => {
    if (!isHere(t, "python3-fido2", installed)) return;
    const ask = client();
    const file = join(folder, `agree-${kind}`);
    const key = [process.execPath, AUTHENTICATOR, "--state", file, "--touched", ...options];
    const proof = pins.length > 0 ? { pin: pins[0] } : {};
    // A credential of python3-fido2's making signs for Firn.
    const made = await ask({ do: "make", key, ...proof });
    const theirs = {
      credentialId: bytes(made.id!),
      publicKey: bytes(made.point!),
      verified: pins.length > 0,
    };
    const challenge = challengeOf(AGREED);
    const state = readState(readFileSync(file, "utf8"));
    assert.equal(ends(assertChallenge({ random, signer: theirs, challenge }), { state, pins }), "agreed");
    // One of Firn's making signs the same digest for python3-fido2, which knows it for that and for no other.
    const ours = ends(enrolSigner({ random, known: [] }), { state, pins });
    writeFileSync(file, JSON.stringify(state));
    const said = await ask({
      ...{ do: "sign", key, id: toHex(ours.credentialId), challenge: toHex(challenge), ...proof },
    });
    const { data, signature } = said as unknown as Record<string, string>;
    const asked = { do: "check", point: toHex(ours.publicKey), data, signature };
    assert.deepEqual(await ask({ ...asked, challenge: toHex(challenge) }), { signed: true });
    const later = challengeOf({ ...AGREED, head: "33".repeat(32) });
    assert.deepEqual(await ask({ ...asked, challenge: toHex(later) }), { signed: false });
    assert.ok(signedBy(ours.publicKey, concat(bytes(data!), challenge), bytes(signature!)));
  });

test("python3-fido2 sets, changes and mistypes the authenticator's PIN by both protocols, and tries are counted", async (t) => {
  if (!isHere(t, "python3-fido2", installed)) return;
  const ask = client();
  for (const version of [1, 2] as const) {
    const key = [process.execPath, AUTHENTICATOR, "--state", join(folder, `tries-${version}`), "--touched"];
    const pin = (acts: object) => ask({ do: "pin", key, version, ...acts });
    assert.deepEqual(await pin({ try: "1234" }), { status: "PIN_NOT_SET", retries: 8 });
    assert.deepEqual(await pin({ set: "1234" }), { status: "OK", retries: 8 });
    assert.deepEqual(await pin({ set: "5678" }), { status: "PIN_AUTH_INVALID", retries: 8 });
    assert.deepEqual(await pin({ try: "0000" }), { status: "PIN_INVALID", retries: 7 });
    assert.deepEqual(await pin({ old: "9999", new: "5678" }), { status: "PIN_INVALID", retries: 6 });
    assert.deepEqual(await pin({ try: "1234" }), { status: "OK", retries: 8 });
    assert.deepEqual(await pin({ old: "1234", new: "a longer one" }), { status: "OK", retries: 8 });
    for (let left = 7; left > 0; left--)
      assert.deepEqual(await pin({ try: "1234" }), { status: "PIN_INVALID", retries: left });
    assert.deepEqual(await pin({ try: "1234" }), { status: "PIN_BLOCKED", retries: 0 });
    assert.deepEqual(await pin({ try: "a longer one" }), { status: "PIN_BLOCKED", retries: 0 });
  }
});

test("python3-fido2 is refused where it names another credential, or the PIN is wrong", async (t) => {
  if (!isHere(t, "python3-fido2", installed)) return;
  const ask = client();
  const key = [
    process.execPath,
    AUTHENTICATOR,
    "--state",
    join(folder, "refused"),
    "--touched",
    "--pin",
    "1234",
  ];
  const question = { key, id: "00".repeat(32), point: VECTORS.replies.publicKey, salts: ["11".repeat(32)] };
  assert.deepEqual(await ask({ do: "ask", ...question, pin: "1234" }), { refused: "DEVICE_INELIGIBLE" });
  assert.deepEqual(await ask({ do: "make", key, pin: "4321" }), { refused: "BAD_REQUEST" });
});
