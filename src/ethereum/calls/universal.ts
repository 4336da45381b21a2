// Uniswap's Universal Router: commands, one byte each, and what each is given. With one among them that Firn does not
// read the whole call stays unknown.

import type { Act, ActFact } from "../../act.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import type { Context } from "../context.ts";
import { isNextToNothing } from "../dust.ts";
import { handedOn } from "./batches.ts";
import { type Args, type Entry, payable, type Site } from "./entry.ts";
import { actOf, amountFact, calm, coin, numberFact, timeFact, units } from "./making.ts";
import { strandedSaid } from "./stranded.ts";
import { onlyAt } from "./swap.ts";
import { argsOf, COMMANDS } from "./universal-commands.ts";

/** The command itself; the highest bit says that it may fail. */
const COMMAND = 0x7f;
/** Those that say what comes back at the least. */
const [SWEEP, UNWRAP] = [0x04, 0x0c];

/** Next to nothing promises nothing. */
function asksFor(command: number, own: Args, site: Site): boolean {
  if (command !== SWEEP && command !== UNWRAP) return false;
  const least = own.number("least");
  const amount = command === SWEEP ? units(site, own.address("token"), least) : coin(site, least);
  return least > 0n && !isNextToNothing(amount);
}

function execute(
  args: Args,
  site: Site,
  context: Context,
  facts: readonly ActFact[],
): readonly Act[] | undefined {
  const [commands, inputs] = [args.bytes("commands"), args.blobs("inputs")];
  if (commands.length !== inputs.length || commands.length === 0) return undefined;
  if (commands.length > LIMITS.acts)
    return refuse("ethereum.too-many-acts", `data: more than ${LIMITS.acts} commands of a router`);
  const inside = { ...site, depth: site.depth + 1 };
  const steps = inputs.map((input, i) => {
    const found = COMMANDS.get(commands[i]! & COMMAND);
    const own = found && argsOf(found, input);
    return found && own && { found, own, least: asksFor(commands[i]! & COMMAND, own, site) };
  });
  // Those up to the last that promises some least amount.
  const promisedBefore = steps.findLastIndex((step) => step?.least === true);
  const acts: Act[] = [];
  for (const [i, step] of steps.entries()) {
    const read = step?.found.read({ args: step.own, site: inside, context, promised: i < promisedBefore });
    if (!read) return undefined;
    const mayFail = commands[i]! > COMMAND ? read.map(failing) : read;
    acts.push(...mayFail);
  }
  return handedOn([whole(acts, site, facts), ...acts]);
}

function failing(act: Act): Act {
  return { ...act, says: [...act.says, "If this step fails, the others are carried out all the same."] };
}

function whole(acts: readonly Act[], site: Site, facts: readonly ActFact[]): Act {
  const amount = coin(site, site.value);
  return actOf(site.depth, {
    title: "Swap in several steps",
    facts: [
      numberFact("Steps", BigInt(acts.length)),
      ...(site.value === 0n ? [] : [amountFact("Coin sent with it", amount)]),
      ...facts,
    ],
    said: [...strandedSaid(acts, site, true), calm("What each step does is shown after this.")],
    takes: [amount],
    destinations: site.value === 0n ? [] : [{ to: site.to, amount }],
  });
}

const LOOKS = "a swap (Uniswap's Universal Router)";

export const UNIVERSAL: readonly Entry[] = [
  payable(
    "0x3593564c",
    "execute(bytes commands,bytes[] inputs,uint256 deadline)",
    onlyAt(["universal-router"], LOOKS, (args, site, context) =>
      execute(args, site, context, [timeFact("Can be carried out until", args.number("deadline"))]),
    ),
  ),
  payable(
    "0x24856bc3",
    "execute(bytes commands,bytes[] inputs)",
    onlyAt(["universal-router"], LOOKS, (args, site, context) => execute(args, site, context, [])),
  ),
];
