// npm run derive -- DESCRIPTOR: index and address, one a line, with the very code of the appliance: to compare with
// any other program. Or why it is refused. Documented in docs/wallets.md.

import { once } from "node:events";
import { parseArgs } from "node:util";
import { addressOf, prepare, readAnyDescriptor } from "../src/bitcoin/index.ts";
import { loadCurve } from "../src/keys/index.ts";
import { HARDENED, LIMITS } from "../src/limits.ts";
import { NETWORKS, type Network } from "../src/model.ts";
import { REFUSALS, Refusal } from "../src/refusal.ts";

const USAGE = `npm run derive -- DESCRIPTOR [--branch N] [--from N] [--to N] [--network NAME]
  DESCRIPTOR            an output descriptor with public keys, with its checksum or without one
  --branch N            which of the branches in <0;1>: 0, the first, unless given
  --from N, --to N      the first and the last index: 0 and 9 unless given, at most ${LIMITS.derivedAddresses} at a time
  --network NAME        ${NETWORKS.join(", ")}; mainnet unless given
`;

class WrongUse extends Error {}

interface Asked {
  readonly descriptor: string;
  readonly branch: number;
  readonly network: Network;
  readonly from: number;
  readonly to: number;
  /** Some index was asked for by number. */
  readonly ranged: boolean;
}

function readArguments(args: readonly string[]): Asked {
  const option = { type: "string" } as const;
  const options = { branch: option, from: option, to: option, network: option };
  const { values, positionals } = rethrown(() =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  );
  const [descriptor, ...extra] = positionals;
  if (descriptor === undefined || extra.length > 0)
    throw new WrongUse("one DESCRIPTOR is needed, in quotation marks");
  const network = NETWORKS.find((name) => name === (values.network ?? "mainnet"));
  if (network === undefined) throw new WrongUse(`there is no network ${values.network}`);
  const branch = numberOf("--branch", values.branch) ?? 0;
  const asked = [numberOf("--from", values.from), numberOf("--to", values.to)] as const;
  const from = asked[0] ?? 0;
  const to = asked[1] ?? Math.min(from + 9, HARDENED - 1);
  if (to < from) throw new WrongUse("--to comes before --from");
  if (to - from >= LIMITS.derivedAddresses)
    throw new WrongUse(`at most ${LIMITS.derivedAddresses} addresses at a time`);
  return { descriptor, branch, network, from, to, ranged: asked.some((one) => one !== undefined) };
}

/** BIP 32: indexes that are not hardened are below 2^31. */
function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^\d{1,10}$/.test(text) || number >= HARDENED)
    throw new WrongUse(`${option} takes a number from 0 to ${HARDENED - 1}`);
  return number;
}

/** What goes wrong in here is the fault of how the program was called. */
function rethrown<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

async function* lines(asked: Asked): AsyncGenerator<string> {
  const { network, branch, from, to } = asked;
  const curve = await loadCurve();
  const value = readAnyDescriptor(asked.descriptor, network, curve);
  const steps = value.uses.flatMap(stepsOf);
  const branches = Math.max(1, ...steps.map((step) => (typeof step === "object" ? step.length : 1)));
  if (branch >= branches)
    throw new WrongUse(`--branch ${branch}: the descriptor has ${branches}, counted from 0`);
  const single = !steps.includes("*");
  if (single && asked.ranged)
    throw new WrongUse("the descriptor has no *: it has one address, leave --from and --to out");
  const at = prepare(value, curve);
  for (let index = from; index <= (single ? from : to); index++) {
    const script = at(branch, index)?.scriptPubKey;
    // BIP 32 calls about one index in 2^127 invalid.
    if (script === undefined) throw new Refusal("bitcoin.path-outside-wallet", `index ${index}`);
    yield `${index} ${addressOf(script, network)}\n`;
  }
}

type Uses = ReturnType<typeof readAnyDescriptor>["uses"];

function stepsOf(use: Uses[number]): readonly (number | readonly number[] | "*")[] {
  if (use.kind === "fixed") return [];
  return use.kind === "child" ? use.steps : [...use.of.flatMap(stepsOf), ...use.steps];
}

/** Title and name, what it means, what to do: as its notice has them. */
function wordsOf({ reason, detail }: Refusal): string {
  const { title, meaning, remedy } = REFUSALS[reason];
  return `${title} (${reason}${detail === "" ? "" : `: ${detail}`}).\n${meaning} ${remedy}\n`;
}

// Whoever reads only the first lines has read enough.
process.stdout.on("error", (problem: NodeJS.ErrnoException) => {
  if (problem.code !== "EPIPE") throw problem;
  process.exit(0);
});

try {
  for await (const line of lines(readArguments(process.argv.slice(2))))
    if (!process.stdout.write(line)) await once(process.stdout, "drain");
} catch (error) {
  if (error instanceof Refusal) {
    process.stderr.write(wordsOf(error));
    process.exitCode = 1;
  } else if (error instanceof WrongUse) {
    process.stderr.write(`${error.message}\n${USAGE}`);
    process.exitCode = 2;
  } else throw error;
}
