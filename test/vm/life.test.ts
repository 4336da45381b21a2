// How the three live and die together, seen by root inside; and a security key at this machine's own uhid, which the
// glass relays by node-hid as it would one at USB.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { locked, PIN, powered, unlock } from "./home.ts";
import { imageFor } from "./image.ts";
import { type Machine, startMachine } from "./machine.ts";
import { canEmulate } from "./need.ts";
import { type Person, personAt } from "./person.ts";
import { probeFor } from "./probe/image.ts";
import { ask } from "./probe/inside.ts";
import { COMPILER, wordFor } from "./probe/overlay.ts";

const UNITS = ["firn.service", "firn-eye.service", "firn-glass.service"] as const;
const SLICE = "/sys/fs/cgroup/system.slice";

/** The main process of each, by unit. */
async function processes(machine: Machine): Promise<string[]> {
  const found: string[] = [];
  for (const unit of UNITS)
    found.push(await ask(machine, { act: "read", path: `${SLICE}/${unit}/cgroup.procs` }));
  return found;
}

async function running(machine: Machine): Promise<string[]> {
  const names = await ask<string[]>(machine, { act: "list", path: SLICE });
  return UNITS.filter((unit) => names.includes(unit));
}

const KEY = { act: "plug", state: "/run/security-key" } as const;

async function enrol(person: Person): Promise<void> {
  await person.pick("Settings");
  await person.pick("Security keys");
  await person.pick("Add a security key");
  await person.see("only your backup reaches the keys");
  await person.page();
  await person.press("ok");
  await person.see("Your present PIN");
  await person.type(PIN);
  await person.press("ok");
  await person.see("A name that tells");
  await person.press("ok");
  await person.see("Plug in");
  await ask(person.machine, KEY);
  await person.see("The security key is enrolled");
  await person.press("ok");
  await person.see("PIN");
}

test("a whole life: enrolled key, locks, crashes", async (t) => {
  if (!canEmulate(t, "arm64", COMPILER.arm64)) return;
  const before = await locked(t, await imageFor("arm64"));
  const { data, tpm } = await before.machine.cut();
  const options = { image: await probeFor("arm64"), report: true, words: [wordFor("agent")] };
  const person = await powered(t, { ...options, kept: { data: data!, tpm: tpm! } }, "PIN");
  const { machine } = person;

  await t.test(
    "a lock ends all three, and three others start; a security key is enrolled on the way",
    async () => {
      const first = await processes(machine);
      await unlock(person);
      await enrol(person);
      const second = await processes(machine);
      for (const [at, unit] of UNITS.entries()) {
        assert.notEqual(second[at], first[at], unit);
        assert.match(second[at]!, /^\d+\n/, unit);
      }
    },
  );

  await t.test("without the key the right PIN opens nothing; with it, it does", async () => {
    await ask(machine, { act: "unplug" });
    await person.type(PIN);
    await person.press("ok");
    await person.see("Plug in");
    await ask(machine, KEY);
    await person.see("Sign a transaction");
  });

  const folder = mkdtempSync(join(tmpdir(), "firn-life-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const kept = await machine.save(join(folder, "open"));
  for (const victim of UNITS)
    await t.test(
      `${victim} is killed: all three end, nothing restarts, and the screen says what it was`,
      async (sub) => {
        const restored = await startMachine(sub, { ...options, kept });
        assert.deepEqual(await running(restored), [...UNITS]);
        await ask(restored, { act: "kill", unit: victim, signal: "SIGKILL" });
        const said = await seeStopped(restored);
        assert.match(said, /Nothing that was stored is lost/);
        assert.deepEqual(await running(restored), []);
        sub.diagnostic(said.trim().split("\n")[0]!);
      },
    );
});

/**
 * The last word on the screen. It is drawn line by line, and person.see takes half of it for a failure: then it is
 * looked at again.
 */
async function seeStopped(machine: Machine): Promise<string> {
  const looks = 20;
  for (let look = 1; ; look++)
    try {
      return await personAt(machine).see(/ stopped[\s\S]*Nothing that was stored/);
    } catch (problem) {
      if (look === looks) throw problem;
      await sleep(100);
    }
}
