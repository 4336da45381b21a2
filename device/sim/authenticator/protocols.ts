// PIN/UV auth protocols one and two, the authenticator's side (CTAP 2.1, 6.5.6 and 6.5.7), on node:crypto alone.

import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createHmac,
  type ECDH,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import { bytesOf, type Fields, numberOf, type Value } from "./cbor.ts";
import { STATUS, Status } from "./status.ts";

export type Version = 1 | 2;
type Secret = { readonly version: Version; readonly hmac: Buffer; readonly aes: Buffer };

const ZEROS = Buffer.alloc(32);

export class Protocol {
  readonly version: Version;
  #pair: ECDH = createECDH("prime256v1");
  /** The pinUvAuthToken; nothing is permitted by it until it is given out. */
  token = randomBytes(32);

  constructor(version: Version) {
    this.version = version;
    this.regenerate();
  }

  regenerate(): void {
    this.#pair = createECDH("prime256v1");
    this.#pair.generateKeys();
  }

  resetToken(): void {
    this.token = randomBytes(32);
  }

  publicKey(): Fields {
    return coseOf(this.#pair.getPublicKey(), -25);
  }

  /** From the platform's public key. Throws Status. */
  decapsulate(peer: Fields): Secret {
    if (numberOf(peer, 1) !== 2 || numberOf(peer, -1) !== 1) throw new Status(STATUS.invalidParameter);
    const point = Buffer.concat([Buffer.from([4]), bytesOf(peer, -2, 32), bytesOf(peer, -3, 32)]);
    try {
      const z = this.#pair.computeSecret(point);
      if (this.version === 2) return { version: 2, hmac: derive(z, "HMAC"), aes: derive(z, "AES") };
      const all = createHash("sha256").update(z).digest();
      return { version: 1, hmac: all, aes: all };
    } catch {
      throw new Status(STATUS.invalidParameter);
    }
  }
}

function derive(z: Buffer, use: "HMAC" | "AES"): Buffer {
  return Buffer.from(hkdfSync("sha256", z, ZEROS, `CTAP2 ${use} key`, 32));
}

export function coseOf(point: Buffer, algorithm: number): Fields {
  return new Map<number, Value>([
    [1, 2],
    [3, algorithm],
    [-1, 1],
    [-2, point.subarray(1, 33)],
    [-3, point.subarray(33, 65)],
  ]);
}

export function seal({ version, aes }: Secret, plain: Buffer): Buffer {
  const iv = version === 1 ? ZEROS.subarray(0, 16) : randomBytes(16);
  const cipher = createCipheriv("aes-256-cbc", aes, iv).setAutoPadding(false);
  return Buffer.concat([...(version === 1 ? [] : [iv]), cipher.update(plain), cipher.final()]);
}

/** Throws Status. */
export function open({ version, aes }: Secret, sealed: Buffer): Buffer {
  const iv = version === 1 ? ZEROS.subarray(0, 16) : sealed.subarray(0, 16);
  const body = version === 1 ? sealed : sealed.subarray(16);
  if (iv.length < 16 || body.length === 0 || body.length % 16 !== 0)
    throw new Status(STATUS.invalidParameter);
  const decipher = createDecipheriv("aes-256-cbc", aes, iv).setAutoPadding(false);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}

/** Whether `mark` is the one that this key makes of the message. */
export function marked(version: Version, key: Buffer, message: Buffer, mark: Buffer): boolean {
  const whole = createHmac("sha256", key).update(message).digest();
  const right = version === 1 ? whole.subarray(0, 16) : whole;
  return mark.length === right.length && timingSafeEqual(mark, right);
}
