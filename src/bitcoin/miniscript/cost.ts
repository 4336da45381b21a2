// What running a script costs at most, or at least: elements on the stack, bytes of witness, keys of OP_CHECKMULTISIG.
// Only satisfactions that strangers cannot alter count (BIP 379).

import type { Node, WrapperKind } from "../expression.ts";

/** One run of a part of a script, or the worst of several; each figure may come from another run. */
export interface Cost {
  /** How many more elements the stack has before the run than after it. */
  readonly taken: number;
  /** How many more the stack has at its highest than after the run. */
  readonly peak: number;
  /** Bytes of the witness that the run takes, each element with its length. */
  readonly bytes: number;
  /** Keys in the OP_CHECKMULTISIGs that are run. */
  readonly keys: number;
}

/** Undefined: it cannot be. */
type Maybe = Cost | undefined;

/** What satisfying costs, and what dissatisfying. */
interface Costs {
  readonly sat: Maybe;
  readonly dsat: Maybe;
}

/** What a witness consists of, and which parts of the script can be satisfied. */
export interface Means {
  /** Bytes of a signature and of a public key in a witness, each with its length. */
  readonly signature: number;
  readonly publicKey: number;
  /** Whether this key can sign. */
  readonly signs: (use: number) => boolean;
  /** Whether this lock is open, or this hash's preimage known. */
  readonly meets: (node: Node) => boolean;
  /** Of several ways the dearest counts, or the cheapest. */
  readonly of: "most" | "least";
}

function run(taken: number, peak: number, bytes = 0, keys = 0): Cost {
  return { taken, peak, bytes, keys };
}

const NOTHING = run(0, 0);
const PUSH = run(-1, 0);
/** An opcode that takes one element and leaves none, or takes two and leaves one. */
const TAKE = run(1, 1);
const TAKE_TWO = run(2, 2);

/** One after the other. */
function then(...runs: readonly Maybe[]): Maybe {
  let all: Cost = NOTHING;
  for (const one of runs) {
    if (one === undefined) return undefined;
    const peak = Math.max(one.peak, one.taken + all.peak);
    all = run(all.taken + one.taken, peak, all.bytes + one.bytes, all.keys + one.keys);
  }
  return all;
}

type Either = (a: Maybe, b: Maybe) => Maybe;

/** One or the other: the worse of both, or the better. */
function eitherOf(pick: (a: number, b: number) => number): Either {
  return (a, b) => {
    if (a === undefined || b === undefined) return a ?? b;
    const one = (of: keyof Cost) => pick(a[of], b[of]);
    return run(one("taken"), one("peak"), one("bytes"), one("keys"));
  };
}

const EITHER = { most: eitherOf(Math.max), least: eitherOf(Math.min) } as const;

/** The same with more bytes of witness. */
function plus(bytes: number, of: Maybe): Maybe {
  return of && { ...of, bytes: of.bytes + bytes };
}

export function costsOf(node: Node, means: Means): Costs {
  switch (node.kind) {
    case "0":
      return { sat: undefined, dsat: PUSH };
    case "1":
      return { sat: PUSH, dsat: undefined };
    case "pk_k":
    case "pk_h":
      return keyCosts(node, means);
    case "older":
    case "after":
      return { sat: means.meets(node) ? PUSH : undefined, dsat: undefined };
    case "sha256":
    case "hash256":
    case "ripemd160":
    case "hash160": {
      // SIZE 32 EQUALVERIFY HASH digest EQUAL. Any other 32 bytes dissatisfy it, so strangers could alter them.
      const sat = then(PUSH, PUSH, TAKE_TWO, PUSH, TAKE);
      return { sat: means.meets(node) ? plus(33, sat) : undefined, dsat: undefined };
    }
    case "multi":
    case "sortedmulti":
    case "multi_a":
    case "sortedmulti_a":
      return multiCosts(node, means);
    case "thresh":
      return threshCosts(node, means);
    default:
      return jointCosts(
        node,
        node.of.map((one) => costsOf(one, means)),
        EITHER[means.of],
      );
  }
}

type Key = Extract<Node, { readonly kind: "pk_k" | "pk_h" }>;

function keyCosts({ kind, use }: Key, { signature, publicKey, signs }: Means): Costs {
  // pk_h: DUP HASH160 hash EQUALVERIFY, and the key comes with the witness.
  const check = kind === "pk_k" ? PUSH : then(PUSH, PUSH, TAKE_TWO);
  const shown = kind === "pk_k" ? 0 : publicKey;
  return { sat: signs(use) ? plus(shown + signature, check) : undefined, dsat: plus(shown + 1, check) };
}

type Multi = Extract<Node, { readonly uses: readonly number[] }>;

function multiCosts({ kind, threshold, uses }: Multi, { signature, signs }: Means): Costs {
  const n = uses.length;
  const enough = uses.filter(signs).length >= threshold;
  const tapscript = kind === "multi_a" || kind === "sortedmulti_a";
  // multi takes one element more than it uses, and pushes n keys and two numbers; multi_a pushes key by key.
  const check = tapscript ? run(n - 1, n) : run(threshold, threshold + n + 2, 0, n);
  const empty = tapscript ? n - threshold : 1;
  return {
    sat: enough ? plus(threshold * signature + empty, check) : undefined,
    dsat: plus(threshold + empty, check),
  };
}

/** sats[j]: the parts so far, with j of them satisfied. */
function threshCosts({ threshold, of }: Extract<Node, { readonly kind: "thresh" }>, means: Means): Costs {
  let sats: Maybe[] = [NOTHING];
  for (const [i, part] of of.entries()) {
    const { sat, dsat } = costsOf(part, means);
    const add = i === 0 ? NOTHING : TAKE;
    const most = Math.min(sats.length, threshold);
    sats = Array.from({ length: most + 1 }, (_, j) =>
      then(EITHER[means.of](then(sats[j], dsat), then(sats[j - 1], sat)), add),
    );
  }
  return { sat: then(sats[threshold], PUSH, TAKE), dsat: then(sats[0], PUSH, TAKE) };
}

type Joint = Exclude<Extract<Node, { readonly of: unknown }>, { readonly kind: "thresh" }>;

function jointCosts(node: Joint, of: readonly Costs[], either: Either): Costs {
  const [x, y, z] = of as readonly [Costs, Costs, Costs];
  switch (node.kind) {
    case "andor":
      return {
        sat: either(then(x.sat, TAKE, y.sat), then(x.dsat, TAKE, z.sat)),
        dsat: then(x.dsat, TAKE, z.dsat),
      };
    case "and_v":
      return { sat: then(x.sat, y.sat), dsat: undefined };
    case "and_b":
      return { sat: then(x.sat, y.sat, TAKE), dsat: then(x.dsat, y.dsat, TAKE) };
    case "or_b":
      return {
        sat: then(either(then(x.sat, y.dsat), then(x.dsat, y.sat)), TAKE),
        dsat: then(x.dsat, y.dsat, TAKE),
      };
    case "or_c":
      return { sat: either(then(x.sat, TAKE), then(x.dsat, TAKE, y.sat)), dsat: undefined };
    case "or_d":
      // IFDUP pushes only what is not zero.
      return {
        sat: either(then(x.sat, PUSH, TAKE), then(x.dsat, TAKE, y.sat)),
        dsat: then(x.dsat, TAKE, y.dsat),
      };
    case "or_i":
      return {
        sat: then(TAKE, either(plus(2, x.sat), plus(1, y.sat))),
        dsat: then(TAKE, either(plus(2, x.dsat), plus(1, y.dsat))),
      };
    default:
      return wrapperCosts(node.kind, x);
  }
}

function wrapperCosts(kind: WrapperKind, x: Costs): Costs {
  switch (kind) {
    case "a":
    case "s":
    case "n":
      return x;
    case "c":
      return { sat: then(x.sat, TAKE), dsat: then(x.dsat, TAKE) };
    case "d":
      return { sat: plus(2, then(PUSH, TAKE, x.sat)), dsat: plus(1, then(PUSH, TAKE)) };
    case "v":
      return { sat: then(x.sat, TAKE), dsat: undefined };
    case "j":
      return { sat: then(PUSH, TAKE, x.sat), dsat: plus(1, then(PUSH, TAKE)) };
  }
}
