// authenticatorClientPIN (CTAP 2.1, 6.5): key agreement, the PIN and its tries, tokens and what they permit.

import { bytesOf, type Fields, fieldsOf, numberOf, textOf } from "./cbor.ts";
import { marked, open, Protocol, seal, type Version } from "./protocols.ts";
import { hashOfPin, type KeyState, MOST_PIN_TRIES, MOST_UV_TRIES } from "./state.ts";
import { STATUS, Status } from "./status.ts";

/** A command in work: it may ask for a touch, and goes on when one came. */
export type Work<T> = Generator<"touch", T, "right" | "wrong">;

export const PERMISSION = { make: 0x01, assert: 0x02 } as const;
const KNOWN_PERMISSIONS = PERMISSION.make | PERMISSION.assert;
/** So many wrong PINs in a row, and power has to be cut before the next. */
const MOST_IN_A_ROW = 3;

interface Token {
  readonly protocol: Version;
  permissions: number;
  rpId: string | undefined;
  present: boolean;
  verified: boolean;
}

export class ClientPin {
  readonly #state: KeyState;
  readonly #keep: () => void;
  readonly #protocols: readonly Protocol[];
  #inARow = 0;
  #token: Token | undefined;

  constructor(state: KeyState, keep: () => void) {
    this.#state = state;
    this.#keep = keep;
    this.#protocols = (state.old ? ([1] as const) : ([2, 1] as const)).map(
      (version) => new Protocol(version),
    );
  }

  get versions(): readonly Version[] {
    return this.#protocols.map(({ version }) => version);
  }

  protocol(version: number): Protocol {
    const found = this.#protocols.find((one) => one.version === version);
    if (!found) throw new Status(STATUS.invalidParameter);
    return found;
  }

  *command(fields: Fields): Work<Fields> {
    const sub = numberOf(fields, 2);
    if (sub === 1) return this.#retries();
    if (sub === 7 && this.#state.fingerprint) return new Map([[5, this.#state.uvRetries]]);
    const protocol = this.protocol(numberOf(fields, 1));
    if (sub === 2) return new Map([[1, protocol.publicKey()]]);
    if (sub === 3) return this.#firstPin(protocol, fields);
    if (sub === 4) return this.#changePin(protocol, fields);
    if (sub === 5) return this.#byPin(protocol, fields, undefined);
    if (this.#state.old) throw new Status(STATUS.invalidSubcommand);
    if (sub === 6) return yield* this.#byFinger(protocol, fields);
    if (sub === 9) return this.#byPin(protocol, fields, permissionsOf(fields));
    throw new Status(STATUS.invalidSubcommand);
  }

  #retries(): Fields {
    const tries = new Map<number, number | boolean>([[3, this.#state.pinRetries]]);
    if (this.#inARow >= MOST_IN_A_ROW) tries.set(4, true);
    return tries;
  }

  #firstPin(protocol: Protocol, fields: Fields): Fields {
    const secret = protocol.decapsulate(fieldsOf(fields, 3));
    const [mark, sealed] = [bytesOf(fields, 4), bytesOf(fields, 5)];
    if (this.#state.pinHash !== undefined) throw new Status(STATUS.pinAuthInvalid);
    if (!marked(protocol.version, secret.hmac, sealed, mark)) throw new Status(STATUS.pinAuthInvalid);
    this.#setPin(newPin(open(secret, sealed)));
    return new Map();
  }

  #changePin(protocol: Protocol, fields: Fields): Fields {
    const secret = protocol.decapsulate(fieldsOf(fields, 3));
    const [mark, sealed, old] = [bytesOf(fields, 4), bytesOf(fields, 5), bytesOf(fields, 6)];
    this.#mayTry();
    if (!marked(protocol.version, secret.hmac, Buffer.concat([sealed, old]), mark))
      throw new Status(STATUS.pinAuthInvalid);
    this.#try(protocol, open(secret, old));
    this.#setPin(newPin(open(secret, sealed)));
    for (const one of this.#protocols) one.resetToken();
    this.#token = undefined;
    return new Map();
  }

  #setPin(pin: Buffer): void {
    this.#state.pinHash = hashOfPin(pin);
    this.#state.pinRetries = MOST_PIN_TRIES;
    this.#keep();
  }

  #byPin(protocol: Protocol, fields: Fields, permissions: number | undefined): Fields {
    const peer = fieldsOf(fields, 3);
    const sealed = bytesOf(fields, 6);
    if (permissions === undefined && (fields.has(9) || fields.has(10)))
      throw new Status(STATUS.invalidParameter);
    this.#mayTry();
    const secret = protocol.decapsulate(peer);
    this.#try(protocol, open(secret, sealed));
    const rpId = fields.has(10) ? textOf(fields, 10) : undefined;
    return this.#give(protocol, secret, permissions ?? KNOWN_PERMISSIONS, rpId, false);
  }

  #mayTry(): void {
    if (this.#state.pinHash === undefined) throw new Status(STATUS.pinNotSet);
    if (this.#state.pinRetries === 0) throw new Status(STATUS.pinBlocked);
    if (this.#inARow >= MOST_IN_A_ROW) throw new Status(STATUS.pinAuthBlocked);
  }

  /** Counts the try before it looks. */
  #try(protocol: Protocol, hash: Buffer): void {
    this.#state.pinRetries--;
    this.#keep();
    if (hash.toString("hex") !== this.#state.pinHash) {
      protocol.regenerate();
      this.#inARow++;
      if (this.#state.pinRetries === 0) throw new Status(STATUS.pinBlocked);
      throw new Status(this.#inARow >= MOST_IN_A_ROW ? STATUS.pinAuthBlocked : STATUS.pinInvalid);
    }
    this.#inARow = 0;
    this.#state.pinRetries = MOST_PIN_TRIES;
    this.#keep();
  }

  *#byFinger(protocol: Protocol, fields: Fields): Work<Fields> {
    const peer = fieldsOf(fields, 3);
    const permissions = permissionsOf(fields);
    if (!this.#state.fingerprint) throw new Status(STATUS.notAllowed);
    const rpId = fields.has(10) ? textOf(fields, 10) : undefined;
    const secret = protocol.decapsulate(peer);
    yield* this.verifyItself();
    return this.#give(protocol, secret, permissions, rpId, true);
  }

  /** Asks for the finger that it knows. Throws Status where another came. */
  *verifyItself(): Work<void> {
    if (this.#state.uvRetries === 0) throw new Status(STATUS.uvBlocked);
    const right = (yield "touch") === "right";
    this.#state.uvRetries = right ? MOST_UV_TRIES : this.#state.uvRetries - 1;
    this.#keep();
    if (!right) throw new Status(this.#state.uvRetries === 0 ? STATUS.uvBlocked : STATUS.uvInvalid);
  }

  #give(
    protocol: Protocol,
    secret: Parameters<typeof seal>[0],
    permissions: number,
    rpId: string | undefined,
    present: boolean,
  ): Fields {
    for (const one of this.#protocols) one.resetToken();
    this.#token = { protocol: protocol.version, permissions, rpId, present, verified: true };
    return new Map([[2, seal(secret, protocol.token)]]);
  }

  /** The token that marked this request, if it permits it. Throws Status. */
  use(version: number, mark: Buffer, message: Buffer, permission: number, rpId: string): Token {
    const protocol = this.protocol(version);
    const token = this.#token;
    if (!token || token.protocol !== protocol.version) throw new Status(STATUS.pinAuthInvalid);
    if (!marked(protocol.version, protocol.token, message, mark)) throw new Status(STATUS.pinAuthInvalid);
    if ((token.permissions & permission) === 0) throw new Status(STATUS.pinAuthInvalid);
    if (token.rpId !== undefined && token.rpId !== rpId) throw new Status(STATUS.pinAuthInvalid);
    // Before CTAP 2.1 a token was for anybody, and for long.
    if (!this.#state.old) token.rpId = rpId;
    return token;
  }

  /** One token, one touch. */
  spend(): void {
    if (!this.#token || this.#state.old) return;
    this.#token.permissions = 0;
    this.#token.present = false;
    this.#token.verified = false;
  }
}

function permissionsOf(fields: Fields): number {
  const permissions = numberOf(fields, 9);
  if (permissions === 0) throw new Status(STATUS.invalidParameter);
  if ((permissions & ~KNOWN_PERMISSIONS) !== 0) throw new Status(STATUS.unauthorizedPermission);
  // Both of these permissions want to know for whom.
  if (!fields.has(10)) throw new Status(STATUS.missingParameter);
  return permissions;
}

/** 64 bytes, padded with zeros; at least four characters. */
function newPin(padded: Buffer): Buffer {
  if (padded.length !== 64) throw new Status(STATUS.invalidParameter);
  const end = padded.indexOf(0);
  const pin = padded.subarray(0, end < 0 ? 64 : end);
  if ([...pin.toString("utf8")].length < 4 || pin.length > 63) throw new Status(STATUS.pinPolicyViolation);
  return pin;
}
