// Where everything would go: a wallet of other keys, registered while nothing is wrong yet.

import { addressOf, compile, readWallet, type Wallet } from "../../bitcoin/index.ts";
import { equal } from "../../bytes.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { field, PRINTABLE } from "../../screens/field.ts";
import { menu } from "../../screens/menu.ts";
import { question } from "../../screens/notice.ts";
import { grouped } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { loosen } from "../policy/pending.ts";
import { keep, type Session } from "../session.ts";
import { bring } from "../stick.ts";
import { sheetsOfWallet } from "../wallets/facts.ts";

/** Of one that is registered: the wallet, and its receive addresses. */
export interface OpenSuccessor {
  readonly wallet: Wallet;
  address(index: number): string;
}

export function successorOf({ state, network, curve }: Session): OpenSuccessor | undefined {
  const { successor } = state;
  return successor && openSuccessor(readWallet(successor.descriptor, network, curve, successor.name), curve);
}

function openSuccessor(wallet: Wallet, curve: Session["curve"]): OpenSuccessor {
  const template = compile(wallet, curve);
  const address = (index: number) =>
    addressOf(template.derive(wallet.receive, index).scriptPubKey, wallet.network) ?? "";
  return { wallet, address };
}

export async function successor(desk: Desk, session: Session): Promise<void> {
  for (;;) {
    const now = successorOf(session);
    if (!now) return register(desk, session);
    const items = [
      { label: "Keys and first addresses", answer: "look" },
      { label: "Register another one instead", answer: "register" },
      { label: "Remove it", answer: "remove" },
    ] as const;
    const back = { label: "back", answer: "back" } as const;
    const title = `Successor: ${now.wallet.name}`;
    const choice = await ask(desk, menu<(typeof items)[number]["answer"] | "back">({ title, items, back }));
    if (choice === "back") return;
    if (choice === "look") await ask(desk, question(sheetsOf(session, now), "close", "close"));
    else if (session.state.sweep) refuse("emergency.sweep-under-way");
    else if (choice === "register") return register(desk, session);
    else await remove(desk, session, now.wallet);
  }
}

async function register(desk: Desk, session: Session): Promise<void> {
  const brought = await bring(desk, "wallet", {
    title: "Register a successor",
    ask: "Show the descriptor of a wallet whose keys were never on this device.",
  });
  if (brought === "back") return;
  const { network, curve } = session;
  const found = readWallet(brought.message, network, curve);
  refuseOwn(session, found);
  const name = await askName(desk, found.name);
  if (name === "back") return;
  const wallet = { ...found, name };
  const opened = openSuccessor(wallet, curve);
  if ((await ask(desk, question(sheetsOf(session, opened), "they are the same", "leave"))) === "no") return;
  await loosen(desk, session, { kind: "successor", name, descriptor: wallet.descriptor });
}

/** A descriptor can say of a key that it is anyone's: what this device derives at its path tells. */
function refuseOwn({ state, keyring, wallets }: Session, wallet: Wallet): void {
  const own = new Set([keyring.fingerprint, ...state.keys.map(({ fingerprint }) => fingerprint)]);
  const mine = wallets.flatMap(({ keys }) => keys.filter(({ ours }) => ours));
  for (const [index, { publicKey, fingerprint, path }] of wallet.keys.entries()) {
    const known = [...mine, keyring.account(path)].some((key) => equal(key.publicKey, publicKey));
    if (known || own.has(fingerprint)) refuse("emergency.successor-known", `key ${index + 1}`);
  }
}

async function askName(desk: Desk, start: string): Promise<string> {
  const answer = await ask(
    desk,
    field({
      title: "Name the successor",
      label: "Name",
      allowed: PRINTABLE,
      longest: LIMITS.walletNameChars,
      start,
      check: (value) => (value.trim() === "" ? "It needs a name." : undefined),
    }),
  );
  return answer === "back" ? "back" : answer.value.trim();
}

const COMPARED = 3;

function sheetsOf(session: Session, { wallet, address }: OpenSuccessor) {
  const first = Array.from({ length: COMPARED }, (_, index) => address(index));
  return [
    ...sheetsOfWallet(session, wallet),
    {
      title: "First addresses",
      blocks: [
        ...first.map(
          (text, index) => ({ kind: "fact", label: `Receive ${index}`, value: grouped(text) }) as const,
        ),
        {
          kind: "text",
          text: "Compare them, all of them, with the device that holds the successor's keys. In an emergency everything goes there.",
        } as const,
      ],
    },
  ];
}

/** What restricts holds at once. */
async function remove(desk: Desk, session: Session, { name }: Wallet): Promise<void> {
  const text = `Without ${name} nothing can be swept: in an emergency this device can only freeze.`;
  const sheet = {
    title: "Remove the successor?",
    tone: "caution",
    blocks: [{ kind: "text", text }],
  } as const;
  if ((await ask(desk, question([sheet], "remove it", "keep it"))) === "no") return;
  const { successor: _, ...without } = session.state;
  await session.journal.append({ kind: "change-done", what: `no successor: ${name} was removed` });
  await keep(session, without);
}
