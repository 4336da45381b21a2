// Miniscript (BIP 379): nodes → the one canonical text, with the shorthands that Bitcoin Core writes.

import { toHex } from "../../bytes.ts";
import { type Shown, shown } from "../../text.ts";
import type { Node } from "../expression.ts";

/** The wrapper that is written around a node, and what stands inside. */
function unwrapped(node: Node): { readonly letter: string; readonly inner: Node } | undefined {
  switch (node.kind) {
    case "c": {
      const [inner] = node.of;
      return inner.kind === "pk_k" || inner.kind === "pk_h" ? undefined : { letter: "c", inner };
    }
    case "a":
    case "s":
    case "d":
    case "v":
    case "j":
    case "n":
      return { letter: node.kind, inner: node.of[0] };
    case "and_v":
      return node.of[1].kind === "1" ? { letter: "t", inner: node.of[0] } : undefined;
    case "or_i":
      if (node.of[0].kind === "0") return { letter: "l", inner: node.of[1] };
      return node.of[1].kind === "0" ? { letter: "u", inner: node.of[0] } : undefined;
    default:
      return undefined;
  }
}

/** readNode reads the same node from it again. */
export function writeNode(node: Node, keyText: (use: number) => string): string {
  let letters = "";
  let inner = node;
  for (let step = unwrapped(inner); step !== undefined; step = unwrapped(inner)) {
    letters += step.letter;
    inner = step.inner;
  }
  return letters === "" ? written(inner, keyText) : `${letters}:${written(inner, keyText)}`;
}

function written(node: Node, keyText: (use: number) => string): string {
  const list = (nodes: readonly Node[]) => nodes.map((one) => writeNode(one, keyText)).join(",");
  switch (node.kind) {
    case "0":
    case "1":
      return node.kind;
    case "pk_k":
    case "pk_h":
      return `${node.kind}(${keyText(node.use)})`;
    case "c": {
      const [inner] = node.of;
      if (inner.kind === "pk_k") return `pk(${keyText(inner.use)})`;
      return inner.kind === "pk_h" ? `pkh(${keyText(inner.use)})` : `c:${written(inner, keyText)}`;
    }
    case "older":
    case "after":
      return `${node.kind}(${node.value})`;
    case "sha256":
    case "hash256":
    case "ripemd160":
    case "hash160":
      return `${node.kind}(${toHex(node.digest)})`;
    case "thresh":
      return `thresh(${node.threshold},${list(node.of)})`;
    case "multi":
    case "sortedmulti":
    case "multi_a":
    case "sortedmulti_a":
      return `${node.kind}(${[node.threshold, ...node.uses.map(keyText)].join(",")})`;
    case "andor":
      return node.of[2].kind === "0" ? `and_n(${list(node.of.slice(0, 2))})` : `andor(${list(node.of)})`;
    default:
      return `${node.kind}(${list(node.of)})`;
  }
}

/** A part of a script as refusals name it: keys by their place in the text, from 1; cut where it is long. */
export function brief(node: Node): Shown {
  return shown(
    writeNode(node, (use) => `key ${use + 1}`),
    60,
  );
}
