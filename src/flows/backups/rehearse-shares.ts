// Shares and parts entered again: as many as are needed first, and then any others against those.

import { wipe } from "../../bytes.ts";
import type { BackupForm } from "../../keeping.ts";
import { joinSeedXor, recover, type Share, shareFits, statusOf, wipeShares } from "../../keys/index.ts";
import { Refusal, refuse } from "../../refusal.ts";
import { menu } from "../../screens/menu.ts";
import { notice, refused } from "../../screens/notice.ts";
import { scan } from "../../screens/scan.ts";
import { ask, wait } from "../../ui.ts";
import { bringCodex32 } from "../entry/entry-codex32.ts";
import { collect } from "../entry/entry-collect.ts";
import { agreesToWait, SHARES, shareOf } from "../entry/entry-shares.ts";
import { PARTS } from "../entry/entry-xor.ts";
import { slip39ShareName, xorPartName } from "../entry/share-names.ts";
import { fingerprintFor } from "../entry/words.ts";
import { keepRehearsed, recordIn, type Secret } from "./backup-journey.ts";
import { type EnteredShares, rehearsed, sharesRehearsed } from "./records.ts";
import { proveEntropy, proveSeed } from "./rehearse-proof.ts";

export type Rehearsal = (secret: Secret) => Promise<"rehearsed" | "back">;

/** `fresh`: those of them that the journal has no line of yet. */
async function keepShares(
  secret: Secret,
  form: BackupForm,
  shares: EnteredShares,
  fresh: readonly string[] = shares.names,
): Promise<void> {
  const now = secret.desk.ports.clock.wallMs();
  await keepRehearsed(secret, sharesRehearsed(recordIn(secret), form, shares, now), form, fresh);
}

// ---------------------------------------------------------------- SLIP-39

export const rehearseSlip39: Rehearsal = async (secret) => {
  const shares = await collect(secret.desk, SHARES);
  if (shares === "back") return "back";
  try {
    if ((await agreesToWait(secret.desk, shares)) === "no") return "back";
    if ((await proveShares(secret, shares)) === "back") return "back";
    const whole = statusOf(shares)!
      .groups.filter(({ complete }) => complete)
      .map(({ number }) => number);
    const counted = shares.filter(({ groupIndex }) => whole.includes(groupIndex + 1));
    const needed = counted.length;
    await keepShares(secret, "slip39", { needed, names: counted.map(slip39ShareName) });
    await tryOthers(secret, counted, needed);
    return "rehearsed";
  } finally {
    wipeShares(shares);
  }
};

async function proveShares(secret: Secret, shares: readonly Share[]): Promise<"proven" | "back"> {
  const { desk } = secret;
  const opened = async (passphrase: Uint8Array) => {
    try {
      return await wait(desk, "Opening the shares", recover(shares, passphrase, desk.ports.stretch));
    } finally {
      wipe(passphrase);
    }
  };
  const seed = await opened(new Uint8Array(0));
  try {
    return await proveSeed(secret, seed, opened);
  } finally {
    wipe(seed);
  }
}

/** Those beyond the needed ones: each lies on the same curve, or it is worth nothing. */
async function tryOthers(secret: Secret, shares: readonly Share[], needed: number): Promise<void> {
  const { desk } = secret;
  const names = shares.map(slip39ShareName);
  for (;;) {
    const above = [{ kind: "text", text: `They lead to this key. Tried: ${names.join("; ")}.` }] as const;
    const items = [
      { label: "That is all", answer: "done" },
      { label: "Type another share", answer: "type" },
      { label: "Scan another share", answer: "scan" },
    ] as const;
    const act = await ask(desk, menu<"done" | "type" | "scan">({ title: "Other shares?", above, items }));
    if (act === "done") return;
    const name = await tryOne(secret, shares, act);
    if (name === undefined) continue;
    if (!names.includes(name)) names.push(name);
    // With all that were tried beside it: so the record knows whose set it is of.
    await keepShares(secret, "slip39", { needed, names }, [name]);
  }
}

/** Its name, if it fits. One that does not is told, and the others may still be tried. */
async function tryOne(
  { desk }: Secret,
  shares: readonly Share[],
  act: "type" | "scan",
): Promise<string | undefined> {
  let share: Share | "back" = "back";
  try {
    share = await (act === "type" ? SHARES.type(desk, shares) : scanShare(desk));
    if (share === "back") return undefined;
    if (!shareFits(shares, share)) refuse("backup.share-differs", slip39ShareName(share));
    await ask(desk, notice("It fits", [{ kind: "fact", label: "Tried", value: slip39ShareName(share) }]));
    return slip39ShareName(share);
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    await ask(desk, refused(problem));
    return undefined;
  } finally {
    if (share !== "back") wipe(share.value);
  }
}

async function scanShare(desk: Secret["desk"]): Promise<Share | "back"> {
  const message = await ask(
    desk,
    scan({ title: "Another share", ask: "Show the share to the camera.", kinds: ["seed"] }),
  );
  if (message === "back") return "back";
  return message.kind === "seed" ? shareOf(message) : refuse("transport.wrong-kind");
}

// ---------------------------------------------------------------- codex32

/** More than are needed may be entered: each proves itself against the others. */
export const rehearseCodex32: Rehearsal = async (secret) => {
  const brought = await bringCodex32(secret.desk);
  if (brought === "back") return "back";
  const material = await brought.material(new Uint8Array(0));
  try {
    if (material.kind !== "seed") return refuse("transport.wrong-kind");
    await proveSeed(secret, material.seed);
    const { shares } = brought;
    if (shares === undefined) {
      const record = rehearsed(recordIn(secret), "codex32", secret.desk.ports.clock.wallMs());
      await keepRehearsed(secret, record, "codex32");
    } else {
      const names = shares.each.map(({ name }) => name);
      await keepShares(secret, "codex32", { needed: shares.needed, names });
    }
    return "rehearsed";
  } finally {
    if (material.kind === "seed") wipe(material.seed);
    brought.wipe();
  }
};

// ---------------------------------------------------------------- Seed XOR

export const rehearseXor: Rehearsal = async (secret) => {
  const { desk } = secret;
  const parts = await collect(desk, PARTS);
  if (parts === "back") return "back";
  let entropy: Uint8Array | undefined;
  try {
    entropy = joinSeedXor(parts);
    const names = knownNames(secret, await fingerprintsOf(secret, parts));
    if ((await proveParts(secret, entropy, names.strangers)) === "back") return "back";
    await keepShares(secret, "seed-xor", { needed: parts.length, names: names.all });
    return "rehearsed";
  } finally {
    wipe(entropy, ...parts);
  }
};

export async function fingerprintsOf({ desk }: Secret, parts: readonly Uint8Array[]): Promise<string[]> {
  const found: string[] = [];
  for (const entropy of parts)
    found.push(await fingerprintFor(desk, { kind: "words", entropy, passphrase: new Uint8Array(0) }));
  return found;
}

/** As they stand in the record of the set that has most of them; the strangers are in none of it, by their places. */
function knownNames(secret: Secret, fingerprints: readonly string[]) {
  const sets = recordIn(secret).backups.flatMap(({ form, shares }) =>
    form === "seed-xor" && shares ? [shares.each.map(({ name }) => name)] : [],
  );
  const inSet = (set: readonly string[], fingerprint: string) =>
    set.find((name) => name.endsWith(`(${fingerprint})`));
  const count = (set: readonly string[]) => fingerprints.filter((one) => inSet(set, one)).length;
  const best = sets.toSorted((a, b) => count(b) - count(a))[0] ?? [];
  const strangers = fingerprints.flatMap((one, place) => (inSet(best, one) ? [] : [place + 1]));
  const all = fingerprints.map((one, i) => inSet(best, one) ?? xorPartName(i + 1, fingerprints.length, one));
  return { all, strangers: strangers.length === fingerprints.length ? [] : strangers };
}

/** Any parts make some key: where a set is known, the part that is not of it is named. */
async function proveParts(secret: Secret, entropy: Uint8Array, strangers: readonly number[]) {
  try {
    return await proveEntropy(secret, entropy);
  } catch (problem) {
    if (!(problem instanceof Refusal) || problem.reason !== "backup.differs" || strangers.length === 0)
      throw problem;
    return refuse("backup.differs", strangers.map((place) => `part ${place} is of another set`).join("; "));
  }
}
