// An administrator makes or signs descriptors: what calls of contracts mean, read from ERC 7730 files, for his fleet.

import { checkTogether, type Descriptor, readDescriptor, readKeptDescriptor } from "../../ethereum/index.ts";
import { LIMITS } from "../../limits.ts";
import {
  type DescriptorsDocument,
  readDescriptors,
  textFingerprint,
  withSignature,
  writeDescriptors,
} from "../../policy/index.ts";
import { refuse } from "../../refusal.ts";
import { DIGITS } from "../../screens/field.ts";
import type { Sheet } from "../../screens/pages.ts";
import type { Desk } from "../../ui.ts";
import { deliberately } from "../deliberate.ts";
import { askOwnName } from "../fleet/fleet.ts";
import { askFleetName } from "../fleet/names.ts";
import { signersOf } from "../fleet/read-document.ts";
import { checkSigner, signatureOf } from "../fleet/sign-document.ts";
import { showText } from "../leave-text.ts";
import { orRefused } from "../or-refused.ts";
import { askText, choose } from "../policy/asks.ts";
import type { Session } from "../session.ts";
import { bring } from "../stick.ts";
import { descriptorName, descriptorSheet, openOne } from "./descriptor-words.ts";

export async function makeDescriptors(desk: Desk, session: Session): Promise<void> {
  const here = session.state.descriptors;
  const list = await askDescriptors(
    desk,
    (here?.texts ?? []).flatMap((text) => openOne(text) ?? []),
  );
  if (list === "back") return;
  const number = await askText(desk, "Number", {
    label: "Higher than what any device of the fleet has",
    allowed: DIGITS,
    longest: 9,
    start: String((here?.number ?? 0) + 1),
    check: (value) => (/^[1-9]\d{0,8}$/.test(value) ? undefined : "A whole number from 1 on."),
  });
  if (number === "back") return;
  const fleet = session.state.fleet?.name ?? (await askFleetName(desk, "Fleet", "What this fleet is called"));
  if (fleet === "back") return;
  const texts = list.map(({ text }) => text);
  await sign(desk, session, writeDescriptors({ fleet, number: Number(number), texts }));
}

/** One file after the other; those of this device are there at first. */
async function askDescriptors(
  desk: Desk,
  here: readonly Descriptor[],
): Promise<readonly Descriptor[] | "back"> {
  let list = here;
  for (;;) {
    const more = list.length < LIMITS.descriptors ? [{ label: "Read a file", answer: "read" } as const] : [];
    const fewer = list.length > 0 ? [{ label: "Take one out", answer: "drop" } as const] : [];
    const done = [{ label: `These ${list.length}`, answer: "done" } as const];
    const names = list.length === 0 ? "None yet." : list.map(descriptorName).join(", ");
    const answer = await choose<"read" | "drop" | "done">(
      desk,
      "Descriptors",
      [...more, ...fewer, ...done],
      names,
    );
    if (answer === "back" || answer === "done") return answer === "done" ? list : "back";
    const next = await orRefused(desk, () => (answer === "read" ? readOne(desk, list) : dropOne(desk, list)));
    if (next !== "back") list = next;
  }
}

async function readOne(desk: Desk, list: readonly Descriptor[]): Promise<readonly Descriptor[] | "back"> {
  const brought = await bring(desk, "document", {
    title: "A descriptor",
    ask: "Show the ERC 7730 file, as codes, to the camera.",
  });
  if (brought === "back") return "back";
  const next = [...list, readDescriptor(brought.message.text)];
  checkTogether(next);
  return next;
}

async function dropOne(desk: Desk, list: readonly Descriptor[]): Promise<readonly Descriptor[] | "back"> {
  const items = list.map((one) => ({ label: descriptorName(one), answer: one }));
  const gone = await choose<Descriptor>(desk, "Which one goes", items);
  return gone === "back" ? "back" : list.filter((one) => one !== gone);
}

/** `given`: with the signatures that it has. Throws Refusal fleet.*, descriptor.*. */
export async function signDescriptors(desk: Desk, session: Session, given: string): Promise<void> {
  const signed = readDescriptors(given);
  const { fleet } = session.state;
  if (fleet && fleet.name === signed.document.fleet) signersOf(fleet, signed);
  const text = signed.signatures.reduce(
    (all, { name, signature }) => withSignature(all, name, signature),
    signed.body,
  );
  await sign(desk, session, text);
}

async function sign(desk: Desk, session: Session, text: string): Promise<void> {
  const { document, body, signatures } = readDescriptors(text);
  const sheets = descriptorsSheets(document, signatures.map(({ name }) => name).join(", ") || "nobody yet");
  const name = await askOwnName(desk, session);
  if (name === "back") return;
  checkSigner(session, document, name);
  if (signatures.some((one) => one.name === name)) refuse("fleet.malformed", `${name} signed it already`);
  if ((await deliberately(desk, sheets, "to sign it")) === "no") return;
  const signed = withSignature(text, name, signatureOf(session, body));
  const { fleet, number } = document;
  const fingerprint = textFingerprint(body);
  await session.journal.append({ kind: "fleet-signed", name: `${fleet}, descriptors`, number, fingerprint });
  await showText(desk, {
    ...{ title: `Fleet ${fleet}, descriptors ${number}`, text: signed },
    ...{
      caption: "Scan it with the next administrator's Firn, or with the devices.",
      file: `firn-descriptors-${number}`,
    },
  });
}

/** Who signed, then each with its contracts and functions. Throws Refusal descriptor.*. */
export function descriptorsSheets({ fleet, number, texts }: DescriptorsDocument, signers: string): Sheet[] {
  const list = texts.map(readKeptDescriptor);
  checkTogether(list);
  return [
    {
      title: `Fleet ${fleet}, descriptors ${number}`,
      blocks: [
        { kind: "fact", label: "Signed by", value: signers },
        { kind: "fact", label: "Descriptors", value: list.length === 0 ? "none" : String(list.length) },
        { kind: "text", text: "Calls that Firn cannot read are shown in their words: read each of them." },
      ],
    },
    ...list.map(descriptorSheet),
  ];
}
