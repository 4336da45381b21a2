// One contract for all three seals.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { BOARD_CREDENTIAL, boardSeal } from "../../device/seal/board.ts";
import { fileSeal } from "../../device/seal/file.ts";
import { openNoise, openSeals } from "../../device/seal/open.ts";
import { tpmSeal } from "../../device/seal/tpm.ts";
import { LIMITS } from "../../src/limits.ts";
import type { Seal } from "../../src/ports.ts";
import { isHere } from "../peers/peer.ts";
import { refused, some } from "./stage.ts";
import { hasSwtpm, softTpm } from "./swtpm.ts";

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "firn-seal-"));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function board(path: string, secret = some(32)): Promise<string> {
  await writeFile(join(path, BOARD_CREDENTIAL), secret);
  return path;
}

/** Each call: the machine switched on again. */
type SwitchOn = () => Promise<Seal>;

const MACHINES: Record<Seal["kind"], (t: TestContext) => Promise<SwitchOn | undefined>> = {
  async tpm(t) {
    if (!isHere(t, "swtpm", hasSwtpm)) return undefined;
    const tpm = await softTpm(t);
    return async () => tpmSeal(tpm.open);
  },
  async board(t) {
    const path = await folder(t);
    const credentials = await board(path);
    return () => boardSeal({ credentials, beside: join(path, "beside") });
  },
  async file(t) {
    const path = join(await folder(t), "machine");
    return () => fileSeal(path);
  },
};

for (const [kind, machine] of Object.entries(MACHINES)) {
  const on = (name: string, body: (switchOn: SwitchOn, other: SwitchOn) => Promise<void>) =>
    test(`${kind}: ${name}`, async (t) => {
      const [one, other] = [await machine(t), await machine(t)];
      if (one && other) await body(one, other);
    });

  on("the right PIN releases what was bound, also after the machine was off", async (switchOn) => {
    const [secret, auth] = [some(), some()];
    const blob = await (await switchOn()).bind(secret, auth);
    assert.ok(blob.length <= LIMITS.sealBlobBytes);
    for (let i = 0; i < 2; i++) {
      const seal = await switchOn();
      assert.equal(seal.kind, kind);
      assert.deepEqual(await seal.release(blob, auth), secret);
      await seal.rest();
    }
  });

  on("another PIN releases nothing, and does no harm", async (switchOn) => {
    const seal = await switchOn();
    const [secret, auth] = [some(), some()];
    const blob = await seal.bind(secret, auth);
    assert.equal(await seal.release(blob, some()), undefined);
    assert.deepEqual(await seal.release(blob, auth), secret);
  });

  on("what is bound twice looks different, and both are released", async (switchOn) => {
    const seal = await switchOn();
    const [secret, auth, second] = [some(), some(), some()];
    const blobs = [await seal.bind(secret, auth), await seal.bind(secret, second)] as const;
    assert.notDeepEqual(blobs[0], blobs[1]);
    assert.deepEqual(await seal.release(blobs[1], second), secret);
    assert.deepEqual(await seal.release(blobs[0], auth), secret);
  });

  on("another machine is told by name", async (switchOn, other) => {
    const auth = some();
    const blob = await (await switchOn()).bind(some(), auth);
    const elsewhere = await other();
    await elsewhere.mark(some());
    await refused(elsewhere.release(blob, auth), "seal.foreign");
  });

  on("a mark is the same each time, and another for other data and on another machine", async (a, b) => {
    const data = some();
    const mark = await (await a()).mark(data);
    assert.equal(mark.length, 32);
    assert.deepEqual(await (await a()).mark(data), mark);
    assert.notDeepEqual(await (await a()).mark(some()), mark);
    assert.notDeepEqual(await (await b()).mark(data), mark);
  });

  on("what was destroyed is not released any more, at once and ever after", async (switchOn) => {
    const seal = await switchOn();
    const [auth, data] = [some(), some()];
    const blob = await seal.bind(some(), auth);
    const mark = await seal.mark(data);
    assert.ok(await seal.release(blob, auth));
    await seal.destroy();
    await refused(seal.release(blob, auth), "seal.foreign");
    assert.notDeepEqual(await seal.mark(data), mark);
    await refused((await switchOn()).release(blob, auth), "seal.foreign");
    await seal.destroy();
  });

  on("after that the machine seals anew", async (switchOn) => {
    const seal = await switchOn();
    const [secret, auth] = [some(), some()];
    await seal.release(await seal.bind(some(), auth), auth);
    await seal.destroy();
    const blob = await seal.bind(secret, auth);
    assert.deepEqual(await (await switchOn()).release(blob, auth), secret);
  });

  on("what was changed, or is something else, is refused", async (switchOn) => {
    const seal = await switchOn();
    const auth = some();
    const blob = await seal.bind(some(), auth);
    for (const wrong of [new Uint8Array(), some(8), some(4096), blob.subarray(1), blob.subarray(0, -1)])
      await refused(seal.release(wrong, auth), "seal.foreign");
    for (let at = 0; at < blob.length; at += 5) {
      const changed = blob.slice();
      changed[at]! ^= 1;
      const released = await seal.release(changed, auth).catch((problem) => {
        assert.equal(problem.reason, "seal.foreign", `${at}: ${problem}`);
      });
      assert.equal(released, undefined, `byte ${at}`);
    }
    assert.ok(await seal.release(blob, auth));
  });
}

test("board: a secret that was never burnt is no secret", async (t) => {
  const path = await folder(t);
  const open = async (secret: Uint8Array) =>
    boardSeal({ credentials: await board(path, secret), beside: join(path, "beside") });
  await refused(boardSeal({ credentials: path, beside: join(path, "beside") }), "seal.failed", /handed over/);
  await refused(open(new Uint8Array(32)), "seal.failed", /never written/);
  await refused(open(new Uint8Array(64).fill(0xff)), "seal.failed", /never written/);
  await refused(open(some(31)), "seal.failed", /31 bytes/);
  await refused(open(some(65)), "seal.failed", /65 bytes/);
  assert.equal((await open(some(64))).kind, "board");
});

test("board: neither the file nor the board alone releases; both put back do", async (t) => {
  const path = await folder(t);
  const beside = join(path, "beside");
  const secret = some();
  const open = async (burnt: Uint8Array) => boardSeal({ credentials: await board(path, burnt), beside });
  const auth = some();
  const seal = await open(secret);
  const blob = await seal.bind(some(), auth);
  await refused((await open(some())).release(blob, auth), "seal.foreign");
  const copied = await readFile(beside);
  await seal.destroy();
  await refused((await open(secret)).release(blob, auth), "seal.foreign");
  // As the port says: only a TPM forgets what an older copy of the card brings back.
  await writeFile(beside, copied);
  assert.ok(await (await open(secret)).release(blob, auth));
});

test("file: a cut of power while it is destroyed leaves zeros, which are no secret", async (t) => {
  const path = join(await folder(t), "machine");
  const auth = some();
  const blob = await (await fileSeal(path)).bind(some(), auth);
  for (const left of [new Uint8Array(), new Uint8Array(7), new Uint8Array(32)]) {
    await writeFile(path, left);
    const seal = await fileSeal(path);
    await refused(seal.release(blob, auth), "seal.foreign");
    assert.ok((await readFile(path)).some((byte) => byte !== 0));
  }
  await writeFile(path, some(31));
  await refused(fileSeal(path), "seal.failed", /changed/);
});

test("file: on a card that others had a pipe, a link or a folder in its place is refused, and nothing waits for it", async (t) => {
  const path = await folder(t);
  const pipe = join(path, "pipe");
  execFileSync("mkfifo", [pipe]);
  await writeFile(join(path, "other"), some(32));
  await symlink(join(path, "other"), join(path, "link"));
  await symlink("/dev/zero", join(path, "endless"));
  for (const place of [pipe, join(path, "link"), join(path, "endless"), path])
    await refused(fileSeal(place), "seal.failed", /cannot be read/);
  // A hole of many gigabytes is not read to its end.
  const large = join(path, "large");
  await writeFile(large, "");
  await truncate(large, 8 * 1024 ** 3);
  await refused(fileSeal(large), "seal.failed", /changed/);
});

test("the seals come best first, the file always, and generators where there are some", async (t) => {
  const path = await folder(t);
  const file = join(path, "machine");
  const kinds = async (places: object) => (await openSeals({ file, ...places })).map(({ kind }) => kind);
  const credentials = await board(path);
  assert.deepEqual(await kinds({}), ["file"]);
  assert.deepEqual(await kinds({ credentials }), ["board", "file"]);
  assert.deepEqual(await kinds({ credentials, tpm: "/dev/tpmrm0" }), ["tpm", "board", "file"]);
  assert.deepEqual(openNoise({}), []);
  const names = openNoise({ tpm: "/dev/tpmrm0", board: "/dev/hwrng" }).map(({ name }) => name);
  assert.deepEqual(names, ["TPM", "board"]);
});
