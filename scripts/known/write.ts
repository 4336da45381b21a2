// What is found, as the files under src/ethereum/known: the same bytes for the same sources.

import { CHAINS } from "../../src/ethereum/known/chains.ts";
import type { ChosenContract } from "./contracts.ts";
import type { Chosen } from "./tokens.ts";

/** Tokens on one line of a file: files stay short enough to open, and differences small enough to read. */
const ON_A_LINE = 4;
/** Chains with fewer tokens share a file. */
const FEW = 40;

export interface Written {
  /** Under src/ethereum/known. */
  readonly name: string;
  readonly text: string;
}

export function writeTokens(tokens: ReadonlyMap<number, readonly Chosen[]>): readonly Written[] {
  const many = [...tokens].filter(([, list]) => list.length >= FEW);
  const few = [...tokens].filter(([, list]) => list.length < FEW);
  return [...many.map(([id, list]) => file(`tokens-${id}`, [[id, list]])), file("tokens-other", few)];
}

function file(name: string, chains: readonly (readonly [number, readonly Chosen[]])[]): Written {
  const parts = chains.map(([id, tokens]) => {
    const chain = CHAINS.find((one) => one.id === id)!;
    return `/** ${chain.name}. */\nexport const TOKENS_${id} = \`\n${lines(tokens)}\n\`;\n`;
  });
  const head = "// Made by scripts/known.ts: contract, decimals, symbol. Sources: docs/known.md.\n";
  return { name: `${name}.ts`, text: `${[head, ...parts].join("\n")}` };
}

function lines(tokens: readonly Chosen[]): string {
  const words = tokens.map(({ contract, decimals, symbol }) => `${contract.slice(2)} ${decimals} ${symbol}`);
  return inRows(words, ", ");
}

/** tokens.ts itself: which lists there are. */
export function writeIndex(tokens: ReadonlyMap<number, readonly Chosen[]>): Written {
  const sorted = [...tokens].sort(([a], [b]) => a - b);
  const many = sorted.filter(([, list]) => list.length >= FEW).map(([id]) => id);
  const few = sorted.filter(([, list]) => list.length < FEW).map(([id]) => id);
  const imports = [
    ...many.map((id) => `import { TOKENS_${id} } from "./tokens-${id}.ts";`),
    `import {\n${few.map((id) => `  TOKENS_${id},\n`).join("")}} from "./tokens-other.ts";`,
  ];
  const entries = sorted.map(([id]) => `  ${id}: read(TOKENS_${id}),\n`);
  return {
    name: "tokens.ts",
    text: INDEX.replace("IMPORTS", imports.join("\n")).replace("ENTRIES", entries.join("")),
  };
}

const INDEX = `// Made by scripts/known.ts: tokens by chain. Sources: docs/known.md.

IMPORTS

/** contract: small letters, sorted by it. Symbols are unique within a chain. decimals: 0 to 18. */
export type Token = readonly [contract: string, symbol: string, decimals: number];

function read(text: string): readonly Token[] {
  return text
    .trim()
    .split(/, |\\n/)
    .map((line) => {
      const [contract, decimals, symbol] = line.split(" ");
      return [\`0x\${contract}\`, symbol!, Number(decimals)];
    });
}

export const TOKENS: Readonly<Record<number, readonly Token[]>> = {
ENTRIES};
`;

export function writeContracts(contracts: readonly ChosenContract[]): Written {
  const groups = new Map<string, number[]>();
  for (const { name, kind, address, chainId } of contracts) {
    const key = `${address.slice(2)}; ${name}; ${kind}`;
    groups.set(key, [...(groups.get(key) ?? []), chainId]);
  }
  const every = [...groups.values()].sort((a, b) => b.length - a.length)[0]!;
  const rows = [...groups].map(([key, ids]) => {
    const sorted = [...ids].sort((a, b) => a - b);
    return `${key}; ${String(sorted) === String([...every].sort((a, b) => a - b)) ? "every" : sorted.join(" ")}`;
  });
  const others = CHAINS.map(({ id }) => id)
    .filter((id) => !every.includes(id))
    .sort((a, b) => a - b);
  const text = CONTRACTS.replace("ALL_ROWS", rows.sort().join("\n")).replace("OTHER_IDS", others.join(", "));
  return { name: "contracts.ts", text };
}

const CONTRACTS = `// Made by scripts/known.ts: contracts that have a name. Sources: docs/known.md.

import { CHAINS } from "./chains.ts";

/** What can be told of calls to it; none where its name is all that is known. */
export type ContractKind =
  | "wrapped-coin"
  | "permit2"
  | "multicall3"
  | "uniswap-v2-router"
  | "uniswap-v3-router"
  | "uniswap-v3-router-2"
  | "universal-router"
  | "aave-v3-pool"
  | "aave-gateway"
  | "lido"
  | "wsteth"
  | "1inch-v5"
  | "1inch-v6"
  | "0x-proxy"
  | "safe-singleton"
  | "safe-factory"
  | "safe-handler"
  | "multisend"
  | "multisend-call-only";

export type KnownContract = readonly [address: string, name: string, kind: ContractKind | undefined];

/** Where contracts are made by another rule: the same address says nothing of the same code there. */
const OTHERS: readonly number[] = [OTHER_IDS];

const ROWS = \`
ALL_ROWS
\`;

function read(): Readonly<Record<number, readonly KnownContract[]>> {
  const found: Record<number, KnownContract[]> = {};
  const every = CHAINS.map(({ id }) => id).filter((id) => !OTHERS.includes(id));
  for (const row of ROWS.trim().split("\\n")) {
    const [address, name, kind, chains] = row.split("; ");
    const contract = [\`0x\${address}\`, name!, kind === "-" ? undefined : (kind as ContractKind)] as const;
    const ids = chains === "every" ? every : chains!.split(" ").map(Number);
    for (const id of ids) {
      found[id] ??= [];
      found[id].push(contract);
    }
  }
  return found;
}

/** By chain, sorted by address: small letters, with 0x. */
export const CONTRACTS = read();
`;

export function writeSelectors(selectors: readonly (readonly [string, string])[]): Written {
  const words = selectors.map(([selector, text]) => `${selector} ${text}`);
  const rows = inRows(words, " | ");
  const head =
    "// Made by scripts/known.ts: selectors and what they are the hash of, sorted. Sources: docs/known.md.\n\n";
  const read = "export const SELECTORS: readonly string[] = ROWS.trim().split(/ \\| |\\n/);\n";
  return {
    name: "selectors.ts",
    text: `${head}const ROWS = \`\n${rows}\n\`;\n\n/** "a9059cbb transfer(address,uint256)" */\n${read}`,
  };
}

function inRows(words: readonly string[], between: string): string {
  const count = Math.ceil(words.length / ON_A_LINE);
  const rows = Array.from({ length: count }, (_, row) =>
    words.slice(row * ON_A_LINE, (row + 1) * ON_A_LINE).join(between),
  );
  return rows.join("\n");
}
