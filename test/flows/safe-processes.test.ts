// eth-safe.txt against three real processes: a Safe comes in from a photographed code, and a transaction for it is signed.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { verifyTypedData } from "ethers";
import type { Address } from "../../src/eip55.ts";
import { safeOf, safeText } from "../../src/safe.ts";
import { addressOf, SAFE_ADDRESS, SAFE_TX, txFields, typedText } from "../ethereum/safe-stage.ts";
import { answerIn, requestTexts, SIGNER, TYPE } from "./ethereum-stage.ts";
import { picture, pictureText } from "./pictures.ts";
import { codesIn, folder, WORDS } from "./stage.ts";

const ROOT = join(import.meta.dirname, "../..");
const PIN = "27182818";
const SHOT = { tiltX: 0.08, tiltY: 0.05, rotationDegrees: 2, blur: 0.4, noise: 4 };

async function plays(home: string, script: string, set: Readonly<Record<string, string>>): Promise<void> {
  const values = Object.entries(set).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
  const all = ["--home", home, "--play", `docs/sessions/${script}.txt`, ...values];
  const child = spawn(process.execPath, ["scripts/start.ts", ...all], { cwd: ROOT });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      said += chunk;
    });
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(code, 0, said.slice(-3000));
}

test("a Safe is registered from a picture and signed for, by real processes", {
  timeout: 240_000,
}, async (t) => {
  const at = folder(t);
  const home = join(at, "home");
  await plays(home, "setup", { PIN, WORDS, NETWORK: "regtest" });
  const owners = [SIGNER.address as Address, addressOf(7)];
  const safe = safeOf("x", { chainId: 1n, address: SAFE_ADDRESS, owners, threshold: 2, version: "1.4.1" });
  const CAMERA = await pictureText(join(at, "safe"), safeText(safe), SHOT);
  await plays(home, "eth-safe", { PIN, CAMERA });

  const fields = txFields({ to: addressOf(7), value: 10n ** 17n });
  const data = Buffer.from(typedText({ ...fields }));
  const texts = requestTexts({ data, type: TYPE.typed, chainId: 1 }, 150);
  const asked = await picture(join(at, "asked"), { texts, version: 12, level: "L", mode: "alphanumeric" });
  const OUT = join(at, "out");
  await plays(home, "eth-sign", { PIN, CAMERA: asked, OUT });
  const { signature } = answerIn(codesIn(OUT));
  const domain = { chainId: 1, verifyingContract: SAFE_ADDRESS };
  assert.equal(verifyTypedData(domain, SAFE_TX, fields, signature), SIGNER.address);
});
