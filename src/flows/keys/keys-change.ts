// Keys that come to a home and leave it. Old or new by one write; then everything starts afresh, because words
// were on the glass, or because what was removed must not stay in memory.

import { wipe } from "../../bytes.ts";
import type { KeyRecord } from "../../keeping.ts";
import { type KeptKey, packKeys, unpackKeys, wipeMaterial } from "../../keys/index.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { notice } from "../../screens/notice.ts";
import type { Sheet } from "../../screens/pages.ts";
import type { Desk } from "../../ui.ts";
import { ask, Locked } from "../../ui.ts";
import { afresh } from "../afresh.ts";
import { isRehearsed } from "../backups/records.ts";
import { deliberately } from "../deliberate.ts";
import { askKey, type NewKey, recordOf } from "../entry/new-key.ts";
import { refuseNamed } from "../policy/named.ts";
import { keep, keptWallets, openKeyring, type Session, walletsOf } from "../session.ts";
import type { HomeState } from "../state.ts";
import { answerWith } from "./keys-choose.ts";
import { askKeyName } from "./keys-name.ts";

export async function addKey(desk: Desk, session: Session): Promise<void> {
  if (session.state.keys.length >= LIMITS.keys) refuse("keys.too-many", `${LIMITS.keys} are here`);
  const key = await askKey(desk, session.network, { title: "Add a key", born: true, leaves: true });
  if (key === "back") return;
  if (key === "left") return lockAfterLeaving(desk);
  try {
    await afresh(desk, session, () => keepKey(desk, session, key));
  } finally {
    wipeMaterial(key.material);
  }
}

const LEFT = [
  { kind: "text", text: "Words or shares may have been on the screen." },
  { kind: "text", text: "Firn locks now and starts afresh, so that nothing of them stays in memory." },
] as const;

async function lockAfterLeaving(desk: Desk): Promise<never> {
  await ask(desk, notice("Nothing was taken", LEFT));
  throw new Locked("afresh");
}

async function keepKey(desk: Desk, session: Session, key: NewKey): Promise<void> {
  refuseKnown(session, key);
  const name = await askKeyName(desk, session, freeName(session));
  if (name === "back") return lockAfterLeaving(desk);
  const record = recordOf(key, name.text, desk.ports.clock.wallMs());
  const { fingerprint, origin } = record;
  const { state } = session;
  await keepKeys(session, (kept) => [...kept, { fingerprint, material: key.material }], {
    ...state,
    keys: [...state.keys, record],
  });
  await session.journal.append({ kind: "key-added", name: name.text, fingerprint, origin });
  await ask(desk, notice("A key was added", addedWords(session, record)));
}

function addedWords({ network }: Session, record: KeyRecord) {
  const first = { kind: "fact", label: record.name, value: record.fingerprint } as const;
  const texts = [
    "To sign with it, choose it under Keys and backups.",
    ...(network === "mainnet" && !isRehearsed(record)
      ? ["Before it signs on mainnet, rehearse its backup there."]
      : []),
    "Firn locks now and starts afresh, so that no word stays in memory.",
  ];
  return [first, ...texts.map((text) => ({ kind: "text", text }) as const)];
}

function refuseKnown({ state }: Session, { fingerprint }: NewKey): void {
  const known = state.keys.find((key) => key.fingerprint === fingerprint);
  if (known !== undefined) refuse("keys.known", `${known.name}, ${fingerprint}`);
}

function freeName({ state: { keys } }: Session): string {
  for (let number = keys.length + 1; ; number++)
    if (keys.every(({ name }) => name !== `Key ${number}`)) return `Key ${number}`;
}

/** One write of the home: the sealed keys as `change` leaves them, and the state. */
async function keepKeys(
  session: Session,
  change: (kept: readonly KeptKey[]) => readonly KeptKey[],
  state: HomeState,
): Promise<void> {
  const before = session.vault.section("keys");
  const kept = unpackKeys(before);
  let packed: Uint8Array | undefined;
  try {
    packed = packKeys(change(kept));
    session.vault.write({ keys: packed });
    await keep(session, state);
  } finally {
    wipe(before, packed);
    for (const { material } of kept) wipeMaterial(material);
  }
}

// ---------------------------------------------------------------- removing

export async function removeKey(desk: Desk, session: Session, record: KeyRecord): Promise<void> {
  const { state } = session;
  if (state.keys.length === 1) refuse("keys.last", `${record.name}, ${record.fingerprint}`);
  const kept = state.wallets.filter(({ key }) => key === record.fingerprint);
  refuseNamed(state, keptWallets(session, kept));
  if ((await deliberately(desk, removeSheets(session, record), "to remove the key")) === "no") return;
  const { fingerprint, name } = record;
  const others = state.keys.filter((key) => key.fingerprint !== fingerprint);
  await afresh(desk, session, async () => {
    await keepKeys(session, (kept) => kept.filter((key) => key.fingerprint !== fingerprint), {
      ...state,
      keys: others,
      wallets: state.wallets.filter(({ key }) => key !== fingerprint),
      chosen: state.chosen === fingerprint ? others[0]!.fingerprint : state.chosen,
    });
    await session.journal.append({ kind: "key-removed", name, fingerprint });
    await ask(desk, notice("The key was removed", REMOVED));
  });
}

const REMOVED = [
  { kind: "text", text: "Its money is where it was: its backup opens it, on this device or another." },
  { kind: "text", text: "Firn locks now and starts afresh, so that nothing of the key stays in memory." },
] as const;

function removeSheets({ state }: Session, record: KeyRecord): Sheet[] {
  const wallets = state.wallets.filter(({ key }) => key === record.fingerprint).map(({ name }) => name);
  const title = `Remove ${record.name}?`;
  const danger: Sheet = {
    title: "Its backup was never rehearsed",
    tone: "danger",
    blocks: [
      {
        kind: "text",
        text: "Nobody has shown that this key's backup can be read. Without one, whatever it holds is lost for ever.",
      },
    ],
  };
  const blocks = [
    { kind: "fact", label: "Fingerprint", value: record.fingerprint },
    {
      kind: "text",
      text: "This device forgets it and signs nothing with it any more. Only a backup brings it back. Older copies of the card still hold it, behind the PIN of then.",
    },
    ...(wallets.length === 0
      ? []
      : [{ kind: "fact", label: "Registered wallets that go with it", value: wallets.join("\n") } as const]),
  ] as const;
  return [{ title, tone: "caution", blocks }, ...(isRehearsed(record) ? [] : [danger])];
}

// ---------------------------------------------------------------- for one session

/** Nothing of it is ever written but what it signs: the lock forgets it. */
export async function useForSession(desk: Desk, session: Session): Promise<void> {
  const key = await askKey(desk, session.network, { title: "For this session", born: false, leaves: true });
  if (key === "back") return;
  if (key === "left") return lockAfterLeaving(desk);
  try {
    refuseKnown(session, key);
    const parts = { desk, ...session };
    const keyring = await openKeyring(parts, key.material);
    const record = recordOf(key, "For this session", desk.ports.clock.wallMs());
    answerWith(desk, session, { keyring, key: record, temporary: true, ...walletsOf(parts, keyring, []) });
    const { fingerprint } = record;
    await session.journal.append({ kind: "key-chosen", fingerprint, lives: "session" });
  } catch (problem) {
    await afresh(desk, session, () => Promise.reject(problem));
  } finally {
    wipeMaterial(key.material);
  }
}
