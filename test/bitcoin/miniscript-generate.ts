// Scripts by chance: well typed for the most part, sane or not.

import { secp256k1 } from "@noble/curves/secp256k1.js";
import fc from "fast-check";
import type { Place } from "../../src/bitcoin/expression.ts";
import { toHex } from "../../src/bytes.ts";

/** Real public keys: peers look whether they are on the curve. */
export const KEYS = Array.from({ length: 64 }, (_, i) => {
  const secret = new Uint8Array(32);
  secret[31] = i + 1;
  return toHex(secp256k1.getPublicKey(secret, true));
});

/** Of each unit some, at the edges of how numbers are pushed, and some that lock otherwise than they say. */
const OLDER = [1, 16, 17, 127, 128, 144, 255, 256, 32767, 32768, 65535, 4194305, 4259839, 65536, 4194304];
const AFTER = [1, 16, 17, 128, 700000, 8388608, 499999999, 500000000, 1700000000, 2147483647];

/** `@` stands for a key. */
function templates(place: Place): fc.Arbitrary<string> {
  const hex = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(toHex);
  const multi = place === "tapscript" ? "multi_a" : "multi";
  const quorum = fc
    .integer({ min: 1, max: 4 })
    .chain((n) => fc.integer({ min: 1, max: n }).map((k) => `${multi}(${k}${",@".repeat(n)})`));
  const hash = fc.oneof(
    fc.tuple(fc.constantFrom("sha256", "hash256"), hex(32)),
    fc.tuple(fc.constantFrom("ripemd160", "hash160"), hex(20)),
  );
  const older = fc.constantFrom(...OLDER).map((n) => `older(${n})`);
  const after = fc.constantFrom(...AFTER).map((n) => `after(${n})`);
  const key = fc.constantFrom("pk(@)", "pk(@)", "pkh(@)");
  return fc.letrec<Record<string, string>>((tie) => {
    const of = (name: string, ...parts: readonly string[]) =>
      fc.tuple(...parts.map((part) => tie(part))).map((texts) => `${name}(${texts.join(",")})`);
    const wrap = (letter: string, part: string) =>
      tie(part).map((text) => (/^[a-z]+:/.test(text) ? letter + text : `${letter}:${text}`));
    const thresh = fc
      .tuple(tie("Bdu"), fc.array(tie("Wdu"), { maxLength: 3 }), fc.nat(3))
      .map(([first, rest, k]) => `thresh(${(k % (rest.length + 1)) + 1},${[first, ...rest].join(",")})`);
    return {
      Bdu: fc.oneof(
        { maxDepth: 5, depthIdentifier: "script" },
        { weight: 3, arbitrary: key },
        { weight: 2, arbitrary: quorum },
        { weight: 1, arbitrary: hash.map(([name, digest]) => `${name}(${digest})`) },
        { weight: 2, arbitrary: thresh },
        of("or_d", "Bdu", "Bdu"),
        of("or_b", "Bdu", "Wdu"),
        of("and_b", "Bdu", "Wdu"),
        of("andor", "Bdu", "Bdu", "Bdu"),
        of("and_n", "Bdu", "Bdu"),
        of("or_i", "Bdu", "Bdu"),
        wrap("l", "Bdu"),
        wrap("u", "Bdu"),
        wrap("j", "Bdu"),
        wrap("n", "Bdu"),
        wrap("ln", "B"),
        wrap("dv", "B"),
        wrap("c", "K"),
      ),
      B: fc.oneof(
        { maxDepth: 5, depthIdentifier: "script" },
        { weight: 4, arbitrary: tie("Bdu") },
        { weight: 3, arbitrary: older },
        { weight: 2, arbitrary: after },
        { weight: 5, arbitrary: of("and_v", "V", "B") },
        { weight: 2, arbitrary: of("or_d", "Bdu", "B") },
        of("or_i", "B", "B"),
        of("andor", "Bdu", "B", "B"),
        of("and_b", "B", "W"),
        wrap("n", "B"),
        wrap("t", "V"),
        wrap("l", "B"),
        wrap("u", "B"),
      ),
      V: fc.oneof(
        { maxDepth: 5, depthIdentifier: "script" },
        { weight: 6, arbitrary: wrap("v", "B") },
        of("and_v", "V", "V"),
        of("or_c", "Bdu", "V"),
        of("or_i", "V", "V"),
        of("andor", "Bdu", "V", "V"),
      ),
      K: fc.oneof(
        { maxDepth: 5, depthIdentifier: "script" },
        { weight: 4, arbitrary: fc.constantFrom("pk_k(@)", "pk_h(@)") },
        of("and_v", "V", "K"),
        of("or_i", "K", "K"),
        of("andor", "Bdu", "K", "K"),
      ),
      W: fc.oneof(wrap("a", "B"), wrap("s", "Bdu"), wrap("sln", "B")),
      Wdu: fc.oneof(
        { weight: 4, arbitrary: key.map((text) => (text === "pk(@)" ? "s:pk(@)" : "a:pkh(@)")) },
        wrap("a", "Bdu"),
        wrap("s", "Bdu"),
        wrap("sln", "B"),
      ),
    };
  }).B!;
}

/** Now and then a key stands twice. */
export function scripts(place: Place): fc.Arbitrary<string> {
  return fc.tuple(templates(place), fc.nat(19)).map(([text, twice]) => {
    let next = 0;
    return text.replaceAll("@", () => KEYS[twice === 0 && next === 2 ? next++ - 1 : next++ % KEYS.length]!);
  });
}
