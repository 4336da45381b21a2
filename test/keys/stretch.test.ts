import assert from "node:assert/strict";
import { test } from "node:test";
import { argon2id } from "@noble/hashes/argon2.js";
import { pbkdf2 } from "@noble/hashes/pbkdf2.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { nodeStretch } from "../../device/host/stretch.ts";
import { ascii, unhex } from "./make.ts";

test("Node's Argon2id gives the bytes of another implementation", async () => {
  for (const [memoryKiB, passes, lanes] of [
    [64, 3, 1],
    [256, 4, 2],
  ] as const)
    assert.equal(
      unhex(
        await nodeStretch().argon2id(
          ascii("1234"),
          ascii("sixteen bytes..."),
          { memoryKiB, passes, lanes },
          32,
        ),
      ),
      unhex(
        argon2id(ascii("1234"), ascii("sixteen bytes..."), { m: memoryKiB, t: passes, p: lanes, dkLen: 32 }),
      ),
    );
});

test("Node's PBKDF2 gives the bytes of another implementation, for secrets longer than a block too", async () => {
  for (const secret of [ascii("p"), new Uint8Array(300).fill(7)])
    assert.equal(
      unhex(await nodeStretch().pbkdf2Sha512(secret, ascii("salt"), 100, 64)),
      unhex(pbkdf2(sha512, secret, ascii("salt"), { c: 100, dkLen: 64 })),
    );
});

test("what comes back is a plain array of its own: slices are copies", async () => {
  const made = await nodeStretch().pbkdf2Sha512(ascii("p"), ascii("s"), 1, 64);
  assert.equal(made.constructor, Uint8Array);
  made.slice(0, 4).fill(0);
  assert.ok(made.subarray(0, 4).some((byte) => byte !== 0));
});
