// Signatures by which somebody else acts in the account's name: transfers (ERC 3009), calls that others pay for, and handovers.

import type { Act } from "../../act.ts";
import { MOST_UNITS } from "../../assets.ts";
import type { Address } from "../../eip55.ts";
import {
  actOf,
  addressFact,
  amountFact,
  bareSaid,
  calm,
  caution,
  coin,
  danger,
  fact,
  numberFact,
  recipientSaid,
  type Said,
  timeFact,
  units,
  unlistedToken,
} from "../calls/making.ts";
import type { Context } from "../context.ts";
import type { Members } from "./members.ts";
import { LEAVES_BY_SIGNATURE, ownerSaid, type ReadMessage, type Site, untilSaid } from "./reading.ts";

// ---------------------------------------------------------------- ERC 3009

const AUTHORIZATION =
  "(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)";

function transfer(title: string, who: Said): ReadMessage {
  return (site, context) => {
    const { message, contract: token } = site;
    const [from, to, until] = [message.address("from"), message.address("to"), message.number("validBefore")];
    const amount = units(site, token, message.number("value"));
    return [
      actOf(0, {
        title,
        facts: [
          amountFact("Amount", amount),
          addressFact("To", to, site, context),
          timeFact("Can be handed in from", message.number("validAfter")),
          timeFact("Can be handed in until", until),
        ],
        said: [
          ...ownerSaid(from, "sender", context),
          ...recipientSaid(to, token, site, context),
          ...bareSaid(to, site),
          ...untilSaid(until, context),
          ...unlistedToken(token, site),
          who,
        ],
        takes: [amount],
        destinations: [{ to, amount }],
      }),
    ];
  };
}

const cancel: ReadMessage = ({ message }, context) => [
  actOf(0, {
    title: "Call a signed transfer off",
    facts: [fact("Its number", { kind: "bytes", bytes: message.bytes("nonce") })],
    said: [
      ...ownerSaid(message.address("authorizer"), "sender", context),
      calm("A transfer that was signed with this number can no longer be handed in."),
    ],
  }),
];

// ---------------------------------------------------------------- calls that others hand in

/** EIP 2771 as OpenZeppelin has it, older and newer; gas and value are paid by whoever hands it in. */
const FORWARDS: readonly string[] = [
  "ForwardRequest(address from,address to,uint256 value,uint256 gas,uint256 nonce,bytes data)",
  "ForwardRequest(address from,address to,uint256 value,uint256 gas,uint256 nonce,uint48 deadline,bytes data)",
];

const forward: ReadMessage = (site, context) => {
  const { message } = site;
  const outer = actOf(0, {
    title: "Let somebody make a call for you",
    facts: [
      addressFact("In the name of", message.address("from"), site, context),
      addressFact("Contract that is called", message.address("to"), site, context),
      addressFact("Handed in at", site.contract, site, context),
    ],
    said: [
      ...ownerSaid(message.address("from"), "caller", context),
      danger(
        "Contracts that trust the one it is handed in at take the call as if the account itself made it.",
        "unknown typed data",
      ),
      LEAVES_BY_SIGNATURE,
    ],
  });
  return [outer, ...inner(message.address("to"), message.bytes("data"), site, context)];
};

/** Tokens of Polygon's bridge: the call is to the token itself. */
const META = "MetaTransaction(uint256 nonce,address from,bytes functionSignature)";

const meta: ReadMessage = (site, context) => {
  const { message } = site;
  const outer = actOf(0, {
    title: "Let somebody make a call for you",
    facts: [
      addressFact("In the name of", message.address("from"), site, context),
      addressFact("Contract that is called", site.contract, site, context),
      numberFact("Number of the call", message.number("nonce")),
    ],
    said: [...ownerSaid(message.address("from"), "caller", context), LEAVES_BY_SIGNATURE],
  });
  return [outer, ...inner(site.contract, message.bytes("functionSignature"), site, context)];
};

function inner(to: Address, data: Uint8Array, site: Site, context: Context): readonly Act[] {
  const { chainId, from } = site;
  return context.readCall({ chainId, from, to, value: 0n, data, depth: 1 });
}

// ---------------------------------------------------------------- handovers

/** The delegation framework of MetaMask (ERC 7710). */
const DELEGATION =
  "Delegation(address delegate,address delegator,bytes32 authority,Caveat[] caveats,uint256 salt)Caveat(address enforcer,bytes terms)";

const delegation: ReadMessage = (site, context) => {
  const { message } = site;
  const delegate = message.address("delegate");
  const caveats = message.structs("caveats");
  const amount = coin(site, MOST_UNITS);
  return [
    actOf(0, {
      title: "Let another account act for this one",
      facts: [
        addressFact("Who may act", delegate, site, context),
        addressFact("For", message.address("delegator"), site, context),
        addressFact("Handed in at", site.contract, site, context),
        ...caveats.map((caveat) => caveatFact(caveat, site, context)),
      ],
      said: [
        ...ownerSaid(message.address("delegator"), "delegator", context),
        danger(
          caveats.length === 0
            ? "There are no conditions: whoever may act can take everything, now and later."
            : "What bounds it are other contracts, which Firn cannot read: count with everything being taken.",
          "account delegation",
        ),
        LEAVES_BY_SIGNATURE,
      ],
      takes: [amount],
      destinations: [{ to: delegate, amount }],
    }),
  ].map((act) => ({ ...act, delegates: [delegate] }));
};

function caveatFact(caveat: Members, site: Site, context: Context) {
  return addressFact("Bounded by", caveat.address("enforcer"), site, context);
}

export const CALLS: ReadonlyMap<string, ReadMessage> = new Map<string, ReadMessage>([
  [`TransferWithAuthorization${AUTHORIZATION}`, transfer("Send tokens by signature", LEAVES_BY_SIGNATURE)],
  [
    `ReceiveWithAuthorization${AUTHORIZATION}`,
    transfer(
      "Let the recipient fetch tokens",
      caution("Nothing more is asked of you: the recipient can hand it in, and pays for it."),
    ),
  ],
  ["CancelAuthorization(address authorizer,bytes32 nonce)", cancel],
  ...FORWARDS.map((type) => [type, forward] as const),
  [META, meta],
  [DELEGATION, delegation],
]);
