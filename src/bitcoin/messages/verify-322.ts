// Whether a signature of BIP 322 speaks for a script, and what it says beside.

import { base64 } from "@scure/base";
import { compare } from "../../bytes.ts";
import type { Curve } from "../../model.ts";
import { Refusal } from "../../refusal.ts";
import type { Work } from "../../request.ts";
import { utf8 } from "../../text.ts";
import { readPsbt } from "../psbt/psbt.ts";
import { MAGIC } from "../psbt/rows.ts";
import { isWitness } from "../script.ts";
import { displayTxid, type TxOutput } from "../transaction.ts";
import { checkInputs, type SignedTransaction } from "./run/input.ts";
import { NotBy } from "./run/script.ts";
import { no, Stop, unsure } from "./run/stack.ts";
import { coinsOf, readFinished, readSigned, readWitness } from "./signed.ts";
import { isToSign, toSign } from "./virtual.ts";

export type Bip322Form = "simple" | "full" | "coins";

export interface Bip322Verdict {
  readonly outcome: "valid" | "invalid" | "unsure";
  readonly form: Bip322Form;
  /** Empty where it is valid. */
  readonly why: string;
  /** nLockTime, and nSequence of the first input: it holds only from then on. */
  readonly lockTime: number;
  readonly sequence: number;
  /** What it proves to have been held, beside the address: "txid:index" and its amount. */
  readonly coins: readonly { readonly outpoint: string; readonly amountSats: bigint }[];
}

interface Carried extends SignedTransaction {
  /** Of all inputs; the first is that of to_spend. */
  readonly spent: readonly TxOutput[];
}

const PREFIXES: ReadonlyMap<string, Bip322Form> = new Map([
  ["smp", "simple"],
  ["ful", "full"],
  ["pof", "coins"],
]);

/** No prefix: simple, as it was written before the BIP was complete. Yields its share done. */
export function* verifyBip322(
  message: string | Uint8Array,
  signature: string,
  script: Uint8Array,
  curve: Curve,
): Work<Bip322Verdict> {
  const named = PREFIXES.get(signature.slice(0, 3));
  const form = named ?? "simple";
  const nothing = { form, why: "", lockTime: 0, sequence: 0, coins: [] };
  const bytes = typeof message === "string" ? utf8(message) : message;
  try {
    const body = bodyOf(named ? signature.slice(3) : signature);
    const carried = yield* carriedBy(form, body, bytes, script);
    yield* checkInputs(carried, carried.spent, curve);
    const { tx, spent } = carried;
    if (tx.version !== 0 && tx.version !== 2) unsure(`its transaction has version ${tx.version}`);
    const coins = spent.slice(1).map(({ amountSats }, i) => {
      const { txid, index } = tx.inputs[i + 1]!;
      return { outpoint: `${displayTxid(txid)}:${index}`, amountSats };
    });
    return { ...nothing, outcome: "valid", lockTime: tx.lockTime, sequence: tx.inputs[0]!.sequence, coins };
  } catch (problem) {
    return { ...nothing, ...endOf(problem) };
  }
}

function endOf(problem: unknown): Pick<Bip322Verdict, "outcome" | "why"> {
  if (problem instanceof Stop)
    return { outcome: problem.outcome === "no" ? "invalid" : "unsure", why: problem.message };
  if (problem instanceof NotBy) return { outcome: "invalid", why: problem.message };
  // A PSBT or transaction that is none, or is larger than Firn reads.
  if (problem instanceof Refusal) {
    const outcome = problem.reason === "bitcoin.too-large" ? "unsure" : "invalid";
    return { outcome, why: problem.detail };
  }
  throw problem;
}

function bodyOf(text: string): Uint8Array {
  try {
    return base64.decode(text);
  } catch {
    return no("it is no base64");
  }
}

function* carriedBy(
  form: Bip322Form,
  body: Uint8Array,
  message: Uint8Array,
  script: Uint8Array,
): Work<Carried> {
  const challenge: TxOutput = { amountSats: 0n, script };
  if (form === "simple") {
    if (!isWitness(script)) no("an address that is no segwit one needs a full signature");
    const spenders = [{ scriptSig: new Uint8Array(0), witness: readWitness(body) }];
    return { tx: toSign(message, script), spenders, spent: [challenge] };
  }
  if (form === "full") {
    const signed = readSigned(body);
    if (!isToSign(signed.tx, message, script)) no(OTHER);
    if (signed.tx.inputs.length > 1) no("it has coins, and none of them is described");
    return { ...signed, spent: [challenge] };
  }
  if (compare(body.subarray(0, MAGIC.length), MAGIC) !== 0) no("it is no PSBT");
  const psbt = yield* readPsbt(body);
  if (!isToSign(psbt.tx, message, script)) no(OTHER);
  const spent = yield* coinsOf(psbt);
  return { ...readFinished(psbt), spent: [challenge, ...spent.slice(1)] };
}

const OTHER = "it is for another message, or for another address";
