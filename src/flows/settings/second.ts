// The second home, which a duress PIN opens: made from inside the first one, and taken away again.

import { wipe } from "../../bytes.ts";
import { openJournal } from "../../journal/index.ts";
import { packKeys } from "../../keys/index.ts";
import type { Store } from "../../ports.ts";
import type { Policy } from "../../rules.ts";
import type { Desk } from "../../ui.ts";
import { wait } from "../../ui.ts";
import { type NewKey, recordOf } from "../entry/new-key.ts";
import { firstLines, type Session } from "../session.ts";
import type { HomeState } from "../state.ts";
import { stateSection, writeState } from "../state.ts";
import { NO_PARTS } from "../state-parts.ts";
import { HOME, storeOf } from "../unlock/homes.ts";
import { sealOf } from "../unlock/machine.ts";
import { wordsAfter } from "../unlock/pin.ts";

export interface SecondParts {
  /** The caller's, who wipes it. */
  readonly pin: Uint8Array;
  readonly key: NewKey;
  readonly policy: Policy;
}

/**
 * Its journal first, so that it tells of a set-up at this time and not at its first opening; the home last: before
 * that write there is no second home, whatever else of one lies there.
 */
export async function makeSecond(
  desk: Desk,
  session: Session,
  { pin, key, policy }: SecondParts,
): Promise<void> {
  const { store, stretch, random, clock } = desk.ports;
  const { vault, network } = session;
  await removeSecond(store);
  const own = storeOf(store, "second");
  const seal = sealOf(desk.ports, vault.sealKind)!;
  const after = vault.settings.wordsAfter > 0 ? wordsAfter(pin) : 0;
  const settings = { ...vault.settings, wordsAfter: after };
  const made = await wait(desk, "Sealing", vault.beside(pin, stretch, seal, settings));
  const record = recordOf(key, "Key 1", clock.wallMs());
  const { fingerprint } = record;
  const keys = packKeys([{ fingerprint, material: key.material }]);
  const journalKey = made.derive("journal");
  const signing = made.derive("journal-signing");
  try {
    const counter = seal.counter?.("second");
    const counted = counter && { counter, counterBase: await counter.value() };
    const base = counted ? { counterBase: counted.counterBase } : {};
    const practice = session.state.practice === true || desk.ports.machine.practice;
    const state: HomeState = {
      ...NO_PARTS,
      ...{ network, policy, wallets: [], keys: [record], chosen: fingerprint, serial: 0, ...base },
      ...(practice ? { practice } : {}),
    };
    const journal = await openJournal({
      ...{ store: own, key: journalKey, signing, random, clock },
      ...counted,
    });
    await firstLines(journal, state, fingerprint);
    const anchored = { ...state, anchor: journal.head() };
    journal.close();
    await own.replace(HOME, made.write({ keys, [stateSection(network)]: writeState(anchored) }));
  } finally {
    wipe(keys, journalKey, signing);
    made.wipe();
  }
}

/** The home first: from then on there is no second one, whatever a cut leaves of the rest. */
export async function removeSecond(store: Store): Promise<void> {
  const own = storeOf(store, "second");
  await own.remove(HOME);
  for (const name of await own.names()) await own.remove(name);
}
