// Proves an exported journal with nothing but Node and the journal's public key.
//   node scripts/verify-journal.ts EXPORT… [--key HEX] [--earlier EXPORT]… [--json]
// EXPORT: one file, or its parts in their order; a file with a receipt is proven too. --key: as the device shows it;
// without it the key in the export is taken, and what is proven is only as good as that. --earlier: an export of
// before, or its parts. Exit code 0: whole and signed. 1: something is wrong, and is named. 2: it could not be checked.

import { readFileSync } from "node:fs";
import { type Checked, check, compare, finding, lines } from "./verify/check.ts";
import { type Export, type Finding, isSigned, readExport, readReceipt, startsAs } from "./verify/read.ts";

const USAGE = "usage: node scripts/verify-journal.ts EXPORT... [--key HEX] [--earlier EXPORT]... [--json]";

interface Asked {
  readonly files: string[];
  readonly earlier: string[];
  key: string | undefined;
  json: boolean;
}

interface Report {
  readonly key: string | undefined;
  /** owner: given. file: named by what is checked itself. */
  readonly keyFrom: "owner" | "file";
  readonly journal: Checked | undefined;
  readonly receipts: readonly string[];
  readonly findings: readonly Finding[];
}

class Unusable extends Error {}

function asked(words: readonly string[]): Asked {
  const out: Asked = { files: [], earlier: [], key: undefined, json: false };
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === "--json") out.json = true;
    else if (word === "--earlier") out.earlier.push(words[++i] ?? "");
    else if (word === "--key") {
      const key = (words[++i] ?? "").replaceAll(/\s/g, "").toLowerCase();
      if (!/^[0-9a-f]{64}$/.test(key)) throw new Unusable("--key wants 64 hex digits");
      out.key = key;
    } else if (word.startsWith("--")) throw new Unusable(`there is no ${word}`);
    else out.files.push(word);
  }
  if (out.files.length === 0) throw new Unusable("no file is named");
  return out;
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (problem) {
    throw new Unusable(`${file} cannot be read: ${(problem as NodeJS.ErrnoException).code}`);
  }
}

function report({ files, earlier, key: given }: Asked): Report {
  const read = files.map((file) => ({ file, bytes: bytesOf(file) }));
  const parts: Export[] = [];
  const receipts: typeof read = [];
  for (const one of read)
    if (startsAs(one.bytes, "Firn receipt ")) receipts.push(one);
    else parts.push(readExport(one.file, one.bytes));
  const before = earlier.map((file) => readExport(file, bytesOf(file)));
  const key = given ?? (parts[0]?.key || receipts.map(({ bytes }) => readReceipt(bytes)?.key)[0]);
  const keyFrom = given === undefined ? "file" : "owner";
  const journal = parts.length > 0 ? check(parts, key ?? "") : undefined;
  const findings: Finding[] = journal?.finding ? [journal.finding] : [];
  if (journal && before.length > 0) findings.push(...against(before, journal, key ?? "", earlier[0]!));
  const proven: string[] = [];
  for (const { file, bytes } of receipts) {
    const problem = receiptDoesNotHold(file, bytes, key, journal);
    if (problem) findings.push(problem);
    else proven.push(file);
  }
  return { key, keyFrom, journal, receipts: proven, findings };
}

/** The earlier export is proven too: what is broken says nothing of what is checked now. */
function against(parts: readonly Export[], now: Checked, key: string, file: string): Finding[] {
  const earlier = check(parts, key);
  if (earlier.finding)
    return [{ ...earlier.finding, words: `the earlier export does not hold: ${earlier.finding.words}` }];
  const difference = compare(file, earlier, now);
  return difference ? [difference] : [];
}

function receiptDoesNotHold(
  file: string,
  bytes: Uint8Array,
  key: string | undefined,
  journal: Checked | undefined,
) {
  const receipt = readReceipt(bytes);
  if (!receipt) return finding(file, "changed", "the receipt is not as the device writes one");
  if (key === undefined)
    return finding(file, "unsigned", "the receipt names no key: give the device's with --key");
  if (receipt.key !== undefined && receipt.key !== key)
    return finding(file, "foreign", `the receipt names another key, ${receipt.key}`);
  if (!isSigned(key, Buffer.from(receipt.body), receipt.signature))
    return finding(file, "forged", "the receipt was changed, or was not signed by the journal's key");
  const { number = 0, head } = receipt.journal ?? {};
  const here = journal?.heads.get(number);
  if (here !== undefined && here !== head)
    return finding(file, "forked", `the receipt knows another line ${number} than the export`, number);
  return undefined;
}

function say({ key, keyFrom, journal, receipts, findings }: Report): string[] {
  const out: string[] = findings.map(({ file, what, words }) => `WRONG (${what}): ${words}. [${file}]`);
  if (journal) out.push(...sayJournal(journal));
  for (const file of receipts) out.push(`The receipt in ${file} is signed and unchanged.`);
  out.push(
    keyFrom === "owner"
      ? `Signatures were checked under the key that you gave, ${key}.`
      : `ATTENTION: the key was taken from the file itself. Compare it with the device's screen (Journal): ${key ?? "none"}`,
  );
  out.push(findings.length === 0 ? "Everything holds." : "It does not hold.");
  return out;
}

function sayJournal({ from, to, head, signedTo, lost, finding: broken }: Checked): string[] {
  const whole = `Lines ${from} to ${to} follow each other and are signed.`;
  const out = broken
    ? [signedTo >= from ? `Proven are lines ${from} to ${signedTo}.` : "No line is proven."]
    : [whole, `Compare with the device that line ${to} has the head ${head}`];
  if (broken && to > signedTo && to >= from)
    out.push(`After that ${lines(signedTo + 1, to)} in order but not signed: anybody can have written that.`);
  for (const [first, last] of lost)
    out.push(
      `ATTENTION: ${lines(first, last)} lost on the device, which says so itself in line ${last + 1}.`,
    );
  return out;
}

function asJson({ key, keyFrom, journal, receipts, findings }: Report): string {
  const { from, to, head, signedTo, lost } = journal ?? {};
  const holds = findings.length === 0;
  return JSON.stringify({ holds, key, keyFrom, from, to, head, signedTo, lost, receipts, findings }, null, 2);
}

function main(words: readonly string[]): number {
  try {
    const wanted = asked(words);
    const made = report(wanted);
    console.log(wanted.json ? asJson(made) : say(made).join("\n"));
    return made.findings.length === 0 ? 0 : 1;
  } catch (problem) {
    if (!(problem instanceof Unusable)) throw problem;
    console.error(`${problem.message}\n${USAGE}`);
    return 2;
  }
}

process.exitCode = main(process.argv.slice(2));
