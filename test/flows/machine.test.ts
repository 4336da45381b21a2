// The machine itself, from its owner's side: what was found is shown, keys stay shut where something can be sent, and
// it can be switched off.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Main } from "../../device/host/program.ts";
import { main } from "../../src/main.ts";
import type { Fact } from "../../src/ports.ts";
import { psbt, purse } from "../bitcoin/build.ts";
import { type Board, board, IMAGE, NETWORK_UP, WELL, withFacts } from "./board-stage.ts";
import { machine as sealed } from "./lock-stage.ts";
import { holds, homeOf, journalOf, PIN, play, psbtTexts, script, UNLOCK, WORDS } from "./stage.ts";

const set = { PSBT: psbtTexts(psbt(purse("p2wpkh")), "base64")[0]! };
const SIGN = `${UNLOCK}pick Sign\nscan $PSBT\npage\nsee Sign?\nhold ok\n`;
const SHUT = "see This machine is not known to be without a network\nsee machine.network\n";

async function kinds(disk: ReadonlyMap<string, Uint8Array>): Promise<readonly string[]> {
  return (await journalOf(disk)).map(({ kind }) => kind);
}

test("the start screen says version and image in short, and back from it shows all that was found, before any PIN", async () => {
  const made = board();
  const short = "see Firn 1.2.3 image 1d0a5b6c...66778899\nsee root 8f14e45f...6c7d8e9f\n";
  const pages = `see Raspberry Pi Zero 2 W\nsee ${IMAGE.rootHash}\nsee ${IMAGE.imageId}\nsee only lo\nsee not known: not looked at\n`;
  const look = `press back\nsee This machine\npick What was found\n${pages}page\npress ok\nsee Turn off\npress back\n`;
  await holds(`see Welcome\n${short}${look}see Welcome\npress ok\nsee Network`, { main: made.main });
  const { disk } = await holds(`see Unlock\n${short}${look}${UNLOCK}`, {
    disk: await homeOf(),
    main: made.main,
  });
  assert.ok((await kinds(disk)).includes("unlocked"));
});

test("at 40 by 15 the start screen shows them too, and after a wrong PIN the words of that", async () => {
  const wrong = `${[...PIN].toReversed().join("")}`;
  const { printed } = await holds(
    `see root 8f14e45f\ntype ${wrong}\npress ok\nsee vault.wrong-pin\npage\npress ok\nsee One try without\nsee image`,
    {
      ...{ disk: await homeOf(), main: board().main, size: { columns: 40, rows: 15 } },
    },
  );
  assert.ok(!printed.includes("… more"), printed);
});

test("in the settings the same page; where the machine says nothing of itself there is none, and no back from the PIN", async () => {
  const disk = await homeOf();
  const inside = `${UNLOCK}pick Settings\npick This machine\nsee Raspberry Pi\nsee only lo\npage\npress ok\nsee Settings`;
  await holds(inside, { disk, main: board().main });
  await holds(`see Unlock\npress back\nsee Unlock\n${UNLOCK}pick Settings\nunseen This machine`, { disk });
});

const REFUSED: readonly (readonly [string, Fact, string])[] = [
  ["an interface that is up", NETWORK_UP, "machine.network"],
  [
    "wireless that could not be looked at",
    { about: "network", label: "Wireless", found: "EACCES", state: "unknown" },
    "machine.network",
  ],
  [
    "a root that is not verified",
    { about: "root", label: "Root", found: "no dm-verity", state: "open" },
    "machine.root",
  ],
  [
    "a root that could not be looked at",
    { about: "root", label: "Root", found: "nothing is known", state: "unknown" },
    "machine.root",
  ],
];

for (const [what, finding, reason] of REFUSED)
  test(`with ${what} no PIN is asked for and no set-up is begun; every look again says so until it is gone`, async () => {
    const made = board(withFacts(WELL, finding));
    const shut = `see ${reason}\nsee ${finding.found}\nsee What was found\npage\npress ok\nsee Keys stay shut\n`;
    const again = `${shut}unseen PIN\npick Look again\n`;
    for (const disk of [await homeOf(), new Map()]) {
      const result = await holds(`${again}${again}${again}see ${reason}`, { disk, main: made.main });
      assert.ok(!/Unlock|Welcome|Choose a PIN/.test(result.printed));
      assert.equal(result.operations, 0, "nothing was written");
    }
    const mended = board(withFacts(WELL, finding));
    mended.onLook = ({ looked }) => {
      if (looked > 1) mended.facts = WELL;
    };
    await holds(`${again}${UNLOCK}`, { disk: await homeOf(), main: mended.main });
  });

test("network and root are both named; what is wrong with a part or a process keeps nothing shut, and is said", async () => {
  const both = withFacts(WELL, NETWORK_UP, { about: "root", label: "Root", found: "bare", state: "open" });
  await holds("see machine.network machine.root\nsee lo, eth0; Root: bare", { main: board(both).main });
  const process: Fact = { about: "process", label: "System calls", found: "no filter", state: "open" };
  const page =
    "press back\npick What was found\nsee not as it must be: no filter\npage\npress ok\npress back\n";
  await holds(`see Not all is as it must be\n${page}${UNLOCK}`, {
    ...{ disk: await homeOf(), main: board(withFacts(WELL, process)).main },
  });
});

test("where nobody looked at the network, or at the root of an image, keys stay shut; without an image the root is not asked for", async () => {
  const disk = await homeOf();
  const only = (about: Fact["about"]) => WELL.findings.filter((one) => one.about !== about);
  const unlooked = board({ ...WELL, findings: only("network") });
  await holds("see machine.network\nsee nothing is known of the network", { disk, main: unlooked.main });
  await holds("see machine.root", { disk, main: board({ ...WELL, findings: only("root") }).main });
  const { image: _, ...installed } = WELL;
  const made = board({ ...installed, findings: only("root") });
  await holds(`see Firn 1.2.3\nunseen image\n${UNLOCK}`, { disk, main: made.main });
});

test("a board that says nothing of itself opens no keys", async () => {
  const mute: Main = (ports) => main({ ...ports, machine: { kind: "board", practice: false, version: "1" } });
  await holds("see machine.network\nsee nothing is known of this machine", {
    disk: await homeOf(),
    main: mute,
  });
});

/** Becomes open at the so-manieth look. */
function opening(at: number): Board {
  const made = board();
  made.onLook = (now) => {
    if (now.looked === at) now.facts = withFacts(WELL, NETWORK_UP);
  };
  return made;
}

test("a network that comes while the PIN is typed is seen before the PIN is tried, and no try is counted", async () => {
  const made = opening(2);
  const half = PIN.slice(0, 3);
  const { disk, printed } = await holds(`see Unlock\ntype ${half}\n${SHUT}`, {
    ...{ disk: await homeOf(), main: made.main },
  });
  assert.ok(!printed.includes("This machine's words"));
  await holds(`unseen tries\nunseen One try\n${UNLOCK}`, { disk });
  // Between the halves the try is counted already, and nothing opens all the same: no PIN is asked for any more.
  await holds(`see Unlock\ntype ${PIN}\npress ok\n${SHUT}page\npress ok\nsee Keys stay shut`, {
    ...{ disk, main: opening(3).main },
  });
});

test("a network that comes while a payment is read is seen right before the signature: none is made, a line says so, and it locks", async () => {
  const counting = board();
  const usual = await holds(`${SIGN}see Signed`, { disk: await homeOf(), main: counting.main, set });
  assert.equal((await kinds(usual.disk)).filter((kind) => kind === "signed").length, 1);
  const made = opening(counting.looked);
  const { disk, starts } = await holds(`${SIGN}${SHUT}page\npress ok\n${SHUT}`, {
    ...{ disk: await homeOf(), main: made.main, set },
  });
  assert.equal(starts, 2);
  const lines = await journalOf(disk);
  assert.ok(!lines.some(({ kind }) => kind === "spent" || kind === "signed"));
  const refused = lines.find((line) => line.kind === "refused");
  assert.ok(refused?.kind === "refused" && refused.reasons.includes("machine.network"));
});

test("a network that comes while a set-up is under way is seen before any key is entered", async () => {
  const begun = `see Welcome\npress ok\npick regtest\ntype ${PIN}\npress ok\ntype ${PIN}\npress ok\n`;
  const { disk } = await holds(`${begun}${SHUT}page\npress ok\n${SHUT}`, { main: opening(2).main });
  assert.deepEqual([...disk.keys()], []);
  await holds(script("setup"), { set: { PIN, WORDS, NETWORK: "regtest" }, main: board().main });
});

test("back held for three seconds freezes a home also while its keys stay shut", async () => {
  const made = board(withFacts(WELL, NETWORK_UP));
  const { disk } = await holds(`${SHUT}hold back\n${SHUT}`, { disk: await homeOf(), main: made.main });
  await holds("see Frozen", { disk });
  // Where there is no home there is nothing to freeze.
  const none = await holds(`${SHUT}hold back\n${SHUT}`, { main: made.main });
  assert.deepEqual([...none.disk.keys()], []);
});

test("the rest of a wipe is done on a machine with a network too", async () => {
  const disk = new Map((await homeOf()).entries());
  disk.set("home", new TextEncoder().encode("FIRNWIPE"));
  const result = await holds(SHUT, { disk, main: board(withFacts(WELL, NETWORK_UP)).main });
  assert.deepEqual([...result.disk.keys()], []);
});

// ---------------------------------------------------------------- off

test("from home the machine is switched off: the journal has its line before, and seals are at rest", async () => {
  const made = board();
  const seal = sealed("file", 7);
  // The machine is off: nothing rests any more.
  const result = await play(`${UNLOCK}pick Turn off\nsee never`, {
    ...{ disk: await homeOf(), main: made.main, seals: [seal.seal], patienceMs: 1500 },
  });
  assert.match(result.failure!, /nothing rested/);
  assert.match(result.screen, /Everything is written\. Pull the plug when the screen is dark/);
  assert.equal(made.switchedOff, 1);
  assert.equal(seal.calls.at(-1), "rest");
  const last = (await journalOf(result.disk, PIN, [seal.seal])).at(-1)!;
  assert.ok(last.kind === "locked" && last.why === "off");
});

test("before any PIN it is switched off as well: from the lock screen, the first screen, and where keys stay shut", async () => {
  const off = "pick Turn off\nsee never";
  for (const [steps, disk, facts] of [
    [`see Unlock\npress back\n${off}`, await homeOf(), WELL],
    [`see Welcome\npress back\n${off}`, new Map(), WELL],
    [`see machine.network\npage\npress ok\n${off}`, await homeOf(), withFacts(WELL, NETWORK_UP)],
  ] as const) {
    const made = board(facts);
    const seal = sealed("file", 7);
    const options = { disk, main: made.main, seals: [seal.seal], patienceMs: 1000 };
    const result = await play(steps, options);
    assert.equal(seal.calls.at(-1), "rest");
    assert.deepEqual([made.switchedOff, /nothing rested/.test(result.failure!)], [1, true], result.failure);
  }
});

test("a machine that does not switch off says that all is written, and asks for the PIN again", async () => {
  const made = board(WELL, "fails");
  const { starts } = await holds(`${UNLOCK}pick Turn off\nsee power.failed\npage\npress ok\nsee Unlock`, {
    ...{ disk: await homeOf(), main: made.main },
  });
  assert.deepEqual([starts, made.switchedOff], [2, 1]);
});

test("where there is no switch nothing offers one", async () => {
  const disk = await homeOf();
  await holds(`${UNLOCK}unseen Turn off`, { disk });
  await holds("see Unlock\npress back\nunseen Turn off", { disk, main: board(WELL, "none").main });
});
