// The machine itself: what was found of it, whether keys may be opened on it at all, and switching it off.

import type { Block } from "../model.ts";
import type { Fact, Facts } from "../ports.ts";
import { type Reason, Refusal, refuse } from "../refusal.ts";
import { factSheets, imageWords } from "../screens/facts.ts";
import { type Item, menu } from "../screens/menu.ts";
import { refused } from "../screens/notice.ts";
import { pages } from "../screens/pages.ts";
import { shown } from "../text.ts";
import type { Desk } from "../ui.ts";
import { ask, Locked, wait } from "../ui.ts";
import { orRefused } from "./or-refused.ts";
import { atRest } from "./unlock/machine.ts";

/** What keeps the keys shut. */
const SHUT = ["machine.network", "machine.root"] as const satisfies readonly Reason[];

export function shutsKeys({ reason }: Refusal): boolean {
  return (SHUT as readonly Reason[]).includes(reason);
}

/**
 * Looks at the machine anew: at each start, when a PIN was typed, before a set-up asks for keys, right before a
 * signature. Throws Refusal machine.network or machine.root where keys must stay shut.
 */
export async function lookAtMachine(desk: Desk): Promise<void> {
  const facts = await found(desk);
  if (!facts) {
    // Only the simulator runs where anything may be.
    if (desk.ports.machine.kind === "board") refuse("machine.network", "nothing is known of this machine");
    return;
  }
  const open = {
    "machine.network": openOnes(facts, "network", true),
    // Where Firn was installed, without an image, nothing vouches for its root, and the page says so.
    "machine.root": openOnes(facts, "root", facts.image !== undefined),
  };
  const [first, ...also] = SHUT.filter((reason) => open[reason].length > 0);
  if (first) throw new Refusal(first, SHUT.flatMap((reason) => open[reason]).join("; "), also);
}

/** What is not known to be well. Nobody looked: that is not well either, where somebody must have. */
function openOnes({ findings }: Facts, about: Fact["about"], must: boolean): string[] {
  const all = findings.filter((finding) => finding.about === about);
  if (all.length === 0 && must) return [`nothing is known of the ${about}`];
  return all
    .filter(({ state }) => state !== "well")
    .map(({ label, found: what }) => shown(`${label}: ${what}`));
}

async function found(desk: Desk): Promise<Facts | undefined> {
  const { machine } = desk.ports;
  if (machine.facts) desk.facts = await wait(desk, "Looking at this machine", machine.facts());
  return desk.facts;
}

/** What the first screens say of Firn and its image; nothing on a machine that says nothing of itself. */
export function machineBlocks({ facts, ports }: Desk): Block[] {
  if (!facts) return [];
  const open = facts.findings.some(({ state }) => state === "open");
  return [
    { kind: "text", text: imageWords(ports.machine.version, facts) },
    ...(open ? [{ kind: "text", text: "Not all is as it must be: see what was found." } as const] : []),
  ];
}

/** There is something to be seen or done before any PIN. */
export function hasMachineMenu({ ports: { machine, power } }: Desk): boolean {
  return machine.facts !== undefined || power !== undefined;
}

type Choice = "found" | "off";

function itemsOf({ ports: { machine, power } }: Desk): Item<Choice>[] {
  return [
    ...(machine.facts ? [{ label: "What was found", answer: "found" } as const] : []),
    ...(power ? [{ label: "Turn off", answer: "off" } as const] : []),
  ];
}

/** Before any PIN. */
export async function machineMenu(desk: Desk): Promise<void> {
  for (;;) {
    const back = { label: "back", answer: "back" } as const;
    const options = { title: "This machine", above: machineBlocks(desk), items: itemsOf(desk), back };
    const choice = await ask(desk, menu<Choice | "back">(options));
    if (choice === "back") return;
    await FLOWS[choice](desk);
  }
}

/** Keys stay shut: why, what was found, and nothing else until the machine is looked at again. */
export async function keysShut(desk: Desk, refusal: Refusal): Promise<void> {
  const { facts, ports } = desk;
  await ask(desk, refused(refusal, facts ? factSheets(ports.machine.version, facts) : []));
  for (;;) {
    const items = [{ label: "Look again", answer: "again" } as const, ...itemsOf(desk)];
    const choice = await ask(
      desk,
      menu<Choice | "again">({ title: "Keys stay shut", tone: "danger", items }),
    );
    if (choice === "again") return;
    await FLOWS[choice](desk);
  }
}

export async function thisMachine(desk: Desk): Promise<void> {
  const facts = await found(desk);
  if (!facts) return;
  const close = { label: "close", answer: "seen" } as const;
  await ask(
    desk,
    pages<"seen">({ sheets: factSheets(desk.ports.machine.version, facts), ok: close, back: close }),
  );
}

async function off(): Promise<never> {
  throw new Locked("off");
}

const FLOWS: Readonly<Record<Choice, (desk: Desk) => Promise<void>>> = { found: thisMachine, off };

/** The last thing that is done: keys are gone from memory and all is written. Says so where the machine stays on. */
export async function turnOff(desk: Desk): Promise<void> {
  const { power } = desk.ports;
  if (!power) return;
  await atRest(desk.ports);
  const words = "Everything is written. Pull the plug when the screen is dark.";
  await orRefused(desk, () => wait(desk, "Turning off", power.off(), words));
}
