// Descriptors as people read them before they sign or take them, and as requests are read with them.

import { chainName } from "../../assets.ts";
import { type Descriptor, type Descriptors, readKeptDescriptor, summaryOf } from "../../ethereum/index.ts";
import type { Block } from "../../model.ts";
import { readDescriptors, textFingerprint } from "../../policy/index.ts";
import { Refusal } from "../../refusal.ts";
import type { Sheet } from "../../screens/pages.ts";
import { shown } from "../../text.ts";
import type { HomeState } from "../state.ts";

/** Undefined where there are none. What this Firn cannot read any more says nothing: its calls are unknown again. */
export function openDescriptors({ descriptors }: HomeState): Descriptors | undefined {
  if (!descriptors || descriptors.texts.length === 0) return undefined;
  return { number: descriptors.number, list: descriptors.texts.flatMap((text) => openOne(text) ?? []) };
}

export function openOne(text: string): Descriptor | undefined {
  try {
    return readKeptDescriptor(text);
  } catch (problem) {
    if (problem instanceof Refusal) return undefined;
    throw problem;
  }
}

/** "Uniswap Universal Router (1a2b3c4d)" */
export function descriptorName({ name, text }: Descriptor): string {
  return `${shown(name === "" ? "no name" : name, 60)} (${textFingerprint(text)})`;
}

/** Which of a document's descriptors are not here yet, a line each. */
export function describedWords(text: string, here: readonly string[]): readonly string[] {
  const { texts } = readDescriptors(text).document;
  return texts.filter((one) => !here.includes(one)).map((one) => descriptorName(readKeptDescriptor(one)));
}

export function descriptorSheet(descriptor: Descriptor): Sheet {
  const { owner, deployments, formats, domain } = descriptor;
  return {
    title: domain === undefined ? "Calls of a contract" : "Typed data for a contract",
    blocks: [
      { kind: "fact", label: "Named", value: descriptorName(descriptor) },
      ...(owner === "" ? [] : [foreign("Whose it says it is", owner)]),
      ...deployments.map(
        ({ chainId, address }): Block => ({ kind: "fact", label: chainName(chainId), value: address }),
      ),
      ...formats.flatMap((format): Block[] => [
        foreign(shown(format.written, 400), format.intent === "" ? "no words" : format.intent),
        ...summaryOf(format).map((line): Block => ({ kind: "text", text: shown(line, 400) })),
      ]),
    ],
  };
}

function foreign(label: string, value: string): Block {
  return { kind: "fact", label, value: shown(value, 200) };
}
