// A broken eye against the whole journey: it may propose, and nothing more.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { JoinEye } from "../../device/sim/single.ts";
import type { FromEye, ToEye } from "../../device/wire/lines.ts";
import { CageEnded } from "../../device/wire/panel.ts";
import { psbt, purse, request, signed } from "../bitcoin/build.ts";
import { holds, homeOf, journalOf, play, replyIn, UNLOCK } from "../flows/stage.ts";

const AT = mkdtempSync(join(tmpdir(), "firn-eye-"));
after(() => rmSync(AT, { recursive: true, force: true }));

const own = purse("p2wpkh");
const asked = psbt(own);
const evil = psbt(own, { outputs: [{ foreign: 666, amountSats: 99_000n }] });
const message = (bytes: Uint8Array): FromEye => ({
  t: "message",
  message: { kind: "psbt", dialect: "base64", bytes },
});

/** An eye that says, whenever the launcher shows it something, what a test wrote; between lines it lets Firn work. */
function lying(says: (count: number) => AsyncIterable<FromEye> | Iterable<FromEye>): JoinEye {
  return (firn, control) => {
    let sent = 0;
    let shown = 0;
    firn.onMessage((_: ToEye) => undefined);
    control.onMessage(async () => {
      for await (const line of says(shown++)) {
        sent++;
        firn.send(line);
      }
      control.send({ t: "answered", sent });
    });
    return { close: () => firn.close() };
  };
}

/** First the good transaction, then so many turns of Firn's work, then what comes besides. */
function first(turns: number, ...then: FromEye[]): JoinEye {
  return lying(async function* () {
    yield message(asked);
    for (let i = 0; i < turns; i++) await turn();
    yield* then;
  });
}

test("a second transaction sent at any moment after the first is neither shown nor signed", async () => {
  const evilTxid = request(own, evil).spend.txid;
  for (const turns of [0, 1, 2, 3, 5, 8, 15, 40]) {
    const OUT = join(AT, `out-${turns}`);
    const { disk } = await holds(
      `${UNLOCK}pick Sign\nscan anything\nsee Output 2 of 2\nsee Comes back as change\npage\nhold ok
       see Signed\ncodes $OUT\npress ok\nsee Sign a transaction\nunseen You send`,
      { eye: first(turns, message(evil), message(evil)), disk: await homeOf(), set: { OUT } },
    );
    assert.deepEqual(replyIn(OUT).bytes, (await signed(own, asked)).whole.bytes);
    const spends = (await journalOf(disk)).filter((entry) => entry.kind === "spent");
    assert.ok(spends.length === 1 && spends.every(({ txid }) => txid !== evilTxid));
  }
});

test("what it sent for one screen is not there for the next: the camera starts with nothing", async () => {
  await holds(
    `${UNLOCK}pick Sign\nscan anything\nsee You send\npress back\npress ok\nsee Sign a transaction
     pick Sign\nsee camera\nunseen You send\npress back\npick Wallets\npick Register\nsee camera\nunseen Name`,
    { eye: first(20, message(evil), { t: "unread", reason: "transport.mixed" }), disk: await homeOf() },
  );
});

test("a kind that was not asked for is not heard, whatever it is", async () => {
  const entropy = new Uint8Array(16).fill(7);
  const kinds: FromEye[] = [
    { t: "message", message: { kind: "seed", seed: { form: "compact", entropy } } },
    { t: "message", message: { kind: "wallet", dialect: "plain", text: own.wallet.descriptor } },
  ];
  const eye = lying(() => kinds);
  await holds(`${UNLOCK}pick Sign\nscan anything\nsee camera\nunseen Name`, { eye, disk: await homeOf() });
});

test("floods of progress, refusals and previews change no decision and end no session", async () => {
  const luma = new Uint8Array(160 * 120).fill(9);
  const eye = lying(function* () {
    for (let i = 0; i < 1000; i++) {
      yield { t: "progress", dialect: "ur", have: i % 7, total: 7, map: "#......" };
      yield { t: "unread", reason: "transport.damaged" };
      if (i % 10 === 0) yield { t: "preview", width: 160, height: 120, luma };
    }
    yield message(asked);
  });
  await holds(`${UNLOCK}pick Sign\nscan anything\nsee You send\npage\nsee Sign?`, {
    eye,
    disk: await homeOf(),
  });
});

test("four MiB that begin like a transaction are refused by name", async () => {
  const bytes = new Uint8Array(4 * 1024 * 1024).fill(1);
  bytes.set([0x70, 0x73, 0x62, 0x74, 0xff]);
  const eye = lying(() => [message(bytes)]);
  await holds(`${UNLOCK}pick Sign\nscan anything\nsee bitcoin.\npress back\nsee Sign a transaction`, {
    eye,
    disk: await homeOf(),
  });
});

const BREACHES: readonly (readonly [string, unknown])[] = [
  ["of no known kind", { t: "sign", now: true }],
  ["with a field too many", { t: "unread", reason: "transport.mixed", approve: true }],
  ["with a reason of its own", { t: "unread", reason: "fine" }],
  ["that presses a key", { t: "press", button: "ok" }],
  ["that counts below nothing", { t: "progress", dialect: "ur", have: -1, total: 2, map: "" }],
  ["that is a picture too large", { t: "preview", width: 60_000, height: 60_000, luma: new Uint8Array(10) }],
  ["larger than any message", message(new Uint8Array(4 * 1024 * 1024 + 1))],
  ["whose text is a number", { t: "message", message: { kind: "wallet", dialect: "plain", text: 7 } }],
];

for (const [what, line] of BREACHES)
  test(`a line ${what} ends the journey with exit code 3, and nothing starts after it`, async () => {
    const eye = lying(() => [line as FromEye]);
    const disk = await homeOf();
    const result = await play(`${UNLOCK}pick Sign\nscan anything\nsee camera`, { eye, disk });
    assert.ok(result.problem instanceof CageEnded && result.problem.why === "breach", String(result.failure));
    assert.equal(result.starts, 1);
    assert.notEqual((await journalOf(result.disk)).at(-1)?.kind, "spent");
    await holds(UNLOCK, { disk: result.disk });
  });

test("an eye that dies while a transaction is read ends the journey, and the home is as it was", async () => {
  const eye: JoinEye = (firn, control) => {
    firn.onMessage(() => undefined);
    control.onMessage(() => firn.close());
    return { close: () => firn.close() };
  };
  const result = await play(`${UNLOCK}pick Sign\nscan anything\nsee camera`, { eye, disk: await homeOf() });
  assert.ok(result.problem instanceof CageEnded && result.problem.why === "closed", String(result.failure));
  assert.equal(result.starts, 1);
  await holds(UNLOCK, { disk: result.disk });
});
