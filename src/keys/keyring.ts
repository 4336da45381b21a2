// The Keyring: the only place where a key answers, and only an Approval is answered.
// It derives, checks that the key is the one that is named, and signs digests; it knows no format.

import { compare, equal, wipe } from "../bytes.ts";
import type { Material } from "../keeping.ts";
import { HARDENED, LIMITS } from "../limits.ts";
import type { Curve, Fingerprint, MusigTask, Network, Path, SignatureTask, Task } from "../model.ts";
import type { Random, Stretch } from "../ports.ts";
import { refuse } from "../refusal.ts";
import type { Approval, Work } from "../request.ts";
import { childOf, fingerprintOf, masterOf, type Node } from "./derivation.ts";
import { bip85Entropy } from "./forms/bip85.ts";
import { seedOfMaterial } from "./mnemonic.ts";
import { Nonces, type Taken } from "./musig.ts";
import { signEcdsaLowR, signSchnorrPlain } from "./signatures.ts";

/** The public half of a node, all that an extended public key needs (BIP 32). */
export interface Account {
  /** Of the master key. */
  readonly fingerprint: Fingerprint;
  readonly path: Path;
  readonly publicKey: Uint8Array;
  readonly chainCode: Uint8Array;
  readonly depth: number;
  /** "00000000" for the master key itself. */
  readonly parentFingerprint: Fingerprint;
  readonly childNumber: number;
}

export interface KeyringParts {
  /** The caller's, and wiped by the caller. */
  readonly material: Material;
  readonly network: Network;
  readonly curve: Curve;
  /** Re-makes one signature of each request; left out where `curve` is the only implementation there is. */
  readonly check?: Curve;
  readonly stretch: Stretch;
  /** Of it nonces are made; left out where no key signs together with others. */
  readonly random?: Random;
}

interface Known {
  readonly node: Node;
  publicKey?: Uint8Array;
}

export class Keyring {
  readonly network: Network;
  readonly fingerprint: Fingerprint;
  readonly #curve: Curve;
  readonly #check: Curve | undefined;
  readonly #random: Random | undefined;
  readonly #nonces = new Nonces();
  /** Master, accounts and chains by path ("84h/0h/0h" as numbers): single addresses are never kept. */
  readonly #known = new Map<string, Known>();
  #open = true;

  private constructor(parts: KeyringParts, master: Node) {
    this.network = parts.network;
    this.#curve = parts.curve;
    this.#check = parts.check?.name === parts.curve.name ? undefined : parts.check;
    this.#random = parts.random;
    this.#known.set("", { node: master });
    this.fingerprint = fingerprintOf(this.#publicKeyOf(this.#at([])));
  }

  /** Throws Refusal keys.words-count for entropy of another length. */
  static async open(parts: KeyringParts): Promise<Keyring> {
    const seed = await seedOfMaterial(parts.material, parts.stretch);
    try {
      return new Keyring(parts, masterOf(parts.curve, seed));
    } finally {
      wipe(seed);
    }
  }

  /**
   * What a wallet is made of. Its branches 0 and 1 are made ready too, so that signing under it needs no
   * point operation but the signature's and its verification's.
   */
  account(path: Path): Account {
    const known = this.#at(path);
    const publicKey = this.#publicKeyOf(known).slice();
    const parent = path.length === 0 ? undefined : this.#at(path.slice(0, -1));
    if (path.length < LIMITS.pathDepth)
      for (const branch of [0, 1]) this.#publicKeyOf(this.#at([...path, branch]));
    return {
      fingerprint: this.fingerprint,
      path: [...path],
      publicKey,
      chainCode: known.node.chainCode.slice(),
      depth: known.node.depth,
      parentFingerprint: parent ? fingerprintOf(this.#publicKeyOf(parent)) : "00000000",
      childNumber: known.node.childNumber,
    };
  }

  /**
   * What each task asks for, in order: a signature of 64 bytes, verified under the key that the task names; one of
   * them, the one with the smallest digest, is made again by the other implementation and must be the same. Or a public
   * nonce of 66 bytes, or a partial signature of 32, verified too.
   * Throws Refusal keys.not-ours (another master key), keys.key-mismatch (the path leads to another key), or as Nonces
   * do; then nothing was given out. Yields the share done after each.
   */
  *sign(approval: Approval): Work<Uint8Array[]> {
    const tasks = approval.take();
    for (const [i, task] of tasks.entries())
      if (task.fingerprint !== this.fingerprint) refuse("keys.not-ours", `signature ${i + 1}`);
    const again = smallestDigest(tasks);
    const taken = this.#nonces.take(tasks.filter(isMusig).filter(({ scheme }) => scheme === "musig-partial"));
    const answers: Uint8Array[] = [];
    try {
      for (const [i, task] of tasks.entries()) {
        const answer = isMusig(task) ? this.#together(task, taken, i) : this.#verified(task, i);
        answers.push(answer);
        yield (i + 0.9) / tasks.length;
        if (task === again && this.#check && !equal(this.#signature(this.#check, again), answer))
          throw new Error("curves disagree");
        yield (i + 1) / tasks.length;
      }
    } finally {
      taken.done();
    }
    return answers;
  }

  /**
   * Throws Refusal bitcoin.musig-nonce-used, -elsewhere or -lost unless the secret nonce of this public one is here and
   * can still make this partial signature.
   */
  checkNonce(task: MusigTask, publicNonce: Uint8Array): void {
    this.#nonces.check(task, publicNonce);
  }

  /** The 64 bytes of BIP 85 at a fully hardened path. The caller wipes them. */
  deriveBip85(path: Path): Uint8Array {
    return bip85Entropy(this.#curve, this.#at([]).node, path);
  }

  /** Overwrites every key that is held; whatever is asked afterwards throws. */
  wipe(): void {
    for (const { node } of this.#known.values()) wipe(node.secret, node.chainCode);
    this.#known.clear();
    this.#nonces.wipe();
    this.#open = false;
  }

  #verified(task: SignatureTask, index: number): Uint8Array {
    const signature = this.#signature(this.#curve, task);
    if (!verifies(this.#curve, task, signature)) this.#explain(task, index);
    return signature;
  }

  #together(task: MusigTask, taken: Taken, index: number): Uint8Array {
    const secret = this.#childSecret(this.#curve, task.path);
    try {
      if (!equal(this.#curve.publicKey(secret), task.publicKey))
        refuse("keys.key-mismatch", `signature ${index + 1}`);
      if (task.scheme === "musig-partial") return taken.sign(task, secret);
      if (!this.#random) throw new Error("a keyring without chance makes no nonces");
      return this.#nonces.make(task, secret, this.#random);
    } finally {
      wipe(secret);
    }
  }

  #signature(curve: Curve, task: SignatureTask): Uint8Array {
    const secret = this.#secretFor(curve, task);
    try {
      return SIGNERS[task.scheme](curve, task.digest, secret);
    } finally {
      wipe(secret);
    }
  }

  /** The task's own secret, tweaked where it says so; the caller wipes it. */
  #secretFor(curve: Curve, task: SignatureTask): Uint8Array {
    const secret = this.#childSecret(curve, task.path);
    if (task.tweak === undefined) return secret;
    let even = secret;
    try {
      // BIP 341, taproot_tweak_seckey: the tweak is added to the secret of the point with an even y.
      if (task.odd ?? curve.publicKey(secret)[0] === 3) even = curve.negateSecret(secret);
      return curve.addSecret(even, task.tweak) ?? refuse("keys.key-mismatch", "the tweak leads to no key");
    } finally {
      wipe(secret, even);
    }
  }

  #childSecret(curve: Curve, path: Path): Uint8Array {
    const last = path.at(-1);
    if (last === undefined) return this.#at(path).node.secret.slice();
    const parent = this.#at(path.slice(0, -1));
    const child = childOf(curve, parent.node, last, () => this.#publicKeyOf(parent));
    wipe(child.chainCode);
    return child.secret;
  }

  /** A node that is kept: found, or derived from the nearest one above it that is. */
  #at(path: Path): Known {
    if (!this.#open) throw new Error("the keyring was wiped");
    if (path.length > LIMITS.pathDepth) throw new Error("the path is too long");
    const name = path.join("/");
    const found = this.#known.get(name);
    if (found) return found;
    const childNumber = path.at(-1)!;
    if (!Number.isInteger(childNumber) || childNumber < 0 || childNumber >= 2 * HARDENED)
      throw new Error("a child number is out of range");
    const parent = this.#at(path.slice(0, -1));
    const node = childOf(this.#curve, parent.node, childNumber, () => this.#publicKeyOf(parent));
    const known: Known = { node };
    this.#known.set(name, known);
    return known;
  }

  #publicKeyOf(known: Known): Uint8Array {
    known.publicKey ??= this.#curve.publicKey(known.node.secret);
    return known.publicKey;
  }

  /** A signature did not verify: the key is another one than the task says, or something is broken. */
  #explain(task: SignatureTask, index: number): never {
    const secret = this.#secretFor(this.#curve, task);
    const publicKey = this.#curve.publicKey(secret);
    wipe(secret);
    const own = task.scheme === "schnorr" ? publicKey.subarray(1) : publicKey;
    if (equal(own, task.publicKey)) throw new Error("a signature does not verify");
    return refuse("keys.key-mismatch", `signature ${index + 1}`);
  }
}

type Signer = (curve: Curve, digest: Uint8Array, secret: Uint8Array) => Uint8Array;

const SIGNERS: Readonly<Record<SignatureTask["scheme"], Signer>> = {
  ecdsa: signEcdsaLowR,
  "ecdsa-recoverable": (curve, digest, secret) => curve.signEcdsa(digest, secret),
  schnorr: signSchnorrPlain,
};

function verifies(curve: Curve, task: SignatureTask, signature: Uint8Array): boolean {
  return task.scheme === "schnorr"
    ? curve.verifySchnorr(task.digest, task.publicKey, signature)
    : curve.verifyEcdsa(task.digest, task.publicKey, signature);
}

function isMusig(task: Task): task is MusigTask {
  return task.scheme === "musig-nonce" || task.scheme === "musig-partial";
}

/**
 * A choice that nobody outside makes freely, and that is the same on every device. Never of a partial signature: its
 * nonce serves once.
 */
function smallestDigest(tasks: readonly Task[]): SignatureTask | undefined {
  let smallest: SignatureTask | undefined;
  for (const task of tasks)
    if (!isMusig(task) && (!smallest || compare(task.digest, smallest.digest) < 0)) smallest = task;
  return smallest;
}
