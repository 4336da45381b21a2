#!/usr/bin/env node
// Recovery without Firn: prints what an encrypted backup holds, or a home that a file seals. Node 16 or newer, this
// one file, no packages, no network; it writes nothing. docs/formats.md says the same in words, byte for byte.
//
//   node recover.mjs FILE          FILE: the backup as Firn wrote it on a stick, or a text file with the texts of its
//                                  codes (B$2B…, one a line, in any order)
//   node recover.mjs --home DIR    the folder of a home that is sealed by a file; Node 24.7 or newer
//   node recover.mjs --seed        a seed in hex, as shares of SLIP-39 and codex32 give it: prints its root key
//   node recover.mjs --xor         the parts of a Seed XOR: prints the words that they make
//
// Code, PIN, seed and parts are asked for and not shown while they are typed. What is printed are the keys to the money:
// do this on a machine that has never been online and never will be, and let nobody look on.

import crypto from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

class Wrong extends Error {}

function fail(message) {
  throw new Wrong(message);
}

const sha256 = (bytes) => crypto.createHash("sha256").update(bytes).digest();
const hkdf = (input, salt, info) => Buffer.from(crypto.hkdfSync("sha256", input, salt, info, 32));
const NONE = Buffer.alloc(0);
const toBits = (numbers, width) => Array.from(numbers, (n) => n.toString(2).padStart(width, "0")).join("");
const fromBits = (bits) => Buffer.from((bits.match(/.{8}/g) || []).map((byte) => Number.parseInt(byte, 2)));
const mark = (bytes) => bytes.subarray(0, 8).toString("latin1");

/** RFC 8439; the tag stands at the end. Undefined where anything is another than it was. */
function unseal(key, nonce, context, sealed) {
  const end = sealed.length - 16;
  if (end < 0) return undefined;
  const open = crypto.createDecipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
  open.setAAD(context, { plaintextLength: end });
  open.setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([open.update(sealed.subarray(0, end)), open.final()]);
  } catch {
    return undefined;
  }
}

/** Reads one field after the other. */
function reader(bytes, what) {
  let at = 0;
  const take = (length) => {
    if (at + length > bytes.length) fail(`${what} is cut short, or of a version that is not known here.`);
    at += length;
    return bytes.subarray(at - length, at);
  };
  const number = (length) => take(length).readUIntBE(0, length);
  return { take, number, soFar: () => bytes.subarray(0, at), rest: () => bytes.subarray(at) };
}

/** The last 32 bytes are the SHA-256 of all before: against accidents. */
function refuseDamaged(bytes, what) {
  const sound = sha256(bytes.subarray(0, -32)).equals(bytes.subarray(-32));
  if (!sound) fail(`${what} is damaged: it was changed or cut short. Try another copy.`);
}

// ---------------------------------------------------------------- the encrypted backup

const BACKUP = "FIRNBACK";

async function openBackup(bytes) {
  refuseDamaged(bytes, "The backup");
  const { take, number, soFar } = reader(bytes, "The backup");
  take(BACKUP.length);
  const version = number(1);
  if (version !== 1) fail(`The backup is of version ${version}: use a newer recover.mjs.`);
  const kind = number(1);
  const [log2N, r, p] = [number(1), number(1), number(1)];
  if (log2N < 16 || r < 8 || p < 1) fail("The backup is guarded too weakly: Firn never wrote it so.");
  if (log2N > 18 || r > 8 || p > 4 || kind < 1 || kind > 2) fail("The backup is damaged or not Firn's.");
  const salt = take(16);
  const nonce = take(12);
  const header = soFar();
  const typed = await ask(kind === 1 ? "The 12 words of the code" : "The passphrase");
  const code = kind === 1 ? codeOf(typed) : typed.normalize("NFKD");
  const key = crypto.scryptSync(code, salt, 32, { N: 2 ** log2N, r, p, maxmem: 2 ** 29 });
  const plain = unseal(key, nonce, header, bytes.subarray(header.length, -32));
  if (!plain) fail("This code does not open the backup: it is another's, or was mistyped.");
  const inside = reader(plain, "What is in it");
  const madeMs = inside.number(4) * 2 ** 32 + inside.number(4);
  const keys = inside.take(inside.number(4));
  const made = new Date(madeMs).toISOString().slice(0, 16).replace("T", " ");
  return { title: `Encrypted backup, made ${made} UTC`, keys, state: inside.rest() };
}

/** Twelve words of BIP 39's list, whose checksum has every bit turned over. */
function codeOf(typed) {
  const indexes = numbersOf(typed);
  if (indexes.length !== 12) fail(`A code has 12 words; these are ${indexes.length}.`);
  const sound = entropyOf(indexes, 15);
  if (!sound) fail("These words are no code: one is wrong or out of place, or they are the words of a key.");
  return indexes.map((index) => WORDS[index]).join(" ");
}

/** BIP 39: 32 bits of entropy and one of checksum for every three words. Undefined where they do not add up. */
function entropyOf(indexes, turned = 0) {
  const bits = toBits(indexes, 11);
  const end = Math.floor(indexes.length / 3) * 32;
  const entropy = fromBits(bits.slice(0, end));
  const checksum = Number.parseInt(toBits(sha256(entropy), 8).slice(0, bits.length - end), 2);
  return (Number.parseInt(bits.slice(end), 2) ^ turned) === checksum ? entropy : undefined;
}

/** Of words, in full or by four letters or more. */
function numbersOf(typed) {
  return typed
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .map((text, place) => {
      const exact = WORDS.indexOf(text);
      const index = exact >= 0 || text.length < 4 ? exact : WORDS.findIndex((word) => word.startsWith(text));
      return index >= 0 ? index : fail(`Word ${place + 1} is not in the list.`);
    });
}

/** The texts of codes (BBQr, type B): a part each, `B$`, encoding, type, how many, which, content. */
function fromCodes(text) {
  const parts = text.toUpperCase().match(/B\$[2H]B[0-9A-Z]{4}[0-9A-Z]+/g) || [];
  if (parts.length === 0) fail("There is no backup of Firn's in this file.");
  const head = parts[0].slice(0, 6);
  if (parts.some((part) => !part.startsWith(head)))
    fail("The file has codes of several backups: keep one's.");
  const all = Array.from({ length: Number.parseInt(head.slice(4), 36) });
  for (const part of parts) all[Number.parseInt(part.slice(6, 8), 36)] = part.slice(8);
  const missing = all.flatMap((part, index) => (part === undefined ? [index + 1] : []));
  if (missing.length > 0) fail(`Codes are missing: ${missing.join(", ")} of ${all.length}.`);
  const bytes = Buffer.concat(all.map((part) => (head[2] === "H" ? Buffer.from(part, "hex") : base32(part))));
  if (mark(bytes) !== BACKUP) fail("These codes are no backup of Firn's.");
  return bytes;
}

/** RFC 4648, without padding. */
function base32(text) {
  const numbers = Array.from(text, (letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter));
  return fromBits(toBits(numbers, 5));
}

// ---------------------------------------------------------------- a home

/** The PIN decides which home opens, where a device has two. */
async function openHome(folder) {
  if (!crypto.argon2Sync) fail(`This needs Argon2id, which Node has since 24.7; this is ${process.version}.`);
  const files = ["home", "second-home"].map((name) => fileIn(folder, name));
  const homes = files.filter(Boolean).map(readHome);
  if (homes.length === 0) fail("There is no home in this folder.");
  const { sealKind, factors } = homes[0];
  const bound = sealKind === "tpm" || sealKind === "board";
  if (bound) fail(`This home is sealed to a machine (${sealKind}) and opens nowhere else: use a backup.`);
  if (factors > 0) fail("This home needs a security key, which this script cannot ask: use a backup.");
  const machine = fileIn(folder, ".machine");
  if (sealKind === "file" && !machine) fail("The file .machine, which seals this home, is not there.");
  const pin = await ask("The PIN");
  for (const home of homes) {
    const vaultKey = vaultKeyOf(home, pin, machine);
    if (!vaultKey) continue;
    const state = home.sections.find(({ name }) => name.startsWith("state-"));
    const keys = home.sections.find(({ name }) => name === "keys");
    if (!state || !keys) fail("The home lacks a part.");
    return { title: "Home", keys: section(home, vaultKey, keys), state: section(home, vaultKey, state) };
  }
  return fail("This PIN does not open the home.");
}

function fileIn(folder, name) {
  return existsSync(join(folder, name)) ? readFileSync(join(folder, name)) : undefined;
}

function readHome(bytes) {
  if (mark(bytes) !== "FIRNHOME") fail("The home is damaged or not Firn's.");
  refuseDamaged(bytes, "The home");
  const { take, number, soFar } = reader(bytes, "The home");
  take(8);
  const version = number(1);
  if (version > 2 || number(1) !== 1) fail(`The home is of version ${version}: use a newer recover.mjs.`);
  const cost = { memory: number(4), passes: number(4), parallelism: number(1) };
  if (cost.memory > 2 ** 18 || cost.passes > 16 || cost.parallelism > 4) fail("The home is damaged.");
  const salt = take(16);
  const sealKind = ["none", "tpm", "board", "file"][number(1)];
  const seal = take(number(2));
  const lock = version === 1 ? NONE : take(number(2));
  // How many security keys: behind the settings (11 bytes) and the wipe PIN's slot (41).
  const factors = version === 1 ? 0 : lock[52];
  const head = soFar();
  const wrapNonce = take(24);
  const wrapped = take(48);
  take(16);
  const row = () => ({ name: take(number(1)).toString("latin1"), length: number(4) });
  const table = Array.from({ length: number(1) }, row);
  const front = soFar();
  const sections = table.map(({ name, length }) => ({ name, nonce: take(24), sealed: take(length) }));
  return { version, cost, salt, sealKind, seal, factors, head, wrapNonce, wrapped, front, sections };
}

function vaultKeyOf(home, pin, machine) {
  const { version, cost, salt, seal, head, wrapNonce, wrapped } = home;
  const stretched = crypto.argon2Sync("argon2id", { message: pin, nonce: salt, ...cost, tagLength: 32 });
  const zeros = Buffer.alloc(32);
  if (version === 1) return unsealX(hkdf(stretched, zeros, "firn/1/wrap"), wrapNonce, head, wrapped);
  const auth = hkdf(stretched, NONE, "firn/2/seal");
  const secret = home.sealKind === "none" ? zeros : released(seal, machine, auth);
  if (!secret) return undefined;
  const wrapKey = hkdf(hkdf(stretched, secret, "firn/2/pin"), zeros, "firn/2/wrap");
  return unsealX(wrapKey, wrapNonce, head, wrapped);
}

/** What the file's secret seals: 8 bytes of the secret's name, 32 of salt, then the 32 bytes with their tag. */
function released(blob, machine, auth) {
  const name = crypto.createHmac("sha256", machine).update("firn/seal/name").digest().subarray(0, 8);
  if (!name.equals(blob.subarray(0, 8))) fail("The file .machine is another home's.");
  const key = hkdf(Buffer.concat([machine, auth]), blob.subarray(8, 40), "firn/seal/1");
  return unseal(key, Buffer.alloc(12), NONE, blob.subarray(40));
}

function section({ front }, vaultKey, { name, nonce, sealed }) {
  const key = hkdf(vaultKey, NONE, `firn/1/section/${name}`);
  const plain = unsealX(key, nonce, Buffer.concat([sha256(front), Buffer.from(name)]), sealed);
  return plain || fail(`The home's part ${name} is damaged.`);
}

/** XChaCha20-Poly1305: a key of HChaCha20 and the last 8 bytes of the nonce. */
function unsealX(key, nonce, context, sealed) {
  const inner = Buffer.concat([Buffer.alloc(4), nonce.subarray(16)]);
  return unseal(hchacha20(key, nonce.subarray(0, 16)), inner, context, sealed);
}

function hchacha20(key, nonce) {
  const words = (bytes) => Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(4 * i));
  const x = Uint32Array.from([...words(Buffer.from("expand 32-byte k")), ...words(key), ...words(nonce)]);
  const turn = (a, b, by) => {
    const mixed = x[a] ^ x[b];
    x[a] = (mixed << by) | (mixed >>> (32 - by));
  };
  const quarter = (a, b, c, d) => {
    for (const by of [16, 8]) {
      x[a] += x[b];
      turn(d, a, by);
      x[c] += x[d];
      turn(b, c, by === 16 ? 12 : 7);
    }
  };
  for (let round = 0; round < 10; round++) {
    for (let i = 0; i < 4; i++) quarter(i, 4 + i, 8 + i, 12 + i);
    for (let i = 0; i < 4; i++) quarter(i, 4 + ((i + 1) & 3), 8 + ((i + 2) & 3), 12 + ((i + 3) & 3));
  }
  const out = Buffer.alloc(32);
  for (const [i, word] of [...x.subarray(0, 4), ...x.subarray(12)].entries()) out.writeUInt32LE(word, 4 * i);
  return out;
}

// ---------------------------------------------------------------- what shares and parts give

async function rootOfSeed(network) {
  const seed = (await ask("The seed in hex")).replace(/\s/g, "");
  if (!/^([0-9a-f]{2}){16,64}$/i.test(seed)) fail("A seed has 32 to 128 digits, and letters a to f.");
  return `Root key (BIP 32): ${rootKey(Buffer.from(seed, "hex"), network)}`;
}

/** The entropies of all parts, one bit against the other. */
async function joinedWords() {
  let joined;
  for (let number = 1; ; number++) {
    const typed = await ask(`Part ${number}, or nothing after the last`);
    if (typed.trim() === "") break;
    const part = entropyOf(numbersOf(typed)) || fail(`The words of part ${number} do not add up.`);
    if (joined && joined.length !== part.length) fail(`Part ${number} has another number of words.`);
    joined = joined ? joined.map((byte, at) => byte ^ part[at]) : part;
  }
  if (!joined) fail("No part was typed.");
  return ["Words (BIP 39):", ...inRows(ofWords("", joined, NONE).words)].join("\n");
}

// ---------------------------------------------------------------- what comes out

function report({ title, keys, state }) {
  const { network, policy, wallets, keys: records = [] } = JSON.parse(state.toString("utf8"));
  const lines = [`${title}. Network: ${network}.`];
  for (const { fingerprint, words, passphrase, seed } of unpackKeys(keys)) {
    const { name } = records.find((record) => record.fingerprint === fingerprint) || { name: "" };
    lines.push("", `Key ${fingerprint}${name === "" ? "" : `, named ${clean(name)}`}`);
    if (words) lines.push("  Words (BIP 39):", ...inRows(words));
    if (words && passphrase.length === 0) lines.push("  Passphrase (BIP 39): none");
    else if (words) lines.push(`  Passphrase (BIP 39), between the bars: |${clean(passphrase.toString())}|`);
    lines.push(`  Seed (BIP 32): ${seed.toString("hex")}`, `  Root key (BIP 32): ${rootKey(seed, network)}`);
  }
  for (const { name, descriptor, key } of wallets)
    lines.push("", `Wallet ${clean(name)}${key ? `, key ${key}` : ""}`, `  Descriptor: ${clean(descriptor)}`);
  lines.push("", "Policy (what this device allowed; it binds no other program):");
  return [...lines, ...policy.trimEnd().split("\n").map(clean)].join("\n");
}

/** Version 1 held one key and did not write its fingerprint. */
function unpackKeys(bytes) {
  const { take, number } = reader(bytes, "The part with the keys");
  const version = number(1);
  if (version === 1) return [ofWords("", take(number(1)), take(number(2)))];
  if (version !== 2) fail(`The keys are of version ${version}: use a newer recover.mjs.`);
  return Array.from({ length: number(1) }, () => {
    const fingerprint = take(4).toString("hex");
    const kind = number(1);
    const [first, second] = [take(number(2)), take(number(2))];
    return kind === 1 ? ofWords(fingerprint, first, second) : { fingerprint, seed: first };
  });
}

/** BIP 39. */
function ofWords(fingerprint, entropy, passphrase) {
  const bits = toBits(Buffer.concat([entropy, sha256(entropy)]), 8).slice(0, (entropy.length * 33) / 4);
  const words = bits.match(/.{11}/g).map((word) => WORDS[Number.parseInt(word, 2)]);
  const salt = Buffer.concat([Buffer.from("mnemonic"), passphrase]);
  const seed = crypto.pbkdf2Sync(words.join(" "), salt, 2048, 64, "sha512");
  return { fingerprint, words, passphrase, seed };
}

/** BIP 32: the extended private key of the master, as wallet programs take it. */
function rootKey(seed, network) {
  const master = crypto.createHmac("sha512", "Bitcoin seed").update(seed).digest();
  // Version, no depth, no parent, no number; chain code; private key behind a zero.
  const head = Buffer.from(`${network === "mainnet" ? "0488ade4" : "04358394"}000000000000000000`, "hex");
  const body = Buffer.concat([head, master.subarray(32), Buffer.alloc(1), master.subarray(0, 32)]);
  const all = Buffer.concat([body, sha256(sha256(body)).subarray(0, 4)]);
  let out = "";
  for (let rest = BigInt(`0x${all.toString("hex")}`); rest > 0n; rest /= 58n)
    out = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[Number(rest % 58n)] + out;
  return out;
}

function inRows(words) {
  const cells = words.map((word, index) => `${String(index + 1).padStart(6)} ${word}`.padEnd(16));
  const rows = cells.join("").match(/.{48}/g);
  return rows.map((row) => row.trimEnd());
}

/** Nothing that is printed moves the cursor. */
const clean = (text) => String(text).replace(/[^\u0020-\u007e\u00a1-\uffff]/g, "?");

// ---------------------------------------------------------------- asking

let piped = "";

/** At a terminal nothing of it is shown; else the next line of what is piped in. */
async function ask(question) {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) {
    for await (const chunk of stdin.setEncoding("utf8")) piped += chunk;
    const [line, ...rest] = piped.split(/\r?\n/);
    piped = rest.join("\n");
    return line;
  }
  stdin.setRawMode(true).setEncoding("utf8").resume();
  stderr.write(`${question} (not shown while you type): `);
  try {
    return await new Promise(lineFrom);
  } finally {
    stdin.setRawMode(false).pause().removeAllListeners("data");
    stderr.write("\n");
  }
}

function lineFrom(resolve, reject) {
  let typed = "";
  process.stdin.on("data", (chunk) => {
    for (const char of chunk.startsWith("\u001b") ? "" : chunk) {
      if (char === "\u0003") return reject(new Wrong("Nothing was opened."));
      if (char === "\r" || char === "\n") return resolve(typed);
      if (char === "\u007f" || char === "\b") typed = typed.slice(0, -1);
      else if (char >= " ") typed += char;
    }
    return undefined;
  });
}

async function main([what = "", place, ...rest]) {
  if (what === "--seed" && rest.length === 0) return rootOfSeed(place || "mainnet");
  if (what === "--xor" && !place) return joinedWords();
  if (what === "--home" && place && rest.length === 0) return report(await openHome(place));
  if (what === "" || /^-/.test(what) || place) fail("node recover.mjs FILE, or --home DIR, --seed, --xor");
  const bytes = readFileSync(what);
  return report(await openBackup(mark(bytes) === BACKUP ? bytes : fromCodes(bytes.toString("latin1"))));
}

/** BIP 39, English. */
const WORDS = `
abandon ability able about above absent absorb abstract absurd abuse access accident account accuse achieve
acid acoustic acquire across act action actor actress actual adapt add addict address adjust admit adult
advance advice aerobic affair afford afraid again age agent agree ahead aim air airport aisle alarm album
alcohol alert alien all alley allow almost alone alpha already also alter always amateur amazing among amount
amused analyst anchor ancient anger angle angry animal ankle announce annual another answer antenna antique
anxiety any apart apology appear apple approve april arch arctic area arena argue arm armed armor army around
arrange arrest arrive arrow art artefact artist artwork ask aspect assault asset assist assume asthma athlete
atom attack attend attitude attract auction audit august aunt author auto autumn average avocado avoid awake
aware away awesome awful awkward axis baby bachelor bacon badge bag balance balcony ball bamboo banana banner
bar barely bargain barrel base basic basket battle beach bean beauty because become beef before begin behave
behind believe below belt bench benefit best betray better between beyond bicycle bid bike bind biology bird
birth bitter black blade blame blanket blast bleak bless blind blood blossom blouse blue blur blush board boat
body boil bomb bone bonus book boost border boring borrow boss bottom bounce box boy bracket brain brand brass
brave bread breeze brick bridge brief bright bring brisk broccoli broken bronze broom brother brown brush
bubble buddy budget buffalo build bulb bulk bullet bundle bunker burden burger burst bus business busy butter
buyer buzz cabbage cabin cable cactus cage cake call calm camera camp can canal cancel candy cannon canoe
canvas canyon capable capital captain car carbon card cargo carpet carry cart case cash casino castle casual
cat catalog catch category cattle caught cause caution cave ceiling celery cement census century cereal
certain chair chalk champion change chaos chapter charge chase chat cheap check cheese chef cherry chest
chicken chief child chimney choice choose chronic chuckle chunk churn cigar cinnamon circle citizen city civil
claim clap clarify claw clay clean clerk clever click client cliff climb clinic clip clock clog close cloth
cloud clown club clump cluster clutch coach coast coconut code coffee coil coin collect color column combine
come comfort comic common company concert conduct confirm congress connect consider control convince cook cool
copper copy coral core corn correct cost cotton couch country couple course cousin cover coyote crack cradle
craft cram crane crash crater crawl crazy cream credit creek crew cricket crime crisp critic crop cross crouch
crowd crucial cruel cruise crumble crunch crush cry crystal cube culture cup cupboard curious current curtain
curve cushion custom cute cycle dad damage damp dance danger daring dash daughter dawn day deal debate debris
decade december decide decline decorate decrease deer defense define defy degree delay deliver demand demise
denial dentist deny depart depend deposit depth deputy derive describe desert design desk despair destroy
detail detect develop device devote diagram dial diamond diary dice diesel diet differ digital dignity dilemma
dinner dinosaur direct dirt disagree discover disease dish dismiss disorder display distance divert divide
divorce dizzy doctor document dog doll dolphin domain donate donkey donor door dose double dove draft dragon
drama drastic draw dream dress drift drill drink drip drive drop drum dry duck dumb dune during dust dutch
duty dwarf dynamic eager eagle early earn earth easily east easy echo ecology economy edge edit educate effort
egg eight either elbow elder electric elegant element elephant elevator elite else embark embody embrace
emerge emotion employ empower empty enable enact end endless endorse enemy energy enforce engage engine
enhance enjoy enlist enough enrich enroll ensure enter entire entry envelope episode equal equip era erase
erode erosion error erupt escape essay essence estate eternal ethics evidence evil evoke evolve exact example
excess exchange excite exclude excuse execute exercise exhaust exhibit exile exist exit exotic expand expect
expire explain expose express extend extra eye eyebrow fabric face faculty fade faint faith fall false fame
family famous fan fancy fantasy farm fashion fat fatal father fatigue fault favorite feature february federal
fee feed feel female fence festival fetch fever few fiber fiction field figure file film filter final find
fine finger finish fire firm first fiscal fish fit fitness fix flag flame flash flat flavor flee flight flip
float flock floor flower fluid flush fly foam focus fog foil fold follow food foot force forest forget fork
fortune forum forward fossil foster found fox fragile frame frequent fresh friend fringe frog front frost
frown frozen fruit fuel fun funny furnace fury future gadget gain galaxy gallery game gap garage garbage
garden garlic garment gas gasp gate gather gauge gaze general genius genre gentle genuine gesture ghost giant
gift giggle ginger giraffe girl give glad glance glare glass glide glimpse globe gloom glory glove glow glue
goat goddess gold good goose gorilla gospel gossip govern gown grab grace grain grant grape grass gravity
great green grid grief grit grocery group grow grunt guard guess guide guilt guitar gun gym habit hair half
hammer hamster hand happy harbor hard harsh harvest hat have hawk hazard head health heart heavy hedgehog
height hello helmet help hen hero hidden high hill hint hip hire history hobby hockey hold hole holiday hollow
home honey hood hope horn horror horse hospital host hotel hour hover hub huge human humble humor hundred
hungry hunt hurdle hurry hurt husband hybrid ice icon idea identify idle ignore ill illegal illness image
imitate immense immune impact impose improve impulse inch include income increase index indicate indoor
industry infant inflict inform inhale inherit initial inject injury inmate inner innocent input inquiry insane
insect inside inspire install intact interest into invest invite involve iron island isolate issue item ivory
jacket jaguar jar jazz jealous jeans jelly jewel job join joke journey joy judge juice jump jungle junior junk
just kangaroo keen keep ketchup key kick kid kidney kind kingdom kiss kit kitchen kite kitten kiwi knee knife
knock know lab label labor ladder lady lake lamp language laptop large later latin laugh laundry lava law lawn
lawsuit layer lazy leader leaf learn leave lecture left leg legal legend leisure lemon lend length lens
leopard lesson letter level liar liberty library license life lift light like limb limit link lion liquid list
little live lizard load loan lobster local lock logic lonely long loop lottery loud lounge love loyal lucky
luggage lumber lunar lunch luxury lyrics machine mad magic magnet maid mail main major make mammal man manage
mandate mango mansion manual maple marble march margin marine market marriage mask mass master match material
math matrix matter maximum maze meadow mean measure meat mechanic medal media melody melt member memory
mention menu mercy merge merit merry mesh message metal method middle midnight milk million mimic mind minimum
minor minute miracle mirror misery miss mistake mix mixed mixture mobile model modify mom moment monitor
monkey monster month moon moral more morning mosquito mother motion motor mountain mouse move movie much
muffin mule multiply muscle museum mushroom music must mutual myself mystery myth naive name napkin narrow
nasty nation nature near neck need negative neglect neither nephew nerve nest net network neutral never news
next nice night noble noise nominee noodle normal north nose notable note nothing notice novel now nuclear
number nurse nut oak obey object oblige obscure observe obtain obvious occur ocean october odor off offer
office often oil okay old olive olympic omit once one onion online only open opera opinion oppose option
orange orbit orchard order ordinary organ orient original orphan ostrich other outdoor outer output outside
oval oven over own owner oxygen oyster ozone pact paddle page pair palace palm panda panel panic panther paper
parade parent park parrot party pass patch path patient patrol pattern pause pave payment peace peanut pear
peasant pelican pen penalty pencil people pepper perfect permit person pet phone photo phrase physical piano
picnic picture piece pig pigeon pill pilot pink pioneer pipe pistol pitch pizza place planet plastic plate
play please pledge pluck plug plunge poem poet point polar pole police pond pony pool popular portion position
possible post potato pottery poverty powder power practice praise predict prefer prepare present pretty
prevent price pride primary print priority prison private prize problem process produce profit program project
promote proof property prosper protect proud provide public pudding pull pulp pulse pumpkin punch pupil puppy
purchase purity purpose purse push put puzzle pyramid quality quantum quarter question quick quit quiz quote
rabbit raccoon race rack radar radio rail rain raise rally ramp ranch random range rapid rare rate rather
raven raw razor ready real reason rebel rebuild recall receive recipe record recycle reduce reflect reform
refuse region regret regular reject relax release relief rely remain remember remind remove render renew rent
reopen repair repeat replace report require rescue resemble resist resource response result retire retreat
return reunion reveal review reward rhythm rib ribbon rice rich ride ridge rifle right rigid ring riot ripple
risk ritual rival river road roast robot robust rocket romance roof rookie room rose rotate rough round route
royal rubber rude rug rule run runway rural sad saddle sadness safe sail salad salmon salon salt salute same
sample sand satisfy satoshi sauce sausage save say scale scan scare scatter scene scheme school science
scissors scorpion scout scrap screen script scrub sea search season seat second secret section security seed
seek segment select sell seminar senior sense sentence series service session settle setup seven shadow shaft
shallow share shed shell sheriff shield shift shine ship shiver shock shoe shoot shop short shoulder shove
shrimp shrug shuffle shy sibling sick side siege sight sign silent silk silly silver similar simple since sing
siren sister situate six size skate sketch ski skill skin skirt skull slab slam sleep slender slice slide
slight slim slogan slot slow slush small smart smile smoke smooth snack snake snap sniff snow soap soccer
social sock soda soft solar soldier solid solution solve someone song soon sorry sort soul sound soup source
south space spare spatial spawn speak special speed spell spend sphere spice spider spike spin spirit split
spoil sponsor spoon sport spot spray spread spring spy square squeeze squirrel stable stadium staff stage
stairs stamp stand start state stay steak steel stem step stereo stick still sting stock stomach stone stool
story stove strategy street strike strong struggle student stuff stumble style subject submit subway success
such sudden suffer sugar suggest suit summer sun sunny sunset super supply supreme sure surface surge surprise
surround survey suspect sustain swallow swamp swap swarm swear sweet swift swim swing switch sword symbol
symptom syrup system table tackle tag tail talent talk tank tape target task taste tattoo taxi teach team tell
ten tenant tennis tent term test text thank that theme then theory there they thing this thought three thrive
throw thumb thunder ticket tide tiger tilt timber time tiny tip tired tissue title toast tobacco today toddler
toe together toilet token tomato tomorrow tone tongue tonight tool tooth top topic topple torch tornado
tortoise toss total tourist toward tower town toy track trade traffic tragic train transfer trap trash travel
tray treat tree trend trial tribe trick trigger trim trip trophy trouble truck true truly trumpet trust truth
try tube tuition tumble tuna tunnel turkey turn turtle twelve twenty twice twin twist two type typical ugly
umbrella unable unaware uncle uncover under undo unfair unfold unhappy uniform unique unit universe unknown
unlock until unusual unveil update upgrade uphold upon upper upset urban urge usage use used useful useless
usual utility vacant vacuum vague valid valley valve van vanish vapor various vast vault vehicle velvet vendor
venture venue verb verify version very vessel veteran viable vibrant vicious victory video view village
vintage violin virtual virus visa visit visual vital vivid vocal voice void volcano volume vote voyage wage
wagon wait walk wall walnut want warfare warm warrior wash wasp waste water wave way wealth weapon wear weasel
weather web wedding weekend weird welcome west wet whale what wheat wheel when where whip whisper wide width
wife wild will win window wine wing wink winner winter wire wisdom wise wish witness wolf woman wonder wood
wool word work world worry worth wrap wreck wrestle wrist write wrong yard year yellow you young youth zebra
zero zone zoo`.match(/[a-z]+/g);

main(process.argv.slice(2)).then(
  (text) => process.stdout.write(`${text}\n`, () => process.exit(0)),
  (problem) => {
    // What the system says no to has a code: a file that is not there, or may not be read.
    if (!(problem instanceof Wrong || problem.code)) throw problem;
    process.stderr.write(`${problem.message}\n`);
    process.exit(1);
  },
);
