// Where most scenarios begin: a machine at its start screen; one that a person has set up, asking for its PIN; one
// that is unlocked and knows a wallet. Each is made once, by keys on the very image.

import { split, splitText } from "../../src/transport/index.ts";
import { PHRASES, purse } from "../bitcoin/build.ts";
import { framesOf } from "./camera.ts";
import type { Image } from "./image.ts";
import { type Machine, type MachineOptions, startMachine, type Until } from "./machine.ts";
import { type Person, personAt } from "./person.ts";
import { goOn } from "./saved.ts";
import { follow } from "./script.ts";

export const PIN = "27182818";
export const NETWORK = "signet";
/** One of three cosigners; the wallet that is registered. */
export const own = purse("p2wsh", { network: NETWORK });

const MENU = "Sign a transaction";

/** Power comes, on what it keeps; at the first screen. */
export async function powered(t: Until, options: MachineOptions, first: string | RegExp): Promise<Person> {
  const person = personAt(await startMachine(t, options));
  await person.see(first);
  return person;
}

/** At the start screen of a machine that was never used. */
export async function fresh(t: Until, image: Image): Promise<Person> {
  const make = async (until: Until) => (await powered(until, { image }, "Welcome to Firn")).machine;
  return personAt(await goOn(t, { image }, "fresh", make));
}

/** Set up; it asks for the PIN. */
export async function locked(t: Until, image: Image): Promise<Person> {
  return personAt(await goOn(t, { image }, "locked", (until) => makeLocked(until, image)));
}

async function makeLocked(t: Until, image: Image): Promise<Machine> {
  const person = await fresh(t, image);
  await follow(person, "setup", { set: { PIN, WORDS: PHRASES[0], NETWORK } });
  await person.pick("Lock");
  await person.see("PIN");
  return person.machine;
}

/** Unlocked, at the menu, with the wallet registered. */
export async function open(t: Until, image: Image): Promise<Person> {
  return personAt(await goOn(t, { image }, "open", (until) => makeOpen(until, image)));
}

async function makeOpen(t: Until, image: Image): Promise<Machine> {
  const person = await locked(t, image);
  const codes = splitText(own.wallet.descriptor, "medium");
  await follow(person, "register", { set: { PIN }, codes });
  await person.see(MENU);
  return person.machine;
}

export async function unlock(person: Person): Promise<void> {
  await person.see("PIN");
  await person.type(PIN);
  await person.press("ok");
  await person.see(MENU);
}

/** Shows the transaction to the camera, and reads the review to its last page: all that it said. */
export async function reviewed(person: Person, psbt: Uint8Array): Promise<string> {
  const { camera, image } = person.machine;
  const codes = split({ kind: "psbt", dialect: "ur", bytes: psbt }, { dialect: "ur", density: "low" });
  await person.pick("Sign a transaction");
  await person.see("to the camera");
  camera.show(framesOf(codes, image.camera));
  await person.see(/page 1\//);
  camera.show([]);
  return person.page();
}
