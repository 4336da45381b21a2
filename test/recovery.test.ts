// Recovery without Firn: one script, any Node since 16, no packages. What earlier versions wrote opens for ever.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type TestContext, test } from "node:test";
import { HDKey } from "@scure/bip32";
import { mnemonicToSeedSync } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { p2pkh, p2sh, p2tr, p2wpkh } from "@scure/btc-signer";
import { nodeStretch } from "../device/host/stretch.ts";
import { fileSeal } from "../device/seal/file.ts";
import { accountWallets, addressOf, compile } from "../src/bitcoin/index.ts";
import { fromHex, toHex } from "../src/bytes.ts";
import { readState } from "../src/flows/state.ts";
import { BACKUP_FORMS, type BackupForm } from "../src/keeping.ts";
import {
  codeOfPassphrase,
  codeOfWords,
  createVault,
  FIRST_SETTINGS,
  Keyring,
  loadCurve,
  newCodeWords,
  openBackup,
  packKeys,
  unpackKeys,
  wordNumber,
} from "../src/keys/index.ts";
import { utf8 } from "../src/text.ts";
import { fixedRandom } from "./keys/make.ts";
import { isHere } from "./peers/peer.ts";

const SCRIPT = join(import.meta.dirname, "..", "scripts", "recover.mjs");
const VECTORS = join(import.meta.dirname, "vectors", "recovery");
const HERE = process.execPath;

interface Secrets {
  readonly code: string;
  readonly passphrase: string;
  readonly pin: string;
  readonly [file: string]: unknown;
}

interface Held {
  readonly network: string;
  readonly keys: readonly { readonly words?: string; readonly passphrase?: string; readonly seed?: string }[];
}

function recover(args: readonly string[], typed: string, node: string = HERE) {
  const { status, stdout, stderr } = spawnSync(node, [SCRIPT, ...args], {
    input: `${typed}\n`,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function refuses(args: readonly string[], typed: string, why: RegExp): void {
  const { status, stdout, stderr } = recover(args, typed);
  assert.match(stderr, why);
  assert.deepEqual([status, stdout], [1, ""]);
}

/** Every Node on this machine that may be another than ours, by its version. */
const OTHERS: readonly string[] = [
  ...new Set(
    (process.env.PATH ?? "")
      .split(delimiter)
      .map((folder) => join(folder, "node"))
      .filter((path) => existsSync(path))
      .map((path) => realpathSync(path)),
  ),
].filter((path) => path !== realpathSync(HERE));

const FOLDERS = readdirSync(VECTORS).map((name) => {
  const at = join(VECTORS, name);
  const secrets = JSON.parse(readFileSync(join(at, "secrets.json"), "utf8")) as Secrets;
  return { name, at, secrets };
});
const V1 = FOLDERS.find(({ name }) => name === "v1")!;
const file = (name: string) => join(V1.at, name);

/** The keys as two other libraries make them, in the lines that the script prints. */
function assertHolds(stdout: string, { network, keys }: Held): void {
  assert.ok(stdout.includes(`Network: ${network}.`));
  const versions =
    network === "mainnet"
      ? { private: 0x0488ade4, public: 0x0488b21e }
      : { private: 0x04358394, public: 0x043587cf };
  assert.equal(stdout.match(/^Key/gm)?.length, keys.length);
  for (const { words, passphrase, seed } of keys) {
    const bytes = words === undefined ? fromHex(seed!)! : mnemonicToSeedSync(words, passphrase);
    const master = HDKey.fromMasterSeed(bytes, versions);
    assert.ok(stdout.includes(`  Seed (BIP 32): ${toHex(bytes)}\n`));
    assert.ok(stdout.includes(`  Root key (BIP 32): ${master.privateExtendedKey}\n`));
    if (words === undefined) continue;
    const printed = stdout.replace(/\s+\d+ /g, " ").replace(/\s+/g, " ");
    assert.ok(printed.includes(`Words (BIP 39): ${words} Passphrase`), words);
    const line = passphrase === "" ? "none" : `|${passphrase}|`;
    assert.match(stdout, new RegExp(`Passphrase \\(BIP 39\\).*: ${line.replace(/\|/g, "\\|")}\n`));
  }
}

test("the script imports nothing but Node, and its word list is BIP 39's", () => {
  const text = readFileSync(SCRIPT, "utf8");
  const imports = [...text.matchAll(/^import .* from "(.*)";$/gm)].map((match) => match[1]!);
  assert.ok(imports.length > 0 && imports.every((name) => name.startsWith("node:")), imports.join());
  assert.equal(/import\(|require\(|write(File|v)|createWrite|\bfetch\(|https?:/.test(text), false);
  const list = /const WORDS = `([^`]*)`/.exec(text)![1]!.trim().split(/\s+/);
  assert.deepEqual(list, wordlist);
  const lines = text
    .trimEnd()
    .split("\n")
    .filter((line) => !/^[a-z]{3,8}( [a-z]{3,8}){9,}$/.test(line));
  assert.ok(lines.length <= 400, `${lines.length} lines: short enough to be read before it is trusted`);
});

for (const { name, at, secrets } of FOLDERS)
  for (const node of [HERE, ...OTHERS])
    test(`all that version ${name} wrote opens with ${execFileSync(node, ["--version"]).toString().trim()}`, (t) => {
      for (const [what, args, typed] of [
        ["words.backup", ["words.backup"], secrets.code],
        ["words.backup", ["words.codes.txt"], secrets.code],
        ["passphrase.backup", ["passphrase.backup"], secrets.passphrase],
      ] as const) {
        if (secrets[what] === undefined) continue;
        const { status, stdout, stderr } = recover([join(at, args[0])], typed, node);
        assert.deepEqual([status, stderr], [0, ""]);
        assertHolds(stdout, secrets[what] as Held);
        assert.match(stdout, /^Wallet Family, key [0-9a-f]{8}\n {2}Descriptor: wsh\(sortedmulti\(2,/m);
        assert.match(stdout, /mostPerDaySats/);
      }
      const home = recover(["--home", join(at, "home")], secrets.pin, node);
      if (!/Node has since 24\.7/.test(home.stderr)) assertHolds(home.stdout, secrets.home as Held);
      else t.diagnostic("this Node has no Argon2id: the script says so");
    });

for (const { name, at, secrets } of FOLDERS.filter((one) => existsSync(join(one.at, "words.backup"))))
  test(`Firn itself opens what version ${name} wrote`, async () => {
    const words = Uint16Array.from(secrets.code.split(" "), (word) => wordNumber(word)!);
    for (const [what, code] of [
      ["words.backup", codeOfWords(words)],
      ["passphrase.backup", codeOfPassphrase(secrets.passphrase)],
    ] as const) {
      const bytes = new Uint8Array(readFileSync(join(at, what)));
      const { keys, state } = await openBackup(bytes, code, nodeStretch());
      const held = secrets[what] as Held;
      assert.equal(unpackKeys(keys).length, held.keys.length);
      assert.equal(readState(state).network, held.network);
      assert.equal(readState(state).wallets.length, 1);
    }
  });

test("a code opens by four letters a word, in capitals, and in any white space", () => {
  const short = V1.secrets.code.split(" ").map((word) => word.slice(0, 4).toUpperCase());
  const { status, stdout } = recover([file("words.backup")], `  ${short.join("   ")} `);
  assert.equal(status, 0);
  assertHolds(stdout, V1.secrets["words.backup"] as Held);
});

test("a wrong code, a slip of the pen, the words of a key, and too few words are each named", () => {
  const words = V1.secrets.code.split(" ");
  const other = (at: number, word: string) => words.with(at, word).join(" ");
  refuses([file("passphrase.backup")], "another passphrase", /does not open the backup/);
  const another = Array.from(newCodeWords(fixedRandom("another")), (index) => wordlist[index]).join(" ");
  refuses([file("words.backup")], another, /does not open the backup/);
  refuses([file("words.backup")], other(4, "potatoe"), /Word 5 is not in the list/);
  refuses([file("words.backup")], words.toReversed().join(" "), /are no code/);
  refuses([file("words.backup")], `${"abandon ".repeat(11)}about`, /or they are the words of a key/);
  refuses([file("words.backup")], words.slice(1).join(" "), /these are 11/);
  refuses([file("words.backup")], "", /Word 1 is not in the list/);
});

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "firn-recovery-"));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

/** A fixture with bytes put in, its SHA-256 made to fit. */
function forged(t: TestContext, at: number, value: number): string {
  const bytes = readFileSync(file("words.backup"));
  bytes[at] = value;
  createHash("sha256")
    .update(bytes.subarray(0, -32))
    .digest()
    .copy(bytes, bytes.length - 32);
  const path = join(folder(t), "forged.backup");
  writeFileSync(path, bytes);
  return path;
}

test("a damaged, cut, foreign, newer or weak file is told apart, before any code is asked for", (t) => {
  const bytes = readFileSync(file("words.backup"));
  const path = join(folder(t), "file");
  for (const [content, why] of [
    [bytes.subarray(0, -1), /damaged/],
    [Buffer.concat([bytes, Buffer.alloc(1)]), /damaged/],
    [Buffer.from("a text of another kind"), /no backup of Firn's in this file/],
    [Buffer.alloc(0), /no backup/],
    [Buffer.from("FIRNBACK"), /damaged/],
  ] as const) {
    writeFileSync(path, content);
    refuses([path], "", why);
  }
  bytes[60]! ^= 1;
  writeFileSync(path, bytes);
  refuses([path], "", /damaged/);
  refuses([forged(t, 8, 2)], "", /of version 2/);
  for (const [at, value] of [
    [10, 15],
    [11, 7],
    [12, 0],
  ] as const)
    refuses([forged(t, at, value)], "", /too weakly/);
  for (const [at, value] of [
    [10, 19],
    [12, 5],
    [9, 3],
  ] as const)
    refuses([forged(t, at, value)], "", /damaged/);
  refuses([join(path, "nowhere")], "", /ENOENT|ENOTDIR/);
  refuses([], "", /node recover\.mjs FILE/);
});

test("codes may come in any order, twice and among other lines; a missing one is named, two backups are not mixed", (t) => {
  const lines = readFileSync(file("words.codes.txt"), "utf8").trimEnd().split("\n");
  const path = join(folder(t), "codes.txt");
  const write = (texts: readonly string[]) => writeFileSync(path, texts.join("\r\n"));
  write(["photo 1:", ...lines.toReversed(), "again:", lines[0]!.toLowerCase(), ""]);
  assertHolds(recover([path], V1.secrets.code).stdout, V1.secrets["words.backup"] as Held);
  write(lines.filter((_, index) => index !== 1 && index !== 4));
  refuses([path], "", /missing: 2, 5 of 6/);
  write([...lines, lines[0]!.replace("0600", "0700")]);
  refuses([path], "", /several backups/);
  write(lines.with(2, `${lines[2]!.slice(0, -1)}${lines[2]!.endsWith("A") ? "B" : "A"}`));
  refuses([path], "", /damaged/);
});

test("a home says of a wrong PIN, a missing file, another machine and a security key what they mean", (t) => {
  const at = join(folder(t), "home");
  const again = () => {
    rmSync(at, { recursive: true, force: true });
    cpSync(file("home"), at, { recursive: true });
  };
  again();
  refuses(["--home", at], "271829", /This PIN does not open/);
  rmSync(join(at, ".machine"));
  refuses(["--home", at], "", /\.machine, which seals this home/);
  writeFileSync(join(at, ".machine"), Buffer.alloc(32, 1));
  refuses(["--home", at], V1.secrets.pin, /another home's/);
  rmSync(join(at, "home"));
  refuses(["--home", at], "", /no home in this folder/);
  again();
  const bytes = readFileSync(join(at, "home"));
  const put = (place: number, value: number) => {
    const changed = Buffer.from(bytes);
    changed[place] = value;
    createHash("sha256")
      .update(changed.subarray(0, -32))
      .digest()
      .copy(changed, changed.length - 32);
    writeFileSync(join(at, "home"), changed);
  };
  put(35, 1);
  refuses(["--home", at], "", /sealed to a machine \(tpm\)/);
  put(35, 2);
  refuses(["--home", at], "", /sealed to a machine \(board\)/);
  put(38 + bytes.readUInt16BE(36) + 2 + 52, 1);
  refuses(["--home", at], "", /needs a security key/);
  put(8, 3);
  refuses(["--home", at], "", /of version 3/);
});

test("of a device with two homes the PIN decides which one is printed", async (t) => {
  const at = join(folder(t), "home");
  cpSync(file("home"), at, { recursive: true });
  const [stretch, random] = [nodeStretch(), fixedRandom("second")];
  const seal = await fileSeal(join(at, ".machine"));
  const pin = utf8("161803");
  const vault = await createVault({ pin, stretch, random, seal, settings: FIRST_SETTINGS });
  const material = { kind: "seed", seed: new Uint8Array(16).fill(9) } as const;
  const state = utf8(JSON.stringify({ network: "signet", policy: "{}", wallets: [], keys: [] }));
  const sections = { keys: packKeys([{ fingerprint: "01020304", material }]), "state-signet": state };
  writeFileSync(join(at, "second-home"), vault.write(sections));
  assertHolds(recover(["--home", at], V1.secrets.pin).stdout, V1.secrets.home as Held);
  const second = { network: "signet", keys: [{ seed: "09".repeat(16) }] };
  assertHolds(recover(["--home", at], "161803").stdout, second);
  refuses(["--home", at], "161804", /This PIN does not open/);
});

test("a seed in hex gives its root key, parts of a Seed XOR give their words, and slips are named", () => {
  const { vectors } = JSON.parse(
    readFileSync(join(import.meta.dirname, "vectors", "keys", "seed-xor.json"), "utf8"),
  ) as { readonly vectors: readonly { readonly parts: readonly string[]; readonly whole: string }[] };
  for (const { parts, whole } of vectors) {
    const { stdout } = recover(["--xor"], `${parts.join("\n")}\n`);
    assert.equal(stdout.replace(/\d+/g, "").replace(/\s+/g, " ").trim(), `Words (BIP ): ${whole}`);
  }
  const seed = "000102030405060708090a0b0c0d0e0f";
  const root = HDKey.fromMasterSeed(fromHex(seed)!).privateExtendedKey;
  assert.equal(recover(["--seed"], seed).stdout, `Root key (BIP 32): ${root}\n`);
  assert.match(recover(["--seed", "signet"], seed.toUpperCase()).stdout, /: tprv8/);
  for (const odd of ["", "00".repeat(15), `${seed}0`, `${seed}0g`, "00".repeat(65)])
    refuses(["--seed"], odd, /A seed has/);
  const [long, short] = ["zoo ".repeat(11), "legal ".repeat(11)];
  refuses(["--xor"], `${long}wrong\n${short}thank\n`, /part 2 do not add up/);
  refuses(["--xor"], `${long}wrong\n${"zoo ".repeat(23)}vote\n`, /Part 2 has another number/);
  refuses(["--xor"], "", /No part/);
});

test("it may read and nothing else: no file is written, no program started", (t) => {
  const at = folder(t);
  const only = ["--permission", `--allow-fs-read=${SCRIPT}`, `--allow-fs-read=${V1.at}`];
  const { status, stdout } = spawnSync(HERE, [...only, SCRIPT, file("words.backup")], {
    input: V1.secrets.code,
    encoding: "utf8",
    cwd: at,
  });
  assert.equal(status, 0);
  assertHolds(stdout, V1.secrets["words.backup"] as Held);
  assert.deepEqual(readdirSync(at), []);
});

/** What stands on a terminal where these lines are typed, each after its question. */
async function onTerminal(args: string, lines: readonly string[]): Promise<string> {
  const command = `${HERE} ${SCRIPT} ${args}`;
  const child = spawn("script", ["-qec", command, "/dev/null"], { stdio: ["pipe", "pipe", "inherit"] });
  let seen = "";
  let typed = 0;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    seen += text;
    if (seen.split("while you type): ").length - 1 <= typed) return;
    child.stdin.write(`${lines[typed++] ?? ""}\r`);
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(code, 0, seen);
  return seen.replaceAll("\r\n", "\n");
}

test("at a terminal what is typed is not shown, and can be mended", async () => {
  const seen = await onTerminal(file("passphrase.backup"), [`${V1.secrets.passphrase}xy\u007f\b`]);
  assert.match(seen, /^The passphrase \(not shown while you type\): \nEncrypted backup/);
  assertHolds(seen, V1.secrets["passphrase.backup"] as Held);
  const phrase = `${"zoo ".repeat(11)}wrong`;
  const joined = await onTerminal("--xor", [phrase, phrase, ""]);
  assert.match(
    joined,
    /^Part 1, or nothing after the last \(not shown while you type\): \nPart 2.*\nPart 3.*\nWords/,
  );
  assert.match(joined, /11 abandon +12 about\n$/);
});

// ---------------------------------------------------------------- docs/recovery.md, as it stands there

const GUIDE = readFileSync(join(import.meta.dirname, "..", "docs", "recovery.md"), "utf8");
const PRACTICE = `${"abandon ".repeat(11)}about`;

test("the guide's commands do what the guide says, with the codes that stand in it", () => {
  const typed: Record<string, string> = {
    "--xor": `${PRACTICE}\n${PRACTICE}\n${PRACTICE}\n`,
    "--seed": "000102030405060708090a0b0c0d0e0f",
    "--home": V1.secrets.pin,
  };
  assert.ok(GUIDE.includes(`> ${V1.secrets.code}\n`) && GUIDE.includes(`its PIN is \`${V1.secrets.pin}\``));
  const commands = [...GUIDE.matchAll(/^```sh\nnode scripts\/recover\.mjs (.*)\n```$/gm)].map(
    (match) => match[1]!,
  );
  assert.equal(commands.length, 5);
  assert.equal(GUIDE.match(/^```sh$/gm)!.length, commands.length);
  for (const command of commands) {
    const [option, ...rest] = command
      .split(" ")
      .map((word) => word.replace(/^test\/vectors\/recovery/, VECTORS));
    const { status, stdout, stderr } = recover([option!, ...rest], typed[option!] ?? V1.secrets.code);
    assert.deepEqual([status, stderr], [0, ""], command);
    if (option === "--seed") assert.ok(GUIDE.includes(`> ${stdout.slice(19)}`), stdout);
    if (option === "--xor") assert.match(stdout, /11 abandon +12 about/);
    if (option === "--home") assertHolds(stdout, V1.secrets.home as Held);
    if (/words\.(backup|codes\.txt)$/.test(option!)) assertHolds(stdout, V1.secrets["words.backup"] as Held);
  }
});

const ROWS = [...GUIDE.matchAll(/^\| (.*) \| `(8\d|4\d)h\/0h\/0h` \| `(\w+)` \|$/gm)].map((match) =>
  match.slice(1),
);

test("the guide's table of types, paths and addresses is what Firn and @scure make of the practice words", async () => {
  const master = HDKey.fromMasterSeed(mnemonicToSeedSync(PRACTICE));
  const make: Record<string, (key: Uint8Array) => { readonly address?: string }> = {
    "84": (key) => p2wpkh(key),
    "86": (key) => p2tr(key.slice(1)),
    "49": (key) => p2sh(p2wpkh(key)),
    "44": (key) => p2pkh(key),
  };
  const material = { kind: "words", entropy: new Uint8Array(16), passphrase: new Uint8Array(0) } as const;
  const curve = await loadCurve();
  const keyring = await Keyring.open({ material, network: "mainnet", curve, stretch: nodeStretch() });
  const own = accountWallets("mainnet", (path) => keyring.account(path)).map((wallet) => [
    wallet.name.replace(/,.*/, ""),
    String(wallet.keys[0]!.path[0]! - 2 ** 31),
    addressOf(compile(wallet, curve).derive(0, 0).scriptPubKey, "mainnet"),
  ]);
  assert.deepEqual(ROWS, own);
  for (const [, purpose, address] of ROWS)
    assert.equal(make[purpose!]!(master.derive(`m/${purpose}'/0'/0'/0/0`).publicKey!).address, address);
});

test("a real Electrum finds the guide's addresses from the practice words", (t) => {
  const python = "/usr/bin/python3";
  const lines = `
from electrum import keystore, bitcoin
seed = keystore.bip39_to_seed("${PRACTICE}", "")
for purpose, kind, form in ((84, "p2wpkh", "p2wpkh"), (49, "p2wpkh-p2sh", "p2wpkh-p2sh"), (44, "standard", "p2pkh")):
    store = keystore.from_bip43_rootseed(seed, f"m/{purpose}h/0h/0h", xtype=kind)
    print(purpose, bitcoin.pubkey_to_address(form, store.derive_pubkey(0, 0).hex()))
`;
  const installed = spawnSync(python, ["-c", "import electrum"]).status === 0;
  if (!isHere(t, "electrum", installed)) return;
  const { stdout, stderr } = spawnSync(python, ["-c", lines], { encoding: "utf8" });
  const found = stdout
    .trim()
    .split("\n")
    .map((line) => line.split(" "));
  assert.equal(found.length, 3, stderr);
  for (const [purpose, address] of found)
    assert.ok(ROWS.some((row) => row[1] === purpose && row[2] === address));
});

test("every form of backup that Firn knows has a chapter in the guide, and every link leads somewhere", () => {
  const headings = [...GUIDE.matchAll(/^#+ (.*)$/gm)].map((match) => match[1]!);
  const anchors = headings.map((text) =>
    text
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
  const links = [...GUIDE.matchAll(/\]\(#([^)]*)\)/g)].map((match) => match[1]!);
  assert.deepEqual(
    links.filter((link) => !anchors.includes(link)),
    [],
  );
  const chapters: Record<BackupForm, string> = {
    words: "Words",
    seedqr: "SeedQR",
    "compact-seedqr": "SeedQR",
    slip39: "SLIP-39",
    codex32: "codex32",
    "seed-xor": "Seed XOR",
    kef: "Krux's encrypted code (KEF)",
    backup: "Encrypted backup",
    ur: "UR codes",
  };
  for (const form of BACKUP_FORMS) assert.ok(headings.includes(chapters[form]), form);
});
