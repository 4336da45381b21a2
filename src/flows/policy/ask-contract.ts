// A contract of Ethereum for a list: its chain, its address, and by which functions alone it is called.

import { chainName } from "../../assets.ts";
import { type Address, readAddress } from "../../eip55.ts";
import { writeEntry } from "../../policy/index.ts";
import type { Entry } from "../../rules.ts";
import { namedAddress } from "../../screens/ethereum-values.ts";
import { DIGITS } from "../../screens/field.ts";
import { heldQuestion } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { askText, choose, TITLE } from "./asks.ts";
import { askChain } from "./edit-ethereum.ts";

const HEX = `${DIGITS}abcdef`;

export async function askContract(desk: Desk, entries: readonly Entry[]): Promise<Entry | "back"> {
  const chain = await askChain(desk);
  if (chain === "back") return "back";
  const typed = await askText(desk, TITLE, {
    ...{ label: `Its address on ${chain.name}`, allowed: `${HEX}ABCDEFx`, longest: 42 },
    check: (value) => problemOf(value.trim()),
  });
  if (typed === "back") return "back";
  const address = readAddress(typed) as Address;
  const selectors = await askSelectors(desk);
  if (selectors === "back") return "back";
  const only = selectors.length === 0 ? {} : { selectors };
  const entry = { kind: "contract", chainId: BigInt(chain.id), address, ...only } as const;
  return compared(desk, entry, entries);
}

function problemOf(value: string): string | undefined {
  const found = readAddress(value);
  if (found === "checksum") return "Its capitals are not those of its checksum: a character is wrong.";
  return found === undefined ? "0x and 40 hex digits." : undefined;
}

/** None: however it is called. */
async function askSelectors(desk: Desk): Promise<readonly string[] | "back"> {
  const how = await choose<"all" | "some">(desk, "How it may be called", [
    { label: "In every way", answer: "all" },
    { label: "By these functions alone", answer: "some" },
  ]);
  if (how === "back" || how === "all") return how === "all" ? [] : how;
  const one = /^0x[0-9a-f]{8}$/;
  const read = (value: string) => [...new Set(value.split(",").map((part) => part.trim()))];
  const typed = await askText(desk, TITLE, {
    ...{ label: "Their selectors, parted by commas: 0xa9059cbb", allowed: `${HEX}x, `, longest: 200 },
    check: (value) =>
      read(value).every((part) => one.test(part)) ? undefined : "Like 0xa9059cbb: 8 digits.",
  });
  return typed === "back" ? "back" : read(typed);
}

type Contract = Extract<Entry, { readonly kind: "contract" }>;

async function compared(desk: Desk, entry: Contract, entries: readonly Entry[]): Promise<Entry | "back"> {
  const same = entries.some((one) => writeEntry(one) === writeEntry(entry));
  const by = entry.selectors?.join(", ") ?? "in every way";
  const { listedNames } = await import("../../ethereum/index.ts");
  const [name] = listedNames(entry.address, entry.chainId);
  const blocks = [
    { kind: "fact", label: "Contract", value: namedAddress(entry.address, name) },
    { kind: "fact", label: "On", value: chainName(entry.chainId) },
    { kind: "fact", label: "Called", value: by },
    ...(same ? [{ kind: "text", text: "It stands on the list already." } as const] : []),
  ] as const;
  const sheet = { title: "Compare all of it", blocks };
  const answer = await ask(desk, heldQuestion([sheet], "hold ok: it is right", "leave"));
  return answer === "yes" && !same ? entry : "back";
}
