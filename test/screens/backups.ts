// The screens of a key's backups in states worth looking at, for the goldens.

import { wordBlocks } from "../../src/screens/backup.ts";
import { healthSheets } from "../../src/screens/health.ts";
import { pages } from "../../src/screens/pages.ts";
import type { Screen } from "../../src/screens/screen.ts";
import { seedGrid } from "../../src/screens/seed-grid.ts";

const DAY = 86_400_000;
const MADE = Date.UTC(2026, 2, 1);
const CLOSE = { label: "close", answer: "seen" } as const;
const SEAL =
  "They are sealed by a file beside them, the weakest seal: whoever copies all of this home needs only the PIN.";
const ABOUT = { network: "mainnet", seal: SEAL, counter: false, securityKeys: 0 } as const;
const KEY = { fingerprint: "73c5da0a", name: "Family savings", madeMs: MADE, origin: "born" } as const;

const share = (number: number, rehearsedMs?: number) => ({
  name: `set 25653, group 1, share ${number}`,
  ...(rehearsedMs === undefined ? {} : { rehearsedMs }),
});
const BACKUPS = [
  { form: "words", madeMs: MADE + 3 * DAY, rehearsedMs: MADE },
  {
    form: "slip39",
    madeMs: MADE,
    rehearsedMs: MADE + DAY,
    shares: { needed: 2, each: [share(1, MADE + DAY), share(2), share(3, MADE + DAY)] },
  },
  { form: "kef", madeMs: MADE + 2 * DAY },
] as const;

const LOOP = { texts: ["0".repeat(48)], version: 2, level: "L", mode: "numeric" } as const;
const GRID = { title: "SeedQR", caption: "Whoever scans this has it.", loop: LOOP };
const WORDS = Array.from({ length: 20 }, (_, i) => ["academic", "acid", "acne", "acquire"][i % 4]!);

export const BACKUP_SCREENS: Record<string, Screen<unknown>> = {
  health: pages<"seen">({
    sheets: healthSheets({ ...ABOUT, record: { ...KEY, backups: BACKUPS }, rehearsed: true }),
    ok: CLOSE,
    back: CLOSE,
  }),
  "health-lost": pages<"seen">({
    sheets: healthSheets({
      ...ABOUT,
      counter: true,
      securityKeys: 2,
      record: { ...KEY, madeMs: 0, backups: [BACKUPS[2]] },
      rehearsed: false,
    }),
    ok: CLOSE,
    back: CLOSE,
  }),
  "seed-grid": seedGrid(GRID),
  "seed-grid-zone": seedGrid(GRID, { row: 3, column: 4 }),
  share: pages<"seen">({
    sheets: [
      { title: "Share 2 of 5", blocks: [{ kind: "text", text: share(2).name }, ...wordBlocks(WORDS)] },
    ],
    ok: { label: "I have it: next", answer: "seen" },
    back: { label: "more", answer: "seen" },
  }),
};
