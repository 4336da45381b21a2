// Signatures into the PSBT: rows added, nothing else touched, never finalised; then read again as a stranger
// would, and compared with what was shown.

import { concat, equal } from "../bytes.ts";
import type { Curve, PsbtMessage } from "../model.ts";
import type { Reply, Work } from "../request.ts";
import { completed, rowOfAnswer } from "./musig/rounds.ts";
import { GLOBAL, INPUT, OUTPUT } from "./psbt/fields.ts";
import type { Psbt } from "./psbt/psbt.ts";
import { mapsOf, readPsbt } from "./psbt/psbt.ts";
import { encodeMaps, makeRow, type Row, type Rows } from "./psbt/rows.ts";
import { fromDer, toDer } from "./signatures.ts";
import type { Assignment, RoundAssignment, SignatureAssignment } from "./spending/assign.ts";
import { scaled } from "./steps.ts";

/** BIP 370: bits of PSBT_GLOBAL_TX_MODIFIABLE. */
const INPUTS_MODIFIABLE = 1;
const OUTPUTS_MODIFIABLE = 2;

const NO_KEY = new Uint8Array(0);

/**
 * `answers` as the Keyring gives them, in the order of `assignments`; each signature and each part of one is verified.
 * Throws an Error, never a Refusal, where something does not fit: then Firn itself is at fault.
 */
export function* finish(
  message: PsbtMessage,
  psbt: Psbt,
  assignments: readonly Assignment[],
  answers: readonly Uint8Array[],
  curve: Curve,
): Work<Reply> {
  if (answers.length !== assignments.length) throw new Error("signatures are missing or too many");
  const added = psbt.inputs.map((): Row[] => []);
  for (const [i, assignment] of assignments.entries())
    added[assignment.input]!.push(rowOf(assignment, answers[i]!));
  for (const { input, row } of yield* scaled(sums(assignments, answers, curve), 0, 0.4))
    added[input]!.push(row);
  const inputs = psbt.inputs.map((rows, i) => added[i]!.reduce(insert, rows));
  const nonces = assignments.filter(({ task }) => task.scheme === "musig-nonce").length;
  const signed = assignments.length - nonces;
  const global = signed === 0 ? psbt.global : psbt.global.map(unmodifiable);
  const whole = encodeMaps([global, ...inputs, ...psbt.outputs]);
  const again = yield* readPsbt(whole);
  compare({ ...psbt, global }, again, added);
  for (const [i, assignment] of assignments.entries()) {
    if (!isRound(assignment)) verify(again, assignment, curve);
    yield 0.4 + (0.6 * i) / assignments.length;
  }
  const signaturesOnly = encodeMaps(essential(again));
  yield* readPsbt(signaturesOnly);
  const reply = (bytes: Uint8Array) => ({ kind: "psbt", dialect: message.dialect, bytes }) as const;
  const made = nonces > 0 ? { signed, nonces } : { signed };
  return { whole: reply(whole), signaturesOnly: reply(signaturesOnly), ...made };
}

function isRound(assignment: Assignment): assignment is RoundAssignment {
  return "standing" in assignment;
}

function rowOf(assignment: Assignment, answer: Uint8Array): Row {
  return isRound(assignment) ? rowOfAnswer(assignment, answer) : signatureRow(assignment, answer);
}

/** Where keys sign together: our parts are verified, and the signature added up where none is missing any more. */
function* sums(assignments: readonly Assignment[], answers: readonly Uint8Array[], curve: Curve) {
  const rounds = assignments.flatMap((one, i) => (isRound(one) ? [[one, answers[i]!] as const] : []));
  const rows: { readonly input: number; readonly row: Row }[] = [];
  for (const standing of new Set(rounds.map(([{ standing }]) => standing))) {
    const its = rounds.filter(([one]) => one.standing === standing);
    const [{ input, sighash }] = its[0]!;
    const row = completed(standing, its, sighash, curve);
    if (row) rows.push({ input, row });
    yield rows.length / rounds.length;
  }
  return rows;
}

function signatureRow(assignment: SignatureAssignment, signature: Uint8Array): Row {
  if (signature.length !== 64) throw new Error("a signature is not 64 bytes");
  const { task, sighash } = assignment;
  const { type, key } = placeOf(assignment);
  if (task.scheme !== "schnorr") return makeRow(type, key, concat(toDer(signature), Uint8Array.of(sighash)));
  return makeRow(type, key, sighash === 0 ? signature : concat(signature, Uint8Array.of(sighash)));
}

/** The row that a signature stands in (BIP 174, 371). */
function placeOf({ task, leafHash }: SignatureAssignment): Pick<Row, "type" | "key"> {
  if (task.scheme !== "schnorr") return { type: INPUT.partialSignature, key: task.publicKey };
  if (leafHash) return { type: INPUT.tapScriptSignature, key: concat(task.publicKey, leafHash) };
  return { type: INPUT.tapKeySignature, key: NO_KEY };
}

/** After the last row of a lower or the same type: where programs that sort their rows would have them. */
function insert(rows: Rows, added: Row): Rows {
  const last = rows.findLastIndex((row) => row.type <= added.type);
  return rows.toSpliced(last + 1, 0, added);
}

/** BIP 370, Signer: after a signature with ALL neither inputs nor outputs can be added. */
function unmodifiable(row: Row): Row {
  if (row.type !== GLOBAL.modifiable) return row;
  const flags = row.value[0]! & ~(INPUTS_MODIFIABLE | OUTPUTS_MODIFIABLE);
  return flags === row.value[0] ? row : makeRow(row.type, row.key, Uint8Array.of(flags));
}

/** The reply is what was asked (the flags apart that BIP 370 clears), row for row, and our rows; nothing else. */
function compare(asked: Psbt, reply: Psbt, added: readonly (readonly Row[])[]): void {
  const replyMaps = mapsOf(reply);
  const same =
    equal(asked.unsigned, reply.unsigned) &&
    mapsOf(asked).every((rows, map) => isWith(rows, added[map - 1] ?? [], replyMaps[map]!));
  if (!same) throw new Error("the reply is not what was shown");
}

function isWith(rows: Rows, ours: Rows, reply: Rows): boolean {
  const rest = reply.filter((row) => !ours.some((own) => equal(own.raw, row.raw)));
  return (
    reply.length === rows.length + ours.length &&
    rest.length === rows.length &&
    rows.every((row, i) => equal(row.raw, rest[i]!.raw))
  );
}

/** As it stands in the reply: what is shown as a code is what was verified. */
function verify(reply: Psbt, assignment: SignatureAssignment, curve: Curve): void {
  const { task, input, sighash } = assignment;
  const { digest, publicKey } = task;
  const place = placeOf(assignment);
  const row = reply.inputs[input]!.find(({ type, key }) => type === place.type && equal(key, place.key));
  const signature = row && signatureIn(row.value, task.scheme === "schnorr", sighash);
  if (!signature) throw new Error("a signature of our own is not in the reply");
  const valid =
    task.scheme === "schnorr"
      ? curve.verifySchnorr(digest, publicKey, signature)
      : curve.verifyEcdsa(digest, publicKey, signature);
  if (!valid) throw new Error(`a signature of our own does not verify (${curve.name})`);
}

/** Its 64 bytes, where it commits as it should. */
function signatureIn(value: Uint8Array, schnorr: boolean, sighash: 0 | 1): Uint8Array | undefined {
  if (!schnorr) return value.at(-1) === sighash ? fromDer(value.subarray(0, -1)) : undefined;
  const type = value.length === 65 ? value[64] : 0;
  return type === sighash ? value.subarray(0, 64) : undefined;
}

const GLOBAL_ESSENTIAL: readonly number[] = [
  GLOBAL.unsignedTx,
  GLOBAL.txVersion,
  GLOBAL.fallbackLockTime,
  GLOBAL.inputCount,
  GLOBAL.outputCount,
  GLOBAL.modifiable,
  GLOBAL.version,
];
const INPUT_ESSENTIAL: readonly number[] = [
  INPUT.partialSignature,
  INPUT.previousTxid,
  INPUT.outputIndex,
  INPUT.sequence,
  INPUT.timeLock,
  INPUT.heightLock,
  INPUT.tapKeySignature,
  INPUT.tapScriptSignature,
  INPUT.musigNonce,
  INPUT.musigPartial,
  // Of others alone: an input of ours that is finished is refused.
  INPUT.finalScript,
  INPUT.finalWitness,
];

/** What a combiner needs of us: the transaction, and every signature that is there, ours or not. */
function essential({ version, global, inputs, outputs }: Psbt): Rows[] {
  const only = (rows: Rows, types: readonly number[]) => rows.filter(({ type }) => types.includes(type));
  return [
    only(global, GLOBAL_ESSENTIAL),
    ...inputs.map((rows) => only(rows, INPUT_ESSENTIAL)),
    ...outputs.map((rows) => only(rows, version === 0 ? [] : [OUTPUT.amount, OUTPUT.script])),
  ];
}
