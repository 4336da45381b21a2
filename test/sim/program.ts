// A small program for the simulator's own tests: a few screens of every kind, without money.

import type { Block, Event, Picture, Wants } from "../../src/model.ts";
import type { Ports } from "../../src/ports.ts";

class Lock extends Error {}

type Show = Omit<Picture, "tone" | "buttons">;

const MENU = [
  "Read pages",
  "Write a name",
  "Hold to agree",
  "Scan",
  "Codes",
  "Save",
  "Draw",
  "Wait",
  "Lock",
  "Break",
];
const CODES = ["ONE", "TWO", "THREE"];

export async function main(ports: Ports): Promise<"locked"> {
  try {
    let cursor = 0;
    await say(ports, "Who is there?", []);
    for (;;) {
      cursor = await choose(ports, cursor);
      await ACTS[MENU[cursor]!]!(ports);
    }
  } catch (problem) {
    if (problem instanceof Lock) return "locked";
    throw problem;
  }
}

function show(ports: Ports, picture: Show): void {
  ports.panel.show({ tone: "calm", buttons: { ok: "on", back: "back" }, ...picture });
}

async function next(ports: Ports, wants: Wants = {}): Promise<Event> {
  const event = await ports.panel.next(wants);
  if (event.kind === "idle") throw new Lock();
  return event;
}

/** Shows until ok is pressed. */
async function say(ports: Ports, title: string, blocks: readonly Block[]): Promise<void> {
  show(ports, { title, blocks, ...(ports.machine.practice ? { banner: "PRACTICE" } : {}) });
  for (;;) {
    const event = await next(ports);
    if (event.kind === "press" && event.button === "ok") return;
  }
}

async function choose(ports: Ports, first: number): Promise<number> {
  for (let cursor = first; ; ) {
    show(ports, { title: "Menu", blocks: [{ kind: "list", items: MENU, cursor }] });
    const event = await next(ports);
    if (event.kind !== "press") continue;
    if (event.button === "down") cursor = (cursor + 1) % MENU.length;
    if (event.button === "up") cursor = (cursor + MENU.length - 1) % MENU.length;
    if (event.button === "ok") return cursor;
  }
}

const ACTS: Readonly<Record<string, (ports: Ports) => Promise<void>>> = {
  "Read pages": readPages,
  "Write a name": writeName,
  "Hold to agree": holdToAgree,
  Scan: scan,
  Codes: codes,
  Save: save,
  Draw: async (ports) => say(ports, `Drawn ${Buffer.from(ports.random.bytes(4)).toString("hex")}`, []),
  Wait: wait,
  Lock: async () => {
    throw new Lock();
  },
  Break: async () => {
    throw new Error("a secret that nobody may read");
  },
};

async function readPages(ports: Ports): Promise<void> {
  const texts = ["page the first", "bc1q uses zeros", "page the third"];
  for (let index = 0; ; ) {
    const page = { index, count: texts.length };
    show(ports, { title: "Pages", page, blocks: [{ kind: "text", text: texts[index]! }] });
    const event = await next(ports);
    if (event.kind !== "press") continue;
    if (event.button === "down") index = Math.min(index + 1, texts.length - 1);
    if (event.button === "up") index = Math.max(index - 1, 0);
    if (event.button === "back") return;
  }
}

async function writeName(ports: Ports): Promise<void> {
  for (let value = ""; ; ) {
    show(ports, { title: "Name", blocks: [{ kind: "field", label: "name", value }] });
    const event = await next(ports);
    if (event.kind === "char") value += event.char;
    if (event.kind === "press" && event.button === "ok") return say(ports, `Hello ${value}`, []);
  }
}

/** Agrees when ok came for 1.5 s without a gap; counts what else came. */
async function holdToAgree(ports: Ports): Promise<void> {
  let last = ports.clock.monotonicMs();
  let from: number | undefined;
  for (let presses = 0; ; ) {
    show(ports, {
      title: "Agree",
      hold: "hold ok to agree",
      blocks: [{ kind: "text", text: `${presses} presses` }],
    });
    const event = await next(ports);
    const now = ports.clock.monotonicMs();
    if (event.kind !== "press") continue;
    if (event.button === "back") return;
    presses++;
    if (now - last > 700) from = now;
    last = now;
    if (from !== undefined && now - from >= 1500) return say(ports, `Agreed after ${presses} presses`, []);
  }
}

async function scan(ports: Ports): Promise<void> {
  for (let seen = "nothing yet"; ; ) {
    show(ports, { title: "Scan", blocks: [{ kind: "text", text: seen }] });
    const event = await next(ports, { scan: ["wallet"] });
    if (event.kind === "progress") seen = `${event.progress.have} of ${event.progress.total}`;
    if (event.kind === "unread") seen = event.reason;
    if (event.kind === "message" && event.message.kind === "wallet")
      return say(ports, "Scanned", [{ kind: "text", text: event.message.text }]);
    if (event.kind === "press" && event.button === "back") return;
  }
}

async function codes(ports: Ports): Promise<void> {
  const loop = { texts: CODES, version: 2, level: "L", mode: "alphanumeric" } as const;
  for (let index = 0; ; ) {
    const step = `code ${index + 1} of ${CODES.length}`;
    show(ports, { title: "Codes", step, blocks: [{ kind: "code", loop, index }] });
    const event = await next(ports, { awake: true, tickMs: 250 });
    if (event.kind === "tick") index = (index + 1) % CODES.length;
    if (event.kind === "press" && event.button === "back") return;
  }
}

/** One more line in the book, and the number of lines: what survives a cut. */
async function save(ports: Ports): Promise<void> {
  const line = new TextEncoder().encode(`${new Date(ports.clock.wallMs()).toISOString()}\n`);
  await ports.store.append("book", line);
  await ports.store.replace("head", line);
  const book = new TextDecoder().decode(await ports.store.read("book"));
  const lines = book.split("\n").filter((text) => text !== "");
  await say(ports, `${lines.length} saved`, [{ kind: "text", text: lines.at(-1)! }]);
}

/** Shows how much time passes, wall and monotonic. */
async function wait(ports: Ports): Promise<void> {
  const begun = ports.clock.monotonicMs();
  for (;;) {
    const seconds = Math.floor((ports.clock.monotonicMs() - begun) / 1000);
    const wall = new Date(ports.clock.wallMs()).toISOString();
    show(ports, { title: "Wait", blocks: [{ kind: "text", text: `${seconds} s, ${wall}` }] });
    const event = await next(ports, { awake: true, tickMs: 1000 });
    if (event.kind === "press") return;
  }
}
