// Homes whose policy asks persons, for played sessions: built by writing into the home what the device itself writes.

import { randomBytes } from "node:crypto";
import { openStore } from "../../device/disk/store.ts";
import { freshState, type KeyMake, writeState as writeKey } from "../../device/sim/authenticator/state.ts";
import { type DiskState, recordingDisk } from "../../device/sim/recording.ts";
import {
  enrolSigner,
  type KeptPerson,
  type PersonFactor,
  packPeople,
  stepOf,
  unpackPeople,
} from "../../src/factors/index.ts";
import { type HomeState, networkOf, readState, stateSection, writeState } from "../../src/flows/state.ts";
import { openJournal } from "../../src/journal/index.ts";
import { COST_FLOOR, type OpenVault, stretchPin } from "../../src/keys/index.ts";
import { parsePolicy, writePolicy } from "../../src/policy/index.ts";
import type { Ask, Policy } from "../../src/rules.ts";
import { utf8 } from "../../src/text.ts";
import { psbt, purse } from "../bitcoin/build.ts";
import { ends } from "../factors/run.ts";
import { openVault } from "../keys/open.ts";
import { homeOf, journalOf, PIN, psbtTexts, quickStretch, UNLOCK } from "./stage.ts";

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };

export const SECRET = utf8("12345678901234567890");
export const OTHER_SECRET = utf8("09876543210987654321");

async function vaultOf(disk: DiskState): Promise<OpenVault> {
  return openVault(disk.get("home")!, utf8(PIN), quickStretch, random);
}

function sectionIn(vault: OpenVault): string {
  return stateSection(networkOf(vault.names()));
}

export async function stateOn(disk: DiskState): Promise<HomeState> {
  const vault = await vaultOf(disk);
  return readState(vault.section(sectionIn(vault)));
}

export async function peopleOn(disk: DiskState): Promise<readonly KeptPerson[]> {
  const vault = await vaultOf(disk);
  return vault.names().includes("people") ? unpackPeople(vault.section("people")) : [];
}

/** Of the journal's last line. */
export async function headOn(disk: DiskState): Promise<string> {
  const vault = await vaultOf(disk);
  const journal = await openJournal({
    ...{ store: openStore(recordingDisk(disk)), random },
    ...{ key: vault.derive("journal"), signing: vault.derive("journal-signing") },
    clock: { wallMs: () => 0, monotonicMs: () => 0, boot: "read" },
  });
  return journal.head().head;
}

/** The home with another state, and other persons. */
export async function changed(
  disk: DiskState,
  change: (state: HomeState) => HomeState,
  people?: readonly KeptPerson[],
): Promise<DiskState> {
  const vault = await vaultOf(disk);
  const section = sectionIn(vault);
  const state = change(readState(vault.section(section)));
  const kept: Record<string, Uint8Array> = people ? { people: packPeople(people) } : {};
  return new Map(disk).set("home", vault.write({ [section]: writeState(state), ...kept }));
}

/** The policy that set-up took, but whatever takes more than one sat asks the first, and such a fee the second. */
export function asking(policy: Policy, ...asks: readonly Ask[]): Policy {
  const most = { asset: "btc", units: 1n } as const;
  const rules = policy.rules.map((rule) => {
    const { limit } = rule;
    const ask = limit.kind === "fee" ? asks[1] : asks[0];
    const isBtc = "most" in limit && typeof limit.most === "object" && limit.most.asset === "btc";
    const meant = isBtc && (limit.kind === "fee" || (limit.kind === "amount" && limit.per === "transaction"));
    if (!meant || ask === undefined) return rule;
    return { ...rule, limit: { ...limit, most }, otherwise: { do: "ask", ask } } as const;
  });
  // As the home will read it again.
  return parsePolicy(writePolicy({ ...policy, number: policy.number + 1, rules }));
}

/** A home whose policy asks so, and who is enrolled in it. */
export async function homeAsking(
  asks: readonly Ask[],
  people: Readonly<Record<string, PersonFactor>>,
): Promise<DiskState> {
  const kept = Object.entries(people).map(([name, factor]) => ({ name, wrong: 0, wrongMs: 0, factor }));
  return changed(
    await homeOf(),
    (state) => ({
      ...state,
      policy: asking(state.policy, ...asks),
      people: kept.map(({ name, factor }) => ({ name, factor: factor.kind, madeMs: 0 })),
    }),
    kept,
  );
}

export const byTime = (secret: Uint8Array = SECRET): PersonFactor => ({ kind: "totp", secret, last: 0 });
export const byCounter = (secret: Uint8Array = SECRET): PersonFactor => ({ kind: "hotp", secret, next: 0 });

export async function byPin(pin: string): Promise<PersonFactor> {
  const [cost, salt] = [COST_FLOOR, random.bytes(16)];
  return { kind: "pin", cost, salt, verifier: await stretchPin({ cost, salt }, utf8(pin), quickStretch) };
}

/** A key that was enrolled, and what it remembers. */
export function byKey(make: KeyMake = {}): { readonly factor: PersonFactor; readonly memory: string } {
  const state = freshState(make);
  const signer = ends(enrolSigner({ random, known: [] }), { state, pins: [make.pin ?? ""] });
  return { factor: { kind: "key", ...signer }, memory: writeKey(state) };
}

/** The half-minute in which the next play of this home begins. */
export async function stepAfter(disk: DiskState): Promise<number> {
  return stepOf((await journalOf(disk)).at(-1)!.at);
}

// ---------------------------------------------------------------- what is signed

const own = purse("p2wpkh");
export const ASKED = psbt(own);
export const PSBT = psbtTexts(ASKED, "base64")[0]!;
/** Another transaction. */
export const OTHER_PSBT = psbtTexts(psbt(own, { inputs: 2 }), "base64")[0]!;

/** To the question who agrees. */
export const TO_ASK = `${UNLOCK}pick Sign\nscan $PSBT\npage\nsee Sign?\nhold ok\nsee Who agrees?\n`;
export const AGAIN = "pick Sign\nscan $PSBT\npage\nsee Sign?\nhold ok\nsee Who agrees?\n";
export const SIGNED = "see Signed\npress ok\nsee Sign a transaction\n";
