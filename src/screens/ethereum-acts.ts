// What a request does, an act a page. What policy counts of an act is on its page, whatever its facts say.

import type { Act, ActFact, Allowance, EthereumForm, EthereumReview, Oddity } from "../act.ts";
import { inSymbol, UNLIMITED } from "../assets.ts";
import type { Address } from "../eip55.ts";
import { readAddress } from "../eip55.ts";
import type { Block, Tone } from "../model.ts";
import type { Amount } from "../rules.ts";
import { amountWords, factBlocks, namedAddress, timeWords, valueWords } from "./ethereum-values.ts";
import type { Sheet } from "./pages.ts";

export function fact(label: string, value: string, tone?: Tone): Block {
  return { kind: "fact", label, value, ...(tone ? { tone } : {}) };
}

export function text(words: string): Block {
  return { kind: "text", text: words };
}

// ---------------------------------------------------------------- all of it at once

const MOST_AMOUNTS = 3;
const MOST_DESTINATIONS = 2;

const MOVES_NOTHING = "It moves nothing by itself.";
/** To some a signature of their text is the key to what they hold. */
const PROGRAMS = "What programs do for whoever shows it Firn cannot tell.";
const UNREADABLE = "What it stands for nobody can tell, nor what it can move.";

/** What nobody can read is never said to move nothing. */
export function movesWords({ acts }: EthereumReview): string {
  return acts.some(({ oddities }) => oddities.length > 0) ? UNREADABLE : MOVES_NOTHING;
}

/** What leaves, and to whom, of all acts together; of one act that is told shortly all there is to say of it. */
export function firstBlocks(facts: EthereumReview): Block[] {
  const { form, acts } = facts;
  const moves = movesWords(facts) === MOVES_NOTHING ? `${MOVES_NOTHING} ${PROGRAMS}` : UNREADABLE;
  if (form === "message") return [text(`A signature shows that you hold the key. ${moves}`)];
  if (form === "sign-in") return [text(`Whoever shows this signature is let in as you. ${moves}`)];
  const only = shortAct(acts);
  return only
    ? [...only.says.map(text), ...factBlocks(only.facts)]
    : [...takesBlocks(facts), ...destinationBlocks(acts)];
}

const SHORT_FACTS = 4;

/** The only act, where few facts say all that is judged of it and nobody has to be told what cannot be told. */
function shortAct(acts: readonly Act[]): Act | undefined {
  const [only, ...others] = acts;
  if (only === undefined || others.length > 0 || only.facts.length > SHORT_FACTS) return undefined;
  const isTold = only.takes.length > 0 && only.oddities.every((oddity) => !SILENT.has(oddity));
  return isTold && countedBlocks(only).length === 0 ? only : undefined;
}

const UNKNOWNS: ReadonlySet<Oddity> = new Set(["unknown call", "unknown typed data", "unreadable message"]);
const CONTROLS: ReadonlySet<Oddity> = new Set(["safe change", "control change"]);
/** Odd, and yet all that can leave is counted. */
const COUNTED: ReadonlySet<Oddity> = new Set(["far deadline", "unlisted token"]);
const SILENT: ReadonlySet<Oddity> = new Set([...UNKNOWNS, ...CONTROLS]);

/** What nobody can tell is never called nothing. */
export function takesBlocks({ form, acts }: EthereumReview): Block[] {
  const odd = acts.flatMap(({ oddities }) => oddities);
  const control = odd.some((oddity) => CONTROLS.has(oddity));
  const amounts = amountBlocks(acts);
  const isVague = amounts.length === 0 && form === "typed" && odd.some((oddity) => !COUNTED.has(oddity));
  const unknown = odd.some((oddity) => UNKNOWNS.has(oddity)) || (isVague && !control);
  const none = form === "transaction" ? fact("Sends along", "nothing") : text(NOTHING);
  const delegates = delegateBlocks(acts);
  return [
    ...delegates,
    ...(amounts.length === 0 && !isVague && delegates.length === 0 ? [none] : amounts),
    ...(control ? [text(CONTROL)] : []),
    ...(unknown ? [text(UNKNOWN)] : []),
  ];
}

/** Whoever has an account has all that is in it. */
function delegateBlocks(acts: readonly Act[]): Block[] {
  const all = [...new Set(acts.flatMap(({ delegates }) => delegates))];
  return all.map((to) => fact("An account goes to the code at", namedAddress(to, undefined), "danger"));
}

const NOTHING = "Nothing leaves the account by it.";
const CONTROL = "It changes who decides: whoever does then can take all that is there.";
const UNKNOWN = "What can leave by it Firn cannot tell.";

export function whereBlocks(facts: EthereumReview): Block[] {
  const accountFact = fact(accountLabel(facts.form), accountWords(facts.account));
  return [...outerBlocks(facts), ...chainBlocks(facts.chain), accountFact];
}

/** What is only signed may leave from elsewhere: a Safe, or what was deposited. */
export function accountLabel(form: EthereumForm): string {
  return form === "transaction" ? "From" : "Signed by";
}

/** Where acts are inside of another one, what that one is about: which Safe, which contract. */
function outerBlocks({ acts }: EthereumReview): Block[] {
  const [outer, ...inner] = acts;
  if (outer === undefined || inner.length === 0 || inner[0]!.depth === 0) return [];
  const gone = new Set<string>(destinationsOf(acts));
  return factBlocks(outer.facts.filter(({ value }) => value.kind === "address" && !gone.has(value.address)));
}

function accountWords({ name, address }: EthereumReview["account"]): string {
  return `Your ${name}\n${namedAddress(address, undefined)}`;
}

export function chainBlocks(chain: EthereumReview["chain"]): Block[] {
  if (chain === undefined) return [];
  if (!chain.listed) return [fact("Chain", `${chain.name}, which is on no list`, "caution")];
  if (chain.test) return [fact("Chain", `${chain.name}, a test chain: its coins have no worth`, "caution")];
  return [fact("Chain", chain.name)];
}

function amountBlocks(acts: readonly Act[]): Block[] {
  const sums = takenBy(acts);
  const words = sums.slice(0, MOST_AMOUNTS).map(amountWords);
  const more = sums.length - words.length;
  const lines = [...words, ...(more > 0 ? [`and of ${more} more, on the pages that follow`] : [])];
  if (lines.length === 0) return [];
  const given = acts.some(({ allowances }) => allowances.length > 0);
  const label = given ? "Can be taken from you, at the most" : acts.length > 1 ? "Leaves in all" : "Amount";
  const tone = sums.some(({ units }) => units >= UNLIMITED) ? "danger" : undefined;
  return [fact(label, lines.join("\n"), tone)];
}

/** One amount an asset. */
export function takenBy(acts: readonly Act[]): Amount[] {
  const sums = new Map<string, bigint>();
  for (const { takes } of acts)
    for (const { asset, units } of takes) sums.set(asset, (sums.get(asset) ?? 0n) + units);
  return [...sums].map(([asset, units]) => ({ asset, units }));
}

function destinationsOf(acts: readonly Act[]): string[] {
  return [...new Set(acts.flatMap(({ destinations }) => destinations.map(({ to }) => to)))];
}

/** Of several none: their pages were shown, and a choice among them would say that it is all. */
export function onlyDestinationBlocks(acts: readonly Act[]): Block[] {
  return destinationsOf(acts).length === 1 ? destinationBlocks(acts) : [];
}

function destinationBlocks(acts: readonly Act[]): Block[] {
  const all = destinationsOf(acts);
  if (all.length === 0) return [];
  const label = acts.some(({ allowances }) => allowances.length > 0) ? "By" : "To";
  if (all.length > MOST_DESTINATIONS)
    return [fact(label, `${all.length} others, each on a page that follows`)];
  const names = namesIn(acts);
  return all.map((to) => fact(label, destinationWords(to, names)));
}

function destinationWords(to: string, names: ReadonlyMap<string, string>): string {
  const address = readAddress(to);
  if (address === undefined || address === "checksum") return to;
  return namedAddress(address, names.get(address));
}

/** What the acts' own facts call an address. */
function namesIn(acts: readonly Act[]): ReadonlyMap<string, string> {
  const named = acts.flatMap(({ facts }) =>
    facts.flatMap(({ value }) =>
      value.kind === "address" && value.name !== undefined ? [[value.address, value.name] as const] : [],
    ),
  );
  return new Map(named);
}

// ---------------------------------------------------------------- one by one

/** None where the first page says all of it. */
export function actSheets({ acts, form }: EthereumReview): Sheet[] {
  const isTold = form !== "message" && form !== "sign-in" && shortAct(acts) !== undefined;
  return isTold ? [] : acts.map((act, at) => actSheet(act, titleOf(acts, at)));
}

function titleOf(acts: readonly Act[], at: number): string {
  const { title, depth } = acts[at]!;
  if (acts.length === 1) return title;
  const outer = acts.slice(0, at).findLastIndex((one) => one.depth < depth);
  const inside = outer < 0 ? "" : `, inside ${outer + 1}`;
  return `${at + 1} of ${acts.length}${inside}: ${title}`;
}

function actSheet(act: Act, title: string): Sheet {
  return { title, tone: act.tone, blocks: actBlocks(act) };
}

function actBlocks(act: Act): Block[] {
  const { says, facts } = act;
  return [...says.map(text), ...factBlocks(facts), ...countedBlocks(act)];
}

/** What its facts left out of what is judged. */
function countedBlocks({ facts, takes, destinations, allowances, calls, delegates }: Act): Block[] {
  const amounts = new Set(facts.flatMap(amountIn));
  const addresses = new Set<string>(facts.flatMap(addressIn));
  const unsaid = (address: string) => !addresses.has(address);
  const called = new Set(calls.map(({ contract }) => contract).filter(unsaid));
  return [
    ...takes.filter((amount) => !amounts.has(inSymbol(amount))).map((one) => takesFact(one)),
    ...allowances.filter(({ spender }) => unsaid(spender)).map(allowanceFact),
    ...destinations
      .filter(({ to }) => unsaid(to) && !allowances.some(({ spender }) => spender === to))
      .map(({ to }) => fact("Can go to", destinationWords(to, new Map()))),
    ...[...called].map((contract) => fact("Contract", namedAddress(contract, undefined))),
    ...delegates.filter(unsaid).map((to) => fact("Handed over to", namedAddress(to, undefined), "danger")),
  ];
}

function amountIn({ value }: ActFact): string[] {
  return value.kind === "amount" ? [inSymbol(value.amount)] : [];
}

function addressIn({ value }: ActFact): Address[] {
  return value.kind === "address" ? [value.address] : [];
}

function takesFact(amount: Amount): Block {
  const tone = amount.units >= UNLIMITED ? "danger" : undefined;
  return fact("Takes, at the most", amountWords(amount), tone);
}

function allowanceFact({ spender, amount, untilSeconds }: Allowance): Block {
  const until = untilSeconds === undefined ? "until it is taken back" : `until ${timeWords(untilSeconds)}`;
  return fact(
    "Allowance",
    `${amountWords(amount)}, ${until}, for\n${valueWords({ kind: "address", address: spender })}`,
  );
}
