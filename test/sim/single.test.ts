import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { codePng } from "../../device/glass/png.ts";
import { type JoinEye, playSingle, type SingleOptions } from "../../device/sim/single.ts";
import { main } from "./program.ts";

/** Takes a text for a wallet's, as a decoder's user would. */
const eye: JoinEye = (firn, control) => {
  let sent = 0;
  let watching = false;
  firn.onMessage((line) => {
    watching = line.t === "watch";
  });
  control.onMessage((line) => {
    if (watching && line.t === "read") {
      const text = "hex" in line ? Buffer.from(line.hex, "hex").toString() : line.text;
      sent++;
      if (text.startsWith("part"))
        firn.send({ t: "progress", dialect: "ur", have: Number(text.at(-1)), total: 9, map: "#........" });
      else firn.send({ t: "message", message: { kind: "wallet", dialect: "plain", text } });
    }
    control.send({ t: "answered", sent });
  });
  return { close: () => firn.close() };
};

/** `eye: undefined` is the real one. */
type Options = { readonly [K in keyof SingleOptions]?: SingleOptions[K] | undefined };

function play(script: string, options: Options = {}) {
  const { eye: given, ...rest } = { eye, ...options };
  return playSingle({ main, script, ...(given ? { eye: given } : {}), ...rest } as SingleOptions);
}

async function holds(script: string, options: Options = {}) {
  const result = await play(script, options);
  assert.equal(result.failure, undefined);
  return result;
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "firn-sim-"));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

test("presses, picks and typing reach the program, and every screen is printed", async () => {
  const result = await holds(`
    see Who is there?
    press ok
    pick name
    type Ada Lovelace
    press ok
    see Hello Ada Lovelace`);
  assert.match(result.printed, /> pick name\n\+-{80}\+\n\|.*Name/);
  assert.match(result.printed, /Hello Ada Lovelace/);
});

const MENU = "press ok\n";

test("see looks at every page, folds white space, finds what is grouped, and comes back to its page", async () => {
  await holds(`${MENU}
    pick Read pages
    see page the third
    see page   the first
    see b c 1 q uses z eros
    unseen page the fourth
    see page the first
    page
    press up
    see page the first
    press back
    see Menu`);
});

test("a list shows all its items to see, and pick wants the item itself or one alone that contains the label", async () => {
  await holds(`${MENU}see Break\npick Draw\nsee Drawn`);
  assert.match((await play(`${MENU}pick a`)).failure!, /line 2: pick a\nexpected: a list with "a"/);
  assert.match((await play(`${MENU}pick Sign`)).failure!, /expected: a list with "Sign"/);
  assert.match((await play("pick Draw")).failure!, /expected: a list with/);
});

test("a step that does not hold ends the play with its line, what was expected, and the screen", async () => {
  const result = await play(`${MENU}\nsee Meny\npick Break`);
  assert.match(
    result.failure!,
    /^line 3: see Meny\nexpected: some page shows "Meny"\nthe screen:\n\+-+\+\n\|.*Menu/,
  );
  assert.match((await play(`${MENU}unseen Menu`)).failure!, /expected: no page shows "Menu"/);
});

test("an if is played where its text is seen, and passed over where not", async () => {
  await holds(
    "if see Who\npress ok\nif see Nothing\npick Break\nend\nsee Menu\nend\nif see Who\npick Break\nend",
  );
});

test("hold ok is silence and then the same key again and again, until it has worked", async () => {
  const { printed } = await holds(
    `${MENU}pick Hold\nhold ok\nsee Agreed after 16 presses\npress ok\nsee Menu`,
  );
  assert.equal(printed.match(/presses/g)!.length, 3);
});

test("hold back presses back for more than three seconds of the session's time", async () => {
  const result = await holds(`${MENU}hold back\nsee Menu`);
  assert.equal(result.wallMs - Date.UTC(2026, 0, 1, 12), 750 + 33 * 100);
});

test("time stands still except by clock, and passes tick by tick", async () => {
  await holds(`${MENU}
    pick Wait
    see 0 s, 2026-01-01T12:00:00.000Z
    clock +90m
    see 5400 s, 2026-01-01T13:30:00.000Z
    clock 2027-05-05T05:05Z
    clock +1s
    see 5401 s, 2027-05-05T05:05:01.000Z`);
});

test("idle waits for the lock, and the play goes on with fresh parts", async () => {
  const result = await holds(`${MENU}see Menu\nidle\nsee Who is there?`);
  assert.equal(result.starts, 2);
  assert.match((await play(`${MENU}pick Codes\nidle`)).failure!, /expected: the idle lock/);
});

test("a lock starts fresh parts, within the step that caused it", async () => {
  const result = await holds(`${MENU}pick Lock\nsee Who is there?\npress ok\npick Lock\nsee Who`);
  assert.equal(result.starts, 3);
});

test("a bug ends the play by name, and nothing starts after it", async () => {
  const result = await play(`${MENU}pick Break\nsee Who`);
  assert.match(result.failure!, /^line 2: pick Break\nexpected: that Firn goes on, but: /);
  assert.match(String(result.problem), /a secret/);
  assert.equal(result.starts, 1);
});

test("a program that locks before it waits is not started for ever", async () => {
  const result = await play("press ok", { main: async () => "locked" });
  assert.match(result.failure!, /locks as soon as it starts/);
  assert.equal(result.starts, 1);
});

test("what never rests is ended by name", async () => {
  const result = await play("press ok", { main: () => new Promise(() => undefined), patienceMs: 50 });
  assert.match(result.failure!, /nothing rested for 0.05 s/);
});

test("scans reach the program while the camera is wanted, and are passed over otherwise", async (t) => {
  const file = join(folder(t), "texts");
  writeFileSync(file, "part 1\n\npart 2\nthe wallet\nnever read\n");
  await holds(`${MENU}
    scan into the dark
    pick Scan
    see nothing yet
    scan part 7
    see 7 of 9
    scan-file ${file}
    see the wallet
    press ok
    pick Scan
    scan-hex 616263
    see abc`);
  assert.match((await play("scan-file /no/such")).failure!, /a file of texts at \/no\/such/);
  assert.match((await play("camera /no/such")).failure!, /pictures at \/no\/such/);
});

test("pictures are played to the camera in name order until enough was seen, through the eye itself", async (t) => {
  const at = folder(t);
  const picture = (name: string, text: string) =>
    writeFileSync(join(at, name), codePng({ texts: [text], version: 3, level: "L", mode: "byte" }, 0));
  writeFileSync(join(at, "1.pgm"), Buffer.concat([Buffer.from("P5 21 21 255\n"), Buffer.alloc(441, 255)]));
  picture("2.png", "hello");
  picture("10.png", "raw(c0ffee)");
  picture("11.png", "raw(bad0)");
  const real = { eye: undefined };
  await holds(`${MENU}pick Scan\ncamera ${at}/2.png\nsee transport.\ncamera ${at}\nsee raw(c0ffee)`, real);
  await holds(`camera ${at}\n${MENU}pick Scan\nsee nothing yet\nscan raw(00)\nsee raw(00)`, real);
  const blank = await play(`${MENU}pick Scan\ncamera ${at}/1.pgm loop`, real);
  assert.match(
    blank.failure!,
    /^line 3: camera .*\nexpected: the camera to have seen enough after 100 rounds/,
  );
});

test("codes writes every text and its picture, and nothing of an older loop stays", async (t) => {
  const out = join(folder(t), "a", "b");
  await holds(`${MENU}pick Codes\ncodes ${out}\nclock +1s\nsee code 2 of 3`);
  writeFileSync(join(out, "004.png"), "old");
  await holds(`${MENU}pick Codes\ncodes ${out}`);
  assert.deepEqual(readdirSync(out).sort(), ["001.png", "002.png", "003.png", "codes.txt"]);
  assert.equal(readFileSync(join(out, "codes.txt"), "utf8"), "ONE\nTWO\nTHREE\n");
  assert.equal(readFileSync(join(out, "001.png")).subarray(1, 4).toString(), "PNG");
  assert.match((await play("codes x")).failure!, /a code on this screen/);
});

test("shot writes the screen as text and as a picture, in the size that was asked for", async (t) => {
  const at = folder(t);
  await holds(`shot ${at}/a.txt\nshot ${at}/a.png`, { size: { columns: 40, rows: 15 } });
  const lines = readFileSync(join(at, "a.txt"), "utf8").trimEnd().split("\n");
  assert.match(lines[0]!, /Who is there\?/);
  assert.ok(lines.length <= 15 && lines.every((line) => line.length <= 40));
  assert.equal(readFileSync(join(at, "a.png")).readUInt32BE(16), 40 * 8);
});

test("a cut keeps what was synced, and the appliance starts again", async () => {
  const { disk, starts } = await holds(`${MENU}
    pick Save
    see 1 saved
    press ok
    pick Save
    see 2 saved
    cut
    see Who is there?
    press ok
    pick Save
    see 3 saved`);
  assert.equal(starts, 2);
  assert.deepEqual([...disk.keys()].sort(), ["book", "head"]);
});

test("cut N strikes after the Nth operation, wherever that falls", async () => {
  const whole = await holds(`${MENU}pick Save\nsee 1 saved`);
  const lines = (disk: ReadonlyMap<string, Uint8Array>) =>
    Buffer.from(disk.get("book") ?? [])
      .toString()
      .split("\n").length - 1;
  const kept: number[] = [];
  for (let cut = 1; cut <= whole.operations; cut++) {
    const result = await holds(`cut ${cut}\npress ok\npick Save\nsee Who is there?`);
    assert.equal(result.starts, 2);
    kept.push(lines(result.disk));
  }
  // append, sync, the folder's sync: the line is there. Then the head's four steps change nothing about it.
  assert.deepEqual(kept, [0, 0, 1, 1, 1, 1, 1]);
  const beyond = await holds(`cut ${whole.operations + 1}\npress ok\npick Save\nsee 1 saved`);
  assert.equal(beyond.starts, 1);
});

test("what the disk keeps at a cut can be chosen among all that it may keep", async () => {
  let most = 0;
  const result = await holds("cut 1\npress ok\npick Save\nsee Who", {
    keeps: (disk) => {
      const states = disk.states();
      most = states.length;
      return states.reduce((a, b) => ((b.get("book")?.length ?? 0) > (a.get("book")?.length ?? 0) ? b : a));
    },
  });
  assert.ok(most > 2);
  assert.equal(result.disk.get("book")!.length, 25);
});

test("entropy fixes chance from the first start on, differently after each start, and says so", async () => {
  const script = `entropy 00ff\nsee PRACTICE\npress ok\npick Draw\nsee Drawn\ncut\npress ok\npick Draw\nsee Drawn`;
  const drawn = async (text: string) => (await holds(text)).printed.match(/Drawn [0-9a-f]{8}/g)!;
  const first = await drawn(script);
  assert.deepEqual(await drawn(script), first);
  assert.notEqual(first[0], first.at(-1));
  assert.notDeepEqual(await drawn(script.replace("00ff", "00fe")), first);
  await holds(`${MENU}entropy 00ff\npick Lock\nsee PRACTICE`);
});

test("a cage that breaks the rules stops the play, and nothing starts after it", async () => {
  const broken: JoinEye = (firn, control) => {
    control.onMessage(() => firn.send({ t: "unread", reason: "no.such" }));
    return { close: () => firn.close() };
  };
  const result = await play(`${MENU}pick Scan\nscan anything`, { eye: broken });
  assert.match(result.failure!, /the eye ended: breach/);
  assert.equal(result.starts, 1);
});

test("hundreds of journeys are a matter of seconds", async () => {
  const begun = performance.now();
  for (let i = 0; i < 100; i++) await holds(`${MENU}pick Save\nsee 1 saved\ncut\nsee Who`);
  assert.ok(performance.now() - begun < 10_000);
});
