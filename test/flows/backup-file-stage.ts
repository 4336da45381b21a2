// Journeys with encrypted backups, step by step, and what a home holds afterwards.

import { openStore } from "../../device/disk/store.ts";
import { type DiskState, recordingDisk } from "../../device/sim/recording.ts";
import { toHex } from "../../src/bytes.ts";
import { readState } from "../../src/flows/state.ts";
import { utf8 } from "../../src/text.ts";
import { purse } from "../bitcoin/build.ts";
import { openVault } from "../keys/open.ts";
import { holds, homeOf, PIN, papers, quickStretch, registered, UNLOCK, walletTexts } from "./stage.ts";

export const CODE = "six words by dice, or more";
export const SECOND = "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong";

export const MAKE = `${UNLOCK}pick Keys and backups
pick Make an encrypted backup
see Registered wallets
page
press ok
hold both
see The code of the backup
`;
/** From the choice of a code to the sealed backup. */
export const PASSPHRASE = `pick A passphrase
type ${CODE}
press ok
type ${CODE}
press ok
see Nothing of it has left
`;
export const AS_CODES = `pick Show it as codes
codes $OUT
press ok
pick scan them back now
scan-file $OUT/codes.txt
see It was read back
`;
export const TO_STICK = `pick Write it to a stick
see Take the stick out
press ok
see It was read back
`;
export const DONE = "pick Done\nsee read back and opened\npress ok\nsee PIN\n";

export const REHEARSE = `${UNLOCK}pick Keys and backups
pick Rehearse an encrypted backup
press ok
`;

export const beginOn = (network: string) =>
  `see Welcome\npress ok\npick ${network}\ntype ${PIN}\npress ok\ntype ${PIN}\npress ok\nsee Create new words\n`;
export const RESTORE = `${beginOn("regtest")}pick Another form\npick Encrypted backup\nsee Scan its codes\n`;
export const FROM_CODES = "pick Scan its codes\nscan-file $OUT/codes.txt\n";
export const FROM_STICK = "pick Read it from a stick\npick firn-\n";
export const TYPE_CODE = `see Passphrase of the backup\ntype ${CODE}\npress ok\n`;
export const TAKE = `see What is in the backup
page
press ok
see The limits of the backup
page
press ok
see Your keys are sealed
page
press ok
see PIN
`;

export const ADD_SECOND = `${UNLOCK}pick Keys and backups
pick Add a key
pick Type words in
type ${SECOND}
press ok
pick No passphrase
page
press ok
see Name
press ok
page
press ok
see PIN
`;

/** A home with two keys, and a wallet of the first. `at`: a folder for papers. */
export async function fullHome(at: string): Promise<DiskState> {
  const one = await registered(await homeOf(), at, walletTexts(purse("p2wsh").wallet.descriptor));
  return (await holds(ADD_SECOND, { disk: one })).disk;
}

/** Another wallet, registered; the card's picture is a paper in `at`. */
export async function withWallet(disk: DiskState, at: string, form: "p2sh-p2wsh" | "p2wsh") {
  return registered(disk, at, walletTexts(purse(form).wallet.descriptor));
}

export { papers };

/** What its owner could read in it. */
export async function homeOn(disk: DiskState) {
  const store = openStore(recordingDisk(disk));
  const random = { bytes: (length: number) => new Uint8Array(length) };
  const vault = await openVault((await store.read("home"))!, utf8(PIN), quickStretch, random);
  const name = vault.names().find((one) => one.startsWith("state-"))!;
  return { state: readState(vault.section(name)), sealedKeys: toHex(vault.section("keys")) };
}

/** What must be the same in a home that was made again. */
export async function whatMatters(disk: DiskState) {
  const { state, sealedKeys } = await homeOn(disk);
  const { network, policy, wallets, keys, chosen } = state;
  const named = keys.map(({ fingerprint, name, origin }) => ({ fingerprint, name, origin }));
  return { network, policy, wallets, chosen, named, sealedKeys };
}
