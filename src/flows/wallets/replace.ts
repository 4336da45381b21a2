// A key is lost, or a cosigner leaves: another wallet takes this one's place. The keys that stay are used again, which
// is meant here; the money is then swept, as any payment, by those who still sign.

import {
  checksum,
  nameKeys,
  readWallet,
  type SharedForm,
  unspendable,
  type Wallet,
  type WalletKey,
  writePath,
} from "../../bitcoin/index.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { heldQuestion, notice, question } from "../../screens/notice.ts";
import { type Change, changeSheets, replaceSheets, sweepBlocks } from "../../screens/wallet-life.ts";
import { keyNames } from "../../screens/ways.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { showText } from "../leave-text.ts";
import type { Session } from "../session.ts";
import { bring } from "../stick.ts";
import { bringKey } from "./cosigner-bring.ts";
import { compare } from "./cosigner-compare.ts";
import { heldKeys, holderLabel, isReplaced, keptOf, lifeFacts, putInPlace } from "./kept.ts";
import { markSession, walkAndRegister } from "./register.ts";

export async function replace(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
  if (keptOf(session, wallet)?.replacedBy !== undefined) refuse("wallet.replaced-already");
  if ((await ask(desk, question(replaceSheets(lifeFacts(wallet)), "go on", "leave"))) === "no") return;
  const others = registeredBeside(session, wallet);
  const items = [
    { label: "Make it here, with a new key", answer: make },
    { label: "Take the one that a cosigner made", answer: take },
    ...(others.length === 0 ? [] : [{ label: "One that is registered here", answer: point }]),
  ];
  const back = { label: "back", answer: "back" } as const;
  const title = `Replace: ${wallet.name}`;
  const choice = await ask(desk, menu<typeof make | "back">({ title, items, back }));
  if (choice !== "back") await choice(desk, session, wallet);
}

/** Wallets of some of the same keys, registered by themselves: with another quorum, or before anyone thought of this. */
function registeredBeside(session: Session, wallet: Wallet): readonly Wallet[] {
  return session.wallets.filter(
    (other) =>
      other !== wallet &&
      keptOf(session, other) !== undefined &&
      !isReplaced(session, other) &&
      changeOf(wallet, other).stays.length > 0,
  );
}

// ---------------------------------------------------------------- made here

const FORMS: readonly SharedForm[] = ["p2wsh", "p2sh-p2wsh", "p2tr", "p2sh"];

async function make(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
  const place = await pickKey(desk, wallet);
  if (place === "back") return;
  const staying = wallet.keys.filter((key, other) => other !== place && !key.nobodys);
  const form = FORMS.find((one) => one === wallet.form);
  const brought = await bringKey(desk, session, {
    title: "The new key",
    gathered: staying,
    ...(form === undefined ? {} : { form }),
  });
  if (brought === "back") return;
  const descriptor = exchanged(wallet, wallet.keys[place]!, brought.key);
  const read = readWallet(descriptor, session.network, session.curve);
  // The same expression: keys stand where they stood.
  const names = wallet.keys.map(({ name }, other) => (other === place ? brought.name : (name ?? "")));
  const keys = nameKeys(read.keys, names);
  const made = await takeIts(desk, session, wallet, { ...read, keys });
  if (made === "back") return;
  await showText(desk, {
    title: `Show ${made.name} to the others`,
    text: made.descriptor,
    caption: `Each cosigner takes it: ${wallet.name}, Replace, Take the one that a cosigner made.`,
    file: `wallet-${made.fingerprint}`,
  });
  await compareAndMove(desk, session, wallet, made);
}

/** The own key leaves on another cosigner's device: without a key of its own this one has no part in the wallet. */
async function pickKey(desk: Desk, wallet: Wallet): Promise<number | "back"> {
  const items: readonly Item<number>[] = heldKeys(wallet)
    .filter((place) => !wallet.keys[place]!.ours)
    .map((place) => ({ label: holderLabel(wallet, place), answer: place }));
  const words =
    "Whose key goes? Your own is replaced on another cosigner's device, which then shows you the wallet.";
  const back = { label: "back", answer: "back" } as const;
  return ask(
    desk,
    menu<number | "back">({ title: "Which key goes?", above: [{ kind: "text", text: words }], items, back }),
  );
}

/** The same expression, with one key for another wherever it stands. */
function exchanged({ descriptor, network, uses, keys }: Wallet, old: WalletKey, fresh: WalletKey): string {
  const body = descriptor.slice(0, descriptor.lastIndexOf("#"));
  const inPlace = body.replaceAll(keyText(old), keyText(fresh));
  if (inPlace === body) throw new Error("a key does not stand in its wallet");
  // A key that is nobody's may be made of those in the leaves, for anybody to make again: it follows them.
  const held = uses.flatMap((use) =>
    use.kind === "child" && !keys[use.key]!.nobodys ? [keys[use.key]!] : [],
  );
  const after = held.map((key) => (key === old ? fresh : key));
  const changed = inPlace.replaceAll(unspendable(held, network), unspendable(after, network));
  return `${changed}#${checksum(changed)}`;
}

function keyText({ fingerprint, path, extended }: WalletKey): string {
  return `[${fingerprint}${writePath(path)}]${extended}`;
}

// ---------------------------------------------------------------- made elsewhere

async function take(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
  const brought = await bring(desk, "wallet", {
    title: "The new wallet",
    ask: `Show the wallet that takes the place of ${wallet.name} to the camera.`,
  });
  if (brought === "back") return;
  const read = readWallet(brought.message, session.network, session.curve);
  const taken = await takeIts(desk, session, wallet, read);
  if (taken !== "back") await compareAndMove(desk, session, wallet, taken);
}

// ---------------------------------------------------------------- registered already

async function point(desk: Desk, session: Session, old: Wallet): Promise<void> {
  const items = registeredBeside(session, old).map((wallet) => ({ label: wallet.name, answer: wallet }));
  const back = { label: "back", answer: "back" } as const;
  const fresh = await ask(desk, menu<Wallet | "back">({ title: "Which takes its place?", items, back }));
  if (fresh === "back") return;
  const sheets = changeSheets(changeOf(old, fresh));
  if ((await ask(desk, heldQuestion(sheets, `hold ok: ${fresh.name} takes its place`, "leave"))) === "no")
    return;
  await putInPlace(session, old, fresh);
  await ask(desk, notice("Now move the money", sweepBlocks(old.name, fresh.name)));
}

// ---------------------------------------------------------------- both

/** What stays, goes and comes; then it is walked through and registered as any wallet, and the old one says so. */
async function takeIts(desk: Desk, session: Session, old: Wallet, read: Wallet): Promise<Wallet | "back"> {
  const named = { ...read, keys: knownAs(old, read), name: nameOf(session, old, read) };
  const fresh = markSession(session, named);
  const change = changeOf(old, fresh);
  if (change.stays.length === 0) refuse("wallet.no-successor", fresh.fingerprint);
  if ((await ask(desk, question(changeSheets(change), "go on", "leave"))) === "no") return "back";
  if (!fresh.keys.some(({ ours }) => ours)) refuse("wallet.own-key-leaves");
  return walkAndRegister(desk, session, fresh, old);
}

async function compareAndMove(desk: Desk, session: Session, old: Wallet, fresh: Wallet): Promise<void> {
  await compare(desk, session, fresh);
  await ask(desk, notice("Now move the money", sweepBlocks(old.name, fresh.name)));
}

/** Whoever is known by a name in the old wallet is in the new one. */
function knownAs(old: Wallet, { keys }: Wallet): readonly WalletKey[] {
  const names = keys.map((key) => key.name ?? old.keys.find((one) => isSame(one, key))?.name ?? "");
  return nameKeys(keys, names);
}

function isSame(a: WalletKey, b: WalletKey): boolean {
  return a.extended === b.extended;
}

function versionOf(session: Session, wallet: Wallet): number {
  return keptOf(session, wallet)?.version ?? 1;
}

/** "Savings", "Savings 2", "Savings 3"; one that was named by its fingerprint gets another. */
function nameOf(session: Session, old: Wallet, read: Wallet): string {
  if (old.name.includes(old.fingerprint)) return read.name;
  const bare = old.name.replace(/ [0-9]{1,2}$/, "");
  return `${bare.slice(0, LIMITS.walletNameChars - 3).trim()} ${versionOf(session, old) + 1}`;
}

function changeOf(old: Wallet, fresh: Wallet): Change {
  const has = ({ keys }: Wallet, key: WalletKey) => keys.some((one) => isSame(one, key));
  const said = (wallet: Wallet, fits: (key: WalletKey) => boolean) =>
    heldKeys(wallet)
      .filter((place) => fits(wallet.keys[place]!))
      .map((place) => holderLabel(wallet, place));
  const goes = said(old, (key) => !has(fresh, key));
  // Names and foreign fingerprints are what somebody says: the same words may stand for another key.
  const comes = said(fresh, (key) => !has(old, key)).map((label) =>
    goes.includes(label) ? `${label}, but another key` : label,
  );
  return {
    name: old.name,
    stays: said(old, (key) => has(fresh, key)),
    ...{ goes, comes },
    ...{ before: old.ways, after: fresh.ways },
    ...{ nameBefore: keyNames(old.keys), nameAfter: keyNames(fresh.keys) },
  };
}
