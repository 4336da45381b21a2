// One golden a page, plain text, at 40×15 and 80×24. UPDATE=1 writes them anew; read the difference.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { plainText } from "../device/glass/plain.ts";
import type { Event, Size } from "../src/model.ts";
import { review } from "../src/screens/review.ts";
import type { Screen } from "../src/screens/screen.ts";
import { BACKUP_SCREENS } from "./screens/backups.ts";
import { BSMS_SCREENS } from "./screens/bsms.ts";
import { COSIGNER_SCREENS } from "./screens/cosigners.ts";
import { ETHEREUM_SCREENS } from "./screens/ethereum.ts";
import { ETHEREUM_ACCOUNT_SCREENS } from "./screens/ethereum-accounts.ts";
import { MESSAGE_SCREENS } from "./screens/messages.ts";
import { PEOPLE_SCREENS } from "./screens/people.ts";
import { REVIEW, SCREENS } from "./screens/pictures.ts";
import { POLICY_SCREENS } from "./screens/policy.ts";
import { SAFE_SCREENS } from "./screens/safes.ts";
import { WALLET_LIFE_SCREENS } from "./screens/wallet-life.ts";
import { WALLET_SCREENS } from "./screens/wallets.ts";

const SIZES: readonly Size[] = [
  { columns: 40, rows: 15 },
  { columns: 80, rows: 24 },
];
const DOWN: Event = { kind: "press", button: "down" };

/** Every page of the screen as text, from the first to the last. */
function allPages(screen: Screen<unknown>, size: Size): string[] {
  const out: string[] = [];
  let now = screen;
  for (;;) {
    const picture = now.draw(size);
    out.push(plainText({ ...picture, banner: "TESTNET4" }, size));
    if (!picture.page || picture.page.index === picture.page.count - 1) return out;
    now = now.on(DOWN, size) as Screen<unknown>;
  }
}

for (const [name, screen] of Object.entries({
  ...SCREENS,
  ...BACKUP_SCREENS,
  ...BSMS_SCREENS,
  ...COSIGNER_SCREENS,
  ...ETHEREUM_ACCOUNT_SCREENS,
  ...ETHEREUM_SCREENS,
  ...MESSAGE_SCREENS,
  ...PEOPLE_SCREENS,
  ...POLICY_SCREENS,
  ...SAFE_SCREENS,
  ...WALLET_SCREENS,
  ...WALLET_LIFE_SCREENS,
})) {
  for (const size of SIZES) {
    const label = `${name}-${size.columns}x${size.rows}`;
    test(`the screen "${name}" looks as it did at ${size.columns}×${size.rows}, and cuts nothing`, () => {
      const pages = allPages(screen, size);
      for (const page of pages) assert.ok(!page.includes("… more"), `something was cut:\n${page}`);
      const text = `${pages.join(`\n${"=".repeat(size.columns)}\n`)}\n`;
      const file = join(import.meta.dirname, "screens", `${label}.txt`);
      if (process.env.UPDATE || !existsSync(file)) writeFileSync(file, text);
      assert.equal(text, readFileSync(file, "utf8"));
    });
  }
}

test("what goes to a wallet that others share is sent, on the first page and on the last, as the policy counts it", () => {
  const size = { columns: 80, rows: 24 };
  const change = REVIEW.outputs[2]!;
  const outputs = [{ ...change, owner: "own" as const, wallet: "Ours and theirs", shared: true as const }];
  const facts = { ...REVIEW, warnings: [], outputs, leavesSats: 12_002_340n, staysSats: 0n };
  const verdict = { txid: facts.txid, outcome: "allow" as const, rules: [] };
  const all = allPages(
    review(facts, verdict, {
      makes: { signatures: 1, nonces: 0, parts: 0 },
      fingerprint: "73c5da0a",
      reasons: "shown",
    }),
    size,
  );
  assert.match(all[0]!, /You send[\s\S]*To 1 destination\s+0\.12000000 BTC/);
  assert.match(all.at(-1)!, /Sends, and fee\s+0\.12000000 BTC/);
  const own = { ...facts, outputs: [change], leavesSats: 2_340n, staysSats: 12_000_000n };
  const moved = allPages(
    review(own, verdict, {
      makes: { signatures: 1, nonces: 0, parts: 0 },
      fingerprint: "73c5da0a",
      reasons: "shown",
    }),
    size,
  );
  assert.match(moved[0]!, /You move money to yourself[\s\S]*To others, beside the fee\s+0\.00000000 BTC/);
});

test("every fact of a review is on some page, at both sizes", () => {
  for (const size of SIZES) {
    const text = allPages(SCREENS.review!, size).join("\n").replace(/\s+/g, "");
    for (const fact of [
      "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
      "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
      "6a0548656c6c6f",
      "0.10000000BTC",
      "10000000sats",
      "0.00002340BTC",
      "12.3sat/vB",
      "f4184fc596403b9d638783cf57adfe4c75c605f6356fbc91338530e9831e9e16:17",
      "onlyafterblock900000",
      "needs2of3",
      "73c5da0a",
    ])
      assert.ok(text.includes(fact), `${fact} is missing at ${size.columns}×${size.rows}`);
  }
});
