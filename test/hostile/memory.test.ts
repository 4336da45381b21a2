// Who reads the memory of every process from outside finds secrets in Firn's own while it is unlocked,
// and nowhere after it locked. A real terminal, the real launcher, three real processes.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHmac, pbkdf2Sync } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { HDKey } from "@scure/bip32";
import { mnemonicToEntropy } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { isHere } from "../peers/peer.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const PIN = "73519482";
/** Published (BIP 39): nobody's. */
const WORDS = "ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic";

/** Each secret as itself, in hex and in base64, and the words as text. */
function secrets(): ReadonlyMap<string, Buffer> {
  const entropy = Buffer.from(mnemonicToEntropy(WORDS, wordlist));
  const seed = pbkdf2Sync(WORDS, "mnemonic", 2048, 64, "sha512");
  const root = HDKey.fromMasterSeed(seed);
  const account = root.derive("m/84'/1'/0'");
  const raw: readonly [string, Buffer][] = [
    ["entropy", entropy],
    ["seed", seed],
    ["master key", Buffer.from(root.privateKey!)],
    ["master chain code", createHmac("sha512", "Bitcoin seed").update(seed).digest().subarray(32)],
    ["account key", Buffer.from(account.privateKey!)],
    ["receiving key", Buffer.from(account.derive("m/0").privateKey!)],
  ];
  const found = new Map<string, Buffer>([["words", Buffer.from(WORDS.slice(0, 30))]]);
  for (const [name, bytes] of raw) {
    found.set(name, bytes);
    found.set(`${name} in hex`, Buffer.from(bytes.toString("hex")));
    // Without its last letters: they depend on what follows.
    found.set(`${name} in base64`, Buffer.from(bytes.toString("base64").slice(0, 18)));
    found.set(`${name} in UTF-16`, Buffer.from(bytes.toString("hex"), "utf16le"));
  }
  return found;
}

const CHUNK = 16 * 1024 * 1024;
const OVERLAP = 512;

/** Which of the secrets stand in any writable memory of the process. */
function scan(pid: number, wanted: ReadonlyMap<string, Buffer>): string[] {
  const hits = new Set<string>();
  const memory = openSync(`/proc/${pid}/mem`, "r");
  try {
    for (const [from, to] of writable(pid))
      for (let at = from; at < to; at += CHUNK) {
        const chunk = Buffer.alloc(Math.min(CHUNK + OVERLAP, to - at));
        const read = readAt(memory, chunk, at);
        for (const [name, bytes] of wanted) if (chunk.subarray(0, read).includes(bytes)) hits.add(name);
      }
  } finally {
    closeSync(memory);
  }
  return [...hits].sort();
}

/** Hardened kernels and containers keep it from everybody but the parent. */
function readable(pid: number): boolean {
  try {
    closeSync(openSync(`/proc/${pid}/mem`, "r"));
    return true;
  } catch {
    return false;
  }
}

function writable(pid: number): [number, number][] {
  return readFileSync(`/proc/${pid}/maps`, "utf8")
    .split("\n")
    .flatMap((line) => {
      const match = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line);
      return match
        ? [[Number.parseInt(match[1]!, 16), Number.parseInt(match[2]!, 16)] as [number, number]]
        : [];
    });
}

/** What V8 reserved and never touched cannot be read: it holds nothing. */
function readAt(memory: number, chunk: Buffer, at: number): number {
  try {
    return readSync(memory, chunk, 0, chunk.length, at);
  } catch {
    return 0;
  }
}

function descendants(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === ""
    ? []
    : children.split(" ").flatMap((child) => [Number(child), ...descendants(Number(child))]);
}

const lineOf = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");

class Terminal {
  readonly #socket: string;

  constructor(t: TestContext, folder: string, command: string) {
    this.#socket = join(folder, "tmux");
    this.#tmux("new-session", "-d", "-x", "80", "-y", "24", "-s", "firn", command);
    t.after(() => spawnSync("tmux", ["-S", this.#socket, "kill-server"]));
  }

  get pid(): number {
    return Number(this.#tmux("display-message", "-p", "-t", "firn", "#{pane_pid}"));
  }

  screen(): string {
    return this.#tmux("capture-pane", "-p", "-S", "-1000", "-t", "firn");
  }

  type(text: string): void {
    this.#tmux("send-keys", "-t", "firn", "-l", text);
  }

  press(key: "Enter" | "Up"): void {
    this.#tmux("send-keys", "-t", "firn", key);
  }

  async shows(text: string): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      if (this.screen().includes(text)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.fail(`the screen never showed "${text}":\n${this.screen()}`);
  }

  #tmux(...args: readonly string[]): string {
    return execFileSync("tmux", ["-S", this.#socket, ...args], { encoding: "utf8" }).trimEnd();
  }
}

function tmuxIsHere(t: TestContext): boolean {
  return isHere(t, "tmux", spawnSync("tmux", ["-V"]).status === 0);
}

test("while unlocked only Firn's own process holds secrets, and after a lock no process does", async (t) => {
  if (!tmuxIsHere(t)) return;
  const folder = mkdtempSync(join(tmpdir(), "firn-memory-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const home = join(folder, "home");
  const start = ["--disable-warning=ExperimentalWarning", join(ROOT, "scripts/start.ts"), "--home", home];
  const values = [`PIN=${PIN}`, `WORDS=${WORDS}`, "NETWORK=regtest"].flatMap((value) => ["--set", value]);
  execFileSync(process.execPath, [...start, "--play", join(ROOT, "docs/sessions/setup.txt"), ...values], {
    stdio: "ignore",
  });
  const terminal = new Terminal(t, folder, [process.execPath, ...start].map((part) => `'${part}'`).join(" "));
  await terminal.shows("Unlock");
  terminal.type(PIN);
  terminal.press("Enter");
  await terminal.shows("Sign a transaction");

  const wanted = secrets();
  const unlocked = processes(terminal.pid);
  if (!readable(unlocked.get("firn")!)) {
    t.diagnostic("left out: this kernel lets nobody read another process's memory");
    return;
  }
  assert.deepEqual([...unlocked.keys()].sort(), ["eye", "firn", "glass", "launcher"]);
  assert.ok(scan(unlocked.get("firn")!, wanted).includes("master key"), "the search finds what is there");
  for (const part of ["eye", "glass", "launcher"] as const)
    assert.deepEqual(scan(unlocked.get(part)!, wanted), [], `the ${part}, while unlocked`);

  await chooseLock(terminal);
  await terminal.shows("Unlock");
  const locked = processes(terminal.pid);
  for (const [part, pid] of locked) assert.deepEqual(scan(pid, wanted), [], `the ${part}, after the lock`);
  for (const pid of unlocked.values())
    if (pid !== unlocked.get("launcher"))
      assert.throws(() => readFileSync(`/proc/${pid}/maps`), `${pid} ended`);
  const shown = terminal.screen();
  for (const [name, bytes] of wanted)
    assert.ok(!shown.includes(bytes.toString("latin1")), `${name} on the terminal`);
  assert.ok(!shown.includes(PIN));
  for (const name of readdirSync(home))
    for (const [what, bytes] of wanted)
      assert.ok(!readFileSync(join(home, name)).includes(bytes), `${what} in ${name}`);
});

/** The cursor to the menu's last item, which locks. */
async function chooseLock(terminal: Terminal): Promise<void> {
  terminal.press("Up");
  await terminal.shows("> Lock");
  terminal.press("Enter");
}

function processes(root: number): ReadonlyMap<string, number> {
  const all = [root, ...descendants(root)];
  const parts = {
    firn: /device\/sim\/firn\.ts/,
    eye: /device\/eye\/main\.ts/,
    glass: /device\/glass\/main\.ts/,
  };
  const found = new Map<string, number>();
  for (const pid of all) {
    const line = lineOf(pid);
    for (const [part, pattern] of Object.entries(parts)) if (pattern.test(line)) found.set(part, pid);
    if (/scripts\/start\.ts/.test(line)) found.set("launcher", pid);
  }
  return found;
}
