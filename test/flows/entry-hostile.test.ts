// What is shown and typed where a key is asked for, by whoever wants it to go wrong: nothing is taken, nothing is
// kept, nothing of a secret is said.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { test } from "node:test";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { toHex } from "../../src/bytes.ts";
import { parseShare, slip39Words, wordsOfShare } from "../../src/keys/index.ts";
import { encodeBase43 } from "../../src/transport/base43.ts";
import { psbt, purse } from "../bitcoin/build.ts";
import { BEGIN, OTHER, vectorsOf } from "./entries.ts";
import { folder, holds, papers, psbtTexts, WORDS } from "./stage.ts";

const slip39: readonly { readonly name: string; readonly shares: readonly string[] }[] =
  vectorsOf("slip39").vectors;
const [FIRST, SECOND] = slip39.find(({ name }) => name.startsWith("4. "))!.shares as readonly [
  string,
  string,
];
const [CODEX_A, CODEX_C] = vectorsOf("codex32").valid[1].shares as readonly [string, string];
const KEF: { readonly envelope: string; readonly key: string } = vectorsOf("kef").reference.vectors[14];
const XOR: readonly string[] = vectorsOf("seed-xor").vectors[0].parts;

/** A share that is sound by itself, of a set that there is not. */
function strangeShare(number: number): string {
  const value = createHash("sha256").update(`share ${number}`).digest().subarray(0, 16);
  const share = parseShare(FIRST.split(" "));
  const strange = {
    ...share,
    identifier: (share.identifier + 1 + number) & 0x7fff,
    value: new Uint8Array(value),
  };
  return [...wordsOfShare(strange)].map((index) => slip39Words[index]).join(" ");
}

test("two hundred sound shares of other sets take no place: the set stays as it was, and is recovered", async () => {
  const strange = Array.from(
    { length: 200 },
    (_, i) => `pick Scan a share\nscan ${strangeShare(i)}\nsee shares.other-set\npress back\n`,
  );
  const { printed } =
    await holds(`${OTHER}pick SLIP-39\npick Scan a share\nscan ${FIRST}\n${strange.join("")}see 1 of 2 shares
    pick Scan a share\nscan ${SECOND}\nsee Passphrase`);
  assert.equal(printed.match(/> see shares\.other-set/g)!.length, 200);
});

test("a whole set of sixteen groups of sixteen is taken share by share, and no share more", async () => {
  // Every share is sound; that they do not fit together shows when all are there.
  const share = parseShare(FIRST.split(" "));
  const all = Array.from({ length: 256 }, (_, i) => {
    const value = new Uint8Array(createHash("sha256").update(`${i}`).digest().subarray(0, 16));
    const one = { ...share, groupThreshold: 16, groupCount: 16, memberThreshold: 16 };
    const words = wordsOfShare({ ...one, groupIndex: i >> 4, memberIndex: i & 15, value });
    return [...words].map((index) => slip39Words[index]).join(" ");
  });
  const scans = all.map((text) => `pick Scan a share\nscan ${text}\n`);
  await holds(`${OTHER}pick SLIP-39\n${scans.slice(0, 200).join("")}see Group 13: 8 of 16 shares\nsee 12 of 16 groups
    ${scans.slice(200).join("")}see shares.digest\npress back\nunseen Scan a share\npick Leave out a share\npress down x255\npress ok
    see Group 16: 15 of 16 shares\npress back\nsee Leave?\npress back\nsee Group 16\npress back\npress ok\nsee Create new words`);
});

const own = purse("p2wpkh");
const RUBBISH: readonly (readonly [string, string])[] = [
  ["a transaction", psbtTexts(psbt(own), "base64")[0]!],
  ["a wallet", own.wallet.descriptor],
  ["an address", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"],
  ["a text", "hello, this is no seed"],
  ["eleven words", WORDS.split(" ").slice(1).join(" ")],
  ["digits", "1".repeat(47)],
  ["a damaged SeedQR", `2048${"0000".repeat(11)}`],
  ["words that do not add up", "zoo ".repeat(12).trim()],
  ["a share whose words do not add up", FIRST.replace(/\w+$/, "academic")],
  [
    "a codex32 string whose letters do not add up",
    `${CODEX_A.slice(0, -1)}${CODEX_A.endsWith("M") ? "N" : "M"}`,
  ],
  ["a codex32 string of a wrong length", CODEX_A.slice(0, -2)],
  [
    "a compressed code of Krux",
    encodeBase43(Uint8Array.from([0, 21, 0, 0, 1, ...new Uint8Array(30).fill(9)])),
  ],
];
const PLACES: readonly (readonly [string, string])[] = [
  ["where any seed is scanned", `${BEGIN}pick Scan a SeedQR\n`],
  ["among shares", `${OTHER}pick SLIP-39\npick Scan a share\n`],
  ["among codex32 strings", `${OTHER}pick codex32\npick Scan a share\n`],
  ["among parts", `${OTHER}pick Seed XOR\npick Scan a part\n`],
  ["for an encrypted code", `${OTHER}pick Krux\n`],
];

for (const [where, way] of PLACES)
  test(`rubbish that is scanned ${where} is refused by name, nothing of it is said, and nothing was written`, async () => {
    for (const [what, scanned] of RUBBISH) {
      const { disk, screen, starts } = await holds(`${way}scan $RUBBISH`, { set: { RUBBISH: scanned } });
      assert.match(screen, /(transport|keys|shares|forms)\.[a-z0-9-]+/, what);
      assert.deepEqual([disk.size, starts], [0, 1], what);
      for (const word of scanned.split(" ").filter((one) => one.length > 4))
        assert.ok(
          !new RegExp(`\\b${word.slice(0, 12).replace(/\W/g, ".")}`).test(screen),
          `${what}: ${screen}`,
        );
    }
  });

test("a form that is another one than the place asks for is refused, and the place is there again", async () => {
  const others = [FIRST, CODEX_A, `hex ${KEF.envelope}`, `${"0000".repeat(11)}0003`];
  for (const [index, [, way]] of PLACES.slice(1).entries())
    for (const [form, code] of others.entries()) {
      const fits = index === form || (index === 2 && form === 3) || (index === 3 && form === 2);
      if (fits) continue;
      const scan = code.startsWith("hex ") ? `scan-hex ${code.slice(4)}` : `scan ${code}`;
      await holds(`${way}${scan}\nsee transport.wrong-kind\npage\npress ok\nunseen transport.wrong-kind`);
    }
});

/** Every way in, a step a line: after each of them, back until the list of ways is there again. */
const WAYS: readonly (readonly [string, string])[] = [
  ["words", `pick Type words in\ntype ${WORDS}\npress ok\npick Type a passphrase\ntype a\npress ok`],
  ["a scanned seed", `pick Scan a SeedQR\nscan ${seedQr(WORDS)}\npress ok\npick No passphrase`],
  [
    "SLIP-39",
    `pick Another form\npick SLIP-39\npick Type a share\ntype ${FIRST}\npress ok\npick Scan a share\nscan ${SECOND}\npick Type a passphrase\ntype a\npress ok\ntype a\npress ok`,
  ],
  [
    "a scanned share",
    `pick Scan a SeedQR\nscan ${FIRST}\npick Leave out\npress ok\npick Type a share\ntype abandon`,
  ],
  [
    "codex32",
    `pick Another form\npick codex32\npick Type a share\ntype ${CODEX_A}\npress ok\npick Scan a share\nscan ${CODEX_C}\npick Go on`,
  ],
  [
    "Seed XOR",
    `pick Another form\npick Seed XOR\npick Type a part\ntype ${XOR[0]}\npress ok\npick Type a part\ntype ${XOR[1]}\npress ok\npick Go on\npick No passphrase`,
  ],
  [
    "Krux's code",
    `pick Another form\npick Krux\nscan-hex ${KEF.envelope}\ntype ${Buffer.from(KEF.key, "hex")}\npress ok\npage\npress ok\npick No passphrase`,
  ],
  ["numbers", "pick Another form\npick Type word numbers\npick 1 to 2048\ntype 1 2 3"],
];

function seedQr(phrase: string): string {
  return phrase
    .split(" ")
    .map((word) => String(wordlist.indexOf(word)).padStart(4, "0"))
    .join("");
}

for (const [what, way] of WAYS)
  test(`back at each step of ${what} leads to the ways in again, and nothing is on the disk`, async () => {
    const steps = way.split("\n");
    for (let upTo = 1; upTo <= steps.length; upTo++) {
      const there = steps.slice(0, upTo).join("\n");
      const { disk, starts } = await holds(`${BEGIN}${there}\n${leaving(8)}see Create new words`);
      assert.deepEqual([disk.size, starts], [0, 1]);
    }
  });

/** As a person who wants out: answers whether to leave, empties what was typed, and presses back on the rest. */
function leaving(rounds: number): string {
  const on = (seen: string, act: string) => `if see ${seen}\n${act}\nend\n`;
  const once = [
    on("Leave?", "press ok"),
    on("Another key was expected", "pick Start over"),
    on("erase", "press back x130"),
    ...["back", "close", "stop", "another", "edit"].map((label) => on(label, "press back")),
  ];
  return once.join("").repeat(rounds);
}

test("pictures of a share that come again and again are refused as often as they are asked for, and no more", async (t) => {
  const CAMERA = papers(join(folder(t), "in"), [FIRST, FIRST, FIRST, "rubbish", SECOND]);
  await holds(
    `${OTHER}pick SLIP-39\npick Scan a share\ncamera $CAMERA\nsee 1 of 2 shares\npick Scan a share\ncamera $CAMERA
    see shares.duplicate`,
    { set: { CAMERA } },
  );
});

test("nothing of an entropy is in what a refusal of a share says", async () => {
  const share = parseShare(FIRST.split(" "));
  const { printed } = await holds(
    `${OTHER}pick SLIP-39\npick Scan a share\nscan ${FIRST}\npick Scan a share\nscan ${FIRST}\nsee duplicate`,
  );
  const said = printed.replace(/^> .*$/gm, "");
  assert.ok(!said.includes(toHex(share.value)));
  for (const word of FIRST.split(" ").slice(4)) assert.ok(!new RegExp(`\\b${word}\\b`).test(said), word);
});
