// The sheets as a PDF (ISO 32000-1): the two Couriers that every reader and printer has, nothing embedded.

import { utf8 } from "../../text.ts";
import { inkRows, number } from "./ink.ts";
import { A4, type Mark, type PaperSheet } from "./layout.ts";

const FIRST_PAGE = 5;

/** The same sheets give the same bytes. */
export function writePdf(sheets: readonly PaperSheet[]): Uint8Array {
  const pages = sheets.map((_, index) => `${FIRST_PAGE + 2 * index} 0 R`);
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${pages.join(" ")}] /Count ${pages.length} >>`,
    font("Courier"),
    font("Courier-Bold"),
    ...sheets.flatMap((sheet, index) => [pageObject(FIRST_PAGE + 2 * index + 1), stream(sheet)]),
  ];
  let out = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const at = out.length;
    out += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const xref = offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("");
  const start = out.length;
  out += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${xref}`;
  out += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return utf8(out);
}

function font(name: string): string {
  return `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`;
}

function pageObject(contents: number): string {
  const box = `[0 0 ${number(A4.width)} ${number(A4.height)}]`;
  const fonts = "<< /Font << /F1 3 0 R /F2 4 0 R >> >>";
  return `<< /Type /Page /Parent 2 0 R /MediaBox ${box} /Resources ${fonts} /Contents ${contents} 0 R >>`;
}

function stream(sheet: PaperSheet): string {
  const body = `0 g\n${sheet.map(operators).join("")}`;
  return `<< /Length ${body.length} >>\nstream\n${body}endstream`;
}

/** PDF counts from the lower left corner. */
function operators(mark: Mark): string {
  if (mark.kind === "text") {
    const { x, y, size, bold, text } = mark;
    const escaped = text.replace(/[\\()]/g, "\\$&");
    return `BT /F${bold ? 2 : 1} ${size} Tf ${number(x)} ${number(A4.height - y)} Td (${escaped}) Tj ET\n`;
  }
  const rows = inkRows(mark).map(
    ({ x, y, width, height }) =>
      `${number(x)} ${number(A4.height - y - height)} ${number(width)} ${number(height)} re\n`,
  );
  return `${rows.join("")}f\n`;
}
