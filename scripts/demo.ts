// npm run demo: the main job by itself, on the simulated device, with published practice keys.
// Every screen is printed; the reply's codes are written as pictures; the signature is verified.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { inflate } from "../device/eye/inflate.ts";
import { playHome } from "../device/sim/played.ts";
import { parseSession } from "../device/sim/session.ts";
import { compile, readWallet, understand } from "../src/bitcoin/index.ts";
import { nobleCurve } from "../src/keys/index.ts";
import type { Message } from "../src/model.ts";
import type { Work } from "../src/request.ts";
import { utf8 } from "../src/text.ts";
import { openAssembly, push } from "../src/transport/index.ts";

const ROOT = resolve(import.meta.dirname, "..");
const PIN = "314159";
/** The first of BIP 39's own test vectors: everybody knows it, nobody keeps money on it. */
const WORDS = `${"abandon ".repeat(11)}about`;
const FINGERPRINT = "73c5da0a";
const NETWORK = "testnet4";

/** Plays set-up, registration and signing; resolves with the exit code. */
export async function demo(): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), "firn-demo-home-"));
  const out = await mkdtemp(join(tmpdir(), "firn-demo-codes-"));
  try {
    say("Firn plays its main job with practice keys. Every screen is printed as text.");
    for (const [name, set] of JOURNEYS(out)) {
      say(`\n=== ${name}: docs/sessions/${name}.txt ===\n`);
      if (!(await played(home, name, set))) return 1;
    }
    return await verified(out);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

const JOURNEYS = (out: string): readonly (readonly [string, Record<string, string>])[] => [
  ["setup", { PIN, WORDS, NETWORK }],
  ["register", { PIN, CAMERA: join(ROOT, "scripts/demo/wallet") }],
  ["sign", { PIN, CAMERA: join(ROOT, "scripts/demo/transaction"), OUT: out }],
];

async function played(home: string, name: string, set: Record<string, string>): Promise<boolean> {
  const text = await readFile(join(ROOT, "docs/sessions", `${name}.txt`), "utf8");
  const steps = parseSession(text, new Map(Object.entries(set)));
  const { code, line } = await playHome({ home, steps, print: say });
  if (code !== 0) process.stderr.write(`${line}\n`);
  return code === 0;
}

/** Reads the codes as the other side's wallet program would, and has noble verify what is in them. */
async function verified(out: string): Promise<number> {
  const reply = collect(await readFile(join(out, "codes.txt"), "utf8"));
  if (reply?.kind !== "psbt") return failed("the codes hold no transaction");
  const descriptor = (await readFile(join(ROOT, "scripts/demo/wallet/descriptor.txt"), "utf8")).trim();
  const curve = nobleCurve();
  const template = compile(readWallet(descriptor, NETWORK, curve), curve);
  const { review } = finished(understand(reply, { network: NETWORK, templates: [template], curve }));
  const { signedBy, ways } = review.quorums[0]!;
  if (!signedBy.includes(FINGERPRINT)) return failed("the signature is not there");
  say(`\nThe signature of ${FINGERPRINT} is valid: noble verified it in every input.`);
  if (ways.every(({ missing }) => missing > 0)) return failed("signatures are missing");
  say(`Signed by ${signedBy.join(" and ")}: no more are needed, so this transaction can be sent.`);
  say(`The reply's codes are in ${out}: codes.txt, and a picture each.`);
  say('\nNext: npm start in a terminal of your own, and README.md, "Sign your first transaction".');
  return 0;
}

function collect(texts: string): Message | undefined {
  const assembly = openAssembly(["psbt"], inflate);
  for (const text of texts.trim().split("\n")) {
    const pushed = push(assembly, { text, bytes: utf8(text) });
    if (pushed.kind === "message") return pushed.message;
  }
  return undefined;
}

function finished<T>(work: Work<T>): T {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

function failed(what: string): number {
  process.stderr.write(`The demo did not end as it should: ${what}.\n`);
  return 1;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

if (process.argv[1] === import.meta.filename) process.exitCode = await demo();
