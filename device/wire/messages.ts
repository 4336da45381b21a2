// What the eye hands over, as it may stand on a line.

import { LIMITS } from "../../src/limits.ts";
import type { Dialect, Message, SeedMessage } from "../../src/model.ts";
import {
  bytes,
  decimal,
  exact,
  list,
  matching,
  oneOf,
  type Reader,
  tagged,
  text,
  where,
  whole,
} from "./schema.ts";

const DIALECTS: readonly Dialect[] = ["ur", "ur1", "bbqr", "pmofn", "base64", "hex", "base43", "plain"];
export const dialect = oneOf(...DIALECTS);

const seed = tagged<SeedMessage["seed"]>("form", {
  seedqr: exact<SeedMessage["seed"] & { form: "seedqr" }>(
    { form: oneOf("seedqr"), indexes: list(whole(0, 2047), 24, 12) },
    {},
  ),
  compact: exact<SeedMessage["seed"] & { form: "compact" }>(
    { form: oneOf("compact"), entropy: bytes(16, 32) },
    {},
  ),
  words: exact<SeedMessage["seed"] & { form: "words" }>(
    { form: oneOf("words"), words: list(text(32, 1), 24, 12) },
    {},
  ),
  slip39: exact<SeedMessage["seed"] & { form: "slip39" }>(
    { form: oneOf("slip39"), words: list(matching(/^[a-z]{4,8}$/, 8), 59, 20) },
    {},
  ),
  codex32: exact<SeedMessage["seed"] & { form: "codex32" }>(
    { form: oneOf("codex32"), text: matching(/^ms1[0-9a-z]{37,157}$/i, 160) },
    {},
  ),
  kef: exact<SeedMessage["seed"] & { form: "kef" }>(
    { form: oneOf("kef"), bytes: bytes(6, LIMITS.kefBytes) },
    {},
  ),
  backup: exact<SeedMessage["seed"] & { form: "backup" }>(
    { form: oneOf("backup"), bytes: bytes(9, LIMITS.backupBytes) },
    {},
  ),
});

const MOST_CHAIN_ID = BigInt(Number.MAX_SAFE_INTEGER);

/** A message that is a text and nothing more. */
function worded<M extends { kind: string; dialect: Dialect; text: string }>(
  kind: M["kind"],
  most: number,
): Reader<M> {
  return exact<M>({ kind: oneOf(kind), dialect, text: text(most, 1) } as never, {} as never);
}

export const readMessage = tagged<Message>("kind", {
  psbt: exact<Message & { kind: "psbt" }>(
    { kind: oneOf("psbt"), dialect, bytes: bytes(1, LIMITS.messageBytes) },
    {},
  ),
  ethereum: exact<Message & { kind: "ethereum" }>(
    {
      kind: oneOf("ethereum"),
      dialect,
      data: bytes(0, LIMITS.ethereumBytes),
      dataType: oneOf(1, 2, 3, 4),
      path: list(whole(0, 0xffffffff), LIMITS.pathDepth),
    },
    {
      requestId: bytes(16, 16),
      chainId: where(decimal(16), (id) => id >= 1n && id <= MOST_CHAIN_ID, "a chain's number"),
      fingerprint: matching(/^[0-9a-f]{8}$/, 8),
      address: bytes(20, 20),
      origin: text(LIMITS.originChars),
    },
  ),
  wallet: worded<Message & { kind: "wallet" }>("wallet", LIMITS.walletFileChars),
  key: worded<Message & { kind: "key" }>("key", LIMITS.keyTextChars),
  message: worded<Message & { kind: "message" }>("message", LIMITS.messageTextBytes),
  seed: exact<Message & { kind: "seed" }>({ kind: oneOf("seed"), seed }, { dialect }),
  address: exact<Message & { kind: "address" }>(
    { kind: oneOf("address"), dialect, text: text(128, 1) },
    { query: text(LIMITS.qrTextChars, 1) },
  ),
  document: worded<Message & { kind: "document" }>("document", LIMITS.documentBytes),
  headers: where(
    exact<Message & { kind: "headers" }>(
      { kind: oneOf("headers"), dialect, bytes: bytes(80, 80 * LIMITS.headers) },
      {},
    ),
    (headers) => headers.bytes.length % 80 === 0,
    "whole headers of 80 bytes",
  ),
});
