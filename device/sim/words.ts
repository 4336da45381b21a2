// What a Picture says, as text: what `see` looks in, and what a list's cursor stands on.
// The whole of it, not only what fits: a list counts all its items, wherever its cursor is.

import type { Block, Picture } from "../../src/model.ts";

export function wordsOf(picture: Picture): string {
  const lines = [
    picture.banner,
    picture.title,
    picture.step,
    ...picture.blocks.map(blockWords),
    picture.hold,
  ];
  for (const label of Object.values(picture.buttons)) lines.push(label);
  return lines.filter((line) => line !== undefined && line !== "").join("\n");
}

function blockWords(block: Block): string {
  switch (block.kind) {
    case "text":
      return block.text;
    case "fact":
      return `${block.label}\n${block.value}`;
    case "list":
      return block.items.join("\n");
    case "field":
      return `${block.label}\n${block.masked ? "*".repeat(block.value.length) : block.value}`;
    case "meter":
      return `${block.label}\n${block.map ?? ""}`;
    default:
      return "";
  }
}

/** White space folded; then also without any, so that what was grouped or broken over lines is found too. */
export function says(words: string, text: string): boolean {
  const fold = (long: string) => long.replace(/\s+/g, " ").trim();
  const bare = (long: string) => long.replace(/\s+/g, "");
  return fold(words).includes(fold(text)) || bare(words).includes(bare(text));
}

export type ListBlock = Extract<Block, { readonly kind: "list" }>;
export type CodeBlock = Extract<Block, { readonly kind: "code" }>;

export function listOf(picture: Picture): ListBlock | undefined {
  return picture.blocks.find((block) => block.kind === "list");
}

export function codeOf(picture: Picture): CodeBlock | undefined {
  return picture.blocks.find((block) => block.kind === "code");
}

/** The item that is, or else the only one that contains, the label; undefined where there is none, or several. */
export function itemOf(list: ListBlock, label: string): number | undefined {
  const same = list.items.findIndex((item) => item.trim() === label);
  if (same >= 0) return same;
  const containing = [...list.items.keys()].filter((index) => list.items[index]!.includes(label));
  return containing.length === 1 ? containing[0] : undefined;
}
