import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { kdfa, kdfe } from "../../device/seal/tpm/kdf.ts";
import { fromHex, toHex } from "../../src/bytes.ts";
import { isHere } from "../peers/peer.ts";

interface Vector {
  readonly name: string;
  readonly key: string;
  readonly z: string;
  readonly label: string;
  readonly contextU: string;
  readonly contextV: string;
  readonly bits: number;
  readonly result: string;
}

function vectors(name: string): readonly Vector[] {
  const path = join(import.meta.dirname, "..", "vectors", "seal", name);
  const { vectors } = JSON.parse(readFileSync(path, "utf8")) as { readonly vectors: readonly Vector[] };
  assert.ok(vectors.length > 20);
  return vectors;
}

test("KDFa gives what is published", () => {
  for (const { name, key, label, contextU, contextV, bits, result } of vectors("kdfa.json"))
    assert.equal(
      toHex(kdfa(fromHex(key)!, label, fromHex(contextU)!, fromHex(contextV)!, bits)),
      result,
      name,
    );
});

test("KDFe gives what is published", () => {
  for (const { name, z, label, contextU, contextV, bits, result } of vectors("kdfe.json"))
    assert.equal(toHex(kdfe(fromHex(z)!, label, fromHex(contextU)!, fromHex(contextV)!, bits)), result, name);
});

const hasOpenssl = (() => {
  try {
    return /OpenSSL (?:3|[4-9])\./.test(execFileSync("openssl", ["version"], { encoding: "utf8" }));
  } catch {
    return false;
  }
})();

function openssl(kind: string, bytes: number, options: readonly string[]): string {
  const args = ["kdf", "-keylen", String(bytes), ...options.flatMap((one) => ["-kdfopt", one]), kind];
  return execFileSync("openssl", args, { encoding: "utf8" }).replaceAll(/[:\s]/g, "").toLowerCase();
}

test("OpenSSL's SP 800-108 and SP 800-56A say the same", (t) => {
  if (!isHere(t, "OpenSSL 3", hasOpenssl)) return;
  for (const bits of [128, 256, 512]) {
    const [key, u, v] = [randomBytes(32), randomBytes(32), randomBytes(20)];
    const hex = (text: string) => toHex(new TextEncoder().encode(text));
    assert.equal(
      toHex(kdfa(key, "CFB", u, v, bits)),
      openssl("KBKDF", bits / 8, [
        ...["mac:HMAC", "digest:SHA256", "mode:counter"],
        ...[`hexkey:${toHex(key)}`, `hexsalt:${hex("CFB")}`, `hexinfo:${toHex(u)}${toHex(v)}`],
      ]),
    );
    assert.equal(
      toHex(kdfe(key, "SECRET", u, v, bits)),
      openssl("SSKDF", bits / 8, [
        "digest:SHA256",
        ...[`hexkey:${toHex(key)}`, `hexinfo:${hex("SECRET\0")}${toHex(u)}${toHex(v)}`],
      ]),
    );
  }
});
