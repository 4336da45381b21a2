// "I think I am compromised": everything that is still here goes to the successor, and nothing goes elsewhere.

import type { Block } from "../../model.ts";
import { codes } from "../../screens/codes.ts";
import { question } from "../../screens/notice.ts";
import type { Sheet } from "../../screens/pages.ts";
import { grouped } from "../../text.ts";
import { splitText } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask, Locked } from "../../ui.ts";
import { deliberately } from "../deliberate.ts";
import { whatOf } from "../policy/change-words.ts";
import { record } from "../policy/due.ts";
import type { Session } from "../session.ts";
import { pickIndex } from "../wallets/addresses.ts";
import { waitWords } from "./freeze.ts";
import { latelySheet } from "./lately.ts";
import { type OpenSuccessor, successorOf } from "./successor.ts";

/** The guided way. Throws Locked where there is no successor: then freezing is all that can be done. */
export async function compromised(desk: Desk, session: Session): Promise<void> {
  const successor = successorOf(session);
  if (!successor) return freezeAll(desk, session);
  if (!session.state.sweep && (await begin(desk, session, successor)) === "left") return;
  await ask(desk, question([latelySheet(session)], "go on", "go on"));
  await ask(desk, question(HOW, "show the addresses", "go on"));
  await showAddresses(desk, session, successor);
}

async function begin(desk: Desk, session: Session, { wallet }: OpenSuccessor): Promise<"begun" | "left"> {
  if ((await deliberately(desk, beginSheets(wallet.name), "to begin")) === "no") return "left";
  const { state } = session;
  // Whoever has the PIN may have asked for more already, another successor among it.
  const cancelled = state.pending.map(
    ({ change }) => ({ kind: "change-cancelled", what: whatOf(change) }) as const,
  );
  const lines = [{ kind: "sweep-begun", name: wallet.name } as const, ...cancelled];
  await record(session, lines, { ...state, sweep: true, pending: [] });
  return "begun";
}

function beginSheets(name: string): Sheet[] {
  return [
    {
      title: "I think I am compromised",
      tone: "danger",
      blocks: [
        text(
          `From here on this device signs only what pays to your successor, ${name}: nothing else, to nobody else.`,
        ),
        text("There it signs any amount at once, without waits and without asking persons. Fee limits stay."),
      ],
    },
    {
      title: "Then",
      blocks: [
        text(
          "You see what was signed lately, and how the sweep is made, with the successor's next addresses.",
        ),
        text("What waits to allow more is cancelled."),
        text(
          "It ends only by what allows more: PIN, your security key if there is one, and the policy's wait.",
        ),
        text("Who has your words or your keys needs no device: be quick."),
      ],
    },
  ];
}

/** Without a successor. */
async function freezeAll(desk: Desk, session: Session): Promise<void> {
  const sheets: Sheet[] = [
    {
      title: "I think I am compromised",
      tone: "danger",
      blocks: [
        text("No successor was registered, so nothing can be swept from here: this device can only freeze."),
        text(waitWords(session)),
        text(
          "Who has your words needs no device: then move the money at once, with this device, within your policy, instead of freezing it.",
        ),
      ],
    },
    latelySheet(session),
  ];
  if ((await ask(desk, question(sheets, "freeze now", "leave"))) === "no") return;
  await session.journal.append({ kind: "frozen", why: "compromised" });
  throw new Locked("frozen");
}

const HOW: readonly Sheet[] = [
  {
    title: "How to sweep",
    blocks: [
      text(
        "1. In your wallet program, for each wallet of each key on this device: send everything to one of the successor's addresses, which come next. Choose a fee that gets into a block soon.",
      ),
      text(
        "2. Show each transaction here: Sign a transaction. Only what pays to the successor alone is signed.",
      ),
      text("3. Broadcast each at once."),
      text("4. Multisig wallets take your cosigners' signatures as always."),
      text("5. Look for accounts that you forgot: what your wallet program does not send stays where it is."),
    ],
  },
];

/** From the first one on that no payment of this device went to. */
export async function showAddresses(
  desk: Desk,
  session: Session,
  { wallet, address }: OpenSuccessor,
): Promise<void> {
  let index = firstUnpaid(session, address);
  for (;;) {
    const title = `${wallet.name}: next addresses`;
    const picked = await pickIndex(desk, { title, address }, index);
    if (picked === "back") return;
    index = picked;
    const shown = address(index);
    await ask(
      desk,
      codes(
        {
          title: `Address ${wallet.receive}/${index}`,
          caption: grouped(shown),
          loop: (density) => splitText(shown, density),
        },
        desk.ports.panel.size(),
      ),
    );
  }
}

const LOOKED_AT = 50;

function firstUnpaid(session: Session, address: (index: number) => string): number {
  const ledger = session.journal.ledger();
  for (let index = 0; index < LOOKED_AT; index++)
    if (ledger.known(address(index)).paidAt === undefined) return index;
  return 0;
}

function text(words: string): Block {
  return { kind: "text", text: words };
}
