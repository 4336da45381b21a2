// What stands on a wallet's printed page.

import { type Wallet, writePath } from "../../bitcoin/index.ts";
import type { WalletPage } from "../../screens/page/layout.ts";
import { lossWords } from "../../screens/recovery.ts";
import { wayLabel, wayWords } from "../../screens/ways.ts";
import { grouped } from "../../text.ts";
import { printedCodes } from "../../transport/index.ts";
import { dateOf, nowOf, type Session } from "../session.ts";
import { firstAddress } from "./facts.ts";
import { heldKeys } from "./kept.ts";

const ABOUT =
  "A backup of this wallet's descriptor. With it and enough of the keys below any wallet program finds and spends the money; without it the keys alone may not find it. It holds public keys only: whoever reads it sees every address and amount, and can spend nothing.";

export function pageOf(session: Session, wallet: Wallet): WalletPage {
  const { name, network, descriptor, fingerprint, keys, ways } = wallet;
  const names = paperNames(wallet);
  return {
    name,
    about: ABOUT,
    facts: [
      { label: "Network", value: network },
      { label: "Script", value: wallet.form.toUpperCase() },
      ...ways.map((way, index) => ({
        label: wayLabel(way, index, ways),
        value: wayWords(way.condition, (key) => names[key]!),
      })),
      { label: "Wallet fingerprint", value: fingerprint },
      { label: "First address", value: grouped(firstAddress(session, wallet)) },
      { label: "Printed from Firn", value: dateOf(session, nowOf(session).ms) },
    ],
    keys: keys.map(({ fingerprint: master, path, extended }, place) => ({
      name: names[place]!,
      origin: `${master} m${writePath(path)}`,
      extended,
    })),
    recovery: lossWords(ways, heldKeys(wallet), (key) => names[key]!),
    descriptor,
    codes: printedCodes(descriptor),
    foot: calledOnPaper(wallet),
  };
}

/** On paper nothing is "yours": whoever finds it is somebody else. */
function paperNames({ keys }: Wallet): readonly string[] {
  return keys.map(({ nobodys, name, fingerprint }) =>
    nobodys ? "no one's key" : name ? name : `key ${fingerprint}`,
  );
}

/** Its name and fingerprint, which a name that nobody chose has in it. */
function calledOnPaper({ name, fingerprint }: Wallet): string {
  return name.includes(fingerprint) ? name : `${name} ${fingerprint}`;
}
