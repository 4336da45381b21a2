// What a wallet that is spent from asks for: the ways that are open, who signed, and what is still missing.

import type { Block, SpentQuorum, SpentWay } from "../model.ts";
import type { Sheet } from "./pages.ts";
import { type KeyName, keyNames, wayWords } from "./ways.ts";

/** A page for each way that is signed here; one for all others that are open. */
export function quorumSheets(quorum: SpentQuorum): Sheet[] {
  const { wallet, holders, ways } = quorum;
  const name = keyNames(holders);
  const held = holders.some(({ ours }) => ours);
  const signed = ways.filter(({ ours }) => ours || !held);
  const rest = ways.filter((way) => !signed.includes(way));
  return [
    ...signed.map((way) => waySheet(quorum, way, name)),
    ...(rest.length > 0 ? [restSheet(wallet, rest, name)] : []),
  ];
}

function waySheet({ wallet, holders, ways, inputs }: SpentQuorum, way: SpentWay, name: KeyName): Sheet {
  const { condition, signedBy, secrets } = way;
  const alone = condition.kind === "key" && holders[condition.key]?.ours;
  const needs = alone ? "needs your signature" : `needs ${wayWords(condition, name)}`;
  const label = [wallet, ...placeWords(way, ways), ...inputsWords(way, inputs)].join(", ");
  const have = signedBy.length === 0 ? "nobody yet" : signedBy.map(name).join(", ");
  return {
    title: "Signatures",
    ...(way.locked ? { tone: "caution" as const } : {}),
    blocks: [
      { kind: "fact", label, value: needs },
      { kind: "fact", label: "Signed by", value: `${have}\n${missingWords(way)}` },
      ...secrets.map(secretFact),
    ],
  };
}

/** Leaves are counted from 1, as people do. */
function placeWords({ leaf }: SpentWay, ways: readonly SpentWay[]): readonly string[] {
  if (leaf !== undefined) return [`leaf ${leaf + 1}`];
  return ways.some((way) => way.leaf !== undefined) ? ["key path"] : [];
}

function inputsWords(way: SpentWay, all: number): readonly string[] {
  return way.inputs < all ? [`on ${way.inputs} of ${all} inputs`] : [];
}

function missingWords({ ours, missing, secrets }: SpentWay): string {
  const start = ours ? "with yours " : "";
  if (missing > 0) return `${start}${missing === 1 ? "1 more is" : `${missing} more are`} needed`;
  const untold = secrets.some(({ secretHex }) => secretHex === undefined);
  return `${start}${untold ? "only a secret is missing" : "it is complete"}`;
}

/** A secret is one that everyone may see: it goes out with the transaction. */
function secretFact({ hash, digestHex, secretHex }: SpentWay["secrets"][number]): Block {
  const value = secretHex === undefined ? "is missing: whoever sends it must add it" : secretHex;
  return { kind: "fact", label: `Secret of ${hash} ${digestHex.slice(0, 8)}...`, value };
}

function restSheet(wallet: string, ways: readonly SpentWay[], name: KeyName): Sheet {
  const words = (way: SpentWay): Block => ({
    kind: "fact",
    label: placeWords(way, ways)[0] ?? "Way",
    value: `${wayWords(way.condition, name)}: signed by ${way.signedBy.map(name).join(", ") || "nobody yet"}`,
  });
  return {
    title: "Also open, without you",
    blocks: [{ kind: "text", text: `Ways of ${wallet} that this transaction opens.` }, ...ways.map(words)],
  };
}
