// The coordinator's part of BIP 129: a token for each cosigner, their key records gathered and their signatures verified,
// the wallet made of them, and its record for each. Nothing is kept before the wallet is registered.

import {
  assemble,
  checkJoining,
  NO_TOKEN,
  nameKeys,
  purposeOf,
  readKeyRecord,
  readKeys,
  readWallet,
  type SharedForm,
  TOKEN_BYTES,
  type Token,
  type Wallet,
  type WalletKey,
  writeWalletRecord,
} from "../../bitcoin/index.ts";
import { toHex } from "../../bytes.ts";
import { keyRecordSheet } from "../../screens/bsms.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { heldQuestion, question } from "../../screens/notice.ts";
import { shown } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import type { Session } from "../session.ts";
import { bringRecord, leaveRecord } from "./bsms-record.ts";
import { opened, sealed, showToken } from "./bsms-token.ts";
import { askQuorum } from "./ceremony-quorum.ts";
import { compare } from "./cosigner-compare.ts";
import { ownKeyFor } from "./cosigner-show.ts";
import { SHARED_FORMS } from "./cosigner-words.ts";
import { askAccount } from "./export-forms.ts";
import { firstAddress, sheetsOfWallet } from "./facts.ts";
import { markSession, walkAndRegister } from "./register.ts";

/** A cosigner's place in the setup. Places and tokens stay; what was gathered can be given back. */
interface Place {
  /** "cosigner 2" */
  readonly whose: string;
  readonly token: Token;
  readonly key?: WalletKey;
}

export async function coordinate(desk: Desk, session: Session): Promise<void> {
  const back = { label: "back", answer: "back" } as const;
  const forms = SHARED_FORMS.map(({ form, label }) => ({ label, answer: form }));
  const form = await ask(
    desk,
    menu<SharedForm | "back">({ title: "The wallet's script", items: forms, back }),
  );
  if (form === "back") return;
  const own = await askOwn(desk, session, form);
  if (own === "back") return;
  const others = await askOthers(desk, own === "none" ? 2 : 1);
  if (others === "back") return;
  const tokens = await askTokens(desk, others);
  if (tokens === "back") return;
  const first = own === "none" ? 1 : 2;
  const places = tokens.map((token, i) => ({ whose: `cosigner ${i + first}`, token }));
  await gather(desk, session, form, own === "none" ? [] : [own], places);
}

/** Whether this device holds one of the keys. */
async function askOwn(desk: Desk, session: Session, form: SharedForm): Promise<WalletKey | "none" | "back"> {
  const items: Item<"own" | "none">[] = [
    { label: "This device holds one of the keys", answer: "own" },
    { label: "It only coordinates", answer: "none" },
  ];
  const back = { label: "back", answer: "back" } as const;
  const which = await ask(desk, menu<"own" | "none" | "back">({ title: "Your part", items, back }));
  if (which !== "own") return which;
  const account = form === "p2sh" ? 0 : await askAccount(desk);
  return account === "back" ? "back" : ownKeyFor(session, purposeOf(form), account);
}

/** More are for those who edit descriptors, not for those who pass records around. */
const MOST_OTHERS = 14;

async function askOthers(desk: Desk, least: number): Promise<number | "back"> {
  const items = Array.from({ length: MOST_OTHERS - least + 1 }, (_, i) => ({
    label: String(i + least),
    answer: i + least,
  }));
  const back = { label: "back", answer: "back" } as const;
  return ask(desk, menu<number | "back">({ title: "How many others?", items, back }));
}

const MODES = [
  { label: "One for each, 128 bits", bytes: TOKEN_BYTES[1], each: true },
  { label: "One for each, 64 bits", bytes: TOKEN_BYTES[0], each: true },
  { label: "One for all, 64 bits", bytes: TOKEN_BYTES[0], each: false },
  { label: "None: nothing is sealed", bytes: 0, each: false },
] as const;

async function askTokens(desk: Desk, count: number): Promise<readonly Token[] | "back"> {
  const items = MODES.map((mode) => ({ label: mode.label, answer: mode }));
  const above = [
    { kind: "text", text: "A token seals the records that pass between you and a cosigner." },
  ] as const;
  const back = { label: "back", answer: "back" } as const;
  const mode = await ask(
    desk,
    menu<(typeof MODES)[number] | "back">({ title: "Tokens", above, items, back }),
  );
  if (mode === "back") return "back";
  const { bytes, each } = mode;
  const one = () => (bytes === 0 ? NO_TOKEN : toHex(desk.ports.random.bytes(bytes)));
  const shared = one();
  return Array.from({ length: count }, () => (each ? one() : shared));
}

// ---------------------------------------------------------------- round 1: keys come

async function gather(
  desk: Desk,
  session: Session,
  form: SharedForm,
  own: readonly WalletKey[],
  start: readonly Place[],
): Promise<void> {
  let places = start;
  let cursor = 0;
  for (;;) {
    const all = places.every(({ key }) => key !== undefined);
    const items: Item<number | "quorum">[] = [
      ...places.map((place, i) => ({ label: labelOf(place), answer: i })),
      ...(all ? [{ label: "All are here: set the quorum", answer: "quorum" } as const] : []),
    ];
    const back = { label: "stop", answer: "back" } as const;
    const title = "Cosigners";
    const choice = await ask(desk, menu<number | "quorum" | "back">({ title, items, back }, cursor));
    if (choice === "back") {
      if ((await dropAll(desk)) === "yes") return;
      continue;
    }
    cursor = items.findIndex(({ answer }) => answer === choice);
    if (choice === "quorum") {
      const made = await orRefused(desk, () => conclude(desk, session, form, own, places));
      if (made === "made") return;
      continue;
    }
    const others = places.flatMap(({ key }, i) => (i === choice || key === undefined ? [] : [key]));
    const next = await orRefused(desk, () =>
      visit(desk, session, form, places[choice]!, [...own, ...others]),
    );
    if (next !== "back") places = places.map((place, i) => (i === choice ? next : place));
  }
}

function labelOf({ whose, key }: Place): string {
  const Whose = whose.replace("c", "C");
  return key === undefined ? `${Whose}: no key yet` : `${Whose}: ${key.name ?? ""} ${key.fingerprint}`;
}

async function dropAll(desk: Desk): Promise<"yes" | "no"> {
  const text =
    "Tokens and keys that were gathered are forgotten; records made for them open no more. No wallet was made.";
  return ask(desk, question([{ title: "Stop here?", blocks: [{ kind: "text", text }] }], "stop", "go on"));
}

async function visit(
  desk: Desk,
  session: Session,
  form: SharedForm,
  place: Place,
  others: readonly WalletKey[],
): Promise<Place | "back"> {
  const { whose, token } = place;
  const items: Item<"token" | "read">[] = [
    ...(token === NO_TOKEN ? [] : [{ label: "Show the token", answer: "token" } as const]),
    { label: place.key ? "Read another key record" : "Read the key record", answer: "read" },
  ];
  const back = { label: "back", answer: "back" } as const;
  for (;;) {
    const choice = await ask(desk, menu<"token" | "read" | "back">({ title: labelOf(place), items, back }));
    if (choice === "back") return "back";
    if (choice === "token") await showToken(desk, token, whose);
    else {
      const key = await orRefused(desk, () => takeKey(desk, session, form, place, others));
      if (key !== "back") return { ...place, key };
    }
  }
}

/** BIP 129, round 2: opened, of the right version and token, signed by the key in it, and no key twice. */
async function takeKey(
  desk: Desk,
  { network, curve, keyring }: Session,
  form: SharedForm,
  { whose, token }: Place,
  others: readonly WalletKey[],
): Promise<WalletKey | "back"> {
  const text = await bringRecord(desk, {
    title: `Key record of ${whose}`,
    ask: "Show the cosigner's key record to the camera.",
  });
  if (text === "back") return "back";
  const plain = await opened(desk, text, token);
  const record = readKeyRecord(plain, token, curve);
  const [found] = readKeys(plain, network, curve);
  const { key } = found!;
  checkJoining(key, others, keyring.fingerprint, form);
  const name = shown(record.description, 32).trim();
  const sheets = [keyRecordSheet({ ...key, whose, description: record.description })];
  return (await ask(desk, question(sheets, "take it", "leave it"))) === "no" ? "back" : { ...key, name };
}

// ---------------------------------------------------------------- round 2: the wallet leaves

async function conclude(
  desk: Desk,
  session: Session,
  form: SharedForm,
  own: readonly WalletKey[],
  places: readonly Place[],
): Promise<"made" | "back"> {
  const keys = [...own, ...places.map(({ key }) => key!)];
  const quorum = await askQuorum(desk, form, keys.length);
  if (quorum === "back") return "back";
  const { network, curve } = session;
  const found = markSession(
    session,
    readWallet(assemble({ form, network, keys, ...quorum }), network, curve),
  );
  const nameOf = (key: WalletKey) => keys.find(({ extended }) => extended === key.extended)?.name ?? "";
  const named = { ...found, keys: nameKeys(found.keys, found.keys.map(nameOf)) };
  const wallet =
    own.length === 0 ? await look(desk, session, named) : await walkAndRegister(desk, session, named);
  if (wallet === "back") return "back";
  await handOut(desk, places, writeWalletRecord(wallet.descriptor, firstAddress(session, wallet)));
  if (own.length > 0) await compare(desk, session, wallet);
  return "made";
}

/** Who only coordinates keeps nothing of it, and sees all of it all the same. */
async function look(desk: Desk, session: Session, wallet: Wallet): Promise<Wallet | "back"> {
  const sheets = sheetsOfWallet(session, wallet);
  return (await ask(desk, heldQuestion(sheets, "hold ok to make it", "do not make it"))) === "no"
    ? "back"
    : wallet;
}

async function handOut(desk: Desk, places: readonly Place[], record: string): Promise<void> {
  let cursor = 0;
  for (;;) {
    const items = places.map((place, i) => ({ label: labelOf(place), answer: i }));
    const above = [
      {
        kind: "text",
        text: "Every cosigner gets the wallet's record, sealed with their token. Then all compare the first address by voice.",
      },
    ] as const;
    const back = { label: "all have it", answer: "back" } as const;
    const choice = await ask(
      desk,
      menu<number | "back">({ title: "The wallet's record for", above, items, back }, cursor),
    );
    if (choice === "back") return;
    cursor = choice;
    const { whose, token } = places[choice]!;
    const text = await sealed(desk, record, token);
    await leaveRecord(desk, `Record for ${whose}`, text, `firn-wallet-${whose}`);
  }
}
