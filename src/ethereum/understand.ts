// A request of Ethereum, wholly understood: what is shown, what is judged, what is signed and what leaves come from one
// reading of it.

import { addr } from "micro-eth-signer";
import type { EthereumReply, EthereumReview } from "../act.ts";
import { chainName } from "../assets.ts";
import { equal, toHex } from "../bytes.ts";
import { type Address, addressBytes } from "../eip55.ts";
import type { Curve, EthereumMessage, Fingerprint, Network, SignatureTask } from "../model.ts";
import { refuse } from "../refusal.ts";
import { Request, type Work } from "../request.ts";
import type { Spend } from "../rules.ts";
import type { Safe } from "../safe.ts";
import { accountAt, isFar, type NodeAt, type OwnAccount, saysOfAccount } from "./accounts.ts";
import { type Asked, readAsked } from "./asked.ts";
import { actsOfCall } from "./calls/index.ts";
import { worst } from "./calls/making.ts";
import type { CallToRead, Context } from "./context.ts";
import { type Descriptors, orDescribed } from "./descriptors/index.ts";
import { CHAINS } from "./known/chains.ts";
import { namesOf, type OwnNames, ownNames } from "./names.ts";
import { accountFingerprint, spendOf } from "./spend.ts";
import { checkSigned, recoveryOf, writeSignature } from "./transaction/index.ts";

export interface KnownEthereum {
  /** The home's. */
  readonly network: Network;
  /** Of the key that answers. */
  readonly fingerprint: Fingerprint;
  readonly curve: Curve;
  /** The other implementation of the curve, where there is one: then it verifies the signature. */
  readonly check?: Curve | undefined;
  readonly nodeAt: NodeAt;
  readonly safes: readonly Safe[];
  /** Addresses on the policy's lists, each with a list's name. Absent: none. */
  readonly listed?: ReadonlyMap<Address, string>;
  /** What the owner's administrators say of contracts; absent: nothing. */
  readonly descriptors?: Descriptors | undefined;
  /** The date that people see, Unix, seconds. */
  readonly nowSeconds: bigint;
}

export type EthereumRequest = Request<EthereumReview, Spend, EthereumReply>;

/** The request holds copies: what happens to the caller's bytes afterwards changes nothing. Throws Refusals only. */
export function* understand(brought: EthereumMessage, known: KnownEthereum): Work<EthereumRequest> {
  const message = { ...brought, data: new Uint8Array(brought.data) };
  const account = ownerOf(message, known);
  const own = ownNames(account, known);
  const asked = readAsked(message, contextOf(account, known, own));
  yield 0.9;
  const review = reviewOf(asked, account, message.origin);
  return new Request({
    review,
    spend: spendOf({
      ...{ ...asked, network: known.network, key: known.fingerprint, review },
      walletOf: (to) => walletOf(to, asked.chainId, known, own),
    }),
    tasks: [taskOf(asked, account, known)],
    *agree() {
      agreeOnAccount(account);
      asked.agree();
      yield 1;
    },
    *finish([signature]) {
      yield 0.5;
      return replyOf({ message, asked, account }, signature!, known.check ?? known.curve);
    },
  });
}

/** Whose signature is wanted: the path says it, and what else is said must be the same. */
function ownerOf({ path, fingerprint, address }: EthereumMessage, known: KnownEthereum): OwnAccount {
  // 0 stands for a master key that the program never learned.
  if (fingerprint !== undefined && fingerprint !== "00000000" && fingerprint !== known.fingerprint)
    refuse("ethereum.not-ours", `it asks key ${fingerprint}; this is key ${known.fingerprint}`);
  const account = accountAt(path, known.nodeAt, known.curve);
  if (address !== undefined && !equal(address, addressBytes(account.address)))
    refuse("ethereum.not-ours", `it asks 0x${toHex(address)}; its path leads to ${account.address}`);
  return account;
}

/** Own accounts by derivation, and Safes as they are registered: no fingerprint tells that an address is ours. */
function walletOf(
  to: Address,
  chainId: bigint | undefined,
  { safes }: KnownEthereum,
  own: OwnNames,
): string | undefined {
  if (own().has(to)) return accountFingerprint(to);
  return safes.find((safe) => safe.chainId === chainId && safe.address === to)?.fingerprint;
}

function contextOf(account: OwnAccount, known: KnownEthereum, own: OwnNames): Context {
  const context: Context = {
    account: account.address,
    nowSeconds: known.nowSeconds,
    safes: known.safes,
    ...(known.descriptors ? { descriptors: known.descriptors } : {}),
    nameOf: namesOf(own, known),
    isOwn: (address) => own().has(address),
    familiar: () => [...own().keys(), ...(known.listed?.keys() ?? [])],
    readCall: (call: CallToRead) => orDescribed(actsOfCall(call, context), call, context),
  };
  return context;
}

function reviewOf(asked: Asked, account: OwnAccount, origin: string | undefined): EthereumReview {
  const { form, digest, acts, facts, fields, message, fee, nonce, chainId } = asked;
  const says = [...asked.says, ...saysOfAccount(account)];
  const { address, name, path } = account;
  return {
    ...{ form, acts, facts, fields, says },
    digest: toHex(digest),
    account: { address, name, path },
    ...(chainId === undefined ? {} : { chain: chainOf(chainId) }),
    ...(origin === undefined ? {} : { origin }),
    ...(message === undefined ? {} : { message }),
    tone: worst([
      asked.tone ?? (says.length > 0 ? "caution" : "calm"),
      isFar(account) ? "caution" : "calm",
      ...acts.map((act) => act.tone),
    ]),
    ...(fee.units === 0n ? {} : { fee }),
    ...(nonce === undefined ? {} : { nonce }),
  };
}

function chainOf(chainId: bigint): NonNullable<EthereumReview["chain"]> {
  const chain = CHAINS.find(({ id }) => BigInt(id) === chainId);
  const test = chain?.test === true;
  return { id: chainId, name: chainName(chainId), listed: chain !== undefined, test };
}

function taskOf({ digest }: Asked, account: OwnAccount, { fingerprint }: KnownEthereum): SignatureTask {
  const { path, publicKey } = account;
  return { fingerprint, path, scheme: "ecdsa-recoverable", digest, publicKey };
}

/** The address once more, by another implementation. */
function agreeOnAccount({ publicKey, address }: OwnAccount): void {
  const again: string = addr.fromPublicKey(publicKey);
  if (again !== address) refuse("ethereum.readers-disagree", "account");
}

interface Answered {
  readonly message: EthereumMessage;
  readonly asked: Asked;
  readonly account: OwnAccount;
}

/** It is verified as a stranger would: the key is recovered from it, and a transaction is put together and read again. */
function replyOf({ message, asked, account }: Answered, signature: Uint8Array, curve: Curve): EthereumReply {
  const { requestId, origin, data } = message;
  const recovery = recoveryOf(curve, asked.digest, signature, account.publicKey);
  const written = writeSignature(asked.v, signature, recovery, asked.chainId);
  if (asked.form === "transaction") checkSigned(data, written, account.address);
  return {
    ...(requestId ? { requestId } : {}),
    ...(origin === undefined ? {} : { origin }),
    signature: written,
    signed: 1,
  };
}
