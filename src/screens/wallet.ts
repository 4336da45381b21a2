// A wallet, for comparing with the other cosigners: how it is spent from, script, every key, first address.

import type { Block, Fingerprint } from "../model.ts";
import { grouped } from "../text.ts";
import type { Way } from "../ways.ts";
import type { Sheet } from "./pages.ts";
import { type Dated, timeNotes } from "./times.ts";
import { type KeyName, keyNames, signersOf, wayLabel, wayWords } from "./ways.ts";

/** What of a wallet is shown; the bitcoin room's Wallet has it all. */
export interface WalletFacts {
  readonly name: string;
  readonly fingerprint: string;
  readonly form: string;
  /** Where it is nothing but so many of these keys. */
  readonly quorum?: { readonly threshold: number; readonly of: number; readonly sorted: boolean } | undefined;
  readonly ways: readonly Way[];
  /** Taproot: the key that could spend without any leaf is no one's. */
  readonly closed?: boolean;
  readonly keys: readonly KeyFacts[];
  /** Of a wallet that is kept: 1 for a first one, one more for each that took another's place. */
  readonly version?: number;
  /** Fingerprint of the wallet that took its place. */
  readonly replacedBy?: string;
}

export interface KeyFacts {
  readonly fingerprint: Fingerprint;
  readonly path: readonly number[];
  readonly extended: string;
  readonly ours: boolean;
  readonly name?: string;
  readonly nobodys?: true;
}

const FORMS: Record<string, string> = {
  p2pkh: "legacy (P2PKH)",
  "p2sh-p2wpkh": "nested segwit (P2SH-P2WPKH)",
  p2wpkh: "native segwit (P2WPKH)",
  p2tr: "taproot (P2TR)",
  p2sh: "legacy multisig (P2SH)",
  "p2sh-p2wsh": "nested segwit multisig (P2SH-P2WSH)",
  p2wsh: "native segwit multisig (P2WSH)",
};

const SAME = "It must be the same in your wallet program.";
const SAME_EVERYWHERE = "It must be the same in your wallet program and on every cosigner's device.";

export function walletSheets(wallet: WalletFacts, firstAddress: string, dated: Dated): Sheet[] {
  const { keys } = wallet;
  return [
    { title: wallet.name, blocks: headFacts(wallet) },
    ...(wallet.quorum ? [] : waySheets(wallet, dated)),
    ...keys.map((_, place) => keySheet(keys, place)),
    {
      title: "First address",
      blocks: [
        { kind: "fact", label: "Receive 0", value: grouped(firstAddress) },
        { kind: "text", text: keys.length > 1 ? SAME_EVERYWHERE : SAME },
      ],
    },
  ];
}

function headFacts(wallet: WalletFacts): Block[] {
  const { quorum, ways, version, replacedBy, fingerprint } = wallet;
  return [
    quorum
      ? { kind: "fact", label: "Quorum", value: quorumWords(quorum) }
      : { kind: "fact", label: "Ways to spend", value: `${ways.length}` },
    { kind: "fact", label: "Script", value: scriptWords(wallet) },
    ...(wallet.closed ? [CLOSED] : []),
    { kind: "fact", label: "Wallet fingerprint", value: fingerprint },
    ...(version === undefined ? [] : [{ kind: "fact", label: "Version", value: `${version}` } as const]),
    ...(replacedBy === undefined
      ? []
      : [{ kind: "fact", label: "Replaced by", value: replacedBy, tone: "caution" } as const]),
  ];
}

const CLOSED: Block = {
  kind: "fact",
  label: "Key path",
  value: "closed: its key is no one's (BIP 341's point H)",
};

function quorumWords({ threshold, of, sorted }: NonNullable<WalletFacts["quorum"]>): string {
  return of === 1
    ? "one key"
    : `${threshold} of ${of} keys must sign${sorted ? "" : ", keys in fixed order"}`;
}

function scriptWords({ form, quorum, ways }: WalletFacts): string {
  const leaves = new Set(ways.flatMap(({ leaf }) => (leaf === undefined ? [] : [leaf]))).size;
  const words = FORMS[form] ?? form;
  if (leaves > 0) return `${words} with ${leaves === 1 ? "a script leaf" : `${leaves} script leaves`}`;
  return quorum ? words : words.replace("multisig", "script");
}

function waySheets({ ways, keys }: WalletFacts, dated: Dated): Sheet[] {
  const name = keyNames(keys);
  return ways.map((way, index): Sheet => {
    const notes = timeNotes(way.condition, dated);
    return {
      title: ways.length === 1 ? "How it is spent from" : `Way ${index + 1} of ${ways.length}`,
      tone: notes.length > 0 ? "caution" : "calm",
      blocks: [...wayBlocks(way, index, ways, name), ...notes.map((text): Block => ({ kind: "text", text }))],
    };
  });
}

function wayBlocks(way: Way, index: number, ways: readonly Way[], name: KeyName): Block[] {
  const who = signersOf(way.condition, name);
  // Where there are no leaves the title says which way it is.
  const label = ways.some(({ leaf }) => leaf !== undefined) ? wayLabel(way, index, ways) : "To spend";
  return [
    { kind: "fact", label, value: wayWords(way.condition, name) },
    ...(who.length > 1 ? [{ kind: "fact", label: "Keys", value: who.join(", ") } as const] : []),
  ];
}

function keySheet(keys: readonly KeyFacts[], place: number): Sheet {
  const key = keys[place]!;
  const title = `Key ${place + 1} of ${keys.length}: ${holderOf(key)}`;
  const value: Block = { kind: "fact", label: "Key", value: grouped(key.extended) };
  if (key.nobodys) {
    const text = "Nobody can sign with it: it is BIP 341's point H, of which no one knows a secret.";
    return { title, blocks: [{ kind: "text", text }, value] };
  }
  const where = `${key.fingerprint} ${pathText(key.path)}`;
  const blocks: Block[] = [{ kind: "fact", label: "Fingerprint and path", value: where }, value];
  const twin = keys.findIndex(({ fingerprint, nobodys }) => !nobodys && fingerprint === key.fingerprint);
  if (twin === place) return { title, blocks };
  const text = `Key ${twin + 1} has this fingerprint too: both say that they are of one seed, whose holder then counts twice.`;
  return { title, tone: "caution", blocks: [{ kind: "text", text }, ...blocks] };
}

function holderOf({ ours, nobodys, name = "" }: KeyFacts): string {
  if (nobodys) return "no one's";
  return ours ? "your key" : name === "" ? "a cosigner's key" : name;
}

/** "m/48h/0h/0h/2h" */
export function pathText(path: readonly number[]): string {
  return ["m", ...path.map((child) => (child >= 0x80000000 ? `${child - 0x80000000}h` : String(child)))].join(
    "/",
  );
}
