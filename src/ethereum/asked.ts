// What a request asks for, by its data type: each kind is read by its own reader, and comes out in one shape.

import type { Act, ActFact, EthereumForm } from "../act.ts";
import { coinOf } from "../assets.ts";
import type { EthereumMessage, Tone } from "../model.ts";
import { refuse } from "../refusal.ts";
import type { Amount, EthereumSpend } from "../rules.ts";
import type { Safe } from "../safe.ts";
import type { Context } from "./context.ts";
import { typedOrDescribed } from "./descriptors/index.ts";
import {
  actsOfPersonal,
  agreeOnPersonal,
  factsOfSignIn,
  readPersonal,
  saysOfPersonal,
} from "./personal/index.ts";
import { checkSafeChain, safeCalled, safeOfTyped } from "./safe/index.ts";
import {
  actsOfTransaction,
  agreeOnTransaction,
  factsOfTransaction,
  mostFee,
  readTransaction,
  type SignatureForm,
} from "./transaction/index.ts";
import {
  actsOfTyped,
  agreeOnTyped,
  chainOf,
  checkDomainChain,
  domainOf,
  namedFields,
  outpointsOf,
  readTyped,
} from "./typed/index.ts";

export interface Asked {
  readonly form: EthereumForm;
  /** How v is written. */
  readonly v: SignatureForm;
  readonly digest: Uint8Array;
  readonly chainId?: bigint;
  readonly acts: readonly Act[];
  readonly facts: readonly ActFact[];
  readonly fields: readonly ActFact[];
  readonly message?: string;
  readonly says: readonly string[];
  /** Of what is said; that of the acts stands beside it. */
  readonly tone?: Tone;
  readonly fee: Amount;
  readonly nonce?: bigint;
  readonly outpoints: readonly string[];
  readonly safe?: Safe;
  readonly domain?: NonNullable<EthereumSpend["domain"]>;
  readonly site?: string;
  /** The second reader: throws Refusal ethereum.readers-disagree. */
  readonly agree: () => void;
}

/** Throws Refusals only, on any bytes. */
export function readAsked(message: EthereumMessage, context: Context): Asked {
  switch (message.dataType) {
    case 1:
    case 4:
      return askedTransaction(message, context);
    case 2:
      return askedTyped(message, context);
    case 3:
      return askedMessage(message, context);
  }
}

function askedTransaction({ data, dataType, chainId }: EthereumMessage, context: Context): Asked {
  const tx = readTransaction(data, dataType === 1 ? 1 : 4);
  if (chainId !== undefined && chainId !== tx.chainId)
    refuse("ethereum.other-chain", `the transaction says ${tx.chainId}, the request ${chainId}`);
  const acts = actsOfTransaction(tx, context);
  const safe = safeCalled(acts, context);
  return {
    form: "transaction",
    v: tx.type === 0 ? "legacy" : "typed-transaction",
    ...{ digest: tx.digest, chainId: tx.chainId, nonce: tx.nonce, fee: mostFee(tx) },
    acts,
    ...(safe ? { safe } : {}),
    facts: factsOfTransaction(tx, context),
    fields: [],
    says: [],
    outpoints: [`${tx.chainId}/${context.account.toLowerCase()}/${tx.nonce}`],
    agree: () => agreeOnTransaction(tx, data),
  };
}

function askedTyped({ data, chainId }: EthereumMessage, context: Context): Asked {
  const typed = readTyped(data);
  const own = chainOf(typed);
  checkDomainChain(typed, chainId);
  const ofSafe = safeOfTyped(typed, context);
  if (ofSafe) checkSafeChain(ofSafe, chainId);
  const chain = own ?? ofSafe?.safe?.chainId;
  return {
    form: "typed",
    v: "message",
    digest: typed.digest,
    ...(chain === undefined ? {} : { chainId: chain }),
    acts: typedOrDescribed(actsOfTyped(typed, context), typed, context),
    facts: [],
    fields: named(typed.fields, chain, context),
    says: typed.says,
    fee: nothingOf(chain),
    outpoints: ofSafe ? ofSafe.outpoints : outpointsOf(typed, context.account),
    ...(ofSafe?.safe ? { safe: ofSafe.safe } : {}),
    domain: domainOf(typed),
    agree: () => agreeOnTyped(typed, data),
  };
}

function named(
  fields: readonly ActFact[],
  chainId: bigint | undefined,
  context: Context,
): readonly ActFact[] {
  return chainId === undefined ? fields : namedFields(fields, (address) => context.nameOf(chainId, address));
}

function askedMessage({ data, chainId }: EthereumMessage, context: Context): Asked {
  const personal = readPersonal(data);
  const { digest, text, signIn } = personal;
  if (signIn && chainId !== undefined && chainId !== signIn.chainId)
    refuse("ethereum.other-chain", `the sign-in says ${signIn.chainId}, the request ${chainId}`);
  const { says, tone } = saysOfPersonal(personal, context);
  return {
    form: signIn ? "sign-in" : "message",
    v: "message",
    ...{ digest, says, tone },
    acts: actsOfPersonal(personal),
    facts: signIn ? factsOfSignIn(signIn, context) : [],
    fields: [],
    ...(text === undefined ? {} : { message: text }),
    fee: nothingOf(undefined),
    outpoints: [],
    ...(signIn ? { site: signIn.domain } : {}),
    agree: () => agreeOnPersonal(personal, data),
  };
}

/** What is only signed pays no gas. */
function nothingOf(chainId: bigint | undefined): Amount {
  return { asset: coinOf(chainId ?? 1n), units: 0n };
}
