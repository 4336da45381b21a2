// The sheets as one SVG (1.1), each below the other.

import { utf8 } from "../../text.ts";
import { inkRows, number } from "./ink.ts";
import { A4, LETTER, type Mark, type PaperSheet } from "./layout.ts";

const MM = 25.4 / 72;

export function writeSvg(sheets: readonly PaperSheet[]): Uint8Array {
  const height = A4.height * sheets.length;
  const size = `width="${number(A4.width * MM)}mm" height="${number(height * MM)}mm"`;
  const body = sheets.flatMap((sheet, index) => [
    `<g transform="translate(0 ${number(index * A4.height)})">`,
    ...sheet.map(element),
    "</g>",
  ]);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} viewBox="0 0 ${number(A4.width)} ${number(height)}">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    ...body,
    "</svg>",
  ];
  return utf8(`${lines.join("\n")}\n`);
}

/** Whatever font there is, a line is as long as it would be in Courier. */
function element(mark: Mark): string {
  if (mark.kind === "code") {
    const rows = inkRows(mark).map(
      ({ x, y, width, height }) =>
        `M${number(x)} ${number(y)}h${number(width)}v${number(height)}h-${number(width)}z`,
    );
    return `<path shape-rendering="crispEdges" d="${rows.join("")}"/>`;
  }
  const { x, y, size, bold, text } = mark;
  const length = number(text.length * size * LETTER);
  const weight = bold ? ' font-weight="bold"' : "";
  return `<text x="${number(x)}" y="${number(y)}" font-family="Courier, monospace" font-size="${size}"${weight} textLength="${length}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${escaped(text)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
