// A board's figures as far as an emulated one tells them: what of a start is Firn's and what the kernel's and process 1's,
// memory of the three, sizes, and the eye's frames. Host seconds of an emulator are no board's seconds: the ratios are
// what counts. Signatures and a PIN's time come along as the machine's own page says them.

import { setTimeout as pause } from "node:timers/promises";
import { open, powered } from "../vm/home.ts";
import { type Image, imageFor } from "../vm/image.ts";
import { type Machine, startMachine, type Until } from "../vm/machine.ts";
import { type Person, personAt } from "../vm/person.ts";
import { probeFor } from "../vm/probe/image.ts";
import { wordFor } from "../vm/probe/overlay.ts";

const ARCH = "arm64";
const ROUNDS = 3;
const UNITS = ["firn", "eye", "glass"] as const;
const FIRST = "Welcome to Firn";
/** Has process 1 say on the serial line what it reached; in each of the starts that are compared. */
const SAID = [
  "systemd.log_target=console",
  "systemd.log_level=notice",
  "systemd.show_status=1",
  "loglevel=5",
];
const NOTHING = "slices.target";
const MIB = 1024 * 1024;
/** Faster than any camera: what it takes is what it can. */
const FLOOD_A_SECOND = 60;
const PACE_MS = 8000;

/** What `work` started ends with it. */
async function ending<T>(work: (t: Until) => Promise<T>): Promise<T> {
  const ends: (() => Promise<void>)[] = [];
  try {
    return await work({ after: (end) => ends.unshift(end) });
  } finally {
    for (const end of ends) await end();
  }
}

async function least(figure: () => Promise<number>): Promise<number> {
  const all: number[] = [];
  for (let round = 0; round < ROUNDS; round++) all.push(await figure());
  return Math.min(...all);
}

// ---------------------------------------------------------------- the start

/** Host CPU seconds until process 1 has nothing more to start. */
const bare = (image: Image): Promise<number> =>
  ending(async (t) => {
    const machine = await startMachine(t, { image, words: [...SAID, `systemd.unit=${NOTHING}`] });
    while (!/Reached target.*slices/.test(machine.serial())) await pause(100);
    return machine.cpuSeconds();
  });

/** Host CPU seconds until the first picture stands. */
const toPicture = (image: Image): Promise<number> =>
  ending(async (t) => {
    const { machine } = await powered(t, { image, words: SAID }, FIRST);
    return machine.cpuSeconds();
  });

// ---------------------------------------------------------------- inside

async function asked(machine: Machine, order: object): Promise<unknown> {
  const before = machine.reported().length;
  machine.tell(`${JSON.stringify(order)}\n`);
  for (;;) {
    const answer = machine.reported().slice(before);
    if (answer.includes("\n")) return (JSON.parse(answer) as { readonly good: unknown }).good;
    await pause(100);
  }
}

const unitOf = (part: (typeof UNITS)[number]) => (part === "firn" ? "firn.service" : `firn-${part}.service`);

/** As the guest counts them: CPU seconds of each unit up to the first picture, and bytes of its share of memory. */
async function inside(image: Image): Promise<void> {
  await ending(async (t) => {
    const options = { image, report: true, words: [wordFor("agent")] };
    const { machine } = await powered(t, options, FIRST);
    while (!machine.reported().includes("ready")) await pause(100);
    const files = UNITS.map((part) => `/sys/fs/cgroup/system.slice/${unitOf(part)}/cpu.stat`);
    const used: number[] = [];
    for (const path of files) {
      const said = String(await asked(machine, { act: "read", path }));
      used.push(Number(/^usage_usec (\d+)$/m.exec(said)![1]) / 1e6);
    }
    const shares: number[] = [];
    for (const part of UNITS)
      shares.push(Number(await asked(machine, { act: "memory", unit: unitOf(part) })) / MIB);
    say("guest CPU to the first picture", parts(used, "s", 1));
    say("memory (PSS) at the first picture", parts(shares, "MiB", 0));
  });
}

function parts(figures: readonly number[], unit: string, digits: number): string {
  const sum = figures.reduce((a, b) => a + b, 0);
  const each = UNITS.map((part, at) => `${part} ${figures[at]!.toFixed(digits)}`);
  return `${sum.toFixed(digits)} ${unit} (${each.join(" + ")})`;
}

// ---------------------------------------------------------------- the machine's own page

async function measured(image: Image): Promise<void> {
  await ending(async (t) => {
    const { machine } = await open(t, image);
    const person = personAt(machine);
    machine.camera.pace(FLOOD_A_SECOND);
    await toPace(person);
    const [frames, from] = [machine.camera.sent(), performance.now()];
    await pause(PACE_MS);
    const sent = ((machine.camera.sent() - frames) * 1000) / (performance.now() - from);
    await person.press("ok");
    await person.see("Measured");
    const said = (await person.page()).replace(/\s+/g, " ");
    say("frames of 320×240 that the port takes", `${sent.toFixed(1)} a second`);
    for (const label of ["Frames of the camera", "A PIN", "Signatures"])
      say(
        label,
        new RegExp(`${label} (.*?(?:looks at [^.]*\\.?\\d* a second|seconds|Schnorr: .*?\\.) )`).exec(
          said,
        )?.[1] ?? said,
      );
  });
}

async function toPace(person: Person): Promise<void> {
  await person.pick("Settings");
  await person.pick("Measure");
  await person.see("Measure this machine");
  await person.press("ok");
  await person.see(/a second|looks at/);
}

// ---------------------------------------------------------------- all

function say(what: string, figure: string): void {
  console.log(`  ${what.padEnd(40)} ${figure}`);
}

export async function run(): Promise<void> {
  console.log(`board: ${ARCH}, emulated; host CPU is the best of ${ROUNDS}, all else was taken once`);
  const image = await imageFor(ARCH);
  const { sizes, files } = image.manifest;
  for (const [name, bytes] of Object.entries(sizes)) say(`size: ${name}`, `${(bytes / MIB).toFixed(1)} MiB`);
  for (const name of ["vmlinuz", "initrd.img"])
    say(`size: ${name}`, `${(files[name]!.size / MIB).toFixed(1)} MiB`);
  const system = await least(() => bare(image));
  const all = await least(() => toPicture(image));
  say("host CPU, kernel and systemd alone", `${system.toFixed(1)} s`);
  const share = (100 * (all - system)) / all;
  say(
    "host CPU to the first picture",
    `${all.toFixed(1)} s: ${share.toFixed(0)} % of it is Firn's, udev's and the cages'`,
  );
  await inside(await probeFor(ARCH));
  await measured(image);
}

if (import.meta.main) await run();
