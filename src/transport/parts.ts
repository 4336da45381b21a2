// What the dialects' readers make of one code: a part of something, or all of it.

import type { Dialect, EthereumMessage, Kind, SeedMessage } from "../model.ts";

/** Content that was recognised, without the dialect in which it came. */
export type Content =
  | { readonly kind: "psbt"; readonly bytes: Uint8Array }
  | Omit<EthereumMessage, "dialect">
  | { readonly kind: "wallet"; readonly text: string }
  | { readonly kind: "key"; readonly text: string }
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "document"; readonly text: string }
  | { readonly kind: "address"; readonly text: string; readonly query?: string }
  | { readonly kind: "headers"; readonly bytes: Uint8Array }
  | { readonly kind: "seed"; readonly seed: SeedMessage["seed"] };

interface PartBase {
  readonly dialect: Dialect;
  /** Parts with the same key, and only they, belong together. */
  readonly key: string;
  readonly total: number;
  /** What the header claims to carry, where it says so. */
  readonly claims: Kind | undefined;
}

/** A part of a UR: a sum of fragments. Every field was checked against the bounds. */
export interface FountainPart extends PartBase {
  readonly form: "fountain";
  readonly seqNum: number;
  readonly fragment: Uint8Array;
  readonly messageLength: number;
  readonly crc: number;
  /** What the whole message is. Throws Refusal. */
  readonly read: (message: Uint8Array) => Content;
}

/** A part that stands in one place and has no other: BBQr, pMofN, UR version 1. */
export interface CarouselPart extends PartBase {
  readonly form: "carousel";
  /** From 0. */
  readonly index: number;
  readonly body: string;
  /** What all bodies in order are. Throws Refusal. */
  readonly read: (bodies: readonly string[]) => Content;
}

export type Part = FountainPart | CarouselPart;

/** All of it in one code. */
export interface Whole {
  readonly form: "whole";
  readonly dialect: Dialect;
  readonly content: Content;
}
