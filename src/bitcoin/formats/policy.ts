// Wallet policies (BIP 388): a template with @0, @1 … in place of its keys, and the list of keys; as JSON, as the
// clients of Ledger, BitBox and Jade write them, or as lines.

import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { descriptorFrom, linesOf, type WalletFile } from "./file.ts";
import { type Fields, fieldsOf, has, isFields, listIn, someText, textOf } from "./json.ts";

const broken = (what: string): never => refuse("bitcoin.wallet-template", what);

/** With `/**` or a pair after each placeholder, the keys put in: a descriptor without its checksum. */
export function bodyOfPolicy(template: string, keys: readonly string[]): string {
  if (template.length > LIMITS.walletTextChars) refuse("bitcoin.wallet-too-long");
  if (!/^[\x20-\x7e]*$/.test(template)) refuse("bitcoin.wallet-characters");
  if (keys.length > LIMITS.walletKeys) refuse("bitcoin.wallet-too-many-keys", `${keys.length} keys`);
  checkKeys(keys);
  const placed = placeholders(template);
  checkPlaces(placed, keys.length);
  let out = "";
  let from = 0;
  for (const { at, length, indexes, musig, pair } of placed) {
    const texts = indexes.map((i) => keys[i]!);
    out += `${template.slice(from, at)}${musig ? `musig(${texts.join(",")})` : texts[0]}/<${pair.join(";")}>/*`;
    from = at + length;
  }
  const rest = template.slice(from);
  if (out.length + rest.length > LIMITS.walletTextChars) refuse("bitcoin.wallet-too-long");
  return out + rest;
}

const KEY = /^(?:\[[0-9a-f]{8}(?:\/[0-9]{1,10}[hH']?)*\])?([1-9A-HJ-NP-Za-km-z]{100,112})$/i;

/** Their content is read by the one parser of descriptors; here only what the template relies on. */
function checkKeys(keys: readonly string[]): void {
  const seen = new Map<string, number>();
  for (const [i, key] of keys.entries()) {
    const extended = KEY.exec(key)?.[1] ?? refuse("bitcoin.wallet-key", `@${i}`);
    const before = seen.get(extended);
    if (before !== undefined) refuse("bitcoin.wallet-key-twice", `@${before} and @${i}`);
    seen.set(extended, i);
  }
}

interface Placed {
  readonly at: number;
  readonly length: number;
  readonly indexes: readonly number[];
  readonly musig: boolean;
  readonly pair: readonly [number, number];
}

/** musig(@i,@j…) or @i, and whatever follows up to the next sign that ends a key expression. */
const PLACE = /(?:musig\(([^()]*)\)|@([0-9]*))([^,(){}]*)/g;
const INDEX = /^@(0|[1-9][0-9]?)$/;

function placeholders(template: string): readonly Placed[] {
  const found: Placed[] = [];
  let rest = "";
  let from = 0;
  for (const match of template.matchAll(PLACE)) {
    const [text, several, single, path] = match;
    rest += `${template.slice(from, match.index)} `;
    from = match.index + text.length;
    const indexes = (several?.split(",") ?? [`@${single}`]).map((one) =>
      Number(INDEX.exec(one)?.[1] ?? broken(`${one} is no placeholder`)),
    );
    if (new Set(indexes).size !== indexes.length) broken(`${text}: a key twice in one musig`);
    const musig = several !== undefined;
    found.push({ at: match.index, length: text.length, indexes, musig, pair: pairOf(path!, text) });
  }
  rest += template.slice(from);
  const stranger = /[[\]@/*<>#]|(?<!(?:sha|hash)256\()\b[0-9a-f]{64,66}\b|[1-9A-HJ-NP-Za-km-z]{50,}/i.exec(
    rest.replaceAll(/(?:sha|hash)256\([0-9a-f]{64}\)/g, ""),
  );
  if (stranger !== null) broken("a key or path that is no placeholder");
  return found;
}

function pairOf(path: string, where: string): readonly [number, number] {
  if (path === "/**") return [0, 1];
  const match = /^\/<(0|[1-9][0-9]{0,9});(0|[1-9][0-9]{0,9})>\/\*$/.exec(path);
  if (match === null) return broken(`${where} does not end in /** or /<a;b>/*`);
  const pair = [Number(match[1]), Number(match[2])] as const;
  return pair[0] === pair[1] ? broken(`${where}: the same branch twice`) : pair;
}

/** BIP 388: in order, none left out, and never the same child of the same key at two places. */
function checkPlaces(placed: readonly Placed[], keys: number): void {
  let next = 0;
  const taken = new Set<string>();
  for (const { indexes, pair } of placed) {
    for (const index of indexes) {
      if (index > next) broken(`@${index} stands before @${next}`);
      if (index >= keys) broken(`there is no key @${index}`);
      if (index === next) next++;
    }
    const name = indexes.map((i) => `@${i}`).sort();
    for (const branch of pair) {
      const child = `${name}/${branch}`;
      if (taken.has(child)) broken(`${child}/* stands in it twice`);
      taken.add(child);
    }
  }
  if (next < keys) broken(`key @${next} is not used`);
  if (next === 0) broken("no placeholder in it");
}

// ---------------------------------------------------------------- as JSON, as lines

const TEMPLATES = [
  "template",
  "descriptor_template",
  "descriptorTemplate",
  "policy",
  "description",
  "descriptor",
];
const LISTS = ["keys", "keys_info", "keysInfo", "key_info"];

/** {name, policy: {…}} is read as {name, …}. */
function flat(fields: Fields): Fields {
  return has(fields, "policy") && isFields(fields.policy) ? { ...fields, ...fields.policy } : fields;
}

export function looksLikePolicyJson(fields: Fields): boolean {
  const all = flat(fields);
  return someTemplate(all) !== undefined && [...LISTS, "datavalues"].some((name) => has(all, name));
}

function someTemplate(fields: Fields): string | undefined {
  return TEMPLATES.map((name) => someText(fields, name)).find((text) => text?.includes("@"));
}

export function readPolicyJson(fields: Fields): WalletFile {
  const all = flat(fields);
  const list = LISTS.find((name) => has(all, name));
  const keys = list === undefined ? datavalues(all) : listIn(all, list).map(keyOf);
  const name = someText(all, "name", "descriptor_name", "label");
  const descriptor = descriptorFrom(bodyOfPolicy(someTemplate(all) ?? "", keys));
  return { descriptor, checksummed: false, ...(name === undefined ? {} : { name }) };
}

/** Jade: {"datavalues": {"@0": key, …}}. */
function datavalues(fields: Fields): readonly string[] {
  const values = fieldsOf(fields.datavalues, "datavalues");
  const count = Object.keys(values).length;
  if (count > LIMITS.walletKeys) refuse("bitcoin.wallet-too-many-keys", `${count} in datavalues`);
  return Array.from({ length: count }, (_, i) => textOf(values, `@${i}`));
}

/** A text, or as BitBox has it {rootFingerprint, keypath, xpub}. */
function keyOf(value: unknown, i: number): string {
  if (typeof value === "string") return value.trim();
  const fields = fieldsOf(value, `key @${i}`);
  const fingerprint = someText(fields, "rootFingerprint", "root_fingerprint", "fingerprint");
  const path = (someText(fields, "keypath", "path") ?? "").replace(/^m/, "");
  const extended = textOf(fields, "xpub", `key @${i}: `);
  return fingerprint === undefined ? extended : `[${fingerprint}${path}]${extended}`;
}

/** A line with placeholders, then a line a key: "[…]xpub…" or "@0: […]xpub…". */
export function looksLikePolicyLines(text: string): boolean {
  return /^[a-z]+\([^\n]*@[0-9]/.test(text.trim());
}

export function readPolicyLines(text: string): WalletFile {
  const [template, ...rest] = linesOf(text);
  const keys = rest.map(({ text: line }, i) => line.replace(new RegExp(`^@${i}\\s*[:=]\\s*`), ""));
  return { descriptor: descriptorFrom(bodyOfPolicy(template?.text ?? "", keys)), checksummed: false };
}
