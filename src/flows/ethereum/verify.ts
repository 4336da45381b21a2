// Checking an address: it is derived here anew, or it is not ours, whatever the code says that shows it.

import { chainName, coinOf } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import {
  type AskedAddress,
  findAccount,
  isAlike,
  isFar,
  type Looked,
  listedNames,
  type OwnAccount,
  type Range,
  readAddressText,
  writeAccountPath,
} from "../../ethereum/index.ts";
import { LIMITS } from "../../limits.ts";
import type { Safe } from "../../safe.ts";
import {
  alikeAccountSheet,
  foreignSheets,
  listedSheets,
  ownAccountSheets,
  ownSafeSheets,
  type SaidBeside,
} from "../../screens/ethereum-address.ts";
import { question } from "../../screens/notice.ts";
import { numberWords } from "../../screens/ways.ts";
import type { Desk } from "../../ui.ts";
import { ask, performReading } from "../../ui.ts";
import { inSteps } from "../in-steps.ts";
import { askText, choose } from "../policy/asks.ts";
import type { Session } from "../session.ts";
import { bring } from "../stick.ts";
import { accountOf, nodesOf } from "./own.ts";

const TITLE = "Check an address";
const WAYS = [
  { label: "Scan its code", answer: "scan" },
  { label: "Type it", answer: "type" },
] as const;

export async function verify(desk: Desk, session: Session): Promise<void> {
  const way = await choose<"scan" | "type">(desk, TITLE, WAYS);
  if (way === "back") return;
  const asked = way === "scan" ? await scanned(desk) : await typed(desk);
  if (asked !== "back") await tell(desk, session, asked);
}

async function scanned(desk: Desk): Promise<AskedAddress | "back"> {
  const brought = await bring(desk, "address", {
    title: TITLE,
    ask: "Show the address, or a payment request with it, to the camera.",
  });
  return brought === "back" ? "back" : readAddressText(brought.message.text, brought.message.query);
}

const ADDRESS_CHARS = 42;

async function typed(desk: Desk): Promise<AskedAddress | "back"> {
  const text = await askText(desk, TITLE, {
    ...{ label: "Address", allowed: "0123456789xabcdefABCDEF", longest: ADDRESS_CHARS, start: "0x" },
    check: (value) =>
      /^0x[0-9a-fA-F]{40}$/.test(value) ? undefined : "No address: it has 0x and 40 characters.",
  });
  return text === "back" ? "back" : readAddressText(text);
}

// ---------------------------------------------------------------- what is found

async function tell(desk: Desk, session: Session, asked: AskedAddress): Promise<void> {
  const { address } = asked;
  const said = saidOf(asked);
  const safe = safeAt(session, asked);
  if (safe) {
    await show(desk, ownSafeSheets({ ...safe, chain: chainName(safe.chainId) }, said));
    return;
  }
  const near = { from: 0, count: LIMITS.ethereumAccounts };
  const looked = await look(desk, session, address, near, "Deriving addresses");
  if (looked === "stopped") return;
  if (looked.own) return tellOwn(desk, session, looked.own, said);
  const alike = looked.alike ?? safeAlike(session, address);
  if (alike && (await askOn(desk, [alikeAccountSheet(address, alike)])) === "no") return;
  const names = listedNames(address, asked.chainId);
  if (names.length > 0) await show(desk, listedSheets(address, names, said));
  else await tellForeign(desk, session, asked, said);
}

/** Where the code names a chain, the one there first. */
function safeAt({ state }: Session, { address, chainId }: AskedAddress): Safe | undefined {
  const all = (state.safes ?? []).filter((safe) => safe.address === address);
  return all.find((safe) => safe.chainId === chainId) ?? all[0];
}

function safeAlike({ state }: Session, address: Address) {
  const safe = (state.safes ?? []).find((one) => isAlike(one.address, address));
  return safe && { name: `Safe ${safe.name}`, address: safe.address };
}

const show = (desk: Desk, sheets: Parameters<typeof question>[0]) =>
  ask(desk, question(sheets, "close", "close"));

const askOn = (desk: Desk, sheets: Parameters<typeof question>[0]) =>
  ask(desk, question(sheets, "go on", "back"));

async function tellOwn(desk: Desk, session: Session, found: OwnAccount, said: SaidBeside): Promise<void> {
  const own = accountOf(session, found);
  await show(desk, ownAccountSheets({ ...own, path: writeAccountPath(own.path), far: isFar(own) }, said));
}

/** MetaMask, too, looks for an account through so many. */
async function tellForeign(
  desk: Desk,
  session: Session,
  { address }: AskedAddress,
  said: SaidBeside,
): Promise<void> {
  const [near, far] = [LIMITS.ethereumAccounts, LIMITS.searchedAddresses];
  for (;;) {
    const words = question(foreignSheets(address, near, said), "search far past these", "back");
    if ((await ask(desk, words)) === "no") return;
    const range = { from: near, count: far - near };
    const looked = await look(desk, session, address, range, `Searching the first ${numberWords(far)}`);
    if (looked === "stopped") continue;
    if (looked.own) return tellOwn(desk, session, looked.own, said);
    if (looked.alike && (await askOn(desk, [alikeAccountSheet(address, looked.alike)])) === "no") return;
    await show(desk, foreignSheets(address, far, said));
    return;
  }
}

function look(
  desk: Desk,
  session: Session,
  address: Address,
  range: Range,
  title: string,
): Promise<Looked | "stopped"> {
  const work = findAccount(address, range, nodesOf(session), session.curve);
  return performReading(desk, title, inSteps(work));
}

function saidOf({ chainId, chainSaid, token, added, checked }: AskedAddress): SaidBeside {
  const on = chainId ?? 1n;
  const [name] = token ? listedNames(token, on) : [];
  return {
    ...(chainId === undefined ? {} : { chain: chainName(chainId), coin: coinOf(chainId) }),
    ...(chainSaid === undefined ? {} : { chainSaid }),
    ...(token ? { token: { address: token, ...(name === undefined ? {} : { name }) } } : {}),
    ...{ added, checked },
  };
}
