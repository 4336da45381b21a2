// Who sits on the bus, or stands in the TPM's place: hears nothing, changes nothing unnoticed, and hangs nobody.

import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { tpmNoise } from "../../device/seal/noise.ts";
import { COMMAND } from "../../device/seal/tpm/codes.ts";
import { openTransport, type Transport } from "../../device/seal/tpm/transport.ts";
import { visit } from "../../device/seal/tpm/visit.ts";
import { tpmSeal } from "../../device/seal/tpm.ts";
import { authValueOf, readBlob } from "../../device/seal/tpm-blob.ts";
import { MARK, readMark } from "../../device/seal/tpm-indices.ts";
import { concat, readU32be, toHex, u32be } from "../../src/bytes.ts";
import type { Seal } from "../../src/ports.ts";
import { Refusal } from "../../src/refusal.ts";
import { isHere } from "../peers/peer.ts";
import { counts, payloadOf, refused, some } from "./stage.ts";
import { hasSwtpm, type SoftTpm, softTpm } from "./swtpm.ts";

function withTpm(name: string, body: (tpm: SoftTpm, t: TestContext) => Promise<void>): void {
  test(name, async (t) => {
    if (isHere(t, "swtpm", hasSwtpm)) await body(await softTpm(t), t);
  });
}

/** Changes what the TPM answers; `nth` counts from 0 since it was opened. */
type Change = (answer: Uint8Array, command: Uint8Array, nth: number) => Uint8Array | Promise<Uint8Array>;

function between(tpm: SoftTpm, change: Change): () => Promise<Transport> {
  return async () => {
    const io = await openTransport(tpm.socket);
    let nth = 0;
    return {
      send: async (command) => change(await io.send(command), command, nth++),
      close: () => io.close(),
    };
  };
}

async function home(tpm: SoftTpm) {
  const [secret, auth] = [some(), some()];
  const seal = tpmSeal(tpm.open);
  const blob = await seal.bind(secret, auth);
  assert.deepEqual(await seal.release(blob, auth), secret);
  return { seal, secret, auth, blob };
}

withTpm("who records the bus from the first command on finds no secret on it", async (tpm) => {
  const { seal, secret, auth, blob } = await home(tpm);
  const wrong = some();
  await seal.release(blob, wrong);
  await seal.release(blob, auth);
  const made = await seal.mark(some());
  await seal.bind(secret, auth);
  await seal.counter!("first").raise();
  const chance = await tpmNoise(tpm.open).bytes(32);
  const heard = toHex(concat(...tpm.bus));

  const payload = await payloadOf(tpm, blob, auth);
  const mark = await visit(tpm.open, () => undefined, readMark);
  const secrets = { secret, auth, wrong, made, chance, mark: mark! };
  const derived = { value: authValueOf(auth), wrongValue: authValueOf(wrong) };
  const held = { key: payload.subarray(0, 32), lockoutAuth: payload.subarray(32) };
  for (const [name, bytes] of Object.entries({ ...secrets, ...derived, ...held })) {
    assert.equal(bytes.length, 32);
    for (let at = 0; at < 32; at += 8)
      assert.ok(!heard.includes(toHex(bytes.subarray(at, at + 8))), `${name} passed in the clear`);
  }
  // What is no secret is there: the record is whole.
  const { object } = readBlob(blob);
  for (const bytes of [object.area, object.encrypted, u32be(MARK.handle)])
    assert.ok(heard.includes(toHex(bytes)));
});

withTpm(
  "an answer in which one bit was changed gives the secret or a refusal, and nothing else",
  async (tpm) => {
    const { secret, auth, blob } = await home(tpm);
    const lengths: number[] = [];
    const listen: Change = (answer) => {
      lengths.push(answer.length);
      return answer;
    };
    await tpmSeal(between(tpm, listen)).release(blob, auth);
    assert.ok(lengths.length > 10);
    let noticed = 0;
    for (const [which, length] of lengths.entries())
      for (let at = 0; at < length; at += 7) {
        const flip: Change = (answer, _, nth) => {
          if (nth !== which || at >= answer.length) return answer;
          const changed = answer.slice();
          changed[at]! ^= 1 << (at % 8);
          return changed;
        };
        const result = await tpmSeal(between(tpm, flip))
          .release(blob, auth)
          .catch((problem: unknown) => problem);
        if (result instanceof Uint8Array) assert.deepEqual(result, secret);
        else {
          assert.ok(result instanceof Refusal, `answer ${which}, byte ${at}: ${result}`);
          assert.ok(["seal.failed", "seal.foreign", "seal.owned"].includes(result.reason), result.message);
          assert.doesNotMatch(result.message, /[0-9a-f]{12}/i);
          noticed++;
        }
        // What was left behind by a lie about a handle goes with the power.
        if (noticed % 10 === 0) await tpm.cut().then(() => tpm.start());
      }
    assert.ok(noticed > 50, `${noticed}`);
  },
);

withTpm(
  "whatever part of an answer that matters is changed, the seal says that the TPM failed",
  async (tpm) => {
    const { seal, auth, blob } = await home(tpm);
    await seal.counter!("first").value();
    const within: readonly [number, (seal: Seal) => Promise<unknown>][] = [
      [COMMAND.unseal, (one) => one.release(blob, auth)],
      [COMMAND.nvRead, (one) => one.mark(some())],
      [COMMAND.nvRead, (one) => one.counter!("first").value()],
      [COMMAND.getCapability, (one) => one.release(blob, auth)],
      [COMMAND.lockReset, (one) => one.release(blob, auth)],
      [COMMAND.nvIncrement, (one) => one.counter!("first").raise()],
      [COMMAND.create, (one) => one.release(blob, auth).then(() => one.bind(some(), some()))],
    ];
    for (const [code, ask] of within)
      for (const place of ["the parameters", "the MAC"]) {
        const change: Change = (answer, command) => {
          if (readU32be(command, 6) !== code || readU32be(answer, 6) !== 0) return answer;
          const changed = answer.slice();
          // Where there are no parameters it is the nonce.
          changed[place === "the MAC" ? answer.length - 1 : 16]! ^= 1;
          return changed;
        };
        await refused(
          ask(tpmSeal(between(tpm, change))),
          "seal.failed",
          /changed on the way|too short|too long/,
        );
      }
  },
);

withTpm("an old answer played again is noticed", async (tpm) => {
  const { auth, blob, seal } = await home(tpm);
  const counter = seal.counter!("first");
  await counter.value();
  let old: Uint8Array | undefined;
  const record: Change = (answer, command) => {
    if (readU32be(command, 6) === COMMAND.nvRead) old = answer.slice();
    return answer;
  };
  await tpmSeal(between(tpm, record)).counter!("first").value();
  await counter.raise();
  const replay: Change = (answer, command) => (readU32be(command, 6) === COMMAND.nvRead ? old! : answer);
  await refused(tpmSeal(between(tpm, replay)).counter!("first").value(), "seal.failed", /changed on the way/);
  await refused(tpmSeal(between(tpm, replay)).release(blob, auth), "seal.failed", /changed on the way/);
});

withTpm("another TPM put in place of this one while it is on is noticed", async (tpm, t) => {
  const other = await softTpm(t);
  let now = tpm;
  const seal = tpmSeal(() => now.open());
  await seal.mark(some());
  now = other;
  await refused(seal.mark(some()), "seal.failed", /not the TPM that it was/);
  await refused(seal.counter!("first").value(), "seal.failed");
  now = tpm;
  await seal.mark(some());
});

withTpm("a TPM that asks for patience gets it, and one that asks for ever does not", async (tpm) => {
  const { secret, auth, blob } = await home(tpm);
  const warning = (code: number) => concat(Uint8Array.of(0x80, 0x01), u32be(10), u32be(code));
  for (const code of [0x922, 0x908, 0x90a, 0x920, 0x923]) {
    let asked = 0;
    const open = async (): Promise<Transport> => {
      const io = await openTransport(tpm.socket);
      return {
        send: async (command) => (asked++ % 3 < 2 ? warning(code) : io.send(command)),
        close: () => io.close(),
      };
    };
    assert.deepEqual(await tpmSeal(open).release(blob, auth), secret);
    assert.ok(asked > 30);
  }
  const forEver = async (): Promise<Transport> => ({
    send: async () => warning(0x922),
    close: async () => undefined,
  });
  await refused(tpmSeal(forEver).mark(some()), "seal.failed", /0x922/);
});

withTpm(
  "a TPM in failure, and one that knows no such command, fail by name and lose nothing",
  async (tpm) => {
    const { secret, auth, blob } = await home(tpm);
    for (const code of [0x101, 0x143, 0x902, 0x903, 0x14b, 0x1d5]) {
      const no = concat(Uint8Array.of(0x80, 0x01), u32be(10), u32be(code));
      for (const command of [
        COMMAND.createPrimary,
        COMMAND.startAuthSession,
        COMMAND.unseal,
        COMMAND.nvRead,
      ]) {
        const say: Change = (answer, sent) => (readU32be(sent, 6) === command ? no : answer);
        await refused(tpmSeal(between(tpm, say)).release(blob, auth), "seal.failed", /^it answered 0x/);
        await tpm.cut();
        await tpm.start();
      }
    }
    assert.deepEqual(await tpmSeal(tpm.open).release(blob, auth), secret);
    assert.equal((await counts(tpm)).wrong, 0);
  },
);

test("bytes of chance in a TPM's place are refused, whatever they are", async () => {
  const answers = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      // With a header that holds.
      fc
        .tuple(
          fc.constantFrom(0x01, 0x02),
          fc.constantFrom(0, 0, 0, 0x100, 0x98e, 0x18b),
          fc.uint8Array({ maxLength: 300 }),
        )
        .map(([tag, code, rest]) =>
          concat(Uint8Array.of(0x80, tag), u32be(10 + rest.length), u32be(code), rest),
        ),
    ),
    { minLength: 1, maxLength: 12 },
  );
  const asks = [
    (seal: Seal) => seal.mark(new Uint8Array(32)),
    (seal: Seal) => seal.bind(new Uint8Array(32), new Uint8Array(32)),
    (seal: Seal) => seal.counter!("first").raise(),
    (seal: Seal) => seal.destroy(),
  ];
  await fc.assert(
    fc.asyncProperty(answers, fc.nat(asks.length - 1), async (given, which) => {
      let nth = 0;
      const io: Transport = { send: async () => given[nth++ % given.length]!, close: async () => undefined };
      const seal = tpmSeal(async () => io);
      await assert.rejects(asks[which]!(seal), (problem) => problem instanceof Refusal);
    }),
  );
});

/** Something that listens where a TPM should, and answers as it likes. */
async function impostor(t: TestContext, answer: (socket: Socket, command: Buffer) => void): Promise<string> {
  const path = join(tmpdir(), `firn-impostor-${toHex(some(6))}`);
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined).on("data", (command) => answer(socket, command));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await rm(path, { force: true });
  });
  return path;
}

const header = (length: number) => concat(Uint8Array.of(0x80, 0x01), u32be(length), u32be(0));

test("who answers nothing, half, too much, or goes away, is a TPM that fails, and nobody hangs", async (t) => {
  const cases: readonly [(socket: Socket) => void, RegExp][] = [
    [() => undefined, /in time/],
    [(socket) => socket.write(Uint8Array.of(0x80, 0x01)), /in time/],
    [(socket) => socket.write(header(11)), /in time/],
    [(socket) => socket.write(concat(header(10), some(1))), /too long/],
    [(socket) => socket.write(header(9)), /no possible length/],
    [(socket) => socket.write(header(4097)), /no possible length/],
    [(socket) => socket.write(header(0xffffffff)), /no possible length/],
    [(socket) => socket.write(some(100_000).fill(0x11)), /too long|no possible length/],
    [(socket) => socket.end(), /went away/],
    [(socket) => socket.write(header(20), () => socket.destroy()), /went away/],
  ];
  for (const [answer, detail] of cases) {
    const path = await impostor(t, answer);
    const seal = tpmSeal(() => openTransport(path, 100));
    await refused(seal.mark(some()), "seal.failed", detail);
    await refused(seal.rest(), "seal.failed", detail);
    await refused(tpmNoise(() => openTransport(path, 100)).bytes(8), "birth.source-failed", detail);
  }
});

test("after an answer that came too late nothing more is sent", async (t) => {
  const heard: Buffer[] = [];
  const path = await impostor(t, (socket, command) => {
    heard.push(command);
    setTimeout(() => socket.write(header(10)), 150);
  });
  const io = await openTransport(path, 50);
  await assert.rejects(io.send(header(10)), /in time/);
  await assert.rejects(io.send(header(10)), /stopped answering/);
  assert.equal(heard.length, 1);
  await io.close();
});

test("where no TPM is, or something else, it says so", async () => {
  const missing = join(tmpdir(), `firn-no-tpm-${toHex(some(6))}`);
  await refused(tpmSeal(() => openTransport(missing)).mark(some()), "seal.failed", /ENOENT/);
  await refused(tpmSeal(() => openTransport("/dev/null")).mark(some()), "seal.failed", /too short/);
  // Nothing is ever written into a file that somebody named by mistake.
  await refused(tpmSeal(() => openTransport(import.meta.filename)).mark(some()), "seal.failed", /neither/);
  await refused(tpmSeal(() => openTransport(import.meta.dirname)).mark(some()), "seal.failed", /neither/);
});
