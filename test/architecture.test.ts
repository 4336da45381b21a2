// The house: who may import whom, packages with a reason each, sizes, no state, no world.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";

const ROOT = resolve(import.meta.dirname, "..");

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name))
    .sort();
}

const SOURCES = ["src", "device", "scripts"].flatMap(filesUnder);
const textOf = (file: string) => readFileSync(join(ROOT, file), "utf8");

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
  /** A path inside the repository, or a package's name. */
  readonly to: string;
}

function importsOf(file: string): Import[] {
  const found: Import[] = [];
  const pattern =
    /(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?"([^"]+)"|import\(\s*"([^"]+)"\s*\)|require\(\s*"([^"]+)"\s*\)/g;
  for (const match of textOf(file).matchAll(pattern)) {
    const specifier = match[2] ?? match[3] ?? match[4]!;
    const to = specifier.startsWith(".")
      ? relative(ROOT, resolve(ROOT, dirname(file), specifier))
      : specifier;
    found.push({ from: file, typeOnly: match[1] !== undefined, to });
  }
  return found;
}

const GROUND = [
  ...[
    "limits",
    "model",
    "rules",
    "curve",
    "keeping",
    "request",
    "ports",
    "reckoning",
    "ways",
    "message",
    "review",
  ],
  ...["refusal", "bytes", "text", "code", "assets", "act", "eip55", "safe", "child"],
];
const ROOMS = ["screens", "bitcoin", "ethereum", "policy", "keys", "factors", "journal", "transport"];

/** Where a file stands in the house: "ground", "roof", "flows", a room, "qr", "device/eye", "scripts", … */
function placeOf(path: string): string {
  const parts = path.split("/");
  if (parts[0] === "src") {
    // Lists alone, which the policy's texts need as much as those who read transactions.
    if (parts[1] === "refusals" || path.startsWith("src/ethereum/known/")) return "ground";
    if (parts.length === 2) {
      const name = parts[1]!.replace(/\.ts$/, "");
      if (name === "main") return "roof";
      if (["ui", "gestures", "hold-lines"].includes(name!)) return "flows";
      return GROUND.includes(name) ? "ground" : `src/${name}`;
    }
    return parts[1]!;
  }
  return parts[0] === "device" ? `device/${parts[1]}` : parts[0]!;
}

const DEVICE_MAY: Record<string, readonly string[]> = {
  "device/wire": [],
  "device/disk": [],
  "device/boards": [],
  "device/host": ["device/wire"],
  "device/seal": [],
  "device/stick": ["device/disk"],
  "device/eye": ["qr", "transport", "device/wire", "device/boards"],
  "device/glass": ["qr", "device/wire"],
  "device/sim": [
    "roof",
    "device/eye",
    "device/glass",
    "device/wire",
    "device/disk",
    "device/boards",
    "device/seal",
    "device/stick",
    "device/host",
  ],
  "device/pi": [
    "roof",
    "device/eye",
    "device/glass",
    "device/wire",
    "device/disk",
    "device/boards",
    "device/seal",
    "device/stick",
    "device/host",
  ],
};

function allowed(from: string, to: string, typeOnly: boolean): boolean {
  if (from === to || to === "ground") return true;
  if (from === "scripts") return true;
  if (from === "ground") return false;
  if (from === "roof") return to === "flows";
  if (from === "flows") return to === "flows" || ROOMS.includes(to);
  if (from === "qr") return to === "transport" && typeOnly;
  if (ROOMS.includes(from)) return false;
  return DEVICE_MAY[from]?.includes(to) ?? false;
}

test("imports go down, rooms do not know each other, and nothing imports scripts or tests", () => {
  const wrong = SOURCES.flatMap(importsOf)
    .filter((one) => /^(src|device|scripts|test)\//.test(one.to))
    .filter((one) => !allowed(placeOf(one.from), placeOf(one.to), one.typeOnly))
    .map((one) => `${one.from} → ${one.to}`);
  assert.deepEqual(wrong, []);
});

test("a room with an index is entered by it", () => {
  const wrong = SOURCES.flatMap(importsOf)
    .filter((one) => {
      const room = placeOf(one.to);
      if (!ROOMS.includes(room) || placeOf(one.from) === room || one.from.startsWith("scripts/"))
        return false;
      return SOURCES.includes(`src/${room}/index.ts`) && one.to !== `src/${room}/index.ts`;
    })
    .map((one) => `${one.from} → ${one.to}`);
  assert.deepEqual(wrong, []);
});

/** Every runtime package, why it is there, and the places that may import it. */
const PACKAGES: Record<string, { readonly reason: string; readonly places: readonly string[] }> = {
  "@noble/ciphers": {
    reason: "XChaCha20-Poly1305 for envelope and journal, AES for KEF, CTAP2 and records of BIP 129, audited",
    places: ["keys", "factors", "journal", "bitcoin"],
  },
  "@noble/curves": {
    reason: "the second implementation of the curve, P-256 for CTAP2, Ed25519 for the journal, audited",
    places: ["keys", "factors", "journal"],
  },
  "@noble/hashes": { reason: "SHA-2, RIPEMD-160, HMAC, HKDF, audited", places: [...ROOMS, "ground"] },
  "@scure/base": { reason: "base58check, bech32, base64, by the curves' authors", places: ROOMS },
  "@scure/bip32": {
    reason: "extended keys: the second reading of every derivation",
    places: ["bitcoin"],
  },
  "@scure/bip39": { reason: "the English word list and its checksum rules", places: ["keys"] },
  "@scure/btc-signer": {
    reason: "the second reader of every PSBT; MuSig2 (BIP 327), by the curves' authors",
    places: ["bitcoin", "keys"],
  },
  "micro-eth-signer": {
    reason:
      "transactions, typed data and calls of Ethereum, by the curves' authors; the second reader of each",
    places: ["ethereum"],
  },
  "tiny-secp256k1": {
    reason: "libsecp256k1 in wasm: fast, and leaves next to no copies of a key",
    places: ["keys"],
  },
  "zxing-wasm": { reason: "first QR decoder", places: ["qr", "device/eye"] },
  jsqr: {
    reason: "second QR decoder, on the first one's misses, and alone where wasm is refused",
    places: ["qr"],
  },
  qrcode: { reason: "QR encoder", places: ["qr"] },
  blessed: { reason: "draws the terminal", places: ["device/glass"] },
  "node-hid": { reason: "packets of security keys, relayed unread", places: ["device/glass"] },
  onoff: { reason: "a board's buttons, LED and buzzer", places: ["device/glass"] },
  pngjs: {
    reason: "codes and screens written as pictures",
    places: ["device/glass"],
  },
  "jpeg-js": { reason: "JPEG pictures in place of a camera", places: ["device/eye"] },
};

test("every runtime package has a reason, and no other is there", () => {
  const { dependencies } = JSON.parse(textOf("package.json"));
  assert.deepEqual(Object.keys(dependencies).sort(), Object.keys(PACKAGES).sort());
});

test("packages are imported only where they belong, and Firn's own process never meets a decoder or a screen", () => {
  const wrong: string[] = [];
  for (const one of SOURCES.flatMap(importsOf)) {
    if (one.to.startsWith("node:") || /^(src|device|scripts|test)\//.test(one.to)) continue;
    const name = one.to
      .split("/")
      .slice(0, one.to.startsWith("@") ? 2 : 1)
      .join("/");
    const place = placeOf(one.from);
    if (place === "scripts" || PACKAGES[name]?.places.includes(place)) continue;
    wrong.push(`${one.from} → ${one.to}`);
  }
  assert.deepEqual(wrong, []);
});

test("every package is used for real", () => {
  const used = new Set(
    SOURCES.flatMap(importsOf).map((one) =>
      one.to
        .split("/")
        .slice(0, one.to.startsWith("@") ? 2 : 1)
        .join("/"),
    ),
  );
  assert.deepEqual(
    Object.keys(PACKAGES).filter((name) => !used.has(name)),
    [],
  );
});

test("src touches nothing: no node:, no console, no timers, no chance, no clock", () => {
  const world =
    /\b(console\.|setTimeout|setInterval|setImmediate|Math\.random|Date\.now|new Date\(\)|process\.|globalThis|fetch\()/;
  const wrong = filesUnder("src").flatMap((file) =>
    textOf(file)
      .split("\n")
      .flatMap((line, index) =>
        (world.test(line) && !/^\s*(\/\/|\*|\/\*)/.test(line)) || /["']node:/.test(line)
          ? [`${file}:${index + 1} ${line.trim()}`]
          : [],
      ),
  );
  assert.deepEqual(wrong, []);
});

test("Node's names do not exist in src: a file with process does not compile", () => {
  const folder = mkdtempSync(join(ROOT, "src", "probe-"));
  try {
    writeFileSync(join(folder, "probe.ts"), "export const here = process.cwd();\n");
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ extends: "../tsconfig.json", include: ["probe.ts"] }),
    );
    assert.throws(() =>
      execFileSync(join(ROOT, "node_modules/.bin/tsc"), ["--noEmit", "-p", folder], { stdio: "pipe" }),
    );
    writeFileSync(join(folder, "probe.ts"), "export const here = 1;\n");
    execFileSync(join(ROOT, "node_modules/.bin/tsc"), ["--noEmit", "-p", folder], { stdio: "pipe" });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("no file is longer than 300 lines", () => {
  const long = SOURCES.filter((file) => textOf(file).split("\n").length > 301);
  assert.deepEqual(long, []);
});

test("no function is longer than 40 lines: the linter's rule says so and is on", () => {
  const { overrides } = JSON.parse(textOf("biome.json"));
  const rule = overrides[0].linter.rules.complexity.noExcessiveLinesPerFunction;
  assert.deepEqual(overrides[0].includes, ["src/**", "device/**", "scripts/**"]);
  assert.deepEqual([rule.level, rule.options.maxLines], ["error", 40]);
});

test("modules keep no state: nothing at the top level can be assigned again", () => {
  const wrong = SOURCES.filter((file) => !file.startsWith("scripts/")).flatMap((file) =>
    textOf(file)
      .split("\n")
      .flatMap((line, index) =>
        /^(export\s+)?(let|var)\s/.test(line) ? [`${file}:${index + 1} ${line}`] : [],
      ),
  );
  assert.deepEqual(wrong, []);
});

test("nothing is unfinished by its own words, and no test is skipped", () => {
  const weak = /\b(TODO|FIXME|XXX)\b|not implemented|\b(test|it|describe)\.(skip|todo|only)\b/;
  const wrong = [...SOURCES, ...filesUnder("test")]
    .filter((file) => file !== "test/architecture.test.ts")
    .filter((file) => weak.test(textOf(file)));
  assert.deepEqual(wrong, []);
});

test("the top level is what the owner fixed", () => {
  const entries = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" })
    .split("\n")
    .map((path) => path.split("/")[0]!)
    .filter((name, index, all) => name !== "" && all.indexOf(name) === index);
  const known = [
    ".ci",
    ".gitignore",
    ".npmrc",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "biome.json",
    "device",
    "docs",
    "package-lock.json",
    "package.json",
    "scripts",
    "src",
    "systemd",
    "test",
    "tsconfig.json",
  ];
  assert.deepEqual(
    entries.filter((name) => !known.includes(name)),
    [],
  );
});
