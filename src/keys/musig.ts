// Secret nonces of BIP 327. Whoever signs twice with one has given the key away; so each is made of fresh chance, lives
// in memory alone, is bound to one signature of one request, and is spent before it is used.

import { keyAggExport, keyAggregate, nonceAggregate, nonceGen, Session } from "@scure/btc-signer/musig2.js";
import { concat, equal, toHex, u32be, wipe } from "../bytes.ts";
import type { MusigTask } from "../model.ts";
import type { Random } from "../ports.ts";
import { refuse } from "../refusal.ts";
import { utf8 } from "../text.ts";
import { refuseDead } from "./entropy.ts";

interface Held {
  readonly binding: string;
  /** 97 bytes; zeros once it is spent. */
  readonly secret: Uint8Array;
  spent: boolean;
}

export class Nonces {
  /** The request that they are all for. */
  #request = "";
  /** By the public nonce, in hex. */
  readonly #held = new Map<string, Held>();
  #made = 0;

  /**
   * A public nonce, 66 bytes. Those of another request, and one for the same signature, are no more from here on.
   * Throws Refusal keys.entropy-dead.
   */
  make(task: MusigTask, secret: Uint8Array, random: Random): Uint8Array {
    const { request, participants, tweaks } = task.together;
    const rand = random.bytes(32);
    refuseDead({ name: "random", bytes: rand });
    const binding = bindingOf(task);
    if (request !== this.#request) this.wipe();
    this.#request = request;
    for (const [name, held] of this.#held) if (held.binding === binding && !held.spent) this.#drop(name);
    const key = keyAggregate([...participants], ...tweaksOf(tweaks));
    // Chance that repeats itself still makes no nonce twice.
    const extra = concat(utf8(binding), u32be(this.#made++));
    const made = nonceGen(task.publicKey, secret, keyAggExport(key), task.digest, extra, rand);
    wipe(rand);
    this.#held.set(toHex(made.public), { binding, secret: made.secret, spent: false });
    return made.public;
  }

  /**
   * Throws Refusal bitcoin.musig-nonce-used, bitcoin.musig-nonce-elsewhere (it was made for another signature) or
   * bitcoin.musig-nonce-lost (nothing here knows it) unless this public nonce can sign this.
   */
  check(task: MusigTask, publicNonce: Uint8Array): void {
    this.#find(task, publicNonce);
  }

  #find(task: MusigTask, publicNonce: Uint8Array): Held {
    const held =
      this.#held.get(toHex(publicNonce)) ?? refuse("bitcoin.musig-nonce-lost", task.together.place);
    if (held.spent) refuse("bitcoin.musig-nonce-used", task.together.place);
    if (held.binding !== bindingOf(task)) refuse("bitcoin.musig-nonce-elsewhere", task.together.place);
    return held;
  }

  /**
   * Takes the secret nonces of all these partial signatures, or of none; throws as check does. From here on they are
   * spent, whatever becomes of the signatures: wiped by `sign` where it gets so far, and at the latest by `done`.
   */
  take(tasks: readonly MusigTask[]): Taken {
    const all = tasks.map((task) => this.#find(task, ownNonceOf(task)));
    if (new Set(all).size !== all.length) throw new Error("one nonce for two signatures");
    for (const held of all) held.spent = true;
    return {
      sign: (task, secret) => signWith(all[tasks.indexOf(task)]!, task, secret),
      done: () => wipe(...all.map((held) => held.secret)),
    };
  }

  #drop(name: string): void {
    wipe(this.#held.get(name)?.secret);
    this.#held.delete(name);
  }

  wipe(): void {
    for (const name of [...this.#held.keys()]) this.#drop(name);
    this.#request = "";
  }
}

export interface Taken {
  /** 32 bytes, verified with our own nonce and key. Each task once: then its nonce is zeros, and this throws. */
  sign(task: MusigTask, secret: Uint8Array): Uint8Array;
  done(): void;
}

function signWith({ secret: nonce }: Held, task: MusigTask, secret: Uint8Array): Uint8Array {
  const { participants, tweaks, nonces } = task.together;
  const all = nonceAggregate([...nonces!]);
  return new Session(all, [...participants], task.digest, ...tweaksOf(tweaks)).sign(nonce, secret);
}

function tweaksOf(tweaks: MusigTask["together"]["tweaks"]): [Uint8Array[], boolean[]] {
  return [tweaks.map(({ tweak }) => tweak), tweaks.map(({ xonly }) => xonly)];
}

/** Ours among everybody's. */
function ownNonceOf({ publicKey, together }: MusigTask): Uint8Array {
  const { participants, nonces } = together;
  if (nonces?.length !== participants.length) throw new Error("public nonces are missing or too many");
  const place = participants.findIndex((key) => equal(key, publicKey));
  return nonces[place] ?? refuse("keys.key-mismatch", "the key is none of the participants");
}

/** All that a nonce serves for: it differs where anything of it does. */
function bindingOf({ fingerprint, path, digest, publicKey, together }: MusigTask): string {
  const { request, place, participants, tweaks } = together;
  return JSON.stringify([
    ...[request, place, fingerprint, path, toHex(digest), toHex(publicKey)],
    participants.map(toHex),
    tweaks.map(({ tweak, xonly }) => [toHex(tweak), xonly]),
  ]);
}
