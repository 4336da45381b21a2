// Security keys as second factors: one that is enrolled answers at unlocking, or nothing opens.

import type { Enrolled } from "../../factors/index.ts";
import { answer, enrol } from "../../factors/index.ts";
import type { Factor, FactorAnswer } from "../../keys/index.ts";
import { refuse } from "../../refusal.ts";
import type { Desk } from "../../ui.ts";
import { converse } from "../security-key.ts";

/** Throws Refusal factor.* where no enrolled key answers. The caller wipes the secret. */
export async function askSecurityKey(
  desk: Desk,
  factors: readonly Factor[],
  why = "The PIN was right. One of the enrolled security keys opens the home together with it.",
): Promise<FactorAnswer> {
  const { random } = desk.ports;
  const heard = await converse(
    desk,
    { title: "Security key", why },
    answer({ random, credentials: factors }),
  );
  return heard === "back" ? refuse("factor.left") : heard;
}

/** A credential in a key that is not enrolled yet. The caller wipes the secret. Throws Refusal factor.*. */
export function enrolSecurityKey(desk: Desk, factors: readonly Factor[]): Promise<Enrolled | "back"> {
  const known = factors.map(({ credentialId }) => credentialId);
  const why = "Once it is enrolled the PIN opens this home only together with an enrolled one.";
  return converse(desk, { title: "Add a security key", why }, enrol({ random: desk.ports.random, known }));
}
