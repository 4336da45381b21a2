// What only a TPM can: it counts wrong PINs itself, forgets for good, and its counters never go back.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { tpmNoise } from "../../device/seal/noise.ts";
import { setTries } from "../../device/seal/tpm/lockout.ts";
import { openTransport, type Transport } from "../../device/seal/tpm/transport.ts";
import { visit } from "../../device/seal/tpm/visit.ts";
import { tpmSeal } from "../../device/seal/tpm.ts";
import { blobBytes, readBlob } from "../../device/seal/tpm-blob.ts";
import { MARK } from "../../device/seal/tpm-indices.ts";
import { TRIES } from "../../device/seal/tpm-owner.ts";
import { readU32be } from "../../src/bytes.ts";
import { isHere } from "../peers/peer.ts";
import { counts, payloadOf, refused, some } from "./stage.ts";
import { hasSwtpm, hasTools, type SoftTpm, softTpm } from "./swtpm.ts";

function withTpm(name: string, body: (tpm: SoftTpm, t: TestContext) => Promise<void>): void {
  test(name, async (t) => {
    if (isHere(t, "swtpm", hasSwtpm)) await body(await softTpm(t), t);
  });
}

function withTools(name: string, body: (tpm: SoftTpm, t: TestContext) => Promise<void>): void {
  test(name, async (t) => {
    if (isHere(t, "tpm2-tools", hasTools)) await body(await softTpm(t), t);
  });
}

/** A home on this machine: bound, stored, opened once. */
async function home(tpm: SoftTpm) {
  const [secret, auth] = [some(), some()];
  const seal = tpmSeal(tpm.open);
  const blob = await seal.bind(secret, auth);
  assert.deepEqual(await seal.release(blob, auth), secret);
  return { seal, secret, auth, blob };
}

const UNSEAL = 0x15e;

/** Power goes the moment the TPM has answered the Unseal, before anybody has heard it. */
function cutAtUnseal(tpm: SoftTpm): () => Promise<Transport> {
  return async () => {
    const io = await openTransport(tpm.socket);
    return {
      async send(command) {
        const answer = await io.send(command);
        const retry = readU32be(answer, 6) === 0x922;
        if (readU32be(command, 6) === UNSEAL && !retry) await tpm.cut();
        return answer;
      },
      close: () => io.close(),
    };
  };
}

withTpm("wrong PINs are counted, and a right one makes the TPM forget them", async (tpm) => {
  const { seal, secret, auth, blob } = await home(tpm);
  assert.equal((await counts(tpm)).wrong, 0);
  for (let wrong = 1; wrong <= 3; wrong++) {
    assert.equal(await seal.release(blob, some()), undefined);
    assert.equal((await counts(tpm)).wrong, wrong);
  }
  assert.deepEqual(await seal.release(blob, auth), secret);
  assert.equal((await counts(tpm)).wrong, 0);
});

withTpm("a wrong PIN has been counted before the TPM answers", async (tpm) => {
  const { auth, blob } = await home(tpm);
  const seal = tpmSeal(cutAtUnseal(tpm));
  await refused(seal.release(blob, auth), "seal.failed");
  await tpm.start();
  // That is what the cut alone costs.
  assert.equal((await counts(tpm)).wrong, 1);
  assert.ok(await tpmSeal(tpm.open).release(blob, auth));
  assert.equal(await seal.release(blob, some()), undefined);
  await tpm.start();
  assert.equal((await counts(tpm)).wrong, 2);
});

withTpm("a cut of power after an answer costs no try", async (tpm) => {
  const { seal, secret, auth, blob } = await home(tpm);
  for (const used of [auth, some(), auth, some()]) {
    const expected = used === auth ? 0 : 1;
    await seal.release(blob, used);
    assert.equal((await counts(tpm)).wrong, expected);
    await tpm.cut();
    await tpm.start();
    assert.equal((await counts(tpm)).wrong, expected);
  }
  await seal.mark(some());
  await seal.counter!("first").raise();
  await seal.rest();
  await tpm.cut();
  await tpm.start();
  assert.equal((await counts(tpm)).wrong, 1);
  assert.deepEqual(await seal.release(blob, auth), secret);
});

withTpm(
  "after 31 wrong PINs the TPM takes none, not even the right one, and a cut changes nothing",
  async (tpm) => {
    const { auth, blob } = await home(tpm);
    for (let wrong = 1; wrong <= TRIES.most; wrong++)
      assert.equal(await tpmSeal(tpm.open).release(blob, some()), undefined);
    const seal = tpmSeal(tpm.open);
    await refused(seal.release(blob, auth), "seal.locked", /^one more within 60 minutes$/);
    await refused(seal.release(blob, some()), "seal.locked");
    await tpm.cut();
    await tpm.start();
    await refused(tpmSeal(tpm.open).release(blob, auth), "seal.locked");
    // What needs no PIN goes on.
    await seal.mark(some());
    await seal.counter!("first").raise();
    // And it can still be wiped.
    await seal.destroy();
    await refused(seal.release(blob, auth), "seal.foreign");
  },
);

withTpm("an older copy of the card is worth nothing after a wipe, and asking costs no try", async (tpm) => {
  const { seal, auth, blob } = await home(tpm);
  const other = await seal.bind(some(), auth);
  await seal.destroy();
  await tpm.cut();
  await tpm.start();
  const again = tpmSeal(tpm.open);
  await refused(again.release(blob, auth), "seal.foreign", /destroyed/);
  await again.mark(some());
  await refused(again.release(blob, auth), "seal.foreign", /destroyed/);
  await refused(again.release(other, some()), "seal.foreign", /destroyed/);
  assert.equal((await counts(tpm)).wrong, 0);
});

withTpm("a blob that claims the new mark is opened by it no more than before", async (tpm) => {
  const { seal, auth, blob } = await home(tpm);
  await seal.destroy();
  const fresh = readBlob(await seal.bind(some(), auth));
  const forged = blobBytes({ ...readBlob(blob), markName: fresh.markName });
  await refused(seal.release(forged, auth), "seal.foreign", /damaged/);
});

withTpm("another TPM, and this one cleared, are told by name before a PIN is tried", async (tpm, t) => {
  const { auth, blob } = await home(tpm);
  const other = await softTpm(t);
  const elsewhere = await home(other);
  await refused(elsewhere.seal.release(blob, auth), "seal.foreign", /another, or was cleared/);
  assert.equal((await counts(other)).wrong, 0);
  await tpmSeal(tpm.open, { ownsTpm: true }).destroy();
  await refused(tpmSeal(tpm.open).release(blob, auth), "seal.foreign", /another, or was cleared/);
});

withTpm("counters begin where none was, rise by one, and know nothing of each other", async (tpm) => {
  const seal = tpmSeal(tpm.open);
  const [first, second] = [seal.counter!("first"), seal.counter!("second")];
  const begin = await first.value();
  assert.equal(await first.value(), begin);
  assert.equal(await first.raise(), begin + 1);
  assert.equal(await first.raise(), begin + 2);
  const other = await second.raise();
  assert.equal(await second.value(), other);
  assert.equal(await first.value(), begin + 2);
});

withTpm("a counter never goes back: not by a cut, not by a wipe, not by clearing the TPM", async (tpm) => {
  let highest = 0;
  for (let round = 0; round < 4; round++) {
    const { seal } = await home(tpm);
    const counter = seal.counter!("first");
    const begin = await counter.value();
    assert.ok(begin > highest || round === 0, `${begin} after ${highest}`);
    highest = await counter.raise();
    await tpm.cut();
    await tpm.start();
    assert.equal(await tpmSeal(tpm.open).counter!("first").value(), highest);
    await tpmSeal(tpm.open, { ownsTpm: round % 2 === 0 }).destroy();
    if (round % 2 === 1) await seal.destroy();
  }
});

withTpm("things asked at once are done one after the other", async (tpm) => {
  const { seal, secret, auth, blob } = await home(tpm);
  const counter = seal.counter!("first");
  const begin = await counter.value();
  const [a, b, released] = await Promise.all([counter.raise(), counter.raise(), seal.release(blob, auth)]);
  assert.deepEqual([a, b], [begin + 1, begin + 2]);
  assert.deepEqual(released, secret);
});

withTpm("a home that was bound and never stored leaves a TPM that the next one can use", async (tpm) => {
  await tpmSeal(tpm.open).bind(some(), some());
  await tpm.cut();
  await tpm.start();
  assert.equal((await counts(tpm)).owned, false);
  const { secret, auth, blob } = await home(tpm);
  assert.equal((await counts(tpm)).owned, true);
  assert.deepEqual(await tpmSeal(tpm.open).release(blob, auth), secret);
});

withTpm("from the first bind on the TPM counts as Firn wants it", async (tpm) => {
  const blob = await tpmSeal(tpm.open).bind(some(), some());
  const { most, recoverySeconds, lockoutRecoverySeconds } = await counts(tpm);
  assert.deepEqual({ most, recoverySeconds, lockoutRecoverySeconds }, TRIES);
  assert.equal(await tpmSeal(tpm.open).release(blob, some()), undefined);
  assert.equal((await counts(tpm)).wrong, 1);
});

withTpm(
  "binding under another PIN needs the old one once; a rest in between takes nothing away",
  async (tpm) => {
    const { secret, auth, blob } = await home(tpm);
    const [seal, next] = [tpmSeal(tpm.open), some()];
    await refused(seal.bind(secret, next), "seal.owned");
    assert.equal(await seal.release(blob, some()), undefined);
    await refused(seal.bind(secret, next), "seal.owned");
    await seal.release(blob, auth);
    await seal.rest();
    const changed = await seal.bind(secret, next);
    assert.deepEqual(await tpmSeal(tpm.open).release(changed, next), secret);
    assert.equal((await counts(tpm)).wrong, 0);
  },
);

withTpm(
  "a TPM that somebody took between bind and release still releases; tries are not forgiven",
  async (tpm) => {
    const [secret, auth] = [some(), some()];
    const blob = await tpmSeal(tpm.open).bind(secret, auth);
    await home(tpm);
    for (let i = 0; i < 2; i++) assert.deepEqual(await tpmSeal(tpm.open).release(blob, auth), secret);
    await tpmSeal(tpm.open).release(blob, some());
    await tpmSeal(tpm.open).release(blob, auth);
    assert.equal((await counts(tpm)).wrong, 1);
  },
);

withTpm(
  "a wiped home gives the TPM back: cleared where it is Firn's alone, else where its secret is known",
  async (tpm) => {
    const known = await home(tpm);
    await known.seal.destroy();
    assert.equal((await counts(tpm)).owned, false);
    const second = await home(tpm);
    // By too many wrong PINs: nobody knows the secret.
    await tpmSeal(tpm.open).destroy();
    assert.equal((await counts(tpm)).owned, true);
    await refused(tpmSeal(tpm.open).bind(some(), some()), "seal.owned");
    await tpmSeal(tpm.open, { ownsTpm: true }).destroy();
    assert.equal((await counts(tpm)).owned, false);
    await refused(tpmSeal(tpm.open).release(second.blob, second.auth), "seal.foreign");
    await home(tpm);
  },
);

withTpm("nothing that was used stays behind in the TPM, whatever came of it", async (tpm) => {
  const { seal, auth, blob } = await home(tpm);
  // It has room for three objects and 64 sessions.
  for (let i = 0; i < 6; i++) {
    await seal.release(blob, some());
    await seal.release(blob, auth);
    await seal.release(blob.subarray(1), auth).catch(() => undefined);
    await tpmNoise(tpm.open).bytes(33);
  }
  for (let i = 0; i < 80; i++) await seal.mark(some());
});

withTpm("its generator gives as many bytes as are asked for, and others each time", async (tpm) => {
  const noise = tpmNoise(tpm.open);
  assert.equal(noise.name, "TPM");
  for (const length of [1, 31, 32, 33, 500]) assert.equal((await noise.bytes(length)).length, length);
  assert.notDeepEqual(await noise.bytes(32), await noise.bytes(32));
  await tpm.cut();
  await refused(noise.bytes(32), "birth.source-failed", /^TPM: /);
});

withTpm("a session is the same to both sides, whatever bytes its numbers begin with", async (tpm) => {
  await visit(
    tpm.open,
    () => undefined,
    async () => undefined,
  );
  for (let i = 0; i < 300; i++) await counts(tpm);
});

withTools("a TPM whose owner secret is set, or whose places are taken, is somebody else's", async (tpm) => {
  await tpm.tool("tpm2_nvdefine", "-C", "o", "-s", "32", "-a", "ownerread|ownerwrite", hex(MARK.handle));
  const seal = tpmSeal(tpm.open);
  const before = await tpm.tool("tpm2_getcap", "properties-variable");
  await refused(seal.mark(some()), "seal.owned", /index 0x184f120/);
  // Destroying leaves it where it is.
  await seal.destroy();
  await refused(seal.mark(some()), "seal.owned");
  await tpm.tool("tpm2_changeauth", "-c", "o", "owner");
  await refused(seal.bind(some(), some()), "seal.owned", /owner secret/);
  await refused(seal.mark(some()), "seal.owned");
  assert.equal(
    (await tpm.tool("tpm2_getcap", "properties-variable")).replace(
      /ownerAuthSet: +1/,
      "ownerAuthSet:              0",
    ),
    before,
  );
});

withTools("a TPM whose lockout secret is somebody else's is left as it is", async (tpm) => {
  await tpm.tool("tpm2_changeauth", "-c", "l", "theirs");
  const before = await tpm.tool("tpm2_getcap", "properties-variable");
  await refused(tpmSeal(tpm.open).bind(some(), some()), "seal.owned", /lockout secret/);
  assert.equal(await tpm.tool("tpm2_getcap", "properties-variable"), before);
});

withTpm("a lockout ends by itself, one try at a time", async (tpm) => {
  const { seal, secret, auth, blob } = await home(tpm);
  const lockoutAuth = (await payloadOf(tpm, blob, auth)).slice(32);
  const quick = { most: 2, recoverySeconds: 1, lockoutRecoverySeconds: 1 };
  await visit(
    tpm.open,
    () => undefined,
    ({ session }) => setTries(session, quick, lockoutAuth),
  );
  for (let wrong = 1; wrong <= 2; wrong++) assert.equal(await seal.release(blob, some()), undefined);
  await refused(seal.release(blob, auth), "seal.locked", /^one more within a minute$/);
  for (;;) {
    const released = await seal.release(blob, auth).catch((problem) => problem.reason);
    if (released === "seal.locked") await sleep(50);
    else return assert.deepEqual(released, secret);
  }
});

function hex(handle: number): string {
  return `0x${handle.toString(16)}`;
}
