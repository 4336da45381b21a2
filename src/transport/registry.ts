// UR types (BCR-2020-006 and after): what each carries, and how to get at it.
// Rule: tag numbers are looked at where they may stand, never in one table: some mean two things.

import type { Kind } from "../model.ts";
import { type Reason, refuse } from "../refusal.ts";
import { keyOf, keysOfAccount } from "./account.ts";
import { type Cbor, field, readCbor } from "./cbor.ts";
import { ethereumRequestOf } from "./ethereum-request.ts";
import { walletOf } from "./output.ts";
import type { Content } from "./parts.ts";
import { contentOfBytes, isPsbt } from "./sniff.ts";

const KINDS: Readonly<Record<string, Kind>> = {
  "crypto-psbt": "psbt",
  psbt: "psbt",
  "crypto-output": "wallet",
  "output-descriptor": "wallet",
  "crypto-account": "key",
  "account-descriptor": "key",
  "crypto-multi-accounts": "key",
  "crypto-hdkey": "key",
  hdkey: "key",
  "crypto-seed": "seed",
  seed: "seed",
  "crypto-bip39": "seed",
  "eth-sign-request": "ethereum",
};

/** Well known, and nothing that a screen asks for. */
const OTHERS: ReadonlySet<string> = new Set([
  "crypto-address",
  "address",
  "crypto-sskr",
  "sskr",
  "crypto-request",
  "crypto-response",
  "btc-sign-request",
  "btc-signature",
]);

/** Of Ethereum, and each wants another answer than "not here". */
const ETHEREUM_OTHERS: Readonly<Record<string, Reason>> = {
  "eth-signature": "transport.ethereum-signature",
  "eth-batch-sign-request": "transport.ethereum-batch",
  "eth-batch-signature": "transport.ethereum-signature",
  "eth-nft-item": "transport.ethereum-picture",
  "qr-hardware-call": "transport.asks-for-keys",
  "key-derivation-call": "transport.asks-for-keys",
};

/** Undefined for "bytes", which only its content tells. Throws Refusal for types that Firn does not take. */
export function kindOfUr(type: string): Kind | undefined {
  if (type === "bytes") return undefined;
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
  if (kind !== undefined) return kind;
  if (Object.hasOwn(ETHEREUM_OTHERS, type)) return refuse(ETHEREUM_OTHERS[type]!, `UR type ${type}`);
  return OTHERS.has(type)
    ? refuse("transport.wrong-kind", `UR type ${type}`)
    : refuse("transport.unsupported", `UR type ${type}`);
}

function untag(item: Cbor, ...tags: readonly number[]): Cbor {
  return item.type === "tag" && tags.includes(item.tag) ? item.item : item;
}

const malformed = (): never => refuse("transport.damaged", "the UR's content is malformed");

/** Throws Refusal transport.damaged, or transport.unknown for bytes that are nothing known. */
export function contentOfUr(type: string, body: Uint8Array): Content {
  const item = readCbor(body);
  switch (type) {
    case "crypto-psbt":
    case "psbt":
      return psbt(untag(item, 310, 40310));
    case "crypto-output":
    case "output-descriptor":
      return { kind: "wallet", text: walletOf(untag(item, 308, 40308)) };
    case "crypto-account":
    case "account-descriptor":
      return { kind: "key", text: keysOfAccount(untag(item, 311, 40311)) };
    case "crypto-multi-accounts":
      return { kind: "key", text: keysOfAccount(untag(item, 1103)) };
    case "crypto-hdkey":
    case "hdkey":
      return { kind: "key", text: keyOf(untag(item, 303, 40303)) };
    case "crypto-seed":
    case "seed":
      return seed(untag(item, 300, 40300));
    case "crypto-bip39":
      return words(untag(item, 301));
    case "eth-sign-request":
      return ethereumRequestOf(item);
    default:
      return plain(untag(item, 310, 40310));
  }
}

function psbt(item: Cbor): Content {
  if (item.type !== "bytes" || !isPsbt(item.bytes)) return malformed();
  return { kind: "psbt", bytes: item.bytes.slice() };
}

function plain(item: Cbor): Content {
  if (item.type !== "bytes") return malformed();
  return contentOfBytes(item.bytes) ?? refuse("transport.unknown");
}

/** BCR-2020-006: 1 is the payload, here the entropy of BIP 39. */
function seed(item: Cbor): Content {
  const payload = field(item, 1);
  if (payload?.type !== "bytes") return malformed();
  const { length } = payload.bytes;
  if (length < 16 || length > 32 || length % 4 !== 0)
    return refuse("transport.unsupported", "the seed has a size that has no words");
  return { kind: "seed", seed: { form: "compact", entropy: payload.bytes.slice() } };
}

/** crypto-bip39: 1 is the list of words, 2 the language ("en" where absent). */
function words(item: Cbor): Content {
  const list = field(item, 1);
  const language = field(item, 2);
  if (list?.type !== "array" || list.items.length > 24) return malformed();
  if (language !== undefined && (language.type !== "text" || language.text !== "en"))
    return refuse("transport.unsupported", "words in another language than English");
  const found = list.items.map((word) => (word.type === "text" ? word.text : malformed()));
  return { kind: "seed", seed: { form: "words", words: found } };
}
