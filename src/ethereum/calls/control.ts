// Who controls a contract, and what code it runs. Whoever can change either can take whatever the contract holds.

import type { Address } from "../../eip55.ts";
import type { Context } from "../context.ts";
import { type Args, type Entry, entry, payable, type ReadActs, type Site } from "./entry.ts";
import {
  actOf,
  addressFact,
  amountFact,
  bytesFacts,
  caution,
  coin,
  danger,
  fact,
  type Said,
  ZERO,
} from "./making.ts";

interface Change {
  readonly title: string;
  readonly label: string;
  readonly who: Address;
  readonly means: string;
  readonly said?: readonly Said[];
}

function changed(change: Change, site: Site, context: Context) {
  return actOf(site.depth, {
    title: change.title,
    facts: [addressFact(change.label, change.who, site, context)],
    said: [danger(change.means, "control change"), ...(change.said ?? [])],
    destinations: [{ to: change.who, amount: coin(site, 0n) }],
  });
}

const OWNER = "Whoever owns the contract decides over it, and over what it holds.";

/** One that names who is to control. */
function handsOver(name: string): ReadActs {
  return (args, site, context) => {
    const who = args.address(name);
    const said =
      who === ZERO ? [danger("To the zero address: nobody controls the contract any more, for ever.")] : [];
    return [
      changed({ title: "Hand over a contract", label: "New owner", who, means: OWNER, said }, site, context),
    ];
  };
}

const renounce: ReadActs = (_args, site) => [
  actOf(site.depth, {
    title: "Give up a contract",
    facts: [],
    said: [danger("Nobody owns the contract any more, and nobody can ever own it again.", "control change")],
  }),
];

const accept: ReadActs = (_args, site) => [
  actOf(site.depth, {
    title: "Take over a contract",
    facts: [],
    said: [
      caution("The account becomes the owner of the contract, if it was offered to it.", "control change"),
    ],
  }),
];

const CODE = "The contract runs other code from then on: it can do anything with what it holds and may take.";

function upgrades(code: string): ReadActs {
  return (args, site, context) => [
    changed(
      { title: "Change a contract's code", label: "New code", who: args.address(code), means: CODE },
      site,
      context,
    ),
  ];
}

/** With a call that the new code runs at once. */
const upgradesAndCalls: ReadActs = (args, site, context) => {
  const [act] = upgrades("code")(args, site, context);
  return [{ ...act!, ...withCoin(args, site, act!) }];
};

function withCoin(args: Args, site: Site, act: ReturnType<typeof actOf>) {
  const amount = coin(site, site.value);
  const data = args.bytes("data");
  const facts = [...act.facts, ...(data.length > 0 ? bytesFacts("Call to the new code", data) : [])];
  if (site.value === 0n) return { facts };
  return {
    facts: [...facts, amountFact("Coin sent with it", amount)],
    takes: [amount],
    destinations: [...act.destinations, { to: site.to, amount }],
  };
}

/** An administrator's contract changes another one. */
const upgradesOther: ReadActs = (args, site, context) => {
  const [act] = upgrades("code")(args, site, context);
  return [
    { ...act!, facts: [addressFact("Of the contract", args.address("proxy"), site, context), ...act!.facts] },
  ];
};

const upgradesOtherAndCalls: ReadActs = (args, site, context) => {
  const [act] = upgradesOther(args, site, context);
  return [{ ...act!, ...withCoin(args, site, act!) }];
};

const changesOther: ReadActs = (args, site, context) => {
  const [act] = handsOver("owner")(args, site, context);
  return [
    { ...act!, facts: [addressFact("Of the contract", args.address("proxy"), site, context), ...act!.facts] },
  ];
};

const grantRole: ReadActs = (args, site, context) => {
  const means =
    "Whoever has a role can do what the contract reserves for it: often mint, pause, move or upgrade.";
  const act = changed({ title: "Give a role", label: "Who", who: args.address("who"), means }, site, context);
  return [{ ...act, facts: [...act.facts, fact("Role", { kind: "bytes", bytes: args.bytes("role") })] }];
};

/** Taken away, or given up by who had it. */
const revokeRole: ReadActs = (args, site, context) => {
  const means = "A role that protects the contract may be nobody's from then on.";
  const act = changed(
    { title: "Take a role away", label: "From", who: args.address("who"), means },
    site,
    context,
  );
  return [
    {
      ...act,
      destinations: [],
      facts: [...act.facts, fact("Role", { kind: "bytes", bytes: args.bytes("role") })],
    },
  ];
};

export const CONTROL: readonly Entry[] = [
  entry("0xf2fde38b", "transferOwnership(address owner)", handsOver("owner")),
  entry("0x13af4035", "setOwner(address owner)", handsOver("owner")),
  entry("0x704b6c02", "setAdmin(address owner)", handsOver("owner")),
  entry("0x8f283970", "changeAdmin(address owner)", handsOver("owner")),
  entry("0xa6f9dae1", "changeOwner(address owner)", handsOver("owner")),
  entry("0x4dd18bf5", "setPendingAdmin(address owner)", handsOver("owner")),
  entry("0x7a9e5e4b", "setAuthority(address owner)", handsOver("owner")),
  entry("0x75829def", "transferAdmin(address owner)", handsOver("owner")),
  entry("0xcefc1429", "acceptDefaultAdminTransfer()", accept),
  entry("0x634e93da", "beginDefaultAdminTransfer(address owner)", handsOver("owner")),
  entry("0x715018a6", "renounceOwnership()", renounce),
  entry("0x79ba5097", "acceptOwnership()", accept),
  entry("0x0e18b681", "acceptAdmin()", accept),
  entry("0x2f2ff15d", "grantRole(bytes32 role,address who)", grantRole),
  entry("0xd547741f", "revokeRole(bytes32 role,address who)", revokeRole),
  entry("0x36568abe", "renounceRole(bytes32 role,address who)", revokeRole),
  entry("0x3659cfe6", "upgradeTo(address code)", upgrades("code")),
  payable("0x4f1ef286", "upgradeToAndCall(address code,bytes data)", upgradesAndCalls),
  entry("0x99a88ec4", "upgrade(address proxy,address code)", upgradesOther),
  payable("0x9623609d", "upgradeAndCall(address proxy,address code,bytes data)", upgradesOtherAndCalls),
  entry("0x7eff275e", "changeProxyAdmin(address proxy,address owner)", changesOther),
];
