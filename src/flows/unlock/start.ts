// What a machine finds when it is switched on: no home, a home, the remains of one, or the rest of a wipe.

import { clearTries, freeze, type LockedHome, readHome, TRIES_BLOB } from "../../keys/index.ts";
import type { Ports } from "../../ports.ts";
import { Refusal, refuse } from "../../refusal.ts";
import { refused } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask, Locked, type WhyLocked, wait } from "../../ui.ts";
import { orRefused, quietly } from "../or-refused.ts";
import type { Session } from "../session.ts";
import { bannerOf, networkOf } from "../state.ts";
import { keysShut, lookAtMachine, shutsKeys, turnOff } from "../this-machine.ts";
import type { Homes } from "./door.ts";
import { HOME, storeOf } from "./homes.ts";
import { atRest, sealOf } from "./machine.ts";
import { isWiped, wipeDevice } from "./wipe.ts";

/** What comes after the first screens is loaded when it comes: each start, and so each lock, is as short as can be. */
export async function start(desk: Desk): Promise<void> {
  try {
    await begin(desk);
  } catch (problem) {
    if (problem instanceof Locked && problem.why === "off") await turnOff(desk);
    throw problem;
  }
}

async function begin(desk: Desk): Promise<void> {
  for (;;) {
    let homes: Homes | undefined;
    try {
      // The rest of a wipe is done on any machine; all else only where nothing can be sent.
      homes = await findHomes(desk);
      await lookAtMachine(desk);
      if (homes === undefined) return await setUp(desk);
      desk.banner = bannerOf(networkOf(homes.first.names), desk.ports.machine.practice);
      const there = homes;
      await withFreeze(desk.ports, async () => stay(desk, await enter(desk, there)));
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      const said = () => say(desk, problem);
      await (homes === undefined ? said() : withFreeze(desk.ports, said));
    }
  }
}

async function say(desk: Desk, refusal: Refusal): Promise<void> {
  if (shutsKeys(refusal)) await keysShut(desk, refusal);
  else await ask(desk, refused(refusal));
}

async function enter(desk: Desk, homes: Homes): Promise<Session> {
  const { openDoor } = await import("./door.ts");
  const opened = await openDoor(desk, homes);
  const { unlock } = await import("./unlock.ts");
  return await unlock(desk, opened);
}

/** Whatever refuses it, also once the home is there: words were on the glass, and nothing of them stays in memory. */
async function setUp(desk: Desk): Promise<void> {
  const { setup } = await import("../setup.ts");
  await orRefused(desk, () => setup(desk));
}

async function findHomes(desk: Desk): Promise<Homes | undefined> {
  const { store } = desk.ports;
  const bytes = await store.read(HOME);
  if (bytes !== undefined && isWiped(bytes)) {
    await wait(desk, "Wiping", wipeDevice(desk.ports));
    return undefined;
  }
  if (bytes === undefined) {
    await refuseRemains(desk);
    return undefined;
  }
  const first = readHome(bytes);
  if (first.sealKind !== "none" && !sealOf(desk.ports, first.sealKind))
    refuse("seal.missing", first.sealKind);
  await firstRecord(desk.ports, first);
  const second = await secondHome(desk);
  return { first, ...(second ? { second } : {}) };
}

/** Version 1 wrote no record of tries before the first one: there none is not one that somebody took away. */
async function firstRecord({ store }: Ports, { version }: LockedHome): Promise<void> {
  if (version === 1 && (await store.read(TRIES_BLOB)) === undefined) await clearTries(store);
}

/** A second home that cannot be read must not give away that it is there, nor keep the first one shut. */
async function secondHome({ ports: { store } }: Desk): Promise<LockedHome | undefined> {
  const bytes = await storeOf(store, "second").read(HOME);
  try {
    return bytes && readHome(bytes);
  } catch (problem) {
    if (problem instanceof Refusal) return undefined;
    throw problem;
  }
}

/** The long hold of back, on any screen while there is a home: from then on a PIN alone opens nothing for a while. */
async function withFreeze(ports: Ports, rest: () => Promise<void>): Promise<void> {
  try {
    await rest();
  } catch (problem) {
    // Where the card takes no record of it, it still locks.
    if (problem instanceof Locked && problem.why === "frozen")
      await quietly(() => freeze(ports.store, ports.clock));
    throw problem;
  } finally {
    await atRest(ports);
  }
}

/** Home until it locks; the journal says why it did, if the home still takes a line. */
async function stay(desk: Desk, session: Session): Promise<void> {
  try {
    const { home } = await import("../home.ts");
    await home(desk, session);
  } catch (problem) {
    // Nothing is written any more into a home that was wiped.
    if (problem instanceof Locked && problem.why !== "wiped")
      await quietly(() => lockLines(session, problem.why));
    throw problem;
  } finally {
    session.keyring.wipe();
    session.vault.wipe();
    session.journal.close();
  }
}

async function lockLines({ journal, keyring, vault }: Session, why: WhyLocked): Promise<void> {
  if (why === "frozen") await (await import("../emergency/freeze.ts")).enterFreeze(journal);
  await journal.append({ kind: "locked", why });
  // The keys go first: a signature takes its time on a small board.
  keyring.wipe();
  vault.wipe();
  await journal.attest();
}

/** A journal without its home is a home that lost a part: setting up anew would bury it. */
async function refuseRemains(desk: Desk): Promise<void> {
  const names = (await desk.ports.store.names()).filter((name) => name !== TRIES_BLOB);
  if (names.length > 0) throw new Refusal("store.home-missing", `found without it: ${names.join(", ")}`);
}
