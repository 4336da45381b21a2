// The type system of BIP 379: what each part takes from the stack and leaves there, whether it needs a signature,
// and whether strangers could exchange what satisfies it.

import { LOCK_TIME_THRESHOLD } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import type { Node, Place, WrapperKind } from "../expression.ts";
import { brief } from "./write.ts";

/** Letters as in BIP 379. */
export interface Type {
  readonly base: "B" | "V" | "K" | "W";
  /** Takes nothing, or exactly one element, from the stack; needs its top one not to be zero. */
  readonly z: boolean;
  readonly o: boolean;
  readonly n: boolean;
  /** Can be dissatisfied by anybody; leaves exactly 1 when satisfied. */
  readonly d: boolean;
  readonly u: boolean;
  /** Has one dissatisfaction that needs no signature; has none; every satisfaction needs a signature. */
  readonly e: boolean;
  readonly f: boolean;
  readonly s: boolean;
  /** Whenever it can be satisfied, then so that strangers cannot alter it. */
  readonly m: boolean;
  /** Which units of time locks are in it. */
  readonly locks: ReadonlySet<LockUnit>;
  /** Every way through it has locks that one transaction can meet. */
  readonly k: boolean;
}

export type LockUnit = "older-blocks" | "older-time" | "after-height" | "after-time";

/** A node with its type, and those of what it holds. */
export interface Typed {
  readonly node: Node;
  readonly type: Type;
  readonly of: readonly Typed[];
}

/** BIP 68: this bit of a sequence says that it counts 512 seconds instead of blocks. */
export const SEQUENCE_TIME = 1 << 22;

export function lockUnit(kind: "older" | "after", value: number): LockUnit {
  if (kind === "older") return (value & SEQUENCE_TIME) === 0 ? "older-blocks" : "older-time";
  return value < LOCK_TIME_THRESHOLD ? "after-height" : "after-time";
}

/** From letters that BIP 379's tables give; m and k hold unless said otherwise. */
function plain(base: Type["base"], letters: string, locks: readonly LockUnit[] = []): Type {
  const has = (letter: string) => letters.includes(letter);
  return {
    base,
    ...{ z: has("z"), o: has("o"), n: has("n"), d: has("d"), u: has("u") },
    ...{ e: has("e"), f: has("f"), s: has("s"), m: true },
    ...{ locks: new Set(locks), k: true },
  };
}

function letters(type: Type): string {
  return type.base + ["z", "o", "n", "d", "u"].filter((one) => type[one as "z"]).join("");
}

function has(type: Type, wanted: string): boolean {
  return [...wanted].every((one) => type.base === one || type[one as "z"] === true);
}

/** Types of a node and of all that it holds. Throws Refusal bitcoin.miniscript-type for the innermost that fails. */
export function typed(node: Node, place: Place): Typed {
  const of = "of" in node ? node.of.map((one) => typed(one, place)) : [];
  const type = of.length === 0 ? leafType(node) : jointType(node, of, place);
  return { node, type, of };
}

function leafType(node: Node): Type {
  switch (node.kind) {
    case "0":
      return plain("B", "zudse");
    case "1":
      return plain("B", "zuf");
    case "pk_k":
      return plain("K", "onduse");
    case "pk_h":
      return plain("K", "nduse");
    case "older":
    case "after":
      return plain("B", "zf", [lockUnit(node.kind, node.value)]);
    case "sha256":
    case "hash256":
    case "ripemd160":
    case "hash160":
      return plain("B", "ondu");
    case "multi":
    case "sortedmulti":
      return plain("B", "nduse");
    default:
      return plain("B", "duse");
  }
}

/** Refuses a part that is not what the fragment around it needs: a base and letters. */
function need(node: Node, { node: part, type }: Typed, ...wanted: readonly string[]): void {
  if (wanted.some((one) => has(type, one))) return;
  refuse(
    "bitcoin.miniscript-type",
    `in ${brief(node)}: ${brief(part)} is ${letters(type)}, needed is ${wanted.join(" or ")}`,
  );
}

function jointType(node: Node, of: readonly Typed[], place: Place): Type {
  const [x, y, z] = of as readonly [Typed, Typed, Typed];
  switch (node.kind) {
    case "andor":
      need(node, x, "Bdu");
      need(node, y, "B", "K", "V");
      need(node, z, y.type.base);
      return andor(x.type, y.type, z.type);
    case "and_v":
      need(node, x, "V");
      need(node, y, "B", "K", "V");
      return andV(x.type, y.type);
    case "and_b":
      need(node, x, "B");
      need(node, y, "W");
      return andB(x.type, y.type);
    case "or_b":
      need(node, x, "Bd");
      need(node, y, "Wd");
      return orB(x.type, y.type);
    case "or_c":
    case "or_d":
      need(node, x, "Bdu");
      need(node, y, node.kind === "or_c" ? "V" : "B");
      return orCD(x.type, y.type);
    case "or_i":
      need(node, x, "B", "K", "V");
      need(node, y, x.type.base);
      return orI(x.type, y.type);
    case "thresh":
      need(node, x, "Bdu");
      for (const one of of.slice(1)) need(node, one, "Wdu");
      return thresh(node.threshold, of);
    default:
      return wrapper(node as Extract<Node, { readonly kind: WrapperKind }>, x, place);
  }
}

function wrapper(node: Extract<Node, { readonly kind: WrapperKind }>, inner: Typed, place: Place): Type {
  const x = inner.type;
  switch (node.kind) {
    case "a":
      need(node, inner, "B");
      return { ...x, base: "W", z: false, o: false, n: false };
    case "s":
      need(node, inner, "Bo");
      return { ...x, base: "W", z: false, o: false, n: false };
    case "c":
      need(node, inner, "K");
      return { ...x, base: "B", z: false, u: true, s: true };
    case "d":
      // MINIMALIF is consensus in tapscript alone, so only there is what d: leaves exactly 1.
      need(node, inner, "Vz");
      return {
        ...x,
        base: "B",
        z: false,
        o: true,
        n: true,
        d: true,
        u: place === "tapscript",
        e: x.f,
        f: false,
      };
    case "v":
      need(node, inner, "B");
      return { ...x, base: "V", d: false, u: false, e: false, f: true };
    case "j":
      need(node, inner, "Bn");
      return { ...x, n: true, d: true, e: x.f, f: false };
    case "n":
      need(node, inner, "B");
      return { ...x, u: true };
  }
}

function union(of: readonly Type[]): ReadonlySet<LockUnit> {
  return new Set(of.flatMap(({ locks }) => [...locks]));
}

/** Two locks of one clock in different units: no transaction has both a height and a time for it. */
function clash(a: Type, b: Type): boolean {
  const meet = (one: LockUnit, other: LockUnit) =>
    (a.locks.has(one) && b.locks.has(other)) || (a.locks.has(other) && b.locks.has(one));
  return meet("older-blocks", "older-time") || meet("after-height", "after-time");
}

/** What is needed together: locks must go together. */
function together(x: Type, y: Type): Pick<Type, "locks" | "k"> {
  return { locks: union([x, y]), k: x.k && y.k && !clash(x, y) };
}

/** What is needed one or the other. */
function apart(...of: readonly Type[]): Pick<Type, "locks" | "k"> {
  return { locks: union(of), k: of.every(({ k }) => k) };
}

const oneOfTwo = (x: Type, y: Type) => (x.z && y.o) || (x.o && y.z);

function andor(x: Type, y: Type, z: Type): Type {
  return {
    ...{ base: y.base, z: x.z && y.z && z.z, o: (x.z && y.o && z.o) || (x.o && y.z && z.z), n: false },
    ...{ d: z.d, u: y.u && z.u, e: z.e && (x.s || y.f), f: z.f && (x.s || y.f), s: z.s && (x.s || y.s) },
    m: x.m && y.m && z.m && x.e && (x.s || y.s || z.s),
    locks: union([x, y, z]),
    k: x.k && y.k && z.k && !clash(x, y),
  };
}

function andV(x: Type, y: Type): Type {
  return {
    ...{ base: y.base, z: x.z && y.z, o: oneOfTwo(x, y), n: x.n || (x.z && y.n), d: false, u: y.u },
    ...{ e: false, f: x.s || y.f, s: x.s || y.s, m: x.m && y.m },
    ...together(x, y),
  };
}

function andB(x: Type, y: Type): Type {
  return {
    ...{ base: "B", z: x.z && y.z, o: oneOfTwo(x, y), n: x.n || (x.z && y.n), d: x.d && y.d, u: true },
    ...{ e: x.e && y.e && x.s && y.s, f: (x.f && y.f) || (x.s && x.f) || (y.s && y.f) },
    ...{ s: x.s || y.s, m: x.m && y.m },
    ...together(x, y),
  };
}

function orB(x: Type, y: Type): Type {
  return {
    ...{ base: "B", z: x.z && y.z, o: oneOfTwo(x, y), n: false, d: true, u: true },
    ...{ e: x.e && y.e, f: false, s: x.s && y.s, m: x.m && y.m && x.e && y.e && (x.s || y.s) },
    ...apart(x, y),
  };
}

function orCD(x: Type, y: Type): Type {
  return {
    ...{ base: y.base, z: x.z && y.z, o: x.o && y.z, n: false, d: y.d, u: y.u },
    ...{ e: y.e, f: y.f, s: x.s && y.s, m: x.m && y.m && x.e && (x.s || y.s) },
    ...apart(x, y),
  };
}

function orI(x: Type, y: Type): Type {
  return {
    ...{ base: x.base, z: false, o: x.z && y.z, n: false, d: x.d || y.d, u: x.u && y.u },
    ...{ e: (x.e && y.f) || (x.f && y.e), f: x.f && y.f, s: x.s && y.s },
    m: x.m && y.m && (x.s || y.s),
    ...apart(x, y),
  };
}

function thresh(threshold: number, parts: readonly Typed[]): Type {
  const of = parts.map(({ type }) => type);
  const unsigned = of.filter(({ s }) => !s).length;
  const taken = of.filter(({ z }) => !z);
  const expressive = of.every(({ e }) => e);
  const pairs = threshold === 1 ? [] : of.flatMap((x, i) => of.slice(i + 1).map((y) => clash(x, y)));
  return {
    ...{ base: "B", z: taken.length === 0, o: taken.length === 1 && taken[0]!.o, n: false, d: true, u: true },
    ...{ e: expressive && unsigned === 0, f: false, s: unsigned < threshold },
    m: of.every(({ m }) => m) && expressive && unsigned <= threshold,
    ...{ locks: union(of), k: of.every(({ k }) => k) && !pairs.includes(true) },
  };
}
