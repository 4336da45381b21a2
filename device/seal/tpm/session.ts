// A salted HMAC session: every command in it is authorized and every answer authenticated under a key that only
// the holder of the primary key can have, and the first parameter of either is encrypted where it is secret
// (TPM 2.0 Library, Part 1, 19 and 21). Who listens on the bus learns nothing; who changes something is noticed.

import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createHmac,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { concat, wipe } from "../../../src/bytes.ts";
import { Reader, sized, TpmBroken, u8, u16, u32 } from "./codec.ts";
import { ALG, COMMAND, HANDLE, SESSION, TAG } from "./codes.ts";
import { exchange, flush } from "./exchange.ts";
import { kdfa, kdfe } from "./kdf.ts";
import type { Primary } from "./primary.ts";
import type { Transport } from "./transport.ts";

/** What a command is about: a hierarchy, an object, an index. */
export interface Entity {
  readonly handle: number;
  /** TPM2B_NAME without its length: what the authorization covers. */
  readonly name: Uint8Array;
}

export interface Command {
  readonly code: number;
  readonly entities: readonly Entity[];
  /** Of the first entity, where it has to be authorized; empty where it has no secret. */
  readonly auth?: Uint8Array;
  /** Where the command changes that secret: the answer is authenticated under the new one. */
  readonly authAfter?: Uint8Array;
  readonly parameters?: Uint8Array;
  /** The first parameter of the command, of the answer, must not be seen on the bus. It is a TPM2B. */
  readonly hidesCommand?: boolean;
  readonly hidesAnswer?: boolean;
  /** The answer begins with a handle. */
  readonly givesHandle?: boolean;
}

export interface Answer {
  readonly handle: number;
  /** Authenticated and in the clear. */
  readonly parameters: Reader;
}

export interface Session {
  /** Throws TpmError where the TPM says no: that is not authenticated. Throws TpmBroken where an answer is not the TPM's. */
  run(command: Command): Promise<Answer>;
  end(): Promise<void>;
}

const NONCE_BYTES = 32;
const NOTHING = new Uint8Array();

interface Keys {
  readonly handle: number;
  readonly key: Uint8Array;
  /** The TPM's last. */
  nonce: Uint8Array;
}

export async function startSession(io: Transport, primary: Primary): Promise<Session> {
  const keys = await agreed(io, primary);
  return {
    run: (command) => run(io, keys, command),
    async end() {
      wipe(keys.key);
      await flush(io, keys.handle);
    },
  };
}

async function agreed(io: Transport, primary: Primary): Promise<Keys> {
  const { salt, encrypted } = saltFor(primary);
  const nonce = randomBytes(NONCE_BYTES);
  try {
    const answer = await exchange(
      io,
      TAG.plain,
      COMMAND.startAuthSession,
      concat(
        u32(primary.handle),
        u32(HANDLE.none),
        sized(nonce),
        sized(encrypted),
        u8(0),
        concat(u16(ALG.aes), u16(128), u16(ALG.cfb)),
        u16(ALG.sha256),
      ),
    );
    const handle = answer.u32();
    const theirs = answer.sized().slice();
    answer.end();
    return { handle, key: kdfa(salt, "ATH", theirs, nonce, 256), nonce: theirs };
  } finally {
    wipe(salt);
  }
}

/** A secret for the primary key's holder alone (Part 1, C.6.3). */
function saltFor(primary: Primary): { readonly salt: Uint8Array; readonly encrypted: Uint8Array } {
  for (;;) {
    const ours = createECDH("prime256v1");
    const point = ours.generateKeys();
    const x = point.subarray(1, 33);
    const z = ecdh(ours, primary);
    try {
      // TPMs differ in whether they keep leading zeros: a key that has none is the same to all.
      if (x[0] === 0 || z[0] === 0) continue;
      const salt = kdfe(z, "SECRET", x, primary.x, 256);
      return { salt, encrypted: concat(sized(x), sized(point.subarray(33))) };
    } finally {
      wipe(z);
    }
  }
}

function ecdh(ours: ReturnType<typeof createECDH>, { x, y }: Primary): Uint8Array {
  try {
    return ours.computeSecret(concat(u8(4), padded(x), padded(y)));
  } catch {
    throw new TpmBroken("its key is no point of the curve");
  }
}

function padded(coordinate: Uint8Array): Uint8Array {
  if (coordinate.length > 32) throw new TpmBroken("its key is no point of the curve");
  return concat(new Uint8Array(32 - coordinate.length), coordinate);
}

async function run(io: Transport, keys: Keys, command: Command): Promise<Answer> {
  const { code, entities, auth = NOTHING, authAfter = auth } = command;
  const nonce = randomBytes(NONCE_BYTES);
  const secret = concat(keys.key, auth);
  const secretAfter = concat(keys.key, authAfter);
  try {
    const flags = flagsOf(command);
    const clear = command.parameters ?? NOTHING;
    const parameters = command.hidesCommand ? hidden(clear, secret, nonce, keys.nonce) : clear;
    const names = entities.map(({ name }) => name);
    const digest = sha256(u32(code), ...names, parameters);
    const mac = hmac(secret, digest, nonce, keys.nonce, u8(flags));
    const area = concat(u32(keys.handle), sized(nonce), u8(flags), sized(mac));
    const handles = entities.map(({ handle }) => u32(handle));
    const body = concat(...handles, u32(area.length), area, parameters);
    const answer = await exchange(io, TAG.sessions, code, body);
    const handle = command.givesHandle ? answer.u32() : 0;
    const given = authentic(answer, code, secretAfter, keys, nonce);
    const open = command.hidesAnswer ? shown(given, secretAfter, keys.nonce, nonce) : given;
    return { handle, parameters: new Reader(open) };
  } finally {
    wipe(secret, secretAfter);
  }
}

function flagsOf({ auth, hidesCommand, hidesAnswer }: Command): number {
  const hides = (hidesCommand ? SESSION.hidesCommand : 0) | (hidesAnswer ? SESSION.hidesAnswer : 0);
  // A session has to be there for something: where for nothing else, so that the answer is authenticated.
  return SESSION.goesOn | hides | (auth === undefined && hides === 0 ? SESSION.audit : 0);
}

/** The answer's parameters, once it is known to be the TPM's. */
function authentic(
  answer: Reader,
  code: number,
  secret: Uint8Array,
  keys: Keys,
  ours: Uint8Array,
): Uint8Array {
  const parameters = answer.take(answer.u32());
  const theirs = answer.sized();
  const flags = answer.u8();
  const mac = answer.sized();
  answer.end();
  const expected = hmac(secret, sha256(u32(0), u32(code), parameters), theirs, ours, u8(flags));
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected))
    throw new TpmBroken("its answer was changed on the way");
  keys.nonce = theirs.slice();
  return parameters;
}

/** Encrypts the first parameter; what follows it stays in the clear. */
function hidden(
  parameters: Uint8Array,
  secret: Uint8Array,
  newer: Uint8Array,
  older: Uint8Array,
): Uint8Array {
  const reader = new Reader(parameters);
  const first = reader.sized();
  const cipher = withMask(secret, newer, older, (key, iv) => createCipheriv("aes-128-cfb", key, iv));
  return concat(sized(cipher.update(first), cipher.final()), reader.rest());
}

function shown(parameters: Uint8Array, secret: Uint8Array, newer: Uint8Array, older: Uint8Array): Uint8Array {
  const reader = new Reader(parameters);
  const first = reader.sized();
  const decipher = withMask(secret, newer, older, (key, iv) => createDecipheriv("aes-128-cfb", key, iv));
  const open = decipher.update(first);
  try {
    return concat(sized(open, decipher.final()), reader.rest());
  } finally {
    wipe(open);
  }
}

function withMask<T>(
  secret: Uint8Array,
  newer: Uint8Array,
  older: Uint8Array,
  make: (key: Uint8Array, iv: Uint8Array) => T,
): T {
  const mask = kdfa(secret, "CFB", newer, older, 256);
  try {
    return make(mask.subarray(0, 16), mask.subarray(16));
  } finally {
    wipe(mask);
  }
}

function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  return mac.digest();
}
