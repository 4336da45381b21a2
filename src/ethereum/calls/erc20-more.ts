// Tokens that call the recipient as well (ERC 677, ERC 1363), and transfers that an owner signed (ERC 3009).

import type { Act } from "../../act.ts";
import { type Entry, entry, type ReadActs, type ReadArgs } from "./entry.ts";
import { movedOfOthers, OUT_OF_OURS, sent } from "./erc20.ts";
import { addressFact, allowanceAct, bytesFacts, caution, danger, fact, isOurs, timeFact } from "./making.ts";

const CALLED = caution("The recipient's code runs as soon as it has the token.");

const transferAndCall: ReadActs = (args, site, context) => [
  sent(args.address("to"), args.number("amount"), site, context, [CALLED]),
];

const approveAndCall: ReadActs = (args, site, context) => {
  const of = { token: site.to, spender: args.address("spender"), units: args.number("amount") };
  const said = [caution("The spender's code runs as soon as it is allowed.")];
  return [allowanceAct(site.depth, { ...of, said }, site, context)];
};

/** With data for whoever is called. */
function withData(read: ReadActs): ReadArgs {
  return (args, site, context) =>
    read(args, site, context).map(
      (act): Act => ({
        ...act,
        facts: [...act.facts, ...bytesFacts("Data for the recipient", args.bytes("data"))],
      }),
    );
}

/** A signature is handed in: from the account where it is its own, else from somebody else. */
const authorized: ReadArgs = (args, site, context) => {
  const [owner, to, amount] = [args.address("from"), args.address("to"), args.number("amount")];
  const act = isOurs(owner, site, context)
    ? sent(to, amount, { ...site, from: owner }, context, [danger(OUT_OF_OURS)])
    : movedOfOthers(owner, to, amount, [], site, context);
  const from = isOurs(owner, site, context) ? [addressFact("From", owner, site, context)] : [];
  return [
    {
      ...act,
      facts: [
        ...from,
        ...act.facts,
        timeFact("Not before", args.number("after")),
        timeFact("Can be carried out until", args.number("before")),
        fact("Nonce", { kind: "bytes", bytes: args.bytes("nonce") }),
      ],
    },
  ];
};

const SIGNED =
  "address from,address to,uint256 amount,uint256 after,uint256 before,bytes32 nonce,uint8 v,bytes32 r,bytes32 s";

export const ERC20_MORE: readonly Entry[] = [
  entry("0x1296ee62", "transferAndCall(address to,uint256 amount)", transferAndCall),
  entry("0x4000aea0", "transferAndCall(address to,uint256 amount,bytes data)", withData(transferAndCall)),
  entry("0x3177029f", "approveAndCall(address spender,uint256 amount)", approveAndCall),
  entry("0xcae9ca51", "approveAndCall(address spender,uint256 amount,bytes data)", withData(approveAndCall)),
  entry("0xe3ee160e", `transferWithAuthorization(${SIGNED})`, authorized),
  entry("0xef55bec6", `receiveWithAuthorization(${SIGNED})`, authorized),
];
