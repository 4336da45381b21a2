// Codes to messages and back. Reading runs in the eye's cage, writing in the program.
// Every function throws Refusal transport.* for what a hostile or honest code can cause, and nothing else.

import { LIMITS } from "../limits.ts";
import type { Kind, Message, Progress, Read } from "../model.ts";
import { refuse } from "../refusal.ts";
import { type Inflate, readBbqr } from "./bbqr.ts";
import { begin, type Gathering, progress, take, whole } from "./gather.ts";
import { documentIn, headersIn } from "./marked.ts";
import { anyMessage } from "./message-text.ts";
import type { Content, Part, Whole } from "./parts.ts";
import { readPmofn } from "./pmofn.ts";
import { backupIn, isEntropy, kefIn } from "./seeds.ts";
import { contentOfText, isPsbt } from "./sniff.ts";
import { readUr } from "./ur.ts";

export type { Inflate } from "./bbqr.ts";
export { fileOfReply, messageOfFile } from "./file.ts";
export { type PrintedCode, printedCodes } from "./printed.ts";
export {
  codesNeeded,
  dialectsFor,
  split,
  splitBytes,
  splitText,
  type Want,
  type Writable,
} from "./split.ts";
export {
  type EthereumDevice,
  type EthereumKey,
  type EthereumNote,
  type EthereumPairing,
  splitEthereumPairing,
  splitEthSignature,
} from "./write-ethereum.ts";
export {
  splitAccountUr,
  splitBytesUr,
  splitHdKeyUr,
  splitOutputUr,
  type UrForm,
  type UrKey,
  type UrWallet,
} from "./write-keys.ts";
export { compactSeedQr, kefCode, seedQr, shareCode, splitSeedUr, splitWordsUr } from "./write-seed.ts";

/** What a message of the kind is called. */
export const KIND_WORDS: Readonly<Record<Kind, string>> = {
  psbt: "a psbt",
  ethereum: "a request of Ethereum",
  wallet: "a wallet",
  key: "a cosigner's key",
  message: "a message",
  seed: "a seed",
  document: "a document of Firn's",
  headers: "block headers",
  address: "an address",
};

/** Parts in a row, each another one, after which a foreign code takes the place of the one that was begun. */
const TAKEOVER_PARTS = 3;

/** What has been read of one message. Local to the caller, changed by push alone. */
export interface Assembly {
  readonly wanted: readonly Kind[];
  readonly inflate: Inflate;
  gathering: Gathering | undefined;
  /** The foreign code that was seen last, and how many of its parts in a row. */
  rival: { readonly key: string; readonly text: string; readonly count: number } | undefined;
}

/** `inflate` is bounded and synchronous; the machine has it. */
export function openAssembly(wanted: readonly Kind[], inflate: Inflate): Assembly {
  return { wanted, inflate, gathering: undefined, rival: undefined };
}

export type Pushed =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "message"; readonly message: Message };

/**
 * Takes what one picture gave. After a message the assembly is empty again. After a Refusal it is usable:
 * foreign and unreadable codes change nothing, a message that proves wrong is dropped whole.
 */
export function push(assembly: Assembly, read: Read): Pushed {
  const found = recognise(read, assembly);
  if (found.form === "whole") return deliver(assembly, found);
  if (found.claims !== undefined) want(assembly, found.claims);
  const gathering = placeFor(assembly, found, read.text);
  try {
    take(gathering, found);
    const content = whole(gathering);
    if (content === undefined) return { kind: "progress", progress: progress(gathering) };
    return deliver(assembly, { form: "whole", dialect: found.dialect, content });
  } catch (refusal) {
    if (gathering === assembly.gathering) assembly.gathering = undefined;
    throw refusal;
  }
}

function want(assembly: Assembly, kind: Kind): void {
  if (!assembly.wanted.includes(kind)) refuse("transport.wrong-kind", KIND_WORDS[kind]);
}

function recognise({ text, bytes }: Read, { inflate, wanted }: Assembly): Part | Whole {
  if (text.length > LIMITS.qrTextChars || bytes.length > LIMITS.qrTextChars)
    return refuse("transport.too-large");
  if (wanted.every((kind) => kind === "message") && !isEntropy(bytes)) {
    const words = partOf(text, inflate) ?? anyMessage(text);
    if (words !== undefined) return "form" in words ? words : plain(words);
  }
  if (isPsbt(bytes)) return plain({ kind: "psbt", bytes: bytes.slice() });
  const marked = documentIn(bytes) ?? headersIn(bytes);
  if (marked !== undefined) return plain(marked);
  const backup = backupIn(bytes);
  if (backup !== undefined) return plain({ kind: "seed", seed: backup });
  // Before KEF, whose smallest envelopes are as short: entropy has no mark at all.
  if (isEntropy(bytes)) return plain({ kind: "seed", seed: { form: "compact", entropy: bytes.slice() } });
  const part = partOf(text, inflate);
  if (part !== undefined) return part;
  const sniffed = contentOfText(text);
  if (sniffed !== undefined) return { form: "whole", ...sniffed };
  const kef = kefIn(bytes);
  return kef === undefined ? refuse("transport.unknown") : plain({ kind: "seed", seed: kef });
}

/** What a header says of itself: one of several codes, or all of it in a wrapping. */
function partOf(text: string, inflate: Inflate): Part | Whole | undefined {
  const trimmed = text.trim();
  if (/^ur:/i.test(trimmed)) return readUr(trimmed);
  return trimmed.startsWith("B$") ? readBbqr(trimmed, inflate) : readPmofn(text);
}

const plain = (content: Content): Whole => ({ form: "whole", dialect: "plain", content });

/**
 * Where the part goes. A code that is complete in itself needs no place among others; parts of another code
 * are refused until enough of them come in a row, so that a stray frame neither mixes in nor locks anyone out.
 */
function placeFor(assembly: Assembly, part: Part, text: string): Gathering {
  if (part.total === 1) return begin(part);
  const { gathering, rival } = assembly;
  if (gathering?.first.key !== part.key && gathering !== undefined) {
    const count = rival?.key !== part.key ? 1 : rival.count + (rival.text === text ? 0 : 1);
    assembly.rival = { key: part.key, text, count };
    if (count < TAKEOVER_PARTS) return refuse("transport.mixed");
  } else if (gathering !== undefined) {
    assembly.rival = undefined;
    return gathering;
  }
  assembly.rival = undefined;
  assembly.gathering = begin(part);
  return assembly.gathering;
}

function deliver(assembly: Assembly, { dialect, content }: Whole): Pushed {
  want(assembly, content.kind);
  assembly.gathering = undefined;
  assembly.rival = undefined;
  if (content.kind === "seed")
    return { kind: "message", message: dialect === "plain" ? content : { dialect, ...content } };
  return { kind: "message", message: { dialect, ...content } };
}
