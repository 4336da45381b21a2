// Before anything is asked at set-up: does the machine's seal serve us? A card that died leaves its TPM owned by a
// home that no longer is, and only clearing it makes it anybody's again.

import { Refusal } from "../../refusal.ts";
import type { Desk } from "../../ui.ts";
import { wait } from "../../ui.ts";
import { deliberately } from "../deliberate.ts";

/** Throws Refusal seal.owned where the owner leaves it as it is, or where it cannot be cleared; and seal.failed. */
export async function ownSeal(desk: Desk): Promise<void> {
  const refusal = await triedSeal(desk);
  if (refusal === undefined) return;
  if ((await deliberately(desk, [CLEAR], "to clear it")) === "no") throw refusal;
  await wait(desk, "Clearing the TPM", desk.ports.seals[0]!.destroy());
  const again = await triedSeal(desk);
  if (again) throw again;
}

const CLEAR = {
  title: "This TPM belongs to another home",
  tone: "caution",
  blocks: [
    {
      kind: "text",
      text: "An earlier home sealed its keys to it, or something else uses it. To seal new keys it must be cleared.",
    },
    {
      kind: "text",
      text: "What was sealed by it then never opens again, on any card. Only backups reach that money: go on only if you have them.",
    },
  ],
} as const;

/** Something that is no secret is bound and thrown away. */
async function triedSeal({ ports: { seals } }: Desk): Promise<Refusal | undefined> {
  try {
    await seals[0]!.bind(new Uint8Array(32), new Uint8Array(32));
    return undefined;
  } catch (problem) {
    if (problem instanceof Refusal && problem.reason === "seal.owned") return problem;
    throw problem;
  } finally {
    await seals[0]!.rest();
  }
}
