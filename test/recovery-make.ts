// Made the fixtures of test/vectors/recovery: run once, by hand, when a format has changed, with a new folder's name.
// What is there already stays for ever, and every later version must open it.
//
//   node test/recovery-make.ts v1

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { HDKey } from "@scure/bip32";
import { mnemonicToSeedSync } from "@scure/bip39";
import { nodeStretch } from "../device/host/stretch.ts";
import { fileSeal } from "../device/seal/file.ts";
import { fromHex, toHex, u32be } from "../src/bytes.ts";
import { type HomeState, stateSection, writeState } from "../src/flows/state.ts";
import { NO_PARTS } from "../src/flows/state-parts.ts";
import {
  type BackupCode,
  codeOfPassphrase,
  codeOfWords,
  createVault,
  entropyOf,
  FIRST_SETTINGS,
  type KeptKey,
  newCodeWords,
  packKeys,
  sealBackup,
  wordList,
} from "../src/keys/index.ts";
import type { Network } from "../src/model.ts";
import { firstPolicy } from "../src/policy/index.ts";
import { utf8 } from "../src/text.ts";
import { splitBytes } from "../src/transport/index.ts";
import { PHRASES, purse } from "./bitcoin/build.ts";
import { fixedRandom, numbers } from "./keys/make.ts";

const folder = process.argv[2];
if (!folder || !/^v\d+$/.test(folder)) throw new Error("node test/recovery-make.ts v1");
const AT = join(import.meta.dirname, "vectors", "recovery", folder);
mkdirSync(AT);

const stretch = nodeStretch();
const random = fixedRandom("recovery");
const madeMs = Date.UTC(2026, 10, 22, 7, 30);
const PIN = "271828";

function keyOfWords(phrase: string, passphrase: string): KeptKey {
  const fingerprint = fingerprintOf(mnemonicToSeedSync(phrase, passphrase));
  const entropy = entropyOf(numbers(phrase));
  return { fingerprint, material: { kind: "words", entropy, passphrase: utf8(passphrase) } };
}

function keyOfSeed(hex: string): KeptKey {
  const seed = fromHex(hex)!;
  return { fingerprint: fingerprintOf(seed), material: { kind: "seed", seed } };
}

function fingerprintOf(seed: Uint8Array): string {
  return toHex(u32be(HDKey.fromMasterSeed(seed).fingerprint));
}

function stateOf(network: Network, keys: readonly KeptKey[]): HomeState {
  const { wallet } = purse("p2wsh", { network, name: "Family" });
  const [first] = keys;
  return {
    ...NO_PARTS,
    network,
    policy: firstPolicy(network, "simulator")!,
    wallets: [{ name: wallet.name, descriptor: wallet.descriptor, key: first!.fingerprint }],
    keys: keys.map(({ fingerprint }, index) => ({
      fingerprint,
      name: `Key ${index + 1}`,
      madeMs,
      origin: "entered",
      backups: [],
    })),
    chosen: first!.fingerprint,
    serial: 0,
  };
}

async function backup(network: Network, keys: readonly KeptKey[], code: BackupCode): Promise<Uint8Array> {
  const content = { madeMs, keys: packKeys(keys), state: writeState(stateOf(network, keys)) };
  return sealBackup({ content, code, stretch, random });
}

const money = [
  keyOfWords(PHRASES[0], ""),
  keyOfWords(PHRASES[2], "correct horse, battery staple!"),
  // BIP 93, test vector 4.
  keyOfSeed("ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"),
];
const code = newCodeWords(random);
const byWords = await backup("mainnet", money, codeOfWords(code));
const passphrase = "seven dice words would be better";
const byPassphrase = await backup("testnet4", [keyOfWords(PHRASES[1], "")], codeOfPassphrase(passphrase));

writeFileSync(join(AT, "words.backup"), byWords);
writeFileSync(join(AT, "words.codes.txt"), `${splitBytes(byWords, "low").texts.join("\n")}\n`);
writeFileSync(join(AT, "passphrase.backup"), byPassphrase);

const home = join(AT, "home");
mkdirSync(home);
const seal = await fileSeal(join(home, ".machine"));
const keys = [keyOfWords(PHRASES[0], "TREZOR"), keyOfWords(PHRASES[2], "")];
const state = stateOf("signet", keys);
const vault = await createVault({ pin: utf8(PIN), stretch, random, seal, settings: FIRST_SETTINGS });
const sections = { keys: packKeys(keys), [stateSection("signet")]: writeState(state) };
writeFileSync(join(home, "home"), vault.write(sections));

const secrets = {
  note: "Published practice words; never for money. Made by test/recovery-make.ts.",
  code: Array.from(code, (index) => wordList[index]).join(" "),
  passphrase,
  pin: PIN,
  "words.backup": {
    network: "mainnet",
    keys: [
      { words: PHRASES[0], passphrase: "" },
      { words: PHRASES[2], passphrase: "correct horse, battery staple!" },
      { seed: toHex((money[2]!.material as { readonly seed: Uint8Array }).seed) },
    ],
  },
  "passphrase.backup": { network: "testnet4", keys: [{ words: PHRASES[1], passphrase: "" }] },
  home: {
    network: "signet",
    keys: [
      { words: PHRASES[0], passphrase: "TREZOR" },
      { words: PHRASES[2], passphrase: "" },
    ],
  },
};
writeFileSync(join(AT, "secrets.json"), `${JSON.stringify(secrets, undefined, 2)}\n`);
