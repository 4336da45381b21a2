// What is not known yet of a Safe is asked for: its chain, address, version, owners, threshold.

import { type Address, readAddress } from "../../eip55.ts";
import { type BroughtSafe, checkOwners, readOwner } from "../../ethereum/index.ts";
import { CHAINS } from "../../ethereum/known/chains.ts";
import { LIMITS } from "../../limits.ts";
import { SAFE_VERSIONS, type SafeFacts } from "../../safe.ts";
import { addressWords } from "../../screens/ethereum-values.ts";
import { DIGITS, field, PRINTABLE } from "../../screens/field.ts";
import { type Item, menu } from "../../screens/menu.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import { bring } from "../stick.ts";

const BACK = { label: "back", answer: "back" } as const;

/** In the order in which people find them in their Safe program. */
export async function complete(desk: Desk, brought: BroughtSafe): Promise<SafeFacts | "back"> {
  const chainId = brought.chainId ?? (await askChain(desk));
  if (chainId === "back") return "back";
  const address = brought.address ?? (await askAddress(desk, "The Safe's address"));
  if (address === "back") return "back";
  const version = brought.version ?? (await askVersion(desk));
  if (version === "back") return "back";
  const quorum = await completeQuorum(desk, brought, address);
  return quorum === "back" ? "back" : { chainId, address, version, ...quorum };
}

/** Back from the threshold leads to the owners again: nobody types them twice. */
async function completeQuorum(
  desk: Desk,
  brought: BroughtSafe,
  address: Address,
): Promise<Pick<SafeFacts, "owners" | "threshold"> | "back"> {
  for (let typed: readonly Address[] = []; ; ) {
    const owners = brought.owners ?? (await askOwners(desk, address, typed));
    if (owners === "back") return "back";
    const threshold = brought.threshold ?? (await askThreshold(desk, owners.length));
    if (threshold !== "back") return { owners, threshold };
    if (brought.owners) return "back";
    typed = owners;
  }
}

const MOST_CHAIN_DIGITS = 16;

async function askChain(desk: Desk): Promise<bigint | "back"> {
  const listed = CHAINS.map(({ id, name }) => ({ label: name, answer: BigInt(id) }));
  const items: Item<bigint | "other">[] = [
    ...listed,
    { label: "Another one, by its number", answer: "other" },
  ];
  const title = "On which chain?";
  const chosen = await ask(desk, menu<bigint | "other" | "back">({ title, items, back: BACK }));
  if (chosen !== "other") return chosen;
  const answer = await ask(
    desk,
    field({
      ...{ title: "The chain's number", label: "Chain id", allowed: DIGITS, longest: MOST_CHAIN_DIGITS },
      check: (value) =>
        /^[1-9]\d*$/.test(value) && Number.isSafeInteger(Number(value)) ? undefined : "A number from 1 on.",
    }),
  );
  return answer === "back" ? "back" : BigInt(answer.value);
}

function askVersion(desk: Desk) {
  const items = SAFE_VERSIONS.toReversed().map((version) => ({ label: version, answer: version }));
  const above = [
    {
      kind: "text",
      text: "Your Safe program says it under Settings. The hash that is signed depends on it.",
    } as const,
  ];
  return ask(
    desk,
    menu<(typeof SAFE_VERSIONS)[number] | "back">({ title: "Which version?", above, items, back: BACK }),
  );
}

async function askThreshold(desk: Desk, owners: number): Promise<number | "back"> {
  const items = Array.from({ length: owners }, (_, i) => ({ label: `${i + 1} of ${owners}`, answer: i + 1 }));
  const title = "How many must sign?";
  return ask(desk, menu<number | "back">({ title, items, back: BACK }, Math.floor(owners / 2)));
}

// ---------------------------------------------------------------- addresses

const HEX_ADDRESS = "0123456789abcdefABCDEFx";

async function askAddress(desk: Desk, title: string): Promise<Address | "back"> {
  const items = [
    { label: "Scan it", answer: "scan" } as const,
    { label: "Type it", answer: "type" } as const,
  ];
  for (;;) {
    const way = await ask(desk, menu<"scan" | "type" | "back">({ title, items, back: BACK }));
    if (way === "back") return "back";
    const found =
      way === "scan" ? await orRefused(desk, () => scanned(desk, title)) : await typed(desk, title);
    if (found !== "back") return found;
  }
}

async function scanned(desk: Desk, title: string): Promise<Address | "back"> {
  const brought = await bring(desk, "address", { title, ask: "Show the address to the camera." });
  return brought === "back" ? "back" : readOwner(brought.message.text);
}

/** Its capitals find what was typed wrong, so none without them is taken. */
async function typed(desk: Desk, title: string): Promise<Address | "back"> {
  const above = [{ kind: "text", text: "With its small and capital letters: they find a slip." } as const];
  const answer = await ask(
    desk,
    field({
      ...{ title, label: "Address", above, allowed: HEX_ADDRESS, longest: 42, start: "0x" },
      check: (value) =>
        readAddress(value) === value ? undefined : "Not an address as it is written with its capitals.",
    }),
  );
  return answer === "back" ? "back" : (answer.value as Address);
}

/** One after the other, until the person says that these are all. */
export async function askOwners(
  desk: Desk,
  self: Address,
  start: readonly Address[],
): Promise<readonly Address[] | "back"> {
  let owners = start;
  for (;;) {
    const some = owners.length > 0;
    const items: Item<"add" | "last" | "done">[] = [
      ...(owners.length < LIMITS.safeOwners ? [{ label: "Add an owner", answer: "add" } as const] : []),
      ...(some ? [{ label: "That is all", answer: "done" } as const] : []),
      ...(some ? [{ label: "Remove the last one", answer: "last" } as const] : []),
    ];
    const last = owners.at(-1);
    const above = last ? [{ kind: "fact", label: "The last one", value: addressWords(last) } as const] : [];
    const title = `Owners: ${owners.length}`;
    const choice = await ask(
      desk,
      menu<"add" | "last" | "done" | "back">({ title, above, items, back: BACK }),
    );
    if (choice === "back") return "back";
    if (choice === "done") return owners;
    if (choice === "last") owners = owners.slice(0, -1);
    if (choice === "add") {
      const added = await askAddress(desk, `Owner ${owners.length + 1}`);
      const more = await orRefused(desk, async () =>
        added === "back" ? "back" : checkOwners([...owners, added], self),
      );
      if (more !== "back") owners = more;
    }
  }
}

/** A name, until it is one that nobody here has. */
export async function askName(
  desk: Desk,
  problem: (name: string) => string | undefined,
  start: string,
): Promise<string | "back"> {
  const answer = await ask(
    desk,
    field({
      ...{
        title: "Name the Safe",
        label: "Name",
        allowed: PRINTABLE,
        longest: LIMITS.walletNameChars,
        start,
      },
      check: problem,
    }),
  );
  return answer === "back" ? "back" : answer.value.trim();
}
