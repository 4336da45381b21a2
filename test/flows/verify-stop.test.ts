// The search for an address far past the first thousand is stopped by back, at once, and nothing is said of it then.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Session } from "../../src/flows/session.ts";
import { verify } from "../../src/flows/wallets/verify.ts";
import { LIMITS } from "../../src/limits.ts";
import type { Event, Picture } from "../../src/model.ts";
import type { Ports } from "../../src/ports.ts";
import { openDesk } from "../../src/ui.ts";
import { curve, purse } from "../bitcoin/build.ts";

const OK: Event = { kind: "press", button: "ok" };
const BACK: Event = { kind: "press", button: "back" };

test("back stops the far search, and the address is still not found", async () => {
  const own = purse("p2wpkh");
  let furthest = 0;
  const template = {
    ...own.template,
    derive(branch: number, index: number) {
      furthest = Math.max(furthest, index);
      return own.template.derive(branch, index);
    },
  };
  const foreign: Event = {
    kind: "message",
    message: { kind: "address", dialect: "plain", text: "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080" },
  };
  const coming = [OK, foreign, OK, BACK];
  const titles: string[] = [];
  let sinceSearch = 0;
  const panel = {
    size: () => ({ columns: 80, rows: 24 }),
    show: ({ title }: Picture) => void (titles.at(-1) === title || titles.push(title)),
    next: async () => coming.shift() ?? assert.fail(`something is waited for: ${titles.at(-1)}`),
    // Nobody presses anything until the far search has shown its progress a few times.
    poll: () => (titles.at(-1)?.startsWith("Searching") && ++sinceSearch === 5 ? BACK : undefined),
  };
  let ms = 0;
  const clock = { monotonicMs: () => (ms += 40), wallMs: () => 0, breathe: async () => undefined };
  const desk = openDesk({ panel, clock, machine: { practice: false } } as unknown as Ports);
  const session = {
    ...{ network: "regtest", curve, check: curve, templates: [template], wallets: [own.wallet] },
    ...{ state: { wallets: [] }, key: { fingerprint: "" } },
  } as unknown as Session;

  await verify(desk, session);

  assert.deepEqual(
    titles.filter((title) => title !== "Deriving addresses"),
    ["Verify an address", "Not found", "Searching up to index 100,000", "Not found"],
  );
  assert.deepEqual(coming, []);
  assert.ok(furthest > LIMITS.searchedAddresses && furthest < LIMITS.searchedAddresses + 200, `${furthest}`);
});
