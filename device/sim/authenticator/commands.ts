// CTAP2's commands (CTAP 2.1, section 6) with the extension hmac-secret (12.5). Credentials are not discoverable:
// whoever asks has to name them.

import {
  createHash,
  createHmac,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from "node:crypto";
import {
  asFields,
  bytesOf,
  decodeFields,
  encode,
  type Fields,
  fieldsOf,
  listOf,
  numberOf,
  textOf,
  type Value,
} from "./cbor.ts";
import { ClientPin, PERMISSION, type Work } from "./pin.ts";
import { coseOf, marked, open, seal } from "./protocols.ts";
import type { KeyState, StoredCredential } from "./state.ts";
import { STATUS, Status } from "./status.ts";

const AAGUID = Buffer.from("4669726e2073696d756c61746564206b", "hex");
const ES256 = -7;
export const MOST_MESSAGE = 1200;
const FLAG = { present: 0x01, verified: 0x04, credential: 0x40, extensions: 0x80 } as const;

/** What one request has shown so far of its user. */
interface Shown {
  present: boolean;
  verified: boolean;
}

export class Commands {
  readonly #state: KeyState;
  readonly #keep: () => void;
  readonly #pin: ClientPin;

  /** `keep` is called whenever `state` has changed, before anything is answered. */
  constructor(state: KeyState, keep: () => void) {
    this.#state = state;
    this.#keep = keep;
    this.#pin = new ClientPin(state, keep);
  }

  /** One command with its parameters; the reply's map, empty for none. Throws Status. */
  *run(command: number, parameters: Buffer): Work<Fields> {
    switch (command) {
      case 0x01:
        return yield* this.#makeCredential(decodeFields(parameters));
      case 0x02:
        return yield* this.#getAssertion(decodeFields(parameters));
      case 0x04:
        return this.#info();
      case 0x06:
        return yield* this.#pin.command(decodeFields(parameters));
      case 0x0b:
        yield "touch";
        return new Map();
      default:
        throw new Status(STATUS.invalidCommand);
    }
  }

  #info(): Fields {
    const { old, fingerprint } = this.#state;
    const options = new Map<string, boolean>([
      ["rk", false],
      ["up", true],
      ["plat", false],
      ["clientPin", this.#state.pinHash !== undefined],
      ...(fingerprint ? ([["uv", true]] as const) : []),
      ...(old
        ? []
        : ([
            ["pinUvAuthToken", true],
            ["makeCredUvNotRqd", true],
          ] as const)),
    ]);
    return new Map<number, Value>([
      [1, old ? ["FIDO_2_0"] : ["FIDO_2_0", "FIDO_2_1"]],
      [2, ["hmac-secret"]],
      [3, AAGUID],
      [4, options],
      [5, MOST_MESSAGE],
      [6, this.#pin.versions],
      ...(old
        ? []
        : ([
            [7, 8],
            [8, 32],
            [9, ["usb"]],
            [
              10,
              [
                new Map<string, Value>([
                  ["alg", ES256],
                  ["type", "public-key"],
                ]),
              ],
            ],
          ] as const)),
    ]);
  }

  // -------------------------------------------------------------- who asks, and who is there

  /** Checks what proves the user (6.1.2 and 6.2.2: PIN/UV auth, the options uv, up, rk). */
  *#user(
    fields: Fields,
    at: { options: number; mark: number },
    hash: Buffer,
    permission: number,
    rpId: string,
  ): Work<Shown> {
    const options = fields.has(at.options) ? fieldsOf(fields, at.options) : new Map<string, Value>();
    const shown: Shown = { present: false, verified: false };
    if (options.get("rk") === true) throw new Status(STATUS.unsupportedOption);
    if (fields.has(at.mark)) {
      const mark = bytesOf(fields, at.mark);
      const version = numberOf(fields, at.mark + 1);
      if (mark.length === 0) yield* this.#emptyMark();
      const token = this.#pin.use(version, mark, hash, permission, rpId);
      return { present: token.present, verified: token.verified };
    }
    if (options.get("uv") === true) {
      if (!this.#state.fingerprint) throw new Status(STATUS.invalidOption);
      yield* this.#pin.verifyItself();
      return { present: true, verified: true };
    }
    // Keys before CTAP 2.1 make nothing without their PIN, once it is set.
    if (permission === PERMISSION.make && this.#state.old && this.#state.pinHash !== undefined)
      throw new Status(STATUS.puatRequired);
    return shown;
  }

  /** An empty mark asks which key is meant: by a touch, and by what it says then. */
  *#emptyMark(): Work<never> {
    yield "touch";
    throw new Status(this.#state.pinHash === undefined ? STATUS.pinNotSet : STATUS.pinInvalid);
  }

  *#touched(shown: Shown): Work<void> {
    if (!shown.present) yield "touch";
    shown.present = true;
    this.#pin.spend();
  }

  // -------------------------------------------------------------- credentials

  *#makeCredential(fields: Fields): Work<Fields> {
    const hash = bytesOf(fields, 1, 32);
    const rpId = textOf(fieldsOf(fields, 2), "id");
    bytesOf(fieldsOf(fields, 3), "id");
    const algorithms = listOf(fields, 4).map((entry) => numberOf(asFields(entry), "alg"));
    if (!algorithms.includes(ES256)) throw new Status(STATUS.unsupportedAlgorithm);
    if (fields.has(7) && fieldsOf(fields, 7).get("up") === false) throw new Status(STATUS.invalidOption);
    const shown = yield* this.#user(fields, { options: 7, mark: 8 }, hash, PERMISSION.make, rpId);
    const excluded = fields.has(5) && listOf(fields, 5).some((one) => this.#find(one, rpId));
    yield* this.#touched(shown);
    if (excluded) throw new Status(STATUS.credentialExcluded);
    const wantsSecret = fields.has(6) && fieldsOf(fields, 6).get("hmac-secret") === true;
    const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const made: StoredCredential = {
      id: randomBytes(32).toString("hex"),
      rpId,
      key: privateKey.export({ type: "pkcs8", format: "der" }).toString("hex"),
      ...(wantsSecret
        ? { withUv: randomBytes(32).toString("hex"), withoutUv: randomBytes(32).toString("hex") }
        : {}),
    };
    this.#state.credentials.push(made);
    this.#keep();
    const point = publicKey.export({ type: "spki", format: "der" }).subarray(-65);
    const id = Buffer.from(made.id, "hex");
    const attested = [AAGUID, Buffer.from([0, id.length]), id, encode(coseOf(point, ES256))];
    const extensions = wantsSecret ? new Map([["hmac-secret", true]]) : undefined;
    const data = this.#data(rpId, shown, attested, extensions);
    const statement = new Map<string, Value>([
      ["alg", ES256],
      ["sig", signatureOf(made, data, hash)],
    ]);
    return new Map<number, Value>([
      [1, "packed"],
      [2, data],
      [3, statement],
    ]);
  }

  *#getAssertion(fields: Fields): Work<Fields> {
    const rpId = textOf(fields, 1);
    const hash = bytesOf(fields, 2, 32);
    const silent = fields.has(5) && fieldsOf(fields, 5).get("up") === false;
    const shown = yield* this.#user(fields, { options: 5, mark: 6 }, hash, PERMISSION.assert, rpId);
    const allowed = fields.has(3) ? listOf(fields, 3) : [];
    const found = allowed.map((one) => this.#find(one, rpId)).find((one) => one !== undefined);
    if (!found) throw new Status(STATUS.noCredentials);
    const asked = fields.has(4) ? fieldsOf(fields, 4) : new Map<string, Value>();
    const wantsSecret = asked.has("hmac-secret");
    if (wantsSecret && silent) throw new Status(STATUS.unsupportedOption);
    if (silent) this.#pin.spend();
    else yield* this.#touched(shown);
    const present = { ...shown, present: !silent };
    const secret = wantsSecret
      ? this.#secret(fieldsOf(asked, "hmac-secret"), found, shown.verified)
      : undefined;
    const extensions = secret ? new Map([["hmac-secret", secret]]) : undefined;
    this.#state.signatures++;
    this.#keep();
    const data = this.#data(rpId, present, [], extensions);
    const named = new Map<string, Value>([
      ["id", Buffer.from(found.id, "hex")],
      ["type", "public-key"],
    ]);
    return new Map<number, Value>([
      [1, named],
      [2, data],
      [3, signatureOf(found, data, hash)],
    ]);
  }

  /** hmac-secret's output for one salt or two, sealed; undefined where the credential was made without. */
  #secret(asked: Fields, credential: StoredCredential, verified: boolean): Buffer | undefined {
    const version = asked.has(4) ? numberOf(asked, 4) : 1;
    const shared = this.#pin.protocol(version).decapsulate(fieldsOf(asked, 1));
    const sealed = bytesOf(asked, 2);
    if (!marked(shared.version, shared.hmac, sealed, bytesOf(asked, 3)))
      throw new Status(STATUS.pinAuthInvalid);
    const salts = open(shared, sealed);
    if (salts.length !== 32 && salts.length !== 64) throw new Status(STATUS.invalidLength);
    const random = verified ? credential.withUv : credential.withoutUv;
    if (random === undefined) return undefined;
    const output = (salt: Buffer) => createHmac("sha256", Buffer.from(random, "hex")).update(salt).digest();
    const outputs = [output(salts.subarray(0, 32))];
    if (salts.length === 64) outputs.push(output(salts.subarray(32)));
    return seal(shared, Buffer.concat(outputs));
  }

  #find(descriptor: Value, rpId: string): StoredCredential | undefined {
    const fields = asFields(descriptor);
    const id = bytesOf(fields, "id").toString("hex");
    if (textOf(fields, "type") !== "public-key") return undefined;
    return this.#state.credentials.find((one) => one.id === id && one.rpId === rpId);
  }

  #data(rpId: string, shown: Shown, attested: readonly Buffer[], extensions: Fields | undefined): Buffer {
    const flags =
      (shown.present ? FLAG.present : 0) |
      (shown.verified ? FLAG.verified : 0) |
      (attested.length > 0 ? FLAG.credential : 0) |
      (extensions ? FLAG.extensions : 0);
    const head = Buffer.alloc(5);
    head[0] = flags;
    head.writeUInt32BE(this.#state.signatures, 1);
    const rpIdHash = createHash("sha256").update(rpId).digest();
    return Buffer.concat([rpIdHash, head, ...attested, ...(extensions ? [encode(extensions)] : [])]);
  }
}

function signatureOf(credential: StoredCredential, data: Buffer, clientDataHash: Buffer): Buffer {
  const key = createPrivateKey({ key: Buffer.from(credential.key, "hex"), type: "pkcs8", format: "der" });
  return sign("sha256", Buffer.concat([data, clientDataHash]), key);
}
