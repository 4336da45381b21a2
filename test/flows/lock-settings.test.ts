// The settings: what needs the stronger gesture, what needs the PIN, and what a card that fails leaves.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Operations } from "../../device/disk/operations.ts";
import { readHome, type Settings } from "../../src/keys/index.ts";
import { Refusal } from "../../src/refusal.ts";
import { card, chosen, PIN, pins, SETTINGS } from "./lock-stage.ts";
import { holds, homeOf, journalOf, UNLOCK } from "./stage.ts";

const settingsOf = (disk: ReadonlyMap<string, Uint8Array>): Settings => readHome(disk.get("home")!).settings;

const CHOICES: readonly {
  readonly what: string;
  readonly stronger: string;
  readonly weaker: string;
  readonly value: (settings: Settings) => unknown;
}[] = [
  {
    what: "how many wrong PINs wipe",
    stronger: "pick Wrong PINs\npress back x2\ntype 5\npress ok\n",
    weaker: "pick Wrong PINs\npress back\ntype 14\npress ok\n",
    value: ({ wipeAfter }) => wipeAfter,
  },
  {
    what: "the countdown",
    stronger: "pick Countdown\npick 1 hour\n",
    weaker: "pick Countdown\npick 15 minutes\n",
    value: ({ countdownS }) => countdownS,
  },
  {
    what: "the wait after a freeze",
    stronger: "pick Wait after\npick 3 days\n",
    weaker: "pick Wait after\npick 1 day\n",
    value: ({ freezeS }) => freezeS,
  },
  {
    what: "the order of the digits",
    stronger: "pick Shuffled\n",
    weaker: "pick Shuffled\n",
    value: ({ shuffled }) => shuffled,
  },
];

const WEAKER = "see A weaker lock?\npress ok\nhold ok\nsee Hold back and ok together\n";

for (const { what, stronger, weaker, value } of CHOICES)
  test(`${what}: a stronger lock is taken at once, a weaker one only with the gesture that no payment asks for`, async () => {
    const first = settingsOf(await homeOf());
    const strong = await chosen(`${stronger}see Settings`);
    assert.notDeepEqual(value(settingsOf(strong)), value(first));
    const again = { disk: strong };
    const settings = SETTINGS.replace("see Sign", "if see countdown\nclock +1h\nend\nsee Sign");
    // A hold of ok does nothing; a press of back leaves it as it was.
    const left = await holds(
      `${settings}${weaker}${WEAKER}clock +1s\npress back\nclock +1s\nsee Settings`,
      again,
    );
    assert.deepEqual(settingsOf(left.disk), settingsOf(strong));
    const held = await holds(`${settings}${weaker}${WEAKER}hold both\nsee Settings`, again);
    assert.notDeepEqual(value(settingsOf(held.disk)), value(settingsOf(strong)));
    const changes = (await journalOf(held.disk)).filter(({ kind }) => kind === "lock-changed");
    assert.deepEqual(
      changes.map((entry) => entry.kind === "lock-changed" && entry.what),
      ["settings", "settings"],
    );
  });

test("at a keyboard the word that is shown is typed instead of the gesture, and it is another one each time", async () => {
  const words = new Set<string>();
  for (const chance of ["00", "01", "02"]) {
    const steps = `entropy ${chance}\n${SETTINGS}pick Words after\npress ok\nsee or type this word`;
    const shown = await holds(steps, { disk: await homeOf() });
    const word = /type this word: ([a-z]+)/.exec(shown.screen.replaceAll(/[|\s]+/g, " "))![1]!;
    words.add(word);
    await holds(
      `${steps}\ntype x${word}\nsee or type this word\npress back\nclock +1s\nsee half of the PIN: yes`,
      {
        disk: await homeOf(),
      },
    );
    await holds(`${steps}\ntype ${word}\nsee Words after half of the PIN: no`, { disk: await homeOf() });
  }
  assert.ok(words.size > 1);
});

test("PIN, duress PIN, wipe PIN, a security key, the words and the seal are changed with the present PIN only", async () => {
  const paths = [
    "pick Change the PIN\n",
    "pick Duress PIN\npage\npress ok\n",
    "pick Wipe PIN\npage\npress ok\n",
    "pick Security keys\npick Add\npage\npress ok\n",
    "pick Words after\npress ok\nhold both\nsee PIN: no\npick Words after\n",
    "pick Seal\npage\npress ok\n",
  ];
  for (const path of paths) {
    const disk = await homeOf();
    const wrong = `see Your present PIN\ntype 111111\npress ok\nsee vault.wrong-pin\nsee 9 more wrong PINs\npress ok\nsee `;
    const { starts } = await holds(
      `${SETTINGS}${path}${wrong}Set`.replace(/Set$/, /Security/.test(path) ? "S" : "Settings"),
      { disk },
    );
    assert.equal(starts, 1);
    await holds(`${SETTINGS}${path}see Your present PIN\npress back\nsee S`, { disk });
    // After the right one all starts afresh, whatever comes of it.
    if (/Words|Seal/.test(path)) continue;
    await holds(
      `${SETTINGS}${path}type ${PIN}\npress ok\nunseen present PIN\npress back\nif see erase\npress back x20\nend\nsee Unlock`,
      { disk },
    );
  }
});

test("a change that the card does not take is said, all starts afresh, and the lock is as it was", async () => {
  for (const [steps, name] of [
    ["pick Shuffled\n", "settings"],
    [`pick Change the PIN\n${pins("2718281828")}`, "pin"],
    [`pick Wipe PIN\npage\npress ok\n${pins("2718281828")}`, "wipe-pin"],
  ] as const) {
    let unlocked = false;
    const write = (real: Operations): Partial<Operations> => ({
      async write(blob, bytes) {
        if (unlocked && blob.startsWith("home")) throw new Refusal("store.failed", "EIO");
        unlocked ||= blob.startsWith("home");
        return real.write(blob, bytes);
      },
    });
    const disk = await homeOf();
    const failed = await holds(`${SETTINGS}${steps}see store.failed\npress ok\nsee PIN`, {
      disk,
      card: card(write),
    });
    assert.equal(failed.starts, 2, name);
    assert.deepEqual(settingsOf(failed.disk), settingsOf(disk));
    await holds(UNLOCK, { disk: failed.disk });
  }
});
