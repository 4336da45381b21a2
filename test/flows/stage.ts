// Whole journeys in one process, fast: the shipped scripts, a stretch that costs nothing, and an eye whose
// pictures are papers, so that hundreds fit in a minute. Pictures and real processes have tests of their own.

import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { openStore } from "../../device/disk/store.ts";
import { Decoders } from "../../device/eye/decoders.ts";
import { inflate } from "../../device/eye/inflate.ts";
import { joinEye } from "../../device/eye/join.ts";
import type { Lane } from "../../device/eye/lane.ts";
import { nodeStretch } from "../../device/host/stretch.ts";
import { type DiskState, recordingDisk } from "../../device/sim/recording.ts";
import { type JoinEye, playSingle, type SingleOptions, type SingleResult } from "../../device/sim/single.ts";
import { fromHex } from "../../src/bytes.ts";
import { type Entry, openJournal } from "../../src/journal/index.ts";
import { main } from "../../src/main.ts";
import type { CodeLoop, Dialect, Kind, Message, Network } from "../../src/model.ts";
import type { Seal, Stretch } from "../../src/ports.ts";
import { readOf } from "../../src/qr/decode.ts";
import { utf8 } from "../../src/text.ts";
import { openAssembly, push, split, splitText } from "../../src/transport/index.ts";
import { PHRASES } from "../bitcoin/build.ts";
import { openVault } from "../keys/open.ts";

export const PIN = "314159";
export const WORDS = PHRASES[0];

/** Argon2id has its own tests; here a hash stands for it. PBKDF2 is BIP 39's own, made once for each phrase. */
export const quickStretch: Stretch = stretchOnce();

function stretchOnce(): Stretch {
  const made = new Map<string, Promise<Uint8Array>>();
  const node = nodeStretch();
  return {
    async argon2id(secret, salt, cost, length) {
      const mac = createHmac("sha512", salt).update(secret).update(JSON.stringify(cost)).digest();
      return new Uint8Array(mac.subarray(0, length));
    },
    async pbkdf2Sha512(secret, salt, rounds, length) {
      const name = createHash("sha256")
        .update(secret)
        .update("/")
        .update(salt)
        .update(`/${rounds}/${length}`);
      const key = name.digest("hex");
      const known = made.get(key) ?? node.pbkdf2Sha512(secret, salt, rounds, length);
      made.set(key, known);
      return (await known).slice();
    },
    pbkdf2Sha256: node.pbkdf2Sha256,
    async scrypt(secret, salt, cost, length) {
      const mac = createHmac("sha512", salt).update(secret).update(JSON.stringify(cost)).digest();
      return new Uint8Array(mac.subarray(0, length));
    },
  };
}

// ---------------------------------------------------------------- papers in the place of pictures

/** A lane that takes a file's content for what a decoder read: bytes in hex after "hex:", else the text. */
const paperLane: Lane = {
  async ask(task) {
    if (task.t === "decode") return { t: "read", read: readOf(new Uint8Array(task.frame.luma)), cpuMs: 0 };
    const content = await readFile(task.path, "utf8");
    const luma = content.startsWith("hex:") ? fromHex(content.slice(4))! : utf8(content);
    return { t: "frame", frame: { width: luma.length, height: 1, luma } };
  },
  close: async () => undefined,
};

/** The eye itself, with papers for pictures. */
export const paperEye: JoinEye = (firn, control) => {
  joinEye(firn, control, undefined, new Decoders(paperLane, paperLane, false));
  return { close: () => undefined };
};

export function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "firn-flows-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A folder of papers: one text each. */
export function papers(path: string, texts: readonly string[]): string {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  for (const [index, text] of texts.entries())
    writeFileSync(join(path, `${String(index + 1).padStart(4, "0")}.png`), text);
  return path;
}

export function psbtTexts(bytes: Uint8Array, dialect: Dialect = "ur", density: "low" | "medium" = "medium") {
  return split({ kind: "psbt", dialect, bytes }, { dialect, density }).texts;
}

export function walletTexts(text: string): CodeLoop["texts"] {
  return splitText(text, "high").texts;
}

// ---------------------------------------------------------------- plays

export function script(name: string): string {
  return readFileSync(join(import.meta.dirname, "../../docs/sessions", `${name}.txt`), "utf8");
}

export interface Play extends Omit<Partial<SingleOptions>, "script" | "eye"> {
  /** "pictures": real ones, read by the real decoders. */
  readonly eye?: JoinEye | "pictures";
}

export function play(text: string, { eye = paperEye, ...options }: Play = {}): Promise<SingleResult> {
  const seeing = eye === "pictures" ? {} : { eye };
  return playSingle({ main, script: text, stretch: quickStretch, ...seeing, ...options });
}

/** A play whose every step held. */
export async function holds(text: string, options: Play = {}): Promise<SingleResult> {
  const result = await play(text, options);
  assert.equal(result.failure, undefined, result.failure);
  return result;
}

const homes = new Map<string, Promise<DiskState>>();

/** What the shipped set-up leaves on the disk. */
export function homeOf(network: Network = "regtest", words: string = WORDS): Promise<DiskState> {
  const name = `${network}/${words}`;
  const made =
    homes.get(name) ??
    holds(script("setup"), { set: { PIN, WORDS: words, NETWORK: network } }).then(({ disk }) => disk);
  homes.set(name, made);
  return made;
}

export async function registered(disk: DiskState, at: string, texts: readonly string[]): Promise<DiskState> {
  const set = { PIN, CAMERA: papers(at, texts) };
  return (await holds(script("register"), { disk, set })).disk;
}

/** The unlocked home, at its menu. */
export const UNLOCK = `see PIN\ntype ${PIN}\npress ok\nsee Sign a transaction\n`;

// ---------------------------------------------------------------- what was left behind

/** What the other side's wallet program makes of these texts. */
export function collect(texts: readonly string[], kinds: readonly Kind[] = ["psbt"]): Message {
  const assembly = openAssembly(kinds, inflate);
  for (const text of texts) {
    const pushed = push(assembly, { text, bytes: utf8(text) });
    if (pushed.kind === "message") return pushed.message;
  }
  assert.fail("the codes are not whole");
}

/** The codes that a play wrote. */
export function codesIn(path: string): string[] {
  return readFileSync(join(path, "codes.txt"), "utf8").trimEnd().split("\n");
}

/** The reply of a signing as its bytes, and the dialect in which it left. */
export function replyIn(path: string): { readonly bytes: Uint8Array; readonly dialect: Dialect } {
  const message = collect(codesIn(path));
  assert.ok(message.kind === "psbt");
  return message;
}

/** The journal of a disk as its owner could read it. Throws what opening it throws. */
export async function journalOf(
  disk: DiskState,
  pin = PIN,
  seals?: readonly Seal[],
): Promise<readonly Entry[]> {
  const store = openStore(recordingDisk(disk));
  const random = { bytes: (length: number) => new Uint8Array(length) };
  const vault = await openVault((await store.read("home"))!, utf8(pin), quickStretch, random, seals);
  const journal = await openJournal({
    store,
    key: vault.derive("journal"),
    signing: vault.derive("journal-signing"),
    random,
    clock: { wallMs: () => 0, monotonicMs: () => 0, boot: "read" },
  });
  await journal.verify();
  // Signatures come by themselves, and what a line's time rests on is no matter of most tests.
  const lines = (await journal.entries(10_000)).filter(({ kind }) => kind !== "attested");
  return lines.map(({ clock: _, ...entry }) => entry as Entry);
}
