// Keys without a wallet: crypto-account (BCR-2020-015), account-descriptor (BCR-2023-019), crypto-multi-accounts and
// crypto-hdkey (BCR-2020-007), written as text, a line a key.

import { LIMITS } from "../limits.ts";
import { refuse } from "../refusal.ts";
import { type Cbor, field } from "./cbor.ts";
import { fromTemplate, hdKey, script } from "./output.ts";

const malformed = (): never => refuse("transport.damaged", "the account is malformed");

/** Accounts of one device are few: every script form, and some more. */
const MOST_KEYS = 64;

/** Every key of the account, in the form in which it stands: `wsh([…]xpub…)`. */
export function keysOfAccount(account: Cbor): string {
  const outputs = field(account, 2);
  if (outputs?.type !== "array" || outputs.items.length === 0) return malformed();
  if (outputs.items.length > MOST_KEYS) return refuse("transport.too-large", "the keys of an account");
  const text = outputs.items.map(outputOf).join("\n");
  return text.length > LIMITS.keyTextChars ? refuse("transport.too-large", "the keys of an account") : text;
}

/**
 * Bare, or under the tags that the specification's own example has and most programs leave out: 308 around each output,
 * 410 (cosigner) in the place of a multisig.
 */
function outputOf(item: Cbor): string {
  const output = item.type === "tag" && (item.tag === 308 || item.tag === 40308) ? item.item : item;
  if (output.type !== "map") return script(withoutCosigner(output));
  return fromTemplate(output).replace(/cosigner\(([^()]*)\)/, "$1");
}

/** sh(wsh(cosigner(key))) as sh(wsh(key)). */
function withoutCosigner(node: Cbor): Cbor {
  if (node.type !== "tag") return node;
  if (node.tag === 410) return node.item;
  return { ...node, item: withoutCosigner(node.item) };
}

export function keyOf(node: Cbor): string {
  return hdKey(node);
}
