// A message that one key signs so that the key can be recovered: for an address that it makes alone, or for itself.

import { sha256 } from "@noble/hashes/sha2.js";
import { equal, toHex } from "../../bytes.ts";
import { HARDENED } from "../../limits.ts";
import type { MessageReply, MessageReview, MessageSpend, Written } from "../../message.ts";
import type { Curve, Network, Path } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { Request } from "../../request.ts";
import { utf8 } from "../../text.ts";
import { addressOf } from "../address.ts";
import { writePath } from "../descriptor/origin.ts";
import { marks } from "../network.ts";
import { hash160, p2pkh, p2sh, witness } from "../script.ts";
import type { Template } from "../wallet.ts";
import { messageDigest, recoverableToBase64 } from "./legacy.ts";
import { addressAt, partsOf } from "./place.ts";
import type { AskedForm } from "./read.ts";
import { verifyMessage } from "./verify-legacy.ts";

export type MessageRequest = Request<MessageReview, MessageSpend, MessageReply>;

export interface MessageKnown {
  readonly network: Network;
  readonly templates: readonly Template[];
  readonly fingerprint: string;
  readonly curve: Curve;
  /** A second implementation, where there is one. */
  readonly check?: Curve;
  /** The key of our master at any path, derived with this curve. */
  readonly keyAt: (path: Path, curve: Curve) => Uint8Array;
}

export interface KeyMessage {
  readonly message: string;
  readonly path: Path;
  /** "key": it speaks for itself. Else for the address of this form; where absent for that which its path stands for. */
  readonly form?: Exclude<AskedForm, "p2tr"> | "key";
  /** How it is written down first: as those read it who ask by text, or with the form of address in its first byte. */
  readonly header?: "old" | "BIP 137";
  readonly purpose?: string;
}

/** What the path's purpose stands for (BIP 44, 49, 84, 86); p2pkh where it stands for nothing. */
export function formOfPath([purpose]: Path): AskedForm {
  const forms: Readonly<Record<number, AskedForm>> = { 49: "p2sh-p2wpkh", 84: "p2wpkh", 86: "p2tr" };
  return forms[(purpose ?? 0) - HARDENED] ?? "p2pkh";
}

/** Purposes after which the coin type stands. */
const WITH_COIN: readonly number[] = [44, 48, 49, 84, 86, 87];

/** Practice keys never speak for mainnet, nor mainnet's for practice. Throws Refusal message.network. */
export function checkCoin(path: Path, network: Network): void {
  const [purpose = 0, coin] = path;
  if (!WITH_COIN.includes(purpose - HARDENED) || coin === undefined) return;
  if (coin !== marks(network).coinType + HARDENED) refuse("message.network", `m${writePath(path)}`);
}

/** Throws Refusal message.network, message.no-form. */
export function keyMessage(asked: KeyMessage, known: MessageKnown): MessageRequest {
  const { message, path } = asked;
  const { network, templates, fingerprint, curve } = known;
  checkCoin(path, network);
  const form = asked.form ?? formOfPath(path);
  if (form === "p2tr") return refuse("message.no-form", "taproot");
  const publicKey = known.keyAt(path, curve);
  const address = form === "key" ? undefined : addressOf(scriptOf(form, publicKey), network);
  const place = addressAt(templates, fingerprint, path);
  const own = place && place.template.wallet.form === form ? place : undefined;
  const review: MessageReview = {
    ...{
      network,
      form: "recoverable",
      message,
      keys: [{ path, publicKey }],
      quorums: [],
      coins: [],
      lockTime: 0,
      sequence: 0,
    },
    ...(address === undefined ? {} : { address }),
    ...(own ? { wallet: own.template.wallet.name, place: `${own.derived.branch}/${own.derived.index}` } : {}),
    partOf: partsOf(templates, fingerprint, path),
    ...(asked.purpose === undefined ? {} : { purpose: asked.purpose }),
  };
  const digest = messageDigest(message);
  return new Request({
    review,
    spend: spendOf(review, fingerprint, own ? [own.template] : [], ""),
    tasks: [{ fingerprint, path, scheme: "ecdsa-recoverable", digest, publicKey }],
    agree: function* () {
      yield 0;
      // A second derivation of the key; and so of the address, which is made of it alone.
      if (!equal(known.keyAt(path, known.check ?? curve), publicKey))
        refuse("bitcoin.readers-disagree", "key");
    },
    finish: function* ([signature]) {
      yield 0;
      return replyOf(asked, form, signature!, review, known.check ?? curve);
    },
  });
}

function scriptOf(form: Exclude<AskedForm, "p2tr">, publicKey: Uint8Array): Uint8Array {
  const hash = hash160(publicKey);
  if (form === "p2pkh") return p2pkh(hash);
  return form === "p2wpkh" ? witness(0, hash) : p2sh(hash160(witness(0, hash)));
}

/** Each way to write it down is verified as a stranger would, against what was shown. */
function replyOf(
  { message, header = "BIP 137" }: KeyMessage,
  form: Exclude<AskedForm, "p2tr"> | "key",
  signature: Uint8Array,
  review: MessageReview,
  curve: Curve,
): MessageReply {
  const { publicKey } = review.keys[0]!;
  const write = (as: "p2pkh" | "p2sh-p2wpkh" | "p2wpkh") =>
    recoverableToBase64(messageDigest(message), publicKey, signature, curve, as);
  const old: Written = { label: "BIP 137", signature: write("p2pkh") };
  const both = (as: "p2sh-p2wpkh" | "p2wpkh"): Written[] => {
    const named = { label: "BIP 137 for segwit", signature: write(as) };
    const plain = { ...old, label: "as for an old address (Electrum)" };
    return header === "old" ? [plain, named] : [named, plain];
  };
  const written = form === "p2pkh" || form === "key" ? [old] : both(form);
  for (const one of written)
    if (
      !verifyMessage(
        message,
        one.signature,
        { publicKey, address: review.address, network: review.network },
        curve,
      )
    )
      throw new Error("a signature of our own does not verify");
  return {
    written,
    message,
    signed: 1,
    ...(review.address === undefined ? {} : { address: review.address }),
  };
}

/** What is judged: made of the very review that is shown. `extra`: what else the request consists of. */
export function spendOf(
  review: MessageReview,
  key: string,
  templates: readonly Template[],
  extra: string,
): MessageSpend {
  const { network, form, message, address = "", keys } = review;
  const paths = keys.map(({ path }) => path);
  const digest = toHex(sha256(utf8(message)));
  const held = review.coins.reduce(
    (sum, coin) => sum + (coin.wallet === undefined ? 0n : coin.amountSats),
    0n,
  );
  const lines = ["Firn message 1", network, form, key, paths.map((path) => `m${writePath(path)}`).join(" ")];
  const txid = toHex(sha256(utf8([...lines, address, digest, extra].map((line) => `${line}\n`).join(""))));
  return {
    ...{ txid, network, key, paths, address, form, digest },
    wallets: templates.map(({ wallet: { name, fingerprint } }) => ({ name, fingerprint })),
    coins: held === 0n ? [] : [{ asset: "btc", units: held }],
    takes: [],
    amounts: digest,
  };
}
