// Verifying an address: it is derived here anew, or it is not ours, whatever the code says that shows it.

import {
  locate,
  locateFar,
  lookAlike,
  networksOf,
  type PaymentRequest,
  type Place,
  readPayment,
  scriptOf,
  type Template,
  type Wallet,
} from "../../bitcoin/index.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { DIGITS } from "../../screens/field.ts";
import { question } from "../../screens/notice.ts";
import type { Sheet } from "../../screens/pages.ts";
import { alikeSheet, notFoundSheets, type OwnFacts, ownSheets } from "../../screens/verified.ts";
import { numberWords } from "../../screens/ways.ts";
import { shown } from "../../text.ts";
import type { Desk } from "../../ui.ts";
import { ask, performReading } from "../../ui.ts";
import { inSteps } from "../in-steps.ts";
import { askText, choose } from "../policy/asks.ts";
import type { Session } from "../session.ts";
import { bring } from "../stick.ts";
import { addressAt } from "./facts.ts";
import { isReplaced } from "./kept.ts";

const TITLE = "Verify an address";
const WAYS = [
  { label: "Scan its code", answer: "scan" },
  { label: "Type it", answer: "type" },
] as const;

/**
 * Against all wallets of this key, its own accounts among them: an address of another wallet here is never called
 * foreign. `wallet`: looked in first.
 */
export async function verify(desk: Desk, session: Session, wallet?: Wallet): Promise<void> {
  const isFirst = (one: Template) => one.wallet === wallet;
  const templates = [
    ...session.templates.filter(isFirst),
    ...session.templates.filter((one) => !isFirst(one)),
  ];
  const way = await choose<"scan" | "type">(desk, TITLE, WAYS);
  if (way === "back") return;
  const request = way === "scan" ? await scanned(desk) : await typed(desk);
  if (request === "back") return;
  await tell(desk, session, templates, request);
}

async function scanned(desk: Desk): Promise<PaymentRequest | "back"> {
  const brought = await bring(desk, "address", {
    title: TITLE,
    ask: "Show the address, or a payment request with it, to the camera.",
  });
  return brought === "back" ? "back" : readPayment(brought.message.text, brought.message.query);
}

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** BIP 173: no address is longer. */
const ADDRESS_CHARS = 90;
const WRONG = "No address: a character is wrong or missing.";

async function typed(desk: Desk): Promise<PaymentRequest | "back"> {
  const text = await askText(desk, TITLE, {
    ...{ label: "Address", allowed: `${DIGITS}${LETTERS}`, longest: ADDRESS_CHARS },
    check: (value) => (networksOf(value).length === 0 ? WRONG : undefined),
  });
  return text === "back" ? "back" : readPayment(text);
}

// ---------------------------------------------------------------- what is found

async function tell(
  desk: Desk,
  session: Session,
  templates: readonly Template[],
  request: PaymentRequest,
): Promise<void> {
  const script = scriptHere(request.address, session);
  const looking = locate(preferred(templates, request), script, request.index);
  const near = await performReading(desk, "Deriving addresses", inSteps(looking));
  if (near === "stopped") return;
  if (near) return tellOwn(desk, session, near, request);
  const alike = lookAlike(templates, script, session.network);
  if (alike) {
    const sheets = [alikeSheet(request.address, factsOf(session, alike))];
    if ((await ask(desk, question(sheets, "go on", "back"))) === "no") return;
  }
  await tellNotFound(desk, session, templates, request);
}

/** Refusals: bitcoin.address; bitcoin.address-network, with the network that it is an address of. */
function scriptHere(address: string, { network }: Session): Uint8Array {
  const networks = networksOf(address);
  if (networks.length > 0 && !networks.includes(network))
    refuse("bitcoin.address-network", `an address of ${networks.join(", ")}; Firn is set up for ${network}`);
  return scriptOf(address, network);
}

/** The wallet that the code names is looked in first: a name proves nothing, and may save time. */
function preferred(templates: readonly Template[], { wallet }: PaymentRequest): readonly Template[] {
  const said = wallet?.toLowerCase();
  const isSaid = (one: Template) => [one.wallet.name.toLowerCase(), one.wallet.fingerprint].includes(said!);
  return said === undefined
    ? templates
    : [...templates.filter(isSaid), ...templates.filter((one) => !isSaid(one))];
}

function factsOf(session: Session, { template: { wallet }, branch, index }: Place): OwnFacts {
  return {
    wallet: wallet.name,
    fingerprint: wallet.fingerprint,
    side: branch === wallet.receive ? "receive" : "change",
    branch,
    index,
    address: addressAt(session, wallet, branch, index),
    replaced: isReplaced(session, wallet),
  };
}

async function tellOwn(desk: Desk, session: Session, place: Place, request: PaymentRequest): Promise<void> {
  await ask(desk, question(ownSheets(factsOf(session, place), request), "close", "close"));
}

async function tellNotFound(
  desk: Desk,
  session: Session,
  templates: readonly Template[],
  request: PaymentRequest,
): Promise<void> {
  const script = scriptHere(request.address, session);
  const wallets = templates.filter((one) => makesSuch(one, script)).map(({ wallet }) => wallet.name);
  const sheets = (count: number): Sheet[] =>
    notFoundSheets(shown(request.address, ADDRESS_CHARS), { wallets, count }, request);
  const last = LIMITS.addressIndex + 1;
  if (wallets.length === 0) {
    await ask(desk, question(sheets(last), "close", "close"));
    return;
  }
  for (;;) {
    const words = question(sheets(LIMITS.searchedAddresses), "search far past these", "back");
    if ((await ask(desk, words)) === "no") return;
    const title = `Searching up to index ${numberWords(LIMITS.addressIndex)}`;
    const far = await performReading(desk, title, inSteps(locateFar(templates, script)));
    if (far === "stopped") continue;
    if (far) return tellOwn(desk, session, far, request);
    await ask(desk, question(sheets(last), "close", "close"));
    return;
  }
}

function makesSuch(template: Template, script: Uint8Array): boolean {
  const { scriptPubKey } = template.derive(template.wallet.receive, 0);
  return scriptPubKey.length === script.length && scriptPubKey[0] === script[0];
}
