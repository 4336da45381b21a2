// tpm2-tools as the peer: another client, by other people, sees the same TPM.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { load, unseal } from "../../device/seal/tpm/objects.ts";
import { leaving, visit } from "../../device/seal/tpm/visit.ts";
import { tpmSeal } from "../../device/seal/tpm.ts";
import { authValueOf, readBlob } from "../../device/seal/tpm-blob.ts";
import { COUNTERS, MARK } from "../../device/seal/tpm-indices.ts";
import { concat, toHex } from "../../src/bytes.ts";
import { isHere } from "../peers/peer.ts";
import { counts, payloadOf, some } from "./stage.ts";
import { hasTools, type SoftTpm, softTpm } from "./swtpm.ts";

function withTools(name: string, body: (tpm: SoftTpm) => Promise<void>): void {
  test(name, async (t) => {
    if (isHere(t, "tpm2-tools", hasTools)) await body(await softTpm(t));
  });
}

const hex = (handle: number) => `0x${handle.toString(16).padStart(8, "0")}`;
const sized = (bytes: Uint8Array) => concat(Uint8Array.of(bytes.length >> 8, bytes.length), bytes);
const PRIMARY = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|decrypt";

async function sealed(tpm: SoftTpm) {
  const [secret, auth] = [some(), some()];
  const seal = tpmSeal(tpm.open);
  const blob = await seal.bind(secret, auth);
  await seal.release(blob, auth);
  return { seal, secret, auth, blob };
}

/** Tools and Firn make the same primary key. */
async function primary(tpm: SoftTpm): Promise<void> {
  await tpm.tool("tpm2_createprimary", "-C", "o", "-G", "ecc256:aes128cfb", "-a", PRIMARY, "-c", "primary");
  // The tools leave what they made in the TPM, which has room for three.
  await tpm.tool("tpm2_flushcontext", "-t");
}

async function loaded(tpm: SoftTpm, blob: Uint8Array): Promise<void> {
  const { object } = readBlob(blob);
  await writeFile(join(tpm.folder, "area"), sized(object.area));
  await writeFile(join(tpm.folder, "encrypted"), sized(object.encrypted));
  await tpm.tool("tpm2_load", "-C", "primary", "-u", "area", "-r", "encrypted", "-c", "object");
  await tpm.tool("tpm2_flushcontext", "-t");
}

withTools("the primary key has the name that the blob keeps", async (tpm) => {
  const { blob } = await sealed(tpm);
  await primary(tpm);
  await tpm.tool("tpm2_readpublic", "-c", "primary", "-n", "name");
  assert.deepEqual(new Uint8Array(await readFile(join(tpm.folder, "name"))), readBlob(blob).primaryName);
});

withTools(
  "what Firn sealed is bound to this TPM and counts wrong tries, as the peer reads it",
  async (tpm) => {
    const { auth, blob } = await sealed(tpm);
    await primary(tpm);
    await loaded(tpm, blob);
    const area = await tpm.tool("tpm2_readpublic", "-c", "object");
    assert.match(area, /value: fixedtpm\|fixedparent\|userwithauth\n/);
    await tpm.tool("tpm2_flushcontext", "-t");
    await tpm.tool("tpm2_unseal", "-c", "object", "-p", `hex:${toHex(authValueOf(auth))}`, "-o", "payload");
    await tpm.tool("tpm2_flushcontext", "-t");
    const payload = new Uint8Array(await readFile(join(tpm.folder, "payload")));
    assert.deepEqual(payload, await payloadOf(tpm, blob, auth));
    const { wrong } = await counts(tpm);
    await assert.rejects(tpm.tool("tpm2_unseal", "-c", "object", "-p", "hex:00"), /0x98[Ee]/);
    await tpm.tool("tpm2_flushcontext", "-t");
    assert.equal((await counts(tpm)).wrong, wrong + 1);
  },
);

withTools("what the peer sealed Firn's client opens", async (tpm) => {
  const [secret, auth] = [some(), some()];
  await primary(tpm);
  await writeFile(join(tpm.folder, "secret"), secret);
  await tpm.tool(
    "tpm2_create",
    ...["-C", "primary", "-i", "secret", "-p", `hex:${toHex(auth)}`, "-u", "area", "-r", "encrypted"],
  );
  await tpm.tool("tpm2_flushcontext", "-t");
  const content = async (name: string) =>
    new Uint8Array((await readFile(join(tpm.folder, name))).subarray(2));
  const object = { area: await content("area"), encrypted: await content("encrypted") };
  const opened = await visit(
    tpm.open,
    () => undefined,
    async ({ io, session, primary }) => {
      const entity = await load(session, primary, object);
      return leaving(io, entity.handle, () => unseal(session, entity, auth));
    },
  );
  assert.deepEqual(new Uint8Array(opened), secret);
});

withTools("how the TPM counts, and who owns it, reads as Firn set it", async (tpm) => {
  const { seal, auth, blob } = await sealed(tpm);
  const read = () => tpm.tool("tpm2_getcap", "properties-variable");
  const before = await read();
  assert.match(before, /lockoutAuthSet: +1\n/);
  assert.match(before, /ownerAuthSet: +0\n/);
  assert.match(before, /LOCKOUT_COUNTER: 0x0\n/);
  assert.match(before, /MAX_AUTH_FAIL: 0x1F\n/);
  assert.match(before, /LOCKOUT_INTERVAL: 0xE10\n/);
  assert.match(before, /LOCKOUT_RECOVERY: 0x15180\n/);
  for (let wrong = 1; wrong <= 31; wrong++) {
    await seal.release(blob, some());
    if (wrong === 2) assert.match(await read(), /LOCKOUT_COUNTER: 0x2\n/);
  }
  assert.match(await read(), /inLockout: +1\n/);
  // In lockout the right PIN gets nothing from the peer either.
  await primary(tpm);
  await loaded(tpm, blob);
  const value = `hex:${toHex(authValueOf(auth))}`;
  await assert.rejects(tpm.tool("tpm2_unseal", "-c", "object", "-p", value), /0x921/);
  await tpm.tool("tpm2_flushcontext", "-t");
  await tpmSeal(tpm.open, { ownsTpm: true }).destroy();
  assert.match(await read(), /lockoutAuthSet: +0\n/);
});

withTools("the lockout secret in the payload is the one that the peer resets with", async (tpm) => {
  const { seal, auth, blob } = await sealed(tpm);
  const lockoutAuth = (await payloadOf(tpm, blob, auth)).subarray(32);
  await seal.release(blob, some());
  await tpm.tool("tpm2_dictionarylockout", "-c", "-p", `hex:${toHex(lockoutAuth)}`);
  assert.equal((await counts(tpm)).wrong, 0);
});

withTools(
  "mark and counters lie in the TPM as Firn defined them, and the peer reads the same numbers",
  async (tpm) => {
    const seal = tpmSeal(tpm.open);
    await seal.mark(some());
    const counter = seal.counter!("first");
    await counter.value();
    const raised = await counter.raise();
    const mark = await tpm.tool("tpm2_nvreadpublic", hex(MARK.handle));
    assert.match(mark, /friendly: ownerwrite\|ownerread\|no_da\|written\n/);
    assert.match(mark, /size: 32\n/);
    const index = await tpm.tool("tpm2_nvreadpublic", hex(COUNTERS.first.handle));
    assert.match(index, /friendly: ownerwrite\|nt=0x1\|ownerread\|no_da\|written\n/);
    assert.match(index, /size: 8\n/);
    const peers = async () => {
      await tpm.tool("tpm2_nvread", "-C", "o", hex(COUNTERS.first.handle), "-o", "value");
      return Number((await readFile(join(tpm.folder, "value"))).readBigUInt64BE());
    };
    assert.equal(await peers(), raised);
    await tpm.tool("tpm2_nvincrement", "-C", "o", hex(COUNTERS.first.handle));
    assert.equal(await counter.value(), raised + 1);
    assert.equal(await counter.raise(), await peers());
  },
);

withTools("a counter that somebody took away and made anew stands higher than before", async (tpm) => {
  const counter = tpmSeal(tpm.open).counter!("first");
  await counter.value();
  const raised = await counter.raise();
  await tpm.tool("tpm2_nvundefine", "-C", "o", hex(COUNTERS.first.handle));
  assert.ok((await counter.value()) > raised);
});

withTools(
  "after a visit nothing of Firn's is loaded, and all its indices are gone after a wipe",
  async (tpm) => {
    const { seal } = await sealed(tpm);
    await seal.counter!("first").value();
    await seal.counter!("second").value();
    for (const kind of ["handles-transient", "handles-loaded-session", "handles-persistent"])
      assert.equal((await tpm.tool("tpm2_getcap", kind)).trim(), "", kind);
    assert.equal((await tpm.tool("tpm2_getcap", "handles-nv-index")).trim().split("\n").length, 3);
    await seal.destroy();
    assert.equal((await tpm.tool("tpm2_getcap", "handles-nv-index")).trim(), "");
  },
);
