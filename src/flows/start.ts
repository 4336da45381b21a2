// What a machine finds when it is switched on: no home, a home, or the remains of one.

import { checkVault } from "../keys/index.ts";
import { Refusal } from "../refusal.ts";
import { refused } from "../screens/notice.ts";
import type { Desk } from "../ui.ts";
import { ask, Locked } from "../ui.ts";
import { home } from "./home.ts";
import type { Session } from "./session.ts";
import { HOME } from "./session.ts";
import { bannerOf, setup } from "./setup.ts";
import { networkOf } from "./state.ts";
import { unlock } from "./unlock.ts";

export async function start(desk: Desk): Promise<void> {
  for (;;) {
    try {
      const bytes = await desk.ports.store.read(HOME);
      if (bytes === undefined) {
        await refuseRemains(desk);
        return await setup(desk);
      }
      const network = networkOf(checkVault(bytes));
      desk.banner = bannerOf(network, desk.ports.machine.practice);
      const session = await unlock(desk, bytes);
      await stay(desk, session);
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem;
      await ask(desk, refused(problem));
    }
  }
}

/** Home until it locks; the journal says why it did, if the home still takes a line. */
async function stay(desk: Desk, session: Session): Promise<void> {
  try {
    await home(desk, session);
  } catch (problem) {
    if (problem instanceof Locked)
      await session.journal.append({ kind: "locked", why: problem.why }).catch(onlyRefusals);
    throw problem;
  } finally {
    session.keyring.wipe();
    session.vault.wipe();
    session.journal.close();
  }
}

function onlyRefusals(problem: unknown): void {
  if (!(problem instanceof Refusal)) throw problem;
}

/** A journal without its home is a home that lost a part: setting up anew would bury it. */
async function refuseRemains(desk: Desk): Promise<void> {
  const names = await desk.ports.store.names();
  if (names.length > 0) throw new Refusal("store.home-missing", `found without it: ${names.join(", ")}`);
}
