// The nouns that flow. Values only: no behaviour but what TypeScript checks.

export const NETWORKS = ["mainnet", "testnet3", "testnet4", "signet", "regtest"] as const;
export type Network = (typeof NETWORKS)[number];

/** Eight lower-case hex digits: first four bytes of HASH160 of the master public key (BIP 32). */
export type Fingerprint = string;
/** Child numbers from the master key; hardened ones have 2^31 added (BIP 32). */
export type Path = readonly number[];

// ---------------------------------------------------------------- what the eye hands over

export type Kind =
  | "psbt"
  | "ethereum"
  | "wallet"
  | "key"
  | "message"
  | "seed"
  | "document"
  | "headers"
  | "address";

/** What the eye is told to look for: messages of these kinds; "chance": raw pixels; "pace": frames, only counted. */
export type Sight = Kind | "chance" | "pace";

/** How a message came, so that the reply can leave the same way. */
export type Dialect = "ur" | "ur1" | "bbqr" | "pmofn" | "base64" | "hex" | "base43" | "plain";

export type Message =
  | PsbtMessage
  | EthereumMessage
  | WalletMessage
  | KeyMessage
  | SignableMessage
  | SeedMessage
  | DocumentMessage
  | HeadersMessage
  | AddressMessage;

export interface PsbtMessage {
  readonly kind: "psbt";
  readonly dialect: Dialect;
  /** The raw PSBT, whatever it was wrapped in. */
  readonly bytes: Uint8Array;
}

/** A request to sign of Ethereum (ERC 4527, eth-sign-request), as it came: nothing of it is understood yet. */
export interface EthereumMessage {
  readonly kind: "ethereum";
  readonly dialect: Dialect;
  /** 16 bytes, to be echoed. */
  readonly requestId?: Uint8Array;
  readonly data: Uint8Array;
  /** 1 legacy transaction, 2 typed data, 3 message, 4 typed transaction (EIP 2718). */
  readonly dataType: 1 | 2 | 3 | 4;
  /** From 1 on. Absent where the request names none. */
  readonly chainId?: bigint;
  /** Of the account that shall sign; fingerprint of the master key, where it is said. */
  readonly path: Path;
  readonly fingerprint?: Fingerprint;
  /** 20 bytes: whose signature is wanted. */
  readonly address?: Uint8Array;
  /** Foreign: what the program calls itself. */
  readonly origin?: string;
}

export interface WalletMessage {
  readonly kind: "wallet";
  readonly dialect: Dialect;
  /** A wallet file as it came, whatever program wrote it; a crypto-output is written as a descriptor, with names as JSON. */
  readonly text: string;
}

/** What a cosigner's device says of its key, or of several. */
export interface KeyMessage {
  readonly kind: "key";
  readonly dialect: Dialect;
  /** `[fingerprint/path]xpub`, a line a key, bare or in its script form; or a program's JSON; or a key record of BSMS. */
  readonly text: string;
}

/** Something to sign, or that was signed. */
export interface SignableMessage {
  readonly kind: "message";
  readonly dialect: Dialect;
  /** As it was shown, to the last space: `signmessage …`, JSON, an armoured text, a signature, or the words alone. */
  readonly text: string;
}

export interface SeedMessage {
  readonly kind: "seed";
  /** Absent where the code was plain. */
  readonly dialect?: Dialect;
  /** SeedQR: word numbers 0..2047. CompactSeedQR: entropy of 16..32 bytes. Words: as typed in the code. */
  readonly seed:
    | { readonly form: "seedqr"; readonly indexes: readonly number[] }
    | { readonly form: "compact"; readonly entropy: Uint8Array }
    | { readonly form: "words"; readonly words: readonly string[] }
    /** One share of SLIP-39, as its words. */
    | { readonly form: "slip39"; readonly words: readonly string[] }
    /** One string of BIP 93: a share, or the secret itself. */
    | { readonly form: "codex32"; readonly text: string }
    /** Krux's encrypted envelope (KEF), whole. */
    | { readonly form: "kef"; readonly bytes: Uint8Array }
    /** Firn's own encrypted backup (docs/formats.md), whole. */
    | { readonly form: "backup"; readonly bytes: Uint8Array };
}

/** A text of Firn's own making that begins with "Firn ": a policy, a fleet's document, an administrator's card; or a file of ERC 7730. */
export interface DocumentMessage {
  readonly kind: "document";
  readonly dialect: Dialect;
  /** Lines end in LF, whatever they came with. */
  readonly text: string;
}

export interface AddressMessage {
  readonly kind: "address";
  readonly dialect: Dialect;
  /** As it was shown, without a scheme and what a payment request adds; which network's it is nobody has looked at. */
  readonly text: string;
  /** What a payment request (BIP 21) adds behind its "?", as it was shown. */
  readonly query?: string;
}

export interface HeadersMessage {
  readonly kind: "headers";
  readonly dialect: Dialect;
  /** Block headers of 80 bytes one after the other, at least one; nothing of them is proven yet. */
  readonly bytes: Uint8Array;
}

/** What one picture gave: text as the decoder read it, and its exact bytes. */
export interface Read {
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** Progress of an animated code. `have` never goes back while the same code is shown. */
export interface Progress {
  readonly dialect: Dialect;
  /** Independent parts held, of `total` that are needed. */
  readonly have: number;
  readonly total: number;
  /** One character a part, for the map: "#" held, "." missing, "~" known only mixed with others. */
  readonly map: string;
}

/** Codes ready to be shown: every text of the loop, in one QR version. */
export interface CodeLoop {
  readonly texts: readonly string[];
  /** QR version 1..40, the same for the whole loop; never 23 at level L. */
  readonly version: number;
  readonly level: "L" | "M" | "Q" | "H";
  /** byte: the text's UTF-8. binary: byte mode too, each character one byte, U+0000 to U+00FF. */
  readonly mode: "alphanumeric" | "byte" | "binary" | "numeric";
}

/** How much one code carries; "least" fits a terminal of 80×24. */
export type Density = "least" | "low" | "medium" | "high";

export type { Curve, MusigTask, SignatureTask, Task } from "./curve.ts";
export type {
  Holder,
  Owner,
  Review,
  ReviewInput,
  ReviewOutput,
  SpentQuorum,
  SpentWay,
  Warning,
} from "./review.ts";

// ---------------------------------------------------------------- pictures and events

export interface Size {
  readonly columns: number;
  readonly rows: number;
  /** Modules a side, no quiet zone, of the largest code drawn well under a line of words; absent: drawn in characters. */
  readonly codeModules?: number;
}

export type Button = "up" | "down" | "left" | "right" | "ok" | "back";
export type Tone = "calm" | "caution" | "danger";

export type Block =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "fact"; readonly label: string; readonly value: string; readonly tone?: Tone }
  | { readonly kind: "list"; readonly items: readonly string[]; readonly cursor: number }
  | { readonly kind: "field"; readonly label: string; readonly value: string; readonly masked?: boolean }
  | { readonly kind: "meter"; readonly label: string; readonly share: number; readonly map?: string }
  | { readonly kind: "image"; readonly width: number; readonly height: number; readonly luma: Uint8Array }
  | {
      readonly kind: "code";
      readonly loop: CodeLoop;
      /** The one shown now. */
      readonly index: number;
      /** One part of it alone, large, under a grid: to be copied by hand. */
      readonly zone?: Zone;
    };

/** Codes are copied zone by zone: `side` × `side` modules, rows and columns of zones counted from 0. */
export interface Zone {
  readonly row: number;
  readonly column: number;
  readonly side: number;
}

/** What a screen looks like, as meaning. The glass draws it; nobody else adds to it. */
export interface Picture {
  readonly title: string;
  /** Where in a longer thing this is: "3 of 7". */
  readonly step?: string;
  /** On every screen that is not mainnet, and on practice keys: "TESTNET4", "PRACTICE". */
  readonly banner?: string;
  readonly tone: Tone;
  readonly blocks: readonly Block[];
  /** What each button does now. */
  readonly buttons: Partial<Record<Button, string>>;
  /** "hold ok to sign": absent where no hold is asked for. */
  readonly hold?: string;
  /** Present where the screen has pages: down and up (or right and left) turn them. */
  readonly page?: { readonly index: number; readonly count: number };
}

/** What may come next, in a screen's opinion. */
export interface Wants {
  /** The camera runs, and these kinds of message are taken; "chance" alone: each preview is the pixels as they came. */
  readonly scan?: readonly Sight[];
  /** A tick event every so many ms. */
  readonly tickMs?: number;
  /** Holds of ok are counted. */
  readonly hold?: true;
  /** No idle lock here (a code is shown, work is done). */
  readonly awake?: true;
  /** Holds of back and ok together are counted: for acts that give away more than a payment. */
  readonly both?: true;
  /** The glass opens a security key and relays its packets. */
  readonly key?: true;
}

export type Event =
  | { readonly kind: "press"; readonly button: Button }
  | { readonly kind: "char"; readonly char: string }
  /** Made by ui.ts from presses and Firn's own clock; no cage can send it. */
  | { readonly kind: "held"; readonly button: "ok" | "back" | "both" }
  | { readonly kind: "holding"; readonly share: number }
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "unread"; readonly reason: string }
  | { readonly kind: "camera"; readonly trouble?: string } // what is wrong from now on; absent: nothing
  | { readonly kind: "preview"; readonly width: number; readonly height: number; readonly luma: Uint8Array }
  /** A security key was plugged in, or pulled; only while it is wanted. */
  | { readonly kind: "key"; readonly present: boolean }
  /** 64 bytes from it, unread (CTAPHID). */
  | { readonly kind: "packet"; readonly bytes: Uint8Array }
  /** Since the eye began to look for "pace": frames that came, frames that were looked at. */
  | { readonly kind: "pace"; readonly frames: number; readonly looked: number; readonly ms: number }
  | { readonly kind: "tick" | "idle" }
  | { readonly kind: "resize"; readonly size: Size };
