// Messages (EIP 191, version 0x45, "personal_sign"): bytes, a text where they are one, a sign-in where the text is one.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { eip191Signer } from "micro-eth-signer";
import { concat, toHex } from "../../bytes.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { fromUtf8, utf8 } from "../../text.ts";
import { looksLikeSignIn, readSignIn, type SignIn } from "./sign-in.ts";

export interface Personal {
  /** What is signed. */
  readonly digest: Uint8Array;
  readonly bytes: Uint8Array;
  /** Absent where people cannot read it. */
  readonly text?: string;
  readonly signIn?: SignIn;
}

/** Throws Refusal message.too-long, ethereum.sign-in. */
export function readPersonal(data: Uint8Array): Personal {
  if (data.length > LIMITS.signedBytes) return refuse("message.too-long", `${data.length} bytes`);
  const digest = keccak_256(concat(utf8(`\x19Ethereum Signed Message:\n${data.length}`), data));
  const text = readable(data);
  if (text === undefined) return { digest, bytes: data };
  return { digest, bytes: data, text, ...(looksLikeSignIn(text) ? { signIn: readSignIn(text) } : {}) };
}

/** Control characters but newline (also after a carriage return) and tab show nothing, or something else: with them it is no text. */
function readable(data: Uint8Array): string | undefined {
  const text = fromUtf8(data);
  const lines = text?.replaceAll("\r\n", "\n");
  if (lines === undefined || /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(lines)) return undefined;
  return data.length === HASH_BYTES && !/^[A-Za-z0-9 .,!?'-]*$/.test(lines) ? undefined : text;
}

/**
 * So many bytes may be a hash, of a Safe's transaction for one. By trying its fields again and again whoever made it finds
 * one that is text (2^45 tries); one of plain words alone nobody finds (2^60).
 */
const HASH_BYTES = 32;

/** The second reader. Throws Refusal ethereum.readers-disagree. */
export function agreeOnPersonal({ digest }: Personal, data: Uint8Array): void {
  if (eip191Signer.getHash(data) !== `0x${toHex(digest)}`) refuse("ethereum.readers-disagree", "message");
}
