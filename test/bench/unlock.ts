// From a typed PIN to an open vault on a calibrated machine: time and memory, right and wrong PINs alike.
// The peer is Node's own Argon2id alone, at the same cost, in the same run.

import { argon2Sync } from "node:crypto";
import { kernelRandom } from "../../device/host/random.ts";
import { nodeStretch } from "../../device/host/stretch.ts";
import { hostTime } from "../../device/host/time.ts";
import { secretSeal } from "../../device/seal/secret.ts";
import {
  calibrate,
  createVault,
  FIRST_SETTINGS,
  isWipePin,
  openWith,
  packKeys,
  pinKeyFor,
  readHome,
  stretchPin,
} from "../../src/keys/index.ts";
import { utf8 } from "../../src/text.ts";

const TARGET_MS = 1500;
const ROUNDS = 9;
const RIGHT = utf8("73519482");
const WRONG = utf8("73519481");

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
const stretch = nodeStretch();
const random = kernelRandom();
const seal = secretSeal({ kind: "file", secret: random.bytes(32), destroy: async () => random.bytes(32) });

const cost = await calibrate(stretch, hostTime().clock, TARGET_MS);
const vault = await createVault({ pin: RIGHT, stretch, random, seal, settings: FIRST_SETTINGS, cost });
const material = { kind: "words", entropy: random.bytes(32), passphrase: new Uint8Array(0) } as const;
const bytes = vault.write({ keys: packKeys([{ fingerprint: "00000000", material }]) });
const home = readHome(bytes);

/** What the door does with a PIN. */
async function tryPin(pin: Uint8Array): Promise<boolean> {
  const stretched = await stretchPin(home, pin, stretch);
  await isWipePin(home.wipe, home, stretched, seal);
  const pinKey = await pinKeyFor(home, stretched, [seal]);
  return pinKey !== undefined && openWith(home, pinKey, undefined, random) !== undefined;
}

async function timed(work: () => Promise<unknown> | unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

const times = { right: [] as number[], wrong: [] as number[], peer: [] as number[] };
const before = process.memoryUsage().rss;
for (let round = 0; round < ROUNDS; round++) {
  times.right.push(await timed(() => tryPin(RIGHT)));
  times.wrong.push(await timed(() => tryPin(WRONG)));
  const { memoryKiB: memory, passes, lanes: parallelism } = cost;
  const parameters = { message: RIGHT, nonce: home.salt, memory, passes, parallelism, tagLength: 32 };
  times.peer.push(await timed(() => argon2Sync("argon2id", parameters)));
}
const most = process.resourceUsage().maxRSS / 1024;
const [right, wrong, peer] = [median(times.right), median(times.wrong), median(times.peer)];
const mb = (n: number) => `${Math.round(n)} MB`;
console.log(`unlock: ${cost.memoryKiB / 1024} MiB, ${cost.passes} passes, calibrated for ${TARGET_MS} ms`);
console.log(
  `  right PIN ${right.toFixed(0)} ms, ${(right / peer).toFixed(3)} of Argon2id alone (${peer.toFixed(0)} ms)`,
);
console.log(`  wrong PIN ${wrong.toFixed(0)} ms, ${(wrong / right).toFixed(3)} of a right one`);
console.log(`  memory at most ${mb(most)}, before ${mb(before / 1024 / 1024)}`);
