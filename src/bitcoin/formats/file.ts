// What every reader of a wallet's file gives, and what all of them ask of a text.

import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { checksum } from "../descriptor/checksum.ts";
import { holdsPrivateKey } from "../descriptor/extended.ts";

/** What a file says, as one descriptor: whatever the format, one parser reads its keys, quorum and script. */
export interface WalletFile {
  /** With its checksum. One text: what came as two lines, a template or a list of keys is put together. */
  readonly descriptor: string;
  /** The checksum stood in the file and was right. False: the format has none of its own. */
  readonly checksummed: boolean;
  /** As it stands in the file: foreign text, may be anything. */
  readonly name?: string;
  /** What the file calls the holders, in the order in which their keys first stand in `descriptor`; "" for nothing. */
  readonly cosigners?: readonly string[];
  /** What the file says that the first receive address is: to be compared with the one derived. */
  readonly firstAddress?: string;
}

export interface Body {
  /** Without its checksum. */
  readonly body: string;
  readonly checksummed: boolean;
}

/** Control characters but tab and line ends: nothing that has them is a text. */
const TEXT = /^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$/;

/** Refusals wallet-too-long, wallet-private-key, wallet-characters. */
export function checkFile(text: string): void {
  if (text.length > LIMITS.walletFileChars) refuse("bitcoin.wallet-too-long");
  if (holdsPrivateKey(text)) refuse("bitcoin.wallet-private-key");
  if (!TEXT.test(text)) refuse("bitcoin.wallet-characters");
}

/** The checksum where there is one is right, or Refusal descriptor-checksum. `where` names the line or key. */
export function bodyOf(descriptor: string, where = ""): Body {
  const text = descriptor.trim();
  if (text.length > LIMITS.walletTextChars) refuse("bitcoin.wallet-too-long", where);
  if (!/^[\x20-\x7e]*$/.test(text)) refuse("bitcoin.wallet-characters", where);
  const at = text.indexOf("#");
  if (at < 0) return { body: text, checksummed: false };
  const body = text.slice(0, at);
  if (at === text.length - 1) refuse("bitcoin.descriptor-checksum-missing", where);
  if (checksum(body) !== text.slice(at + 1)) refuse("bitcoin.descriptor-checksum", where);
  return { body, checksummed: true };
}

/** Old Specter writes the two branches as `/{0,1}/*`; BIP 129 and 388 write `/**` for the usual two. */
export function withBranches(body: string): string {
  return body.replace(/\/\{([0-9]{1,10}),([0-9]{1,10})\}\/\*/g, "/<$1;$2>/*").replaceAll("/**", "/<0;1>/*");
}

/** With its checksum again. */
export function descriptorFrom(body: string, where = ""): string {
  const sum = checksum(body) ?? refuse("bitcoin.wallet-characters", where);
  return `${body}#${sum}`;
}

/** Lines with their numbers, without those that are empty. */
export function linesOf(text: string): readonly { readonly text: string; readonly line: number }[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((one, i) => ({ text: one.trim(), line: i + 1 }))
    .filter((one) => one.text !== "");
}

// ---------------------------------------------------------------- several keys under one quorum

export interface MultisigFile {
  readonly form: "p2sh" | "p2sh-p2wsh" | "p2wsh";
  readonly threshold: number;
  readonly sorted: boolean;
  readonly keys: readonly FileKey[];
}

export interface FileKey {
  readonly fingerprint: string;
  /** "/48h/0h": as it stands in the file, without "m". */
  readonly path: string;
  readonly extended: string;
}

const AROUND = { p2sh: ["sh(", ")"], "p2sh-p2wsh": ["sh(wsh(", "))"], p2wsh: ["wsh(", ")"] } as const;

/** The files of all coordinators that list keys mean `/0/*` for receiving and `/1/*` for change. */
export function multisigBody({ form, threshold, sorted, keys }: MultisigFile): string {
  const [open, close] = AROUND[form];
  const list = keys.map((key) => `${keyText(key)}/<0;1>/*`);
  return `${open}${sorted ? "sortedmulti" : "multi"}(${[threshold, ...list].join(",")})${close}`;
}

export function keyText({ fingerprint, path, extended }: FileKey): string {
  return `[${fingerprint}${path}]${extended}`;
}

/** "m/48'/0'", "48h/0h", "m" → "/48'/0'", "/48h/0h", "". Undefined where it is none. */
export function pathText(text: string): string | undefined {
  const steps = text.replace(/^m(?=\/|$)/, "").replace(/^\//, "");
  if (steps === "") return "";
  return /^[0-9]{1,10}[hH']?(?:\/[0-9]{1,10}[hH']?)*$/.test(steps) ? `/${steps}` : undefined;
}
