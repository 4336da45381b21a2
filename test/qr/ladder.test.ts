import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  afterFirst,
  afterSecond,
  aloneLook,
  creditMs,
  NO_EFFORT,
  secondLook,
  wantsInverted,
  wholeLadder,
} from "../../src/qr/ladder.ts";

test("a picture file climbs zxing plain, zxing inverted, jsqr plain, jsqr on the mean", () => {
  assert.deepEqual(
    wholeLadder(true).map(({ decoder, look }) => `${decoder} ${look}`),
    ["zxing plain", "zxing inverted", "jsqr plain", "jsqr mean"],
  );
  assert.deepEqual(
    wholeLadder(false).map(({ decoder, look }) => `${decoder} ${look}`),
    ["jsqr plain", "jsqr mean", "jsqr inverted"],
  );
});

test("every fourth miss, and no other, is seen inverted", () => {
  let effort = NO_EFFORT;
  const seen: number[] = [];
  for (let frame = 1; frame <= 12; frame++) {
    effort = afterFirst(effort, "plain", 2, false);
    if (!wantsInverted(effort)) continue;
    seen.push(frame);
    effort = afterFirst(effort, "inverted", 2, false);
  }
  assert.deepEqual(seen, [4, 8, 12]);
  assert.equal(wantsInverted(afterFirst(effort, "plain", 2, true)), false);
});

test("jsqr looks at the plain frame and at the mean in turn", () => {
  let effort = afterFirst(NO_EFFORT, "plain", 10_000, false);
  const looks: unknown[] = [];
  for (let i = 0; i < 4; i++) {
    looks.push(secondLook(effort));
    effort = afterSecond(effort, 10);
  }
  assert.deepEqual(looks, ["plain", "mean", "plain", "mean"]);
});

test("jsqr alone sees every third kind of look within four misses", () => {
  let effort = NO_EFFORT;
  const looks: string[] = [];
  for (let i = 0; i < 4; i++) {
    looks.push(aloneLook(effort));
    effort = afterFirst(effort, "plain", 10, false);
  }
  assert.deepEqual(looks, ["plain", "mean", "plain", "inverted"]);
});

test("whatever the frames are, jsqr never uses more than 30 % of what zxing has used", () => {
  const frame = fc.record({ firstMs: fc.double({ min: 0.1, max: 50, noNaN: true }), read: fc.boolean() });
  const wish = fc.double({ min: 0, max: 5000, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(frame, wish), { maxLength: 300 }), (frames) => {
      let effort = NO_EFFORT;
      let secondMs = 0;
      let zxingMs = 0;
      for (const [{ firstMs, read }, wishMs] of frames) {
        effort = afterFirst(effort, "plain", firstMs, read);
        zxingMs += firstMs;
        if (read) continue;
        if (wantsInverted(effort)) {
          effort = afterFirst(effort, "inverted", firstMs, false);
          zxingMs += firstMs;
        }
        if (!secondLook(effort)) continue;
        // It is killed when its credit is used up.
        const usedMs = Math.min(wishMs, creditMs(effort));
        effort = afterSecond(effort, usedMs);
        secondMs += usedMs;
        assert.ok(secondMs <= 0.3 * zxingMs + 1e-9);
      }
    }),
  );
});

test("what jsqr may use is 30 % of zxing's plain looks, to the millisecond, less what was used beside them", () => {
  const seen = afterFirst(NO_EFFORT, "plain", 1000, true);
  assert.equal(creditMs(seen), 300);
  assert.equal(creditMs(afterFirst(seen, "inverted", 40, false)), 260);
  assert.equal(creditMs(afterSecond(seen, 250)), 50);
  assert.equal(creditMs(afterSecond(seen, 900)), 0);
});

test("over frames that are all missed jsqr does get its turn", () => {
  let effort = NO_EFFORT;
  for (let i = 0; i < 400; i++) effort = afterFirst(effort, "plain", 2, false);
  assert.equal(secondLook(effort), "plain");
});
