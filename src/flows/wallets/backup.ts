// A wallet's own backup: its descriptor, as a code, as a file, on paper. Words bring back keys; without the descriptor
// nobody knows which keys make which addresses.

import { type Wallet, writeWalletRecord } from "../../bitcoin/index.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { notice, question } from "../../screens/notice.ts";
import { layOut } from "../../screens/page/layout.ts";
import { writePdf } from "../../screens/page/pdf.ts";
import { writeSvg } from "../../screens/page/svg.ts";
import { lossSheets } from "../../screens/wallet-life.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { showText } from "../leave-text.ts";
import { orRefused } from "../or-refused.ts";
import { dateOf, type Session } from "../session.ts";
import { freeName, patiently, stickLabel, tellNoStick } from "../stick.ts";
import { pageOf } from "./backup-page.ts";
import { firstAddress } from "./facts.ts";
import { keptOf, lifeFacts } from "./kept.ts";
import { rehearse } from "./rehearse.ts";

type Act = (desk: Desk, session: Session, wallet: Wallet) => Promise<unknown>;

const WRITERS = { pdf: writePdf, svg: writeSvg } as const;

export async function backup(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
  const items: readonly Item<Act>[] = [
    { label: "Descriptor, as a code or a file", answer: showDescriptor },
    { label: "BSMS record, as a code or a file", answer: showRecord },
    { label: stickLabel(desk, "Page to print (PDF)"), answer: (...all) => print(...all, "pdf") },
    { label: stickLabel(desk, "Page to print (SVG)"), answer: (...all) => print(...all, "svg") },
    { label: "What is needed if keys are lost", answer: showLosses },
    { label: "Rehearse: read a backup again", answer: rehearse },
  ];
  let cursor = 0;
  for (;;) {
    const above = [{ kind: "text", text: rehearsedWords(session, wallet) }] as const;
    const back = { label: "back", answer: "back" } as const;
    const title = `Backup: ${wallet.name}`;
    const choice = await ask(desk, menu<Act | "back">({ title, above, items, back }, cursor));
    if (choice === "back") return;
    cursor = items.findIndex(({ answer }) => answer === choice);
    await orRefused(desk, () => choice(desk, session, wallet));
  }
}

function rehearsedWords(session: Session, wallet: Wallet): string {
  const kept = keptOf(session, wallet);
  if (!kept) return "The descriptor holds public keys only: it shows all, and spends nothing.";
  return kept.rehearsedMs === undefined
    ? "No backup of this wallet was ever read again."
    : `A backup was read again, and equal, on ${dateOf(session, kept.rehearsedMs)}.`;
}

/** The name of a wallet's file, without its ending. */
function fileOf({ name, fingerprint }: Wallet): string {
  const plain = name.replace(fingerprint, "").replaceAll(/[^A-Za-z0-9]+/g, "-");
  return `wallet-${plain.slice(0, 24)}-${fingerprint}`.replaceAll("--", "-");
}

async function showDescriptor(desk: Desk, _session: Session, wallet: Wallet): Promise<void> {
  await showText(desk, {
    title: `Descriptor: ${wallet.name}`,
    text: wallet.descriptor,
    caption: "Public keys only. Scan it with a wallet program, or with another Firn.",
    file: fileOf(wallet),
  });
}

async function showRecord(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
  await showText(desk, {
    title: `BSMS record: ${wallet.name}`,
    text: writeWalletRecord(wallet.descriptor, firstAddress(session, wallet)),
    caption: "The descriptor with its first address (BIP 129). Scan it with a wallet program.",
    file: `${fileOf(wallet)}-bsms`,
  });
}

/** Beside what is there, never over it. */
async function print(
  desk: Desk,
  session: Session,
  wallet: Wallet,
  ending: keyof typeof WRITERS,
): Promise<void> {
  const { stick } = desk;
  if (!stick) return void (await tellNoStick(desk, "Show the descriptor as a code instead."));
  const bytes = WRITERS[ending](layOut(pageOf(session, wallet)));
  const names = await patiently(desk, "Looking at the stick", stick.names());
  const name = freeName(fileOf(wallet), `.${ending}`, names);
  await patiently(desk, "Writing to the stick", stick.write(name, bytes));
  const text =
    "Print it where nobody reads along: whoever has it sees every address of the wallet. Then rehearse: show its code to this camera.";
  const blocks = [{ kind: "fact", label: "File", value: name } as const, { kind: "text", text } as const];
  await ask(desk, notice("It is on the stick", blocks));
}

async function showLosses(desk: Desk, _session: Session, wallet: Wallet): Promise<void> {
  await ask(desk, question(lossSheets(lifeFacts(wallet)), "close", "close"));
}
