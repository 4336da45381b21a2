// Permit2 (Uniswap): one contract that holds allowances of every token, and passes them on by signature.

import type { Act } from "../../act.ts";
import { UNLIMITED } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import {
  actOf,
  addressFact,
  allowanceAct,
  calm,
  caution,
  danger,
  numberFact,
  type Said,
  timeFact,
} from "../calls/making.ts";
import type { Context } from "../context.ts";
import type { Members } from "./members.ts";
import type { TypedData } from "./read.ts";
import { LEAVES_BY_SIGNATURE, type ReadMessage, type Site, untilSaid } from "./reading.ts";
import { backFacts, backSaid } from "./trades.ts";
import { termsOf } from "./witness.ts";

/** The same on every chain. */
export const PERMIT2: Address = "0x000000000022D473030F116dDEE9F6B43aC78BA3";

const DETAILS = "PermitDetails(address token,uint160 amount,uint48 expiration,uint48 nonce)";
const PERMITTED = "TokenPermissions(address token,uint256 amount)";
export const PERMIT_SINGLE = `PermitSingle(PermitDetails details,address spender,uint256 sigDeadline)${DETAILS}`;
export const PERMIT_BATCH = `PermitBatch(PermitDetails[] details,address spender,uint256 sigDeadline)${DETAILS}`;
const TRANSFER_FROM = `PermitTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline)${PERMITTED}`;
const BATCH_TRANSFER_FROM = `PermitBatchTransferFrom(TokenPermissions[] permitted,address spender,uint256 nonce,uint256 deadline)${PERMITTED}`;

/** What Permit2 never counts down. */
const ENDLESS = (1n << 160n) - 1n;

/** Another contract may do what it likes with a signature that only looks like Permit2's. */
function contractSaid({ contract }: Site): readonly Said[] {
  if (contract === PERMIT2) return [];
  return [
    danger(
      `It is written as for Permit2, but the contract that takes it is ${contract}: what that does nobody can tell.`,
      "unknown typed data",
    ),
  ];
}

// ---------------------------------------------------------------- allowances

const readSingle: ReadMessage = (site, context) => {
  const details = site.message.struct("details");
  return details && [detailsAct(details, site, context)];
};

const readBatch: ReadMessage = (site, context) =>
  site.message.structs("details").map((details) => detailsAct(details, site, context));

function detailsAct(details: Members, site: Site, context: Context): Act {
  const deadline = site.message.number("sigDeadline");
  const expiration = details.number("expiration");
  const amount = details.number("amount");
  const act = allowanceAct(
    0,
    {
      token: details.address("token"),
      spender: site.message.address("spender"),
      units: amount,
      unlimited: ENDLESS,
      // 0 stands for the block in which it is handed in.
      untilSeconds: expiration === 0n ? deadline : expiration,
      facts: [
        timeFact("Can be handed in until", deadline),
        numberFact("Permit's nonce", details.number("nonce")),
      ],
      said: [...contractSaid(site), ...untilSaid(deadline, context), LEAVES_BY_SIGNATURE],
    },
    site,
    context,
  );
  return {
    ...act,
    title: amount === 0n ? "Permit2: take back an allowance" : "Permit2: give an allowance",
  };
}

// ---------------------------------------------------------------- taken once

const readTransfer: ReadMessage = (site, context) => {
  const permitted = site.message.struct("permitted");
  return permitted && [transferAct(permitted, site, context)];
};

const readBatchTransfer: ReadMessage = (site, context) =>
  site.message.structs("permitted").map((permitted) => transferAct(permitted, site, context));

function transferAct(permitted: Members, site: Site, context: Context): Act {
  const deadline = site.message.number("deadline");
  const [token, units, spender] = [
    permitted.address("token"),
    permitted.number("amount"),
    site.message.address("spender"),
  ];
  const nonce = numberFact("Permit's nonce", site.message.number("nonce"));
  const terms = termsOf(site.typed);
  const ours = terms?.back.filter(({ to }) => to === site.from) ?? [];
  const others = terms?.back.filter(({ to }) => to !== site.from) ?? [];
  const back = terms ? backSaid({ gives: [{ token, units }], gets: ours }, site) : [];
  const said = [...contractSaid(site), ...back, ...witnessSaid(site.typed)];
  if (units === 0n) return nothingAct(token, spender, [...said], site, context);
  const act = allowanceAct(
    0,
    {
      ...{ token, spender, units, unlimited: UNLIMITED, untilSeconds: deadline },
      facts: [...backFacts(ours, others, site, context), nonce],
      said: [
        ...said,
        ...(deadline < context.nowSeconds ? [caution("By the date here its time is over already.")] : []),
        LEAVES_BY_SIGNATURE,
        calm("The spender can use this once, and says itself where the tokens go."),
      ],
    },
    site,
    context,
  );
  return { ...act, title: "Permit2: let tokens be taken once" };
}

function nothingAct(
  token: Address,
  spender: Address,
  said: readonly Said[],
  site: Site,
  context: Context,
): Act {
  return actOf(0, {
    title: "Permit2: let nothing be taken",
    facts: [addressFact("Token", token, site, context), addressFact("Spender", spender, site, context)],
    said: [...said, calm("The spender can take nothing of this token by it.")],
  });
}

/** Terms that the spender hands over with it, and that Permit2 only hashes. */
function witnessSaid({ schema, primaryType }: TypedData): readonly Said[] {
  if (schema.structs.get(primaryType)!.members.length === 4) return [];
  return [
    caution(
      "It is bound to terms (a witness) that stand among the fields. Firn cannot tell whether the spender keeps them.",
    ),
  ];
}

const KINDS: ReadonlyMap<string, ReadMessage> = new Map([
  [PERMIT_SINGLE, readSingle],
  [PERMIT_BATCH, readBatch],
  [TRANSFER_FROM, readTransfer],
  [BATCH_TRANSFER_FROM, readBatchTransfer],
]);

/** With a witness the type has one member more, of any kind, and that one's types behind it. */
const WITNESSED: readonly (readonly [begins: string, read: ReadMessage])[] = [
  [
    "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,",
    readTransfer,
  ],
  [
    "PermitBatchWitnessTransferFrom(TokenPermissions[] permitted,address spender,uint256 nonce,uint256 deadline,",
    readBatchTransfer,
  ],
];

export function permit2Reader({ type, schema, primaryType }: TypedData): ReadMessage | undefined {
  const exact = KINDS.get(type);
  if (exact) return exact;
  const [, read] = WITNESSED.find(([begins]) => type.startsWith(begins)) ?? [];
  const whole =
    schema.structs.get("TokenPermissions")?.written === PERMITTED &&
    schema.structs.get(primaryType)!.members.length === 5;
  return whole ? read : undefined;
}
