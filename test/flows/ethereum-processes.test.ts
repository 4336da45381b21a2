// eth-sign.txt against three real processes and real pictures: codes that stand still, and codes that move.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { getAddress, parseEther, verifyMessage } from "ethers";
import type { CodeLoop } from "../../src/model.ts";
import { capacity } from "../../src/transport/capacity.ts";
import {
  type Asking,
  answerIn,
  message,
  requestTexts,
  SIGNER,
  sentBy,
  transaction,
} from "./ethereum-stage.ts";
import { picture } from "./pictures.ts";
import { codesIn, WORDS } from "./stage.ts";

const ROOT = join(import.meta.dirname, "../..");
const AT = mkdtempSync(join(tmpdir(), "firn-ethereum-"));
after(() => rmSync(AT, { recursive: true, force: true }));

const PIN = "27182818";
const SHOT = { tiltX: 0.1, tiltY: 0.06, rotationDegrees: 3, blur: 0.5, noise: 5, glare: 20 };

async function plays(
  home: string,
  script: string,
  set: Readonly<Record<string, string>>,
  args: string[] = [],
) {
  const values = Object.entries(set).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
  const all = ["--home", home, "--play", `docs/sessions/${script}.txt`, ...values, ...args];
  const child = spawn(process.execPath, ["scripts/start.ts", ...all], { cwd: ROOT });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => {
      said += chunk;
    });
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(code, 0, said.slice(-3000));
  return said;
}

function pictures(name: string, asking: Asking, bytesAPart?: number, shot?: Partial<typeof SHOT>) {
  const texts = requestTexts(asking, bytesAPart);
  const longest = Math.max(...texts.map(({ length }) => length));
  const fits = (version: number) => capacity(version, "alphanumeric") >= longest;
  const version = Array.from({ length: 40 }, (_, i) => i + 1).find((one) => one !== 23 && fits(one))!;
  const loop: CodeLoop = { texts, version, level: "L", mode: "alphanumeric" };
  return picture(join(AT, name), loop, shot);
}

const ANNA = getAddress("0xd8da6bf26964af9d7eed9e03e53415d37aa96045");
const SEND = transaction({
  ...{ type: 2, to: ANNA, value: parseEther("1"), nonce: 0 },
  ...{ maxFeePerGas: 20_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n },
});

test("on real processes, in a home of mainnet's, a transfer is signed from a code and a message from moving ones", async () => {
  const home = join(AT, "home");
  await plays(home, "setup", { PIN, WORDS, NETWORK: "mainnet" });
  const OUT = join(AT, "out");
  const still = await pictures("still", SEND, undefined, SHOT);
  await plays(home, "eth-sign", { PIN, CAMERA: still, OUT });
  assert.equal(sentBy(SEND, answerIn(codesIn(OUT)).signature).from, SIGNER.address);

  const text = `A message of some length: ${"so that it takes codes. ".repeat(20)}`;
  const moving = await pictures("moving", message(text, { chainId: 1, origin: "MetaMask" }), 90);
  await plays(home, "eth-sign", { PIN, CAMERA: moving, OUT }, ["--size", "40x15", "--buttons"]);
  assert.equal(verifyMessage(text, answerIn(codesIn(OUT)).signature), SIGNER.address);
});
