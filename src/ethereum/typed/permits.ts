// Permits that a token itself takes: EIP 2612, and the older form of DAI. The token is the domain's contract.

import type { Act } from "../../act.ts";
import { MOST_UNITS } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import { allowanceAct, danger, numberFact, type Said, timeFact, wordsFact } from "../calls/making.ts";
import type { Context } from "../context.ts";
import { LEAVES_BY_SIGNATURE, ownerSaid, type ReadMessage, type Site, untilSaid } from "./reading.ts";

export const PERMIT = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)";
export const DAI_PERMIT = "Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)";

interface Permit {
  readonly owner: Address;
  readonly spender: Address;
  readonly units: bigint;
  readonly nonce: bigint;
  /** Until when it can be handed in: what it allows then stays until it is used up or taken back. */
  readonly deadline: bigint | "for ever";
}

const readPermit: ReadMessage = (site, context) => {
  const { message } = site;
  const permit: Permit = {
    owner: message.address("owner"),
    spender: message.address("spender"),
    units: message.number("value"),
    nonce: message.number("nonce"),
    deadline: message.number("deadline"),
  };
  return [permitAct(permit, site, context)];
};

const readDaiPermit: ReadMessage = (site, context) => {
  const { message } = site;
  const expiry = message.number("expiry");
  const permit: Permit = {
    owner: message.address("holder"),
    spender: message.address("spender"),
    units: message.flag("allowed") ? MOST_UNITS : 0n,
    nonce: message.number("nonce"),
    deadline: expiry === 0n ? "for ever" : expiry,
  };
  return [permitAct(permit, site, context)];
};

function permitAct(permit: Permit, site: Site, context: Context): Act {
  const { owner, spender, units, nonce, deadline } = permit;
  const said: readonly Said[] = [
    ...ownerSaid(owner, "owner", context),
    ...(deadline === "for ever"
      ? [danger("It can be handed in for ever: whoever has it can wait.", "far deadline")]
      : untilSaid(deadline, context)),
    LEAVES_BY_SIGNATURE,
  ];
  const until =
    deadline === "for ever"
      ? wordsFact("Can be handed in", "for ever", "danger")
      : timeFact("Can be handed in until", deadline);
  const facts = [until, numberFact("Permit's nonce", nonce)];
  const act = allowanceAct(0, { token: site.contract, spender, units, facts, said }, site, context);
  return { ...act, title: units === 0n ? "Permit: take back an allowance" : "Permit: give an allowance" };
}

export const PERMITS: ReadonlyMap<string, ReadMessage> = new Map([
  [PERMIT, readPermit],
  [DAI_PERMIT, readDaiPermit],
]);
