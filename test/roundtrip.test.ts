// Properties of the whole: whatever is pressed, typed, sent and waited, and whatever bytes come.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openStore } from "../device/disk/store.ts";
import { inflate } from "../device/eye/inflate.ts";
import { sameMachine } from "../device/sim/machine.ts";
import { recordingDisk } from "../device/sim/recording.ts";
import { parseSession, ScriptError } from "../device/sim/session.ts";
import { readFromEye, readFromGlass } from "../device/wire/lines.ts";
import { Breach } from "../device/wire/schema.ts";
import { readWallet, understand } from "../src/bitcoin/index.ts";
import { toHex } from "../src/bytes.ts";
import type { Session } from "../src/flows/session.ts";
import { sign } from "../src/flows/sign.ts";
import { openDoor } from "../src/flows/unlock/door.ts";
import { HOME } from "../src/flows/unlock/homes.ts";
import { unlock } from "../src/flows/unlock/unlock.ts";
import { openJournal } from "../src/journal/index.ts";
import { readHome, readTries } from "../src/keys/index.ts";
import type { Button, Event, Picture, PsbtMessage, Size } from "../src/model.ts";
import { parsePolicy } from "../src/policy/index.ts";
import type { Clock, Hold, Panel, Ports, Store } from "../src/ports.ts";
import { Refusal } from "../src/refusal.ts";
import type { Approval } from "../src/request.ts";
import { utf8 } from "../src/text.ts";
import { openAssembly, push } from "../src/transport/index.ts";
import { Locked, openDesk } from "../src/ui.ts";
import { curve, psbt, purse, request, run } from "./bitcoin/build.ts";
import { homeOf, PIN, psbtTexts, quickStretch, UNLOCK } from "./flows/stage.ts";
import { openVault } from "./keys/open.ts";

// ---------------------------------------------------------------- a person who presses anything

/** What happens next, and how long after the thing before it. */
interface Happening {
  readonly afterMs: number;
  readonly event: Event | Size;
}

/** An event, and the picture that stood on the glass when it came. */
interface Come {
  readonly at: number;
  readonly event: Event;
  readonly picture: Picture;
}

class NothingMore extends Error {}

/** A panel where things happen at the times that a list says; it keeps what it showed and what came. */
class ListPanel implements Panel {
  readonly #list: { readonly at: number; readonly event: Event | Size }[];
  readonly come: Come[] = [];
  readonly shown: { readonly at: number; readonly picture: Picture; readonly size: Size }[] = [];
  nowMs: number;
  #size: Size = { columns: 80, rows: 24 };

  constructor(list: readonly Happening[], fromMs: number) {
    this.nowMs = fromMs;
    let at = fromMs;
    this.#list = list.map(({ afterMs, event }) => {
      at += afterMs;
      return { at, event };
    });
  }

  size(): Size {
    return this.#size;
  }

  show(picture: Picture): void {
    this.shown.push({ at: this.nowMs, picture, size: this.#size });
  }

  poll(): Event | undefined {
    const next = this.#list[0];
    if (next === undefined || next.at > this.nowMs) return undefined;
    this.#list.shift();
    let event: Event;
    if ("columns" in next.event) {
      this.#size = next.event;
      event = { kind: "resize", size: this.#size };
    } else event = next.event;
    this.come.push({ at: this.nowMs, event, picture: this.shown.at(-1)!.picture });
    return event;
  }

  async next(): Promise<Event> {
    if (this.#list.length === 0) throw new NothingMore();
    this.nowMs = Math.max(this.nowMs, this.#list[0]!.at);
    return this.poll()!;
  }
}

const own = purse("p2wpkh");
const asked = psbt(own);
const SHOWN_TXID = request(own, asked).spend.txid;
const other = psbt(own, { outputs: [{ foreign: 66, amountSats: 99_000n }] });
const MESSAGE: PsbtMessage = { kind: "psbt", dialect: "base64", bytes: asked };

const store: Store = openStore(recordingDisk(await homeOf()));
let counter = 0;
const random = {
  bytes: (length: number) =>
    Uint8Array.from({ length }, () => {
      counter = (counter * 75 + 74) % 65537;
      return counter & 255;
    }),
};

function deskOf(panel: ListPanel, hold?: Hold) {
  const clock: Clock = {
    wallMs: () => Date.UTC(2026, 0, 1) + panel.nowMs,
    monotonicMs: () => panel.nowMs,
    boot: "one",
    // Work takes time, in which things happen.
    breathe: async () => {
      panel.nowMs += 5;
    },
  };
  const machine = { kind: "simulator", practice: false, version: "0" } as const;
  const ports: Ports = {
    panel,
    store,
    stretch: quickStretch,
    seals: [sameMachine()],
    noise: [],
    securityKey: { send: () => undefined },
    random,
    clock,
    machine,
    ...(hold ? { hold } : {}),
  };
  const desk = openDesk(ports);
  desk.guarded = true;
  return desk;
}

const press = (button: Button): Event => ({ kind: "press", button });
const typed = [...PIN].map((char): Happening => ({ afterMs: 0, event: { kind: "char", char } }));
const lockedDesk = deskOf(new ListPanel([...typed, { afterMs: 0, event: press("ok") }], 0));
const session: Session = await unlock(
  lockedDesk,
  await openDoor(lockedDesk, { first: readHome((await store.read(HOME))!) }),
);

/** The same session, its state too, but for these. */
function sharing(changes: Partial<Session>): Session {
  return Object.defineProperty({ ...session, ...changes }, "state", {
    get: () => session.state,
    set: (state: Session["state"]) => {
      session.state = state;
    },
  });
}

/** The same session, but for what is told when the keyring is asked to sign. */
function watched(onSign: (approval: Approval) => void): Session {
  const { keyring } = session;
  const told = {
    fingerprint: keyring.fingerprint,
    sign: (approval: Approval) => {
      onSign(approval);
      return keyring.sign(approval);
    },
  };
  return sharing({ keyring: told as unknown as Session["keyring"] });
}

/** Whether anything that came ends a hold as it is promised to people. What comes later, while signing works, changes nothing. */
function heldOnLastPage({ come, shown }: ListPanel): boolean {
  return come.some((_, last) => endsHold(come.slice(0, last + 1), shown));
}

function endsHold(come: readonly Come[], shown: ListPanel["shown"]): boolean {
  const ok = ({ event, picture }: Come) =>
    event.kind === "press" && event.button === "ok" && picture.hold !== undefined;
  if (!ok(come.at(-1)!)) return false;
  const isKey = ({ event }: Come) => event.kind === "press" || event.kind === "char";
  const keys = come.filter(isKey);
  const oks: Come[] = [];
  for (const key of keys.toReversed()) {
    if (!ok(key) || (oks.length > 0 && oks.at(-1)!.at - key.at > 700)) break;
    oks.push(key);
  }
  // Some run of presses without a gap lasts 1.5 s, begins after 0.7 s of silence, all on the last page.
  return oks.some(({ at, picture }, begin) => {
    const before = keys[keys.length - 1 - begin - 1];
    const silence = at - Math.max(before?.at ?? 0, cameAt(shown, picture));
    return oks[0]!.at - at >= 1500 && silence >= 700 && isLast(picture);
  });
}

function cameAt(shown: ListPanel["shown"], of: Picture): number {
  const same = shown.findIndex(({ picture }) => picture === of);
  let from = same;
  // The same page drawn again, with the hold's own meter, did not come anew.
  while (from > 0 && shown[from - 1]!.picture.hold !== undefined) from--;
  return shown[from]!.at;
}

const isLast = ({ page }: Picture) => page === undefined || page.index === page.count - 1;

/** Every word that a review of this transaction has on any page. */
async function wordsOfReview(bytes: Uint8Array): Promise<ReadonlySet<string>> {
  const downs = Array.from({ length: 60 }, () => ({ afterMs: 10, event: press("down") }));
  const begin: Happening = { afterMs: 0, event: { kind: "message", message: { ...MESSAGE, bytes } } };
  const panel = new ListPanel([begin, ...downs], 500_000);
  await assert.rejects(
    sign(
      deskOf(panel),
      watched(() => assert.fail("signed")),
    ),
    NothingMore,
  );
  assert.ok(isLast(panel.shown.at(-1)!.picture));
  return wordsShown(panel);
}

function wordsShown({ shown }: ListPanel): ReadonlySet<string> {
  const blocks = shown.flatMap(({ picture }) => (picture.page ? picture.blocks : []));
  const texts = blocks.flatMap((block) => {
    if (block.kind === "text") return [block.text];
    return block.kind === "fact" ? [block.label, block.value] : [];
  });
  return new Set(texts.flatMap((text) => text.split(/\s+/)));
}

const REVIEW_WORDS = await wordsOfReview(asked);
const MANY = psbt(own, { inputs: 30 });
const MANY_WORDS = await wordsOfReview(MANY);

function sawEverything(panel: ListPanel, words: ReadonlySet<string>): boolean {
  const seen = wordsShown(panel);
  return [...words].every((word) => seen.has(word));
}

const waits = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 50, 100, 300, 650) },
  { weight: 2, arbitrary: fc.constantFrom(699, 700, 701, 800) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 4000 }) },
);
const sizes: Size[] = [
  { columns: 40, rows: 15 },
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
];
const events: fc.Arbitrary<Happening["event"]> = fc.oneof(
  { weight: 30, arbitrary: fc.constant(press("ok")) },
  { weight: 12, arbitrary: fc.constant(press("down")) },
  { weight: 3, arbitrary: fc.constantFrom(press("up"), press("left"), press("right")) },
  { weight: 1, arbitrary: fc.constant(press("back")) },
  { weight: 1, arbitrary: fc.constantFrom<Event>({ kind: "char", char: "o" }, { kind: "char", char: "\r" }) },
  { weight: 1, arbitrary: fc.constantFrom(...sizes) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Event>(
      { kind: "message", message: { kind: "psbt", dialect: "ur", bytes: other } },
      { kind: "tick" },
      { kind: "unread", reason: "transport.mixed" },
      { kind: "progress", progress: { dialect: "ur", have: 1, total: 2, map: "#." } },
      { kind: "preview", width: 1, height: 1, luma: Uint8Array.of(9) },
    ),
  },
);
const single = fc.record({ afterMs: waits, event: events }).map((one) => [one]);
/** What hands do, nearly right: the same key again and again. */
const repeated = fc
  .record({
    button: fc.constantFrom<Button>("ok", "ok", "ok", "down", "back"),
    times: fc.integer({ min: 2, max: 22 }),
    everyMs: fc.constantFrom(10, 80, 100, 150, 300, 690, 710),
    afterMs: waits,
  })
  .map(({ button, times, everyMs, afterMs }) =>
    Array.from({ length: times }, (_, i) => ({ afterMs: i === 0 ? afterMs : everyMs, event: press(button) })),
  );
const sequences = fc
  .array(fc.oneof({ weight: 3, arbitrary: single }, { weight: 2, arbitrary: repeated }), { maxLength: 25 })
  .map((parts) => parts.flat());

test("no sequence of presses, characters, messages, sizes and times signs without a hold on the last page", async () => {
  let signed = 0;
  let nowMs = 1_000_000;
  await fc.assert(
    fc.asyncProperty(sequences, fc.boolean(), async (sequence, fromTheEnd) => {
      const pages = fromTheEnd
        ? Array.from({ length: 14 }, () => ({ afterMs: 10, event: press("down") }))
        : [];
      const begin: Happening = { afterMs: 0, event: { kind: "message", message: MESSAGE } };
      const panel = new ListPanel([begin, ...pages, ...sequence], nowMs);
      const desk = deskOf(panel);
      const approvals: Approval[] = [];
      const on = (approval: Approval) => {
        approvals.push(approval);
        assert.ok(heldOnLastPage(panel), "signed without a hold");
        assert.ok(sawEverything(panel, REVIEW_WORDS), "signed before every fact was on the glass");
        assert.equal(approval.spend.txid, SHOWN_TXID, "what was shown is what is signed");
      };
      await sign(desk, watched(on)).catch((problem) => {
        if (!(problem instanceof NothingMore || problem instanceof Locked || problem instanceof Refusal))
          throw problem;
      });
      nowMs = panel.nowMs + 1;
      assert.ok(approvals.length <= 1);
      signed += approvals.length;
    }),
    { numRuns: 400 },
  );
  // The property would hold of a machine that never signs.
  assert.ok(signed >= 5, `${signed} of 400 signed`);
});

test("where the machine has lines nothing that a glass says signs while nobody touches the button, and the button alone does", async () => {
  const begin: Happening = { afterMs: 0, event: { kind: "message", message: MESSAGE } };
  const pages = Array.from({ length: 14 }, () => ({ afterMs: 10, event: press("down") }));
  const signs = async (list: readonly Happening[], fromMs: number, isDown: (atMs: number) => boolean) => {
    const panel = new ListPanel(list, fromMs);
    let signed = 0;
    const hold = { levels: () => ({ ok: isDown(panel.nowMs), back: false }) };
    await sign(
      deskOf(panel, hold),
      watched(() => signed++),
    ).catch((problem) => {
      if (!(problem instanceof NothingMore || problem instanceof Locked || problem instanceof Refusal))
        throw problem;
    });
    return { signed, untilMs: panel.nowMs };
  };
  let nowMs = 2_000_000_000;
  await fc.assert(
    fc.asyncProperty(sequences, async (sequence) => {
      const { signed, untilMs } = await signs([begin, ...pages, ...sequence], nowMs, () => false);
      nowMs = untilMs + 1;
      assert.equal(signed, 0);
    }),
    { numRuns: 200 },
  );
  const ticks = Array.from({ length: 80 }, (): Happening => ({ afterMs: 40, event: { kind: "tick" } }));
  const fromMs = nowMs;
  const held = await signs([begin, ...pages, ...ticks], fromMs, (atMs) => atMs > fromMs + 500);
  assert.equal(held.signed, 1);
});

test("a hold on the last page does sign, and its line is on the medium before the key is asked", async () => {
  const downs = Array.from({ length: 20 }, () => ({ afterMs: 10, event: press("down") }));
  const hold = Array.from({ length: 18 }, (_, i) => ({ afterMs: i === 0 ? 800 : 100, event: press("ok") }));
  const begin: Happening = { afterMs: 0, event: { kind: "message", message: MESSAGE } };
  const panel = new ListPanel([begin, ...downs, ...hold], 900_000_000);
  // Else it might sign itself just now, which is a line too.
  await session.journal.attest();
  const before = session.journal.head().count;
  let lines = -1;
  await assert.rejects(
    sign(
      deskOf(panel),
      watched(() => {
        lines = session.journal.head().count;
      }),
    ),
    NothingMore,
  );
  // The spend's, and the one that says that the home knows of it.
  assert.equal(lines, before + 2);
  assert.equal(session.state.anchor?.count, before + 1);
  const entry = (await session.journal.entries(4)).find(({ kind }) => kind === "spent");
  assert.equal(entry?.kind === "spent" && entry.txid, SHOWN_TXID);
});

/** Shown, read to the end, held; and what comes afterwards. */
function approving(afterwards: readonly Happening[]): Happening[] {
  return [
    { afterMs: 0, event: { kind: "message", message: MESSAGE } },
    ...Array.from({ length: 60 }, () => ({ afterMs: 10, event: press("down") })),
    { afterMs: 800, event: press("ok") },
    ...Array.from({ length: 15 }, () => ({ afterMs: 100, event: press("ok") })),
    ...afterwards,
  ];
}

test("signing that fails after the spend was recorded leaves a line that says so", async () => {
  const panel = new ListPanel(approving([]), 90_000_000);
  const failing = watched(() => {
    throw new Error("the curve broke");
  });
  await assert.rejects(sign(deskOf(panel), failing), /the curve broke/);
  // Now and then the journal signs itself in between.
  const lines = (await session.journal.entries(6))
    .filter(({ kind }) => kind !== "kept" && kind !== "attested")
    .slice(-2);
  const kinds = lines.map((entry) => [
    entry.kind,
    "txid" in entry && entry.txid,
    entry.kind === "failed" && entry.reason,
  ]);
  assert.deepEqual(kinds, [
    ["spent", SHOWN_TXID, false],
    ["failed", SHOWN_TXID, "bug"],
  ]);
});

test("a home that cannot be written after the spend was recorded: nothing is signed, and the journal says why", async () => {
  const full = {
    ...session.store,
    replace: async () => {
      throw new Refusal("store.full");
    },
  };
  const { keyring } = watched(() => assert.fail("signed"));
  const panel = new ListPanel(approving([]), 90_500_000);
  await assert.rejects(sign(deskOf(panel), sharing({ store: full, keyring })), /store\.full/);
  const [spend, failed] = await session.journal.entries(2);
  assert.equal(spend?.kind, "spent");
  assert.deepEqual([failed?.kind, failed?.kind === "failed" && failed.reason], ["failed", "store.full"]);
});

test("a key that is held on while a slow card writes does not close the codes that come then", async () => {
  const held = Array.from({ length: 60 }, () => ({ afterMs: 100, event: press("ok") }));
  const panel = new ListPanel(approving(held), 91_000_000);
  const { journal } = session;
  const slow = {
    ledger: () => journal.ledger(),
    nowMs: () => journal.nowMs(),
    head: () => journal.head(),
    serial: () => journal.serial(),
    append: async (draft: Parameters<typeof journal.append>[0]) => {
      await journal.append(draft);
      if (draft.kind === "signed") panel.nowMs += 5_000;
    },
  };
  const told = sharing({ journal: slow as unknown as Session["journal"] });
  await assert.rejects(sign(deskOf(panel), told), NothingMore);
  assert.match(panel.shown.at(-1)!.picture.title, /^Signed: /);
});

test("a screen that changes its size while it is read jumps over no fact before the hold", async () => {
  const begin: Happening = { afterMs: 0, event: { kind: "message", message: { ...MESSAGE, bytes: MANY } } };
  const hold = Array.from({ length: 18 }, (_, i) => ({ afterMs: i === 0 ? 800 : 100, event: press("ok") }));
  let signed = 0;
  for (const [from, to] of [
    [0, 2],
    [2, 0],
    [0, 1],
    [1, 2],
  ] as const)
    for (let pages = 0; pages < 40; pages += 7)
      for (const more of [0, 40]) {
        const downs = (length: number) =>
          Array.from({ length }, () => ({ afterMs: 10, event: press("down") }));
        const resized = (at: number) => ({ afterMs: 10, event: sizes[at]! });
        const list = [begin, resized(from), ...downs(pages), resized(to), ...downs(more), ...hold];
        const panel = new ListPanel(list, 1_000_000_000);
        const on = () => {
          signed++;
          assert.ok(sawEverything(panel, MANY_WORDS), `${from} to ${to} after ${pages} pages`);
        };
        await assert.rejects(sign(deskOf(panel), watched(on)), NothingMore);
      }
  assert.ok(signed > 6);
});

test("a request that policy refuses, or that nobody approved, or that is another one, cannot be approved", () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { maxLength: 4 }),
      fc.constantFrom("allow", "refuse"),
      fc.constantFrom("approve", "decline"),
      fc.boolean(),
      fc.boolean(),
      (rules, outcome, answer, same, agreed) => {
        const of = request(own, asked);
        if (agreed) run(of.agree());
        const verdict = {
          txid: same ? of.spend.txid : "00".repeat(32),
          outcome,
          rules: rules.map((allows) => ({
            rule: "a rule",
            outcome: allows ? ("allow" as const) : ("refuse" as const),
            sentence: "",
          })),
        };
        const may = outcome === "allow" && rules.every(Boolean) && answer === "approve" && same && agreed;
        if (may) assert.equal(of.approve(verdict, answer).spend, of.spend);
        else assert.throws(() => of.approve(verdict, answer));
      },
    ),
    { numRuns: 200 },
  );
});

// ---------------------------------------------------------------- any bytes, any text

/** Passes where nothing was thrown, or what may be. */
async function only(kind: typeof Refusal | typeof ScriptError | typeof Breach, act: () => unknown) {
  try {
    await act();
  } catch (problem) {
    if (!(problem instanceof kind)) throw problem;
  }
}

/** Something good with a few things wrong: bytes changed, cut, doubled. */
function spoilt(good: Uint8Array): fc.Arbitrary<Uint8Array> {
  const change = fc.record({
    at: fc.nat({ max: Math.max(0, good.length - 1) }),
    byte: fc.nat({ max: 255 }),
    how: fc.constantFrom("set", "cut", "insert"),
  });
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    let bytes = [...good];
    for (const { at, byte, how } of changes)
      if (how === "set") bytes[at] = byte;
      else if (how === "cut") bytes = bytes.slice(0, at);
      else bytes.splice(at, 0, byte, byte);
    return Uint8Array.from(bytes);
  });
}

const asText = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const spoiltText = (good: string) => spoilt(Uint8Array.from(Buffer.from(good, "latin1"))).map(asText);
const anyText = (...good: string[]) =>
  fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), ...good.map(spoiltText));
const anyBytes = (...good: Uint8Array[]) => fc.oneof(fc.uint8Array({ maxLength: 400 }), ...good.map(spoilt));
const RUNS = { numRuns: 300 };

test("no code makes the eye throw anything but a Refusal", async () => {
  const codes = (["ur", "bbqr", "pmofn", "base64", "base43", "hex"] as const).flatMap((dialect) =>
    psbtTexts(asked, dialect, "low").slice(0, 2),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(anyText(...codes, own.wallet.descriptor), { maxLength: 5 }), async (texts) => {
      const assembly = openAssembly(["psbt", "wallet", "seed"], inflate);
      for (const text of texts) await only(Refusal, () => push(assembly, { text, bytes: utf8(text) }));
    }),
    RUNS,
  );
});

test("no bytes make understanding throw anything but a Refusal", async () => {
  const known = { network: "regtest", templates: [own.template], curve } as const;
  const good = [asked, psbt(own, { version: 2, inputs: 2 })];
  await fc.assert(
    fc.asyncProperty(anyBytes(...good), (bytes) =>
      only(Refusal, () => run(understand({ kind: "psbt", dialect: "ur", bytes }, known))),
    ),
    RUNS,
  );
});

test("no text makes a wallet's or a policy's reader throw anything but a Refusal", async () => {
  const vault = purse("p2wsh").wallet.descriptor;
  await fc.assert(
    fc.asyncProperty(
      anyText(vault, own.wallet.descriptor, "Name: A\nPolicy: 2 of 3\nFormat: P2WSH\n"),
      (text) => only(Refusal, () => readWallet({ kind: "wallet", dialect: "plain", text }, "regtest", curve)),
    ),
    RUNS,
  );
  const policy = '{"version":1,"mostPerTransaction":"1","mostPerDay":"2"}';
  await fc.assert(
    fc.asyncProperty(anyText(policy), (text) => only(Refusal, () => parsePolicy(text))),
    RUNS,
  );
});

test("no script makes the session's reader throw anything but its own error", async () => {
  const scripts = [
    UNLOCK,
    "if see X\ncut 3\nend\nclock +1d\nentropy 00ff\nscan-hex 00\nhold both\npress ok x3",
  ];
  await fc.assert(
    fc.asyncProperty(anyText(...scripts), (text) => only(ScriptError, () => parseSession(text, new Map()))),
    RUNS,
  );
});

test("no line of a cage makes the wire throw anything but a breach", async () => {
  const lines = [
    '{"t":"message","message":{"kind":"psbt","dialect":"ur","bytes":"AAAA"}}',
    '{"t":"progress","dialect":"ur","have":1,"total":2,"map":"#."}',
    '{"t":"press","button":"ok"}',
    '{"t":"size","columns":80,"rows":24}',
  ];
  const json = fc.oneof(fc.json({ maxDepth: 4 }), anyText(...lines));
  await fc.assert(
    fc.asyncProperty(json, async (text) => {
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        return;
      }
      await only(Breach, () => readFromEye(value, "line"));
      await only(Breach, () => readFromGlass(value, "line"));
    }),
    RUNS,
  );
});

test("no bytes in a home, its tries or its journal make opening it throw anything but a Refusal", async () => {
  const disk = recordingDisk(await homeOf()).present();
  const clock: Clock = { wallMs: () => 5, monotonicMs: () => 5, boot: "one", breathe: async () => undefined };
  const vault = await openVault(disk.get(HOME)!, utf8(PIN), quickStretch, random);
  const key = vault.derive("journal");
  const [name] = [...disk.keys()].filter((one) => one.startsWith("journal"));
  await fc.assert(
    fc.asyncProperty(anyBytes(disk.get(HOME)!), anyBytes(disk.get("tries")!), async (home, tries) => {
      await only(Refusal, () => openVault(home, utf8(PIN), quickStretch, random));
      await only(Refusal, () => readTries(openStore(recordingDisk(new Map([["tries", tries]]))), clock));
    }),
    RUNS,
  );
  await fc.assert(
    fc.asyncProperty(anyBytes(disk.get(name!)!), async (bytes) => {
      const broken = openStore(recordingDisk(new Map([...disk, [name!, bytes]])));
      await only(Refusal, () => openJournal({ store: broken, key, signing: key, random, clock }));
    }),
    RUNS,
  );
  assert.equal(toHex(key).length, 64);
});
