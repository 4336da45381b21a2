// One line of the journal with all that it says: nothing in it is secret.

import { chainName, inSymbol } from "../../assets.ts";
import { readAddress } from "../../eip55.ts";
import { type Line, readAmount } from "../../journal/index.ts";
import type { Block } from "../../model.ts";
import type { Sheet } from "../../screens/pages.ts";
import { btc, grouped, shown, utcDate } from "../../text.ts";
import { type Book, toldOf } from "./read.ts";

type Dated = Pick<Book, "dateOffsetMs">;

export function lineSheet(book: Dated, line: Line): Sheet {
  const { kind, at, clock, ...says } = line.entry;
  // A message has a name as long as a transaction's.
  const isMessage = kind.startsWith("message") || ("what" in says && says.what === "message");
  const uses = "outpoints" in says && Array.isArray(says.outpoints) ? says.outpoints : [];
  const isOfNonce = uses.some((one) => String(one).includes("/"));
  return {
    title: `Line ${line.number}`,
    blocks: [
      { kind: "text", text: toldOf(book, line).text },
      ...inOrder(says).flatMap(([name, value]) =>
        isOfNonce && OF_COINS.includes(name)
          ? []
          : factOf(
              book,
              isMessage && name === "txid" ? "message" : isOfNonce ? (OF_NONCES[name] ?? name) : name,
              value,
            ),
      ),
      { kind: "fact", label: "Kind", value: kind },
      // One that is read behind a break stands alone.
      { kind: "fact", label: "Head of the chain here", value: grouped(line.head) || "not known" },
      { kind: "fact", label: "Time, as windows count it", value: timeWords(at) },
      ...(clock
        ? [{ kind: "fact", label: "The machine's clock then", value: timeWords(clock.wallMs) } as const]
        : []),
    ],
  };
}

/** What a person looks for first; the rest follows as it was written. */
const FIRST = ["txid", "takes", "fee", "reasons", "verdict", "policy"];

function inOrder(says: object): [string, unknown][] {
  const rank = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return Object.entries(says).sort(([a], [b]) => rank(a) - rank(b));
}

const AMOUNTS: readonly string[] = ["takes", "fee", "coins"];
const TIMES: readonly string[] = ["due", "notBefore"];
/** Long hex, as people read it. */
const GROUPED: readonly string[] = ["txid", "hash", "message", "amounts", "signature", "address", "digest"];
/** On Ethereum there are no coins to claim amounts of, and nothing is locked to a time: these are always the same. */
const OF_COINS: readonly string[] = ["amounts", "lockTime"];
const OF_NONCES: Readonly<Record<string, string>> = { txid: "hash", outpoints: "nonces" };
const LABELS: Readonly<Record<string, string>> = {
  txid: "Transaction",
  digest: "Digest of the message",
  coins: "Proves to hold",
  key: "Key that answered",
  wallets: "Wallets, by their fingerprints",
  outpoints: "Coins that it spends",
  hash: "Hash that is signed",
  nonces: "Nonces that it uses",
  amounts: "Digest of what the coins were said to hold",
  takes: "Takes",
  fee: "Of it fee",
  destinations: "Destinations, by their digests",
  lockTime: "Lock time",
  policy: "Policy, by its fingerprint",
  verdict: "What the policy said",
};

function factOf(book: Dated, name: string, value: unknown): Block[] {
  const values = Array.isArray(value) ? value : [value];
  if (values.length === 0) return [];
  const text = values.map((one) => valueWords(book, name, one)).join("\n");
  return [{ kind: "fact", label: LABELS[name] ?? capital(name), value: text }];
}

function valueWords(book: Dated, name: string, value: unknown): string {
  if (typeof value === "bigint") return btc(value);
  if (TIMES.includes(name)) return utcDate(Number(value) + book.dateOffsetMs);
  const text = shown(String(value), 300);
  if (GROUPED.includes(name)) return grouped(text);
  if (name === "nonces") return nonceWords(text);
  const amount = AMOUNTS.includes(name) ? readAmount(text) : undefined;
  return amount ? inSymbol(amount) : text;
}

/** "1/0x…/5", "1/0x…/safe/5"; of a permit "1/token/owner/permit/5". */
function nonceWords(text: string): string {
  const [chain = "", address = "", ...rest] = text.split("/");
  const nonce = rest.at(-1);
  const where = /^\d{1,16}$/.test(chain) ? chainName(BigInt(chain)) : chain;
  const permit =
    rest.at(-2) === "permit"
      ? `permit ${nonce} of ${written(rest[0]!)} for the contract ${written(address)}`
      : undefined;
  return `${permit ?? `nonce ${nonce} of ${rest.at(-2) === "safe" ? "the Safe " : ""}${written(address)}`} on ${where}`;
}

function written(text: string): string {
  const address = readAddress(text);
  return address === undefined || address === "checksum" ? text : address;
}

function timeWords(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime())
    ? String(ms)
    : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** "failedTries": "Failed tries" */
function capital(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
