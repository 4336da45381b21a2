// A key is lost, or a cosigner leaves: another wallet takes this one's place. The keys that stay are used again, which
// is meant here; the money is then swept, as any payment, by those who still sign.

import {
  checksum,
  markOurs,
  nameKeys,
  readWallet,
  type SharedForm,
  type Wallet,
  type WalletKey,
  writePath,
} from "../../bitcoin/index.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { notice, question } from "../../screens/notice.ts";
import type { Sheet } from "../../screens/pages.ts";
import { lossWords } from "../../screens/recovery.ts";
import { type KeyName, keyNames, wayFacts } from "../../screens/ways.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { showText } from "../leave-text.ts";
import type { Session } from "../session.ts";
import { bring } from "../stick.ts";
import { bringKey } from "./cosigner-bring.ts";
import { compare } from "./cosigner-compare.ts";
import { heldKeys, keptOf } from "./kept.ts";
import { walkAndRegister } from "./register.ts";

export async function replace(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
  if (keptOf(session, wallet)?.replacedBy !== undefined) refuse("wallet.replaced-already");
  if ((await ask(desk, question(aboutSheets(wallet), "go on", "leave"))) === "no") return;
  const items = [
    { label: "Make it here, with a new key", answer: "make" },
    { label: "Take the one that a cosigner made", answer: "take" },
  ] as const;
  const back = { label: "back", answer: "back" } as const;
  const title = `Replace: ${wallet.name}`;
  const choice = await ask(desk, menu<"make" | "take" | "back">({ title, items, back }));
  if (choice === "make") await make(desk, session, wallet);
  else if (choice === "take") await take(desk, session, wallet);
}

function aboutSheets(wallet: Wallet): readonly Sheet[] {
  const name = keyNames(wallet.keys);
  return [
    {
      title: "A wallet in this one's place",
      blocks: [
        text(
          `A wallet is never changed: another one takes the place of ${wallet.name}, with a new key for the one that is lost or leaves. All other keys stay.`,
        ),
        text(
          "Then the money moves there in one transaction, which those who still have their keys sign. Until it is in a block, whoever found the lost key still counts as one of you.",
        ),
      ],
    },
    {
      title: "As it is now",
      blocks: [
        ...wayFacts(wallet.ways, name),
        ...lossWords(wallet.ways, heldKeys(wallet), name).slice(0, 2).map(text),
      ],
    },
  ];
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
  await takeIts(desk, session, wallet, { ...read, keys });
}

/** The own key leaves on another cosigner's device: without a key of its own this one has no part in the wallet. */
async function pickKey(desk: Desk, wallet: Wallet): Promise<number | "back"> {
  const name = keyNames(wallet.keys);
  const items: readonly Item<number>[] = heldKeys(wallet)
    .filter((place) => !wallet.keys[place]!.ours)
    .map((place) => ({ label: labelOf(wallet, place, name), answer: place }));
  const words =
    "Whose key goes? Your own is replaced on another cosigner's device, which then shows you the wallet.";
  const back = { label: "back", answer: "back" } as const;
  return ask(desk, menu<number | "back">({ title: "Which key goes?", above: [text(words)], items, back }));
}

function labelOf({ keys }: Wallet, place: number, name: KeyName): string {
  const { fingerprint } = keys[place]!;
  const called = name(place);
  return called.includes(fingerprint) ? called : `${called}, ${fingerprint}`;
}

/** The same expression, with one key for another wherever it stands. */
function exchanged({ descriptor }: Wallet, old: WalletKey, fresh: WalletKey): string {
  const body = descriptor.slice(0, descriptor.lastIndexOf("#"));
  const changed = body.replaceAll(keyText(old), keyText(fresh));
  if (changed === body) throw new Error("a key does not stand in its wallet");
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
  await takeIts(desk, session, wallet, readWallet(brought.message, session.network, session.curve));
}

// ---------------------------------------------------------------- both

/** What stays, goes and comes; then it is walked through and registered as any wallet, and the old one says so. */
async function takeIts(desk: Desk, session: Session, old: Wallet, read: Wallet): Promise<void> {
  const { keyring } = session;
  const named = { ...read, keys: knownAs(old, read), name: nameOf(session, old, read) };
  const fresh = markOurs(named, (fingerprint, path) =>
    fingerprint === keyring.fingerprint ? keyring.account(path) : undefined,
  );
  const name = keyNames(old.keys);
  const changes = changesOf(old, fresh, name);
  if (changes.stays.length === 0) refuse("wallet.no-successor", fresh.fingerprint);
  if ((await ask(desk, question(changeSheets(old, fresh, changes, name), "go on", "leave"))) === "no") return;
  const made = await walkAndRegister(desk, session, fresh, old);
  if (made === "back") return;
  await showText(desk, {
    title: `Show ${made.name} to the others`,
    text: made.descriptor,
    caption: `Each cosigner takes it: ${old.name}, Replace, Take the one that a cosigner made.`,
    file: `wallet-${made.fingerprint}`,
  });
  await compare(desk, session, made);
  await ask(desk, notice("Now move the money", sweepWords(old, made).map(text)));
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

interface Changes {
  readonly stays: readonly string[];
  readonly goes: readonly string[];
  readonly comes: readonly string[];
}

function changesOf(old: Wallet, fresh: Wallet, name: KeyName): Changes {
  const has = ({ keys }: Wallet, key: WalletKey) => keys.some((one) => isSame(one, key));
  const all = [...old.keys.keys()].filter((place) => !old.keys[place]!.nobodys);
  const stays = all.filter((place) => has(fresh, old.keys[place]!));
  const goes = all.filter((place) => !has(fresh, old.keys[place]!));
  const comes = fresh.keys.filter((key) => !key.nobodys && !has(old, key));
  return {
    stays: stays.map((place) => labelOf(old, place, name)),
    goes: goes.map((place) => labelOf(old, place, name)),
    comes: comes.map((key) => (key.name ? `${key.name}, ${key.fingerprint}` : `key ${key.fingerprint}`)),
  };
}

function changeSheets(old: Wallet, fresh: Wallet, changes: Changes, name: KeyName): readonly Sheet[] {
  const fact = (label: string, all: readonly string[]) =>
    ({ kind: "fact", label, value: all.length === 0 ? "none" : all.join("\n") }) as const;
  const before = wayFacts(old.ways, name).map(wordsOf).join("; or ");
  const after = wayFacts(fresh.ways).map(wordsOf).join("; or ");
  return [
    {
      title: "What changes",
      tone: changes.goes.length > 1 ? "caution" : "calm",
      blocks: [fact("Stays", changes.stays), fact("Goes", changes.goes), fact("Comes", changes.comes)],
    },
    {
      title: "To spend",
      blocks: [
        { kind: "fact", label: `From ${old.name}`, value: before },
        { kind: "fact", label: "From the new wallet", value: after },
      ],
    },
  ];
}

function wordsOf(block: ReturnType<typeof wayFacts>[number]): string {
  return block.kind === "fact" ? block.value : "";
}

function sweepWords(old: Wallet, fresh: Wallet): readonly string[] {
  return [
    `1. In your wallet program, with ${old.name}: send everything to a receive address of ${fresh.name}, all coins at once.`,
    `2. Let enough of you sign it. Here it says "To ${fresh.name}, which takes its place"; a payment from ${old.name} to anywhere else is warned of.`,
    "3. The policy judges it like any payment: a wallet that others share counts as a destination, so a rule must let the new one be paid.",
    `4. ${old.name} stays here for watching: receive nothing there any more. Drill and back up ${fresh.name}.`,
  ];
}

function text(words: string) {
  return { kind: "text", text: words } as const;
}
