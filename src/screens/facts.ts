// What was found of the machine itself: board, image, and every finding with its state in words and tone.

import type { Block, Tone } from "../model.ts";
import type { Fact, FactState, Facts } from "../ports.ts";
import { grouped, shown } from "../text.ts";
import type { Sheet } from "./pages.ts";

const STATES: readonly FactState[] = ["open", "unknown", "well"];
const TONES: Record<FactState, Tone> = { well: "calm", unknown: "caution", open: "danger" };
/** Beside the glass's mark. */
const MARKS: Record<FactState, string> = {
  well: "",
  unknown: "not known: ",
  open: "not as it must be: ",
};

export function factSheets(version: string, facts: Facts): Sheet[] {
  return [
    { title: "This machine", blocks: machineBlocks(version, facts) },
    {
      title: "What was found",
      tone: worst(facts.findings),
      blocks: worstFirst(facts.findings).map(factBlock),
    },
  ];
}

function machineBlocks(version: string, { board, image }: Facts): Block[] {
  const about: Block[] = [
    { kind: "fact", label: "Board", value: shown(board) },
    { kind: "fact", label: "Firn", value: version },
  ];
  if (!image)
    return [...about, { kind: "fact", label: "Image", value: "none: what Firn runs from has no hash" }];
  return [
    ...about,
    { kind: "fact", label: "Image", value: grouped(shown(image.imageId)) },
    { kind: "fact", label: "Root hash", value: grouped(shown(image.rootHash)) },
  ];
}

function factBlock({ label, found, state }: Fact): Block {
  return {
    kind: "fact",
    label: shown(label),
    value: `${MARKS[state]}${shown(found, MOST_FOUND)}`,
    tone: TONES[state],
  };
}

const MOST_FOUND = 300;

function worstFirst(findings: readonly Fact[]): readonly Fact[] {
  return STATES.flatMap((state) => findings.filter((finding) => finding.state === state));
}

function worst(findings: readonly Fact[]): Tone {
  return TONES[worstFirst(findings)[0]?.state ?? "unknown"];
}

/** Version and image as the start screen has room for them: the first and last eight digits of each hash. */
export function imageWords(version: string, { image }: Facts): string {
  const short = (hex: string) => `${shown(hex).slice(0, 8)}...${shown(hex).slice(-8)}`;
  if (!image) return `Firn ${version}`;
  return `Firn ${version} image ${short(image.imageId)}\nroot ${short(image.rootHash)}`;
}
