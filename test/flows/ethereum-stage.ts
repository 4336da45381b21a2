// Requests of Ethereum as the registry library of wallet programs writes them, and replies as it reads them.

import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { type DataType, ETHSignature, EthSignRequest } from "@keystonehq/bc-ur-registry-eth";
import { URDecoder } from "@ngraveio/bc-ur";
import { HDNodeWallet, Signature, Transaction, type TransactionLike, TypedDataEncoder } from "ethers";
import type { DiskState } from "../../device/sim/recording.ts";
import { codesIn, folder, holds, homeOf, PIN, type Play, papers, script, WORDS } from "./stage.ts";

/** What the published words lead to: the peer that says which answer is right. */
export const SIGNER = HDNodeWallet.fromPhrase(WORDS, "", "m/44'/60'/0'/0/0");
const MASTER = "73c5da0a";

export const TYPE = { legacy: 1, typed: 2, message: 3, transaction: 4 } as const;

export interface Asking {
  readonly data: Uint8Array;
  readonly type: DataType;
  readonly chainId?: number;
  /** Named unless told not to be; of another account where it is given. */
  readonly address?: string | "none";
  readonly path?: string;
  readonly origin?: string;
  readonly id?: string;
  /** Fingerprint of the master key, where it is another's. */
  readonly master?: string;
}

/** Texts of the code: one that stands still where no parts are asked for. */
export function requestTexts(asking: Asking, bytesAPart?: number): readonly string[] {
  const {
    data,
    type,
    chainId,
    path = "m/44'/60'/0'/0/0",
    origin,
    id = randomUUID(),
    master = MASTER,
  } = asking;
  const address = asking.address === "none" ? undefined : (asking.address ?? SIGNER.address);
  const request = EthSignRequest.constructETHRequest(
    ...([Buffer.from(data), type, path, master, id, chainId, address, origin] as const),
  );
  const encoder = request.toUREncoder(bytesAPart ?? 100_000);
  return Array.from({ length: encoder.fragmentsLength }, () => encoder.nextPart().toUpperCase());
}

export function transaction(fields: TransactionLike): Asking {
  const tx = Transaction.from({ chainId: 1n, nonce: 0, gasLimit: 21_000n, ...fields });
  const data = Buffer.from(tx.unsignedSerialized.slice(2), "hex");
  return { data, type: tx.type === 0 ? TYPE.legacy : TYPE.transaction, chainId: Number(tx.chainId) };
}

export function message(text: string, more: Partial<Asking> = {}): Asking {
  return { data: Buffer.from(text), type: TYPE.message, ...more };
}

export function typed(value: unknown, more: Partial<Asking> = {}): Asking {
  return { data: Buffer.from(JSON.stringify(value)), type: TYPE.typed, chainId: 1, ...more };
}

export interface Signing extends Play {
  readonly disk?: DiskState;
  readonly file?: string;
  readonly parts?: number;
  readonly more?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly disk: DiskState;
  readonly out: string;
  readonly texts: readonly string[];
  /** r, s and v, as hex. */
  readonly signature: string;
  readonly id: string | undefined;
}

/** eth-sign.txt as it is shipped, unless another is named. */
export async function signs(t: TestContext, asking: Asking, signing: Signing = {}): Promise<Answer> {
  const { file = "eth-sign", parts, more, ...options } = signing;
  const at = folder(t);
  const CAMERA = papers(join(at, "in"), requestTexts(asking, parts));
  const out = join(at, "out");
  const disk = options.disk ?? (await homeOf());
  const played = await holds(script(file), { ...options, disk, set: { PIN, CAMERA, OUT: out, ...more } });
  return { disk: played.disk, out, ...answerIn(codesIn(out)) };
}

export function answerIn(texts: readonly string[]) {
  const decoder = new URDecoder();
  for (const text of texts) decoder.receivePart(text);
  const ur = decoder.resultUR();
  if (ur.type !== "eth-signature") throw new Error(`the reply is ${ur.type}`);
  const reply = ETHSignature.fromCBOR(ur.cbor);
  return {
    texts,
    signature: `0x${reply.getSignature().toString("hex")}`,
    id: reply.getRequestId()?.toString("hex"),
  };
}

/** The transaction with this answer in it, as a node takes it: who sent it, ethers says. */
export function sentBy({ data }: Asking, signature: string): Transaction {
  const tx = Transaction.from(`0x${Buffer.from(data).toString("hex")}`);
  const [r, s, v] = [
    signature.slice(0, 66),
    `0x${signature.slice(66, 130)}`,
    BigInt(`0x${signature.slice(130)}`),
  ];
  // A node of ethers takes v as it stands in the transaction itself.
  tx.signature = Signature.from({ r, s, v: tx.type === 0 ? v : v + 27n } as never);
  return tx;
}

export { TypedDataEncoder };
