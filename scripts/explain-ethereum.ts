// What Firn understands of a request on Ethereum, as its pages say it, and the code that a person types on the device:
// made by another machine, from the same request, without any key.

import { inflate } from "../device/eye/inflate.ts";
import type { EthereumReview } from "../src/act.ts";
import { chainName } from "../src/assets.ts";
import { equal, toHex } from "../src/bytes.ts";
import { transactionCode } from "../src/code.ts";
import { type Address, addressBytes, readAddress } from "../src/eip55.ts";
import { type Asked, readAsked } from "../src/ethereum/asked.ts";
import { actsOfCall } from "../src/ethereum/calls/index.ts";
import type { Context } from "../src/ethereum/context.ts";
import { CHAINS } from "../src/ethereum/known/chains.ts";
import { contractAt, tokenAt } from "../src/ethereum/lookup.ts";
import { LIMITS } from "../src/limits.ts";
import type { EthereumMessage } from "../src/model.ts";
import { REFUSALS, Refusal, refuse } from "../src/refusal.ts";
import { ethereumSheets } from "../src/screens/ethereum.ts";
import type { Sheet } from "../src/screens/pages.ts";
import { fromUtf8, utf8 } from "../src/text.ts";
import { openAssembly, push } from "../src/transport/index.ts";

/** content: the texts of the request's codes, one a line. account: whose signature is wanted. */
export function explainEthereum(content: Uint8Array, account: string): object {
  try {
    const address = readAddress(account);
    if (address === undefined || address === "checksum") return refuse("ethereum.not-ours", account);
    const message = requestIn(content);
    if (message.address && !equal(message.address, addressBytes(address)))
      return refuse("ethereum.not-ours", `it asks 0x${toHex(message.address)}`);
    const asked = readAsked(message, contextOf(address));
    asked.agree();
    const digest = toHex(asked.digest);
    const pages = ethereumSheets(reviewOf(asked, message, address)).map(pageOf);
    return { ok: true, form: asked.form, digest, code: transactionCode(digest), pages };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, reason: error.reason, message: wordsOf(error) };
  }
}

/** The words of a refusal, as its notice has them. */
export function wordsOf({ reason, detail }: Refusal): string {
  const { title, meaning, remedy } = REFUSALS[reason];
  return `${title}${detail === "" ? "" : ` (${detail})`}. ${meaning} ${remedy}`;
}

function requestIn(content: Uint8Array): EthereumMessage {
  if (content.length > 3 * LIMITS.messageBytes) refuse("transport.too-large");
  const assembly = openAssembly(["ethereum"], inflate);
  let have = "no code at all";
  for (const line of (fromUtf8(content) ?? "").split(/\r?\n/).filter((one) => one.trim() !== "")) {
    const pushed = push(assembly, { text: line, bytes: utf8(line) });
    if (pushed.kind === "progress") have = `${pushed.progress.have} of ${pushed.progress.total} parts`;
    else if (pushed.message.kind === "ethereum") return pushed.message;
  }
  return refuse("transport.unknown", have);
}

/** Neither Safes nor other accounts are known: what the lists say, and no more. */
function contextOf(account: Address): Context {
  const context: Context = {
    account,
    nowSeconds: BigInt(Math.floor(Date.now() / 1000)),
    safes: [],
    nameOf: (chainId, address) =>
      address === account
        ? "your account"
        : (contractAt(chainId, address)?.name ?? tokenName(chainId, address)),
    readCall: (call) => actsOfCall(call, context),
  };
  return context;
}

function tokenName(chainId: bigint, address: Address): string | undefined {
  const token = tokenAt(chainId, address);
  return token && `${token.symbol} token`;
}

function reviewOf(asked: Asked, { path, origin }: EthereumMessage, address: Address): EthereumReview {
  const { form, acts, facts, fields, message, says, fee, nonce, chainId } = asked;
  const listed = CHAINS.find(({ id }) => BigInt(id) === chainId);
  const chain = chainId !== undefined && {
    ...{ id: chainId, name: chainName(chainId) },
    ...{ listed: listed !== undefined, test: listed?.test === true },
  };
  return {
    ...{ form, acts, facts, fields, says, tone: "calm" },
    digest: toHex(asked.digest),
    account: { address, name: "account", path },
    ...(chain ? { chain } : {}),
    ...(origin === undefined ? {} : { origin }),
    ...(message === undefined ? {} : { message }),
    ...(fee.units === 0n ? {} : { fee }),
    ...(nonce === undefined ? {} : { nonce }),
  };
}

/** As it would be read on the screen, line breaks and all. */
function pageOf({ title, blocks }: Sheet): object {
  const says = blocks.map((block) => {
    if (block.kind === "fact") return { [block.label]: block.value };
    return block.kind === "text" ? block.text : block.kind;
  });
  return { title, says };
}
