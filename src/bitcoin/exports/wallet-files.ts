// A wallet's files for the programs that watch it: Coldcard's text, Caravan, Specter, Bitcoin Core, Electrum.
// Each says less than the descriptor: what a format has no place for is refused, never left out.

import { refuse } from "../../refusal.ts";
import { checksum } from "../descriptor/checksum.ts";
import { marks } from "../network.ts";
import { quorumOf, type ScriptForm, type Wallet } from "../wallet.ts";
import { filePath, slip132 } from "./key-write.ts";

const MULTISIG: Readonly<
  Partial<Record<ScriptForm, { readonly coldcard: string; readonly caravan: string }>>
> = {
  p2wsh: { coldcard: "P2WSH", caravan: "P2WSH" },
  "p2sh-p2wsh": { coldcard: "P2SH-P2WSH", caravan: "P2SH-P2WSH" },
  p2sh: { coldcard: "P2SH", caravan: "P2SH" },
};

/** Only sorted keys under a quorum, on the usual branches: these files have no place for anything else. */
function sortedQuorum(wallet: Wallet, program: string) {
  const { form, receive, change } = wallet;
  const quorum = quorumOf(wallet);
  const names = MULTISIG[form];
  if (names === undefined || quorum === undefined || !quorum.sorted)
    return refuse("cosigner.no-file", `${program}: only sorted keys under a quorum`);
  if (receive !== 0 || change !== 1)
    return refuse("cosigner.no-file", `${program}: only the branches 0 and 1`);
  return { ...names, threshold: quorum.threshold };
}

/** The text that Coldcard made common; a Derivation line before each key, as the paths may differ. */
export function coldcardText(wallet: Wallet): string {
  const { coldcard, threshold } = sortedQuorum(wallet, "Coldcard's text");
  const keys = wallet.keys.flatMap(({ fingerprint, path, extended }) => [
    "",
    `Derivation: ${filePath(path)}`,
    `${fingerprint.toUpperCase()}: ${extended}`,
  ]);
  // Coldcard takes twenty characters of a name.
  const head = [`Name: ${wallet.name.slice(0, 20)}`, `Policy: ${threshold} of ${wallet.keys.length}`];
  return `${[...head, `Format: ${coldcard}`, ...keys].join("\n")}\n`;
}

/** Caravan's (Unchained's) wallet file. */
export function caravanJson(wallet: Wallet, names: readonly string[]): string {
  const { caravan, threshold } = sortedQuorum(wallet, "Caravan");
  return JSON.stringify({
    name: wallet.name,
    addressType: caravan,
    network: wallet.network === "mainnet" ? "mainnet" : wallet.network === "regtest" ? "regtest" : "testnet",
    client: { type: "public" },
    quorum: { requiredSigners: threshold, totalSigners: wallet.keys.length },
    extendedPublicKeys: wallet.keys.map(({ fingerprint, path, extended }, i) => ({
      name: names[i] || `Key ${i + 1}`,
      bip32Path: filePath(path),
      xpub: extended,
      xfp: fingerprint,
    })),
    startingAddressIndex: 0,
  });
}

/** What Specter imports, as a file or scanned: its account map. It puts the other branch beside itself. */
export function specterJson(wallet: Wallet, names: readonly string[]): string {
  const devices = wallet.keys.map((_, i) => ({ type: "other", label: names[i] || `Key ${i + 1}` }));
  return JSON.stringify({ label: wallet.name, blockheight: 0, descriptor: receiveOf(wallet), devices });
}

/** What Specter shows to signers, and they read. No & in the name. */
export function addwalletText(wallet: Wallet): string {
  return `addwallet ${wallet.name.replaceAll("&", "+")}&${receiveOf(wallet)}`;
}

/** Specter makes the change branch of this one by putting /1 for /0: with other pairs that is another wallet. */
function receiveOf(wallet: Wallet): string {
  if (/<(?!0;1>)/.test(wallet.descriptor)) refuse("cosigner.no-file", "Specter: only the branches 0 and 1");
  return branchOf(wallet, "receive");
}

/**
 * For Bitcoin Core's importdescriptors: both branches, each with its checksum, as every version since 0.21 reads them.
 * "timestamp": "now" looks for nothing that was paid before: the words beside the export say how to look further back.
 */
export function importDescriptors(wallet: Wallet): string {
  const one = (branch: "receive" | "change") => ({
    desc: branchOf(wallet, branch),
    active: true,
    internal: branch === "change",
    range: [0, 999],
    timestamp: "now",
  });
  return JSON.stringify([one("receive"), one("change")]);
}

/** The descriptor of one branch: every pair `<a;b>` stands for its first or its second number (BIP 389). */
export function branchOf({ descriptor }: Pick<Wallet, "descriptor">, branch: "receive" | "change"): string {
  const body = descriptor
    .slice(0, descriptor.indexOf("#"))
    .replace(/<([0-9]+);([0-9]+)>/g, branch === "receive" ? "$1" : "$2");
  return `${body}#${checksum(body)!}`;
}

/** Electrum's own wallet file, watching: the one form in which it learns where a key comes from. */
export function electrumFile(wallet: Wallet): string {
  const { form, keys, network } = wallet;
  if (wallet.receive !== 0 || wallet.change !== 1)
    refuse("cosigner.no-file", "Electrum: only the branches 0 and 1");
  const store = (i: number) => ({
    type: "bip32",
    xpub: slip132(keys[i]!, form, network),
    xprv: null,
    derivation: filePath(keys[i]!.path),
    root_fingerprint: keys[i]!.fingerprint,
  });
  // The oldest of Electrum's versions (4.0) whose file keeps the master's fingerprint: an older one has it replaced.
  const common = { use_encryption: false, seed_version: 20 };
  if (quorumOf(wallet)?.of === 1) {
    if (form === "p2tr") refuse("cosigner.no-file", "Electrum has no taproot");
    return JSON.stringify({ wallet_type: "standard", keystore: store(0), ...common });
  }
  const { threshold } = sortedQuorum(wallet, "Electrum");
  const stores = Object.fromEntries(keys.map((_, i) => [`x${i + 1}/`, store(i)]));
  return JSON.stringify({ wallet_type: `${threshold}of${keys.length}`, ...stores, ...common });
}

/** Whether mainnet's money is in it: some programs have no other network. */
export function isMoney({ network }: Pick<Wallet, "network">): boolean {
  return marks(network).coinType === 0;
}
