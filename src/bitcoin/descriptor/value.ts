// A descriptor as a value: its canonical text, its fingerprint, and what makes two of them the same.

import { sha256 } from "@noble/hashes/sha2.js";
import { toHex } from "../../bytes.ts";
import { refuse } from "../../refusal.ts";
import { utf8 } from "../../text.ts";
import type { Condition } from "../../ways.ts";
import type { Tree, Use } from "../expression.ts";
import { checkDistinct, waysOf, writeNode } from "../miniscript/index.ts";
import { isNobodys, quorumOf, type ScriptForm, type Wallet, type WalletKey } from "../wallet.ts";
import { checksum } from "./checksum.ts";
import { sameKey, writePath } from "./origin.ts";
import { writeSteps } from "./steps.ts";

/** What a descriptor says: a wallet without a name. */
export type DescriptorValue = Pick<
  Wallet,
  "network" | "form" | "body" | "uses" | "keys" | "ways" | "receive" | "change"
>;

/** What follows from the rest: the ways, and the names of the branches. */
export function completed(read: Omit<DescriptorValue, "ways" | "receive" | "change">): DescriptorValue {
  const { body, uses, keys } = read;
  const tuples = uses.flatMap(stepsOf).filter((step) => typeof step === "object");
  const [pair] = tuples;
  // BIP 389: the members of all tuples belong together, one by one.
  if (tuples.some(({ length }) => length !== pair!.length))
    refuse("bitcoin.wallet-branches", "tuples of different lengths");
  const [receive = 0, change = 1] = pair ?? [];
  return { ...read, ways: waysOf(body, uses, (use) => isNobodys(use, keys)), receive, change };
}

function stepsOf(use: Use): readonly (number | readonly number[] | "*")[] {
  if (use.kind === "fixed") return [];
  return use.kind === "child" ? use.steps : [...use.of.flatMap(stepsOf), ...use.steps];
}

/** A plain quorum: keys in the order given, each with `/<0;1>/*`. */
export function quorumValue(
  network: Wallet["network"],
  form: Exclude<ScriptForm, "p2tr">,
  { threshold, sorted }: { readonly threshold: number; readonly sorted: boolean },
  keys: readonly WalletKey[],
): DescriptorValue {
  const uses = keys.map((_, key): Use => ({ kind: "child", key, steps: [[0, 1], "*"] }));
  const kind = sorted ? "sortedmulti" : "multi";
  const node = { kind, threshold, uses: uses.map((_, place) => place) } as const;
  return completed({ network, form, body: { kind: "script", node }, uses, keys });
}

/** No key twice at one place of the chain, no two keys that claim the same origin, one pair of branches in a quorum. */
export function checkKeys(value: Pick<DescriptorValue, "body" | "uses" | "keys" | "ways">): void {
  const { uses, keys, ways } = value;
  const origins = new Map<string, number>();
  for (const [i, key] of keys.entries()) {
    if (key.fingerprint === "") continue;
    const origin = key.fingerprint + writePath(key.path);
    const before = origins.get(origin);
    if (before !== undefined) refuse("bitcoin.wallet-key-twice", `keys ${before + 1} and ${i + 1}`);
    origins.set(origin, i);
  }
  // BIP 388: a key may stand at several places only with branches that have nothing in common.
  checkDistinct([...uses.keys()], uses);
  for (const { condition } of ways) checkOnce(condition);
  const first = JSON.stringify(stepsOf(uses[0]!));
  const other = uses.findIndex((use) => JSON.stringify(stepsOf(use)) !== first);
  if (other > 0 && isPlain(value))
    refuse("bitcoin.wallet-branches", `key ${other + 1} has other branches than key 1`);
}

/** Of whoever has two places among so many, one signature would count as two people's. */
function checkOnce(condition: Condition): void {
  if (condition.kind !== "threshold") return;
  const places = condition.of.flatMap((one) => (one.kind === "key" ? [one.key] : []));
  const twice = places.find((key, i) => places.indexOf(key) < i);
  if (twice !== undefined) refuse("bitcoin.wallet-key-twice", `key ${twice + 1} in one quorum`);
  for (const one of condition.of) checkOnce(one);
}

function isPlain(value: Pick<DescriptorValue, "body" | "uses" | "keys">): boolean {
  return value.body.kind === "script" && quorumOf(value) !== undefined;
}

// ---------------------------------------------------------------- as text

/** The descriptor with its checksum: h for hardened, fingerprints in lower case, keys in order. */
export function canonical(value: Pick<DescriptorValue, "form" | "body" | "uses" | "keys">): string {
  const body = bodyText(value, (key) => originText(key) + key.extended);
  return `${body}#${checksum(body)!}`;
}

function originText({ fingerprint, path }: Pick<WalletKey, "fingerprint" | "path">): string {
  return fingerprint === "" ? "" : `[${fingerprint}${writePath(path)}]`;
}

const WRAPS: Readonly<Record<ScriptForm, readonly [string, string]>> = {
  p2pkh: ["pkh(", ")"],
  p2wpkh: ["wpkh(", ")"],
  "p2sh-p2wpkh": ["sh(wpkh(", "))"],
  p2sh: ["sh(", ")"],
  p2wsh: ["wsh(", ")"],
  "p2sh-p2wsh": ["sh(wsh(", "))"],
  p2tr: ["tr(", ")"],
};

type Written = Pick<DescriptorValue, "form" | "body" | "uses" | "keys">;

function bodyText({ form, body, uses, keys }: Written, keyText: (key: WalletKey) => string): string {
  const [open, close] = WRAPS[form];
  const useText = (place: number) => textOfUse(uses[place]!, keys, keyText);
  const inner =
    body.kind === "key"
      ? useText(body.use)
      : body.kind === "script"
        ? writeNode(body.node, useText)
        : [useText(body.internal), ...(body.tree ? [treeText(body.tree, useText)] : [])].join(",");
  return open + inner + close;
}

function treeText(tree: Tree, useText: (place: number) => string): string {
  return "leaf" in tree
    ? writeNode(tree.leaf, useText)
    : `{${treeText(tree.left, useText)},${treeText(tree.right, useText)}}`;
}

function textOfUse(use: Use, keys: readonly WalletKey[], keyText: (key: WalletKey) => string): string {
  switch (use.kind) {
    case "child":
      return keyText(keys[use.key]!) + writeSteps(use.steps);
    case "musig":
      return `musig(${use.of.map((part) => textOfUse(part, keys, keyText)).join(",")})${writeSteps(use.steps)}`;
    case "fixed": {
      const hex = toHex(use.xonly ? use.publicKey.subarray(1) : use.publicKey);
      return use.origin ? originText(use.origin) + hex : hex;
    }
  }
}

/** First 8 hex digits of SHA-256 of the canonical descriptor. */
export function walletFingerprint(descriptor: string): string {
  return toHex(sha256(utf8(descriptor)).subarray(0, 4));
}

/** A value with a name is a wallet. */
export function nameWallet(value: DescriptorValue, name: string): Wallet {
  const descriptor = canonical(value);
  return { ...value, name, descriptor, fingerprint: walletFingerprint(descriptor) };
}

// ---------------------------------------------------------------- the same or not

/** The same addresses from the same keys, whatever their origins say: order counts only where the script keeps it. */
export function sameWallet(a: DescriptorValue, b: DescriptorValue): boolean {
  return a.network === b.network && shapeText(a) === shapeText(b);
}

/** The text without origins; in sorted quorums the keys in one order. */
function shapeText(value: DescriptorValue): string {
  const text = bodyText(value, ({ extended }) => extended);
  return text.replace(/(sortedmulti(?:_a)?\([0-9]+,)([^()]*)\)/g, (_, head: string, keys: string) => {
    return `${head}${keys.split(",").sort().join(",")})`;
  });
}

/** The same keys in any order, those that are nobody's left aside. */
export function sameKeySet(a: DescriptorValue, b: DescriptorValue): boolean {
  const someones = ({ keys }: DescriptorValue) => keys.filter(({ nobodys }) => !nobodys);
  const [ours, theirs] = [someones(a), someones(b)];
  return ours.length === theirs.length && ours.every((key) => theirs.some((other) => sameKey(key, other)));
}
