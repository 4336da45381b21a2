// Every screen of the settings, page by page, at 40×15 and 80×24. UPDATE=1 writes them anew; read the difference.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CHILD, DURESS, pins, SETTINGS, WIPE } from "./lock-stage.ts";
import { holds, homeOf } from "./stage.ts";

/** Each page of each screen is printed once: pages are turned one by one. */
const PAGES = "press down\n".repeat(4);

const WALK = `${SETTINGS}
  pick Change the PIN\n${pins("2718281828")}see Your PIN is changed\n${PAGES}press ok\nsee PIN
  type 27182\nsee This machine's words\ntype 81828\npress ok\npick Settings
  pick Duress PIN: not set\n${PAGES}press ok\n${pins(DURESS, "2718281828")}see Its key\n${CHILD}see The duress PIN is set\n${PAGES}press ok\nsee PIN
  type 2718281828\npress ok\npick Settings\npick Duress PIN: set\n${PAGES}press back
  pick Wipe PIN: not set\n${PAGES}press ok\n${pins(WIPE, "2718281828")}see The wipe PIN is set\n${PAGES}press ok\nsee PIN
  type 2718281828\npress ok\npick Settings\npick Wipe PIN: set\n${PAGES}press back
  pick Wrong PINs\npress back x3\npick Countdown\npress back\npick Wait after\npick 1 hour\npick Wait after\npick none\n${PAGES}press back
  pick Security keys\npick Add a security key\n${PAGES}press ok\ntype 2718281828\npress ok\nsee A name that tells\npress ok
  see Plug in\nplug blue\nsee Touch\ntouch\ntouch\nsee The security key is enrolled\n${PAGES}press ok\nsee PIN
  type 2718281828\npress ok\nsee Touch\ntouch\npick Settings\npick Security keys: 1\npick Security key 1\n${PAGES}press back\npress back
  pick Seal\n${PAGES}press ok\ntype 2718281828\npress ok\nsee Your keys are sealed\n${PAGES}press ok\nsee PIN`;

/** Screens of other flows have goldens of their own. */
const OTHERS = /^\+-+\+\n\| (Firn|Your key|Your limits|Deriving keys|Checking the PIN|Sealing) /;

/** What was shown, without the steps; a screen that comes again is left out. */
function screensOf(printed: string): string {
  const frames = printed.match(/^\+-+\+\n(?:\|.*\|\n)+\+-+\+$/gm)!;
  return `${[...new Set(frames)].filter((frame) => !OTHERS.test(frame)).join("\n")}\n`;
}

for (const size of [
  { columns: 40, rows: 15 },
  { columns: 80, rows: 24 },
])
  test(`the screens of the settings look as they did at ${size.columns}×${size.rows}, and cut nothing`, async () => {
    const { printed } = await holds(WALK, { disk: await homeOf(), size });
    const text = screensOf(printed);
    assert.doesNotMatch(text, /… more/);
    const file = join(import.meta.dirname, `../screens/settings-${size.columns}x${size.rows}.txt`);
    if (process.env.UPDATE || !existsSync(file)) writeFileSync(file, text);
    assert.equal(text, readFileSync(file, "utf8"));
  });
