// For tests of what happens to wallets over the years.

import { join } from "node:path";
import type { TestContext } from "node:test";
import { openStore } from "../../device/disk/store.ts";
import { type DiskState, recordingDisk } from "../../device/sim/recording.ts";
import { readWallet } from "../../src/bitcoin/index.ts";
import { type HomeState, readState } from "../../src/flows/state.ts";
import { utf8 } from "../../src/text.ts";
import { curve, PHRASES, purse } from "../bitcoin/build.ts";
import { openVault } from "../keys/open.ts";
import {
  codesIn,
  folder,
  holds,
  homeOf,
  PIN,
  papers,
  psbtTexts,
  quickStretch,
  registered,
  replyIn,
  script,
  UNLOCK,
  walletTexts,
} from "./stage.ts";

/** What a home holds, as its owner could read it. */
export async function stateOn(disk: DiskState): Promise<HomeState> {
  const store = openStore(recordingDisk(disk));
  const random = { bytes: (length: number) => new Uint8Array(length) };
  const vault = await openVault((await store.read("home"))!, utf8(PIN), quickStretch, random);
  return readState(vault.section("state-regtest"));
}

// ---------------------------------------------------------------- a cosigner leaves

export const [A, B, LOST] = PHRASES;
/** Of BIP 39's vectors: never for money. */
export const NEW = "letter advice cage absurd amount doctor acoustic avoid letter advice cage above";
export const old = purse("p2wsh");
export const fresh = purse("p2wsh", { phrases: [A, B, NEW] });
export const NAME = `2 of 3 ${old.wallet.fingerprint}`;
export const NEXT = `2 of 3 ${fresh.wallet.fingerprint}`;
export const GOES = old.wallet.keys[2]!.fingerprint;

const CODE = /(?:\d{5} ){4}\d{5}/;

/** The device of the one who comes shows its key: its codes, and what it reads aloud. */
async function newKey(at: string): Promise<{ readonly texts: string[]; readonly code: string }> {
  const set = { PIN, OUT: join(at, "key") };
  const { printed } = await holds(script("cosigner-key"), { disk: await homeOf("regtest", NEW), set });
  return { texts: codesIn(set.OUT), code: CODE.exec(printed)![0] };
}

export async function withOld(t: TestContext, words: string): Promise<DiskState> {
  const disk = await homeOf("regtest", words);
  return registered(disk, join(folder(t), "old"), walletTexts(old.wallet.descriptor));
}

export interface Replaced {
  readonly disk: DiskState;
  /** The new wallet as codes, for the others. */
  readonly texts: readonly string[];
  readonly printed: string;
}

export async function replaced(t: TestContext, descriptor?: string): Promise<Replaced> {
  const at = folder(t);
  const { texts, code } = await newKey(at);
  const set = {
    ...{ PIN, WALLET: descriptor === undefined ? NAME : "Odd", KEY: GOES, CODE: code, NAME: "Carla" },
    ...{ CAMERA: papers(join(at, "camera"), texts), OUT: join(at, "out") },
  };
  const from = descriptor === undefined ? await withOld(t, A) : await withOdd(t, descriptor);
  const { disk, printed } = await holds(script("replace"), { disk: from, set });
  return { disk, printed, texts: codesIn(set.OUT) };
}

/** Another wallet, called Odd. */
async function withOdd(t: TestContext, descriptor: string): Promise<DiskState> {
  const camera = papers(join(folder(t), "odd"), walletTexts(descriptor));
  const offered = readWallet(descriptor, "regtest", curve).name;
  const steps = `${UNLOCK}pick Wallets\npick Register a wallet\ncamera ${camera}\nsee Name the wallet\npress back x${offered.length}\ntype Odd\npress ok\npage\nhold ok\nsee Registered\n`;
  return (await holds(steps, { disk: await homeOf("regtest", A) })).disk;
}

export const TAKE = `${UNLOCK}pick Wallets\npick ${NAME}\npick Replace a cosigner\npage\npress ok\npick Take the one\n`;
export const WALK =
  "see What changes\npage\npress ok\nsee Name the wallet\npress ok\npage\nhold ok\nsee Registered\npage\npress ok\n";
export const LEAVE = "press ok\npage\npress ok\nsee Now move the money\npage\npress ok\nsee took its place\n";

/** Another cosigner takes the wallet that the first one made. */
export async function taken(t: TestContext, words: string, texts: readonly string[]) {
  const camera = papers(join(folder(t), "wallet"), texts);
  return holds(`${TAKE}camera ${camera}\n${WALK}${LEAVE}`, { disk: await withOld(t, words) });
}

export async function signs(t: TestContext, disk: DiskState, bytes: Uint8Array) {
  const at = folder(t);
  const set = { PIN, CAMERA: papers(join(at, "in"), psbtTexts(bytes)), OUT: join(at, "out") };
  const result = await holds(script("sign"), { disk, set });
  return { ...result, bytes: replyIn(set.OUT).bytes };
}
