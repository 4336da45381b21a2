// What the tests of miniscript share: texts with bare keys, read and compiled.

import type { Node, Place, Use } from "../../src/bitcoin/expression.ts";
import { checkNode, compileNode, readNode, writeNode } from "../../src/bitcoin/miniscript/index.ts";
import { fromHex, toHex } from "../../src/bytes.ts";
import { Refusal } from "../../src/refusal.ts";

export interface Script {
  readonly node: Node;
  readonly uses: readonly Use[];
  readonly keys: readonly Uint8Array[];
}

/** Reads a text whose keys are 33 bytes in hex; any other key is no use at all, as with a descriptor's reader. */
export function readScript(text: string, place: Place): Script {
  const keys: Uint8Array[] = [];
  const node = readNode(text, place, (key) => {
    const bytes = /^0[23][0-9a-f]{64}$/.test(key) ? fromHex(key) : undefined;
    if (bytes === undefined) throw new Refusal("bitcoin.wallet-key", "no key");
    return keys.push(bytes) - 1;
  });
  return { node, keys, uses: keys.map((publicKey) => ({ kind: "fixed", publicKey, xonly: false })) };
}

export function scriptHex({ node, keys }: Script, place: Place): string {
  return toHex(compileNode(node, place)(keys));
}

/** As peers want it: keys of tapscript without their first byte. */
export function textFor({ node, keys }: Script, place: Place): string {
  return writeNode(node, (use) => toHex(keys[use]!).slice(place === "tapscript" ? 2 : 0));
}

/** The refusal's name, or "sane". Anything else that is thrown is a bug and stays one. */
export function verdictOn(text: string, place: Place): string {
  try {
    const { node, uses } = readScript(text, place);
    checkNode(node, place, uses);
    return "sane";
  } catch (error) {
    if (error instanceof Refusal) return error.reason;
    throw error;
  }
}
