// Smart accounts that carry out what their owner gives them (ERC 7579, ERC 7821, and the plain batch of EIP 7702's).

import { toHex } from "../../bytes.ts";
import { writeAddress } from "../../eip55.ts";
import { decodeAbi, readTypes, readWord } from "../abi.ts";
import type { CallToRead } from "../context.ts";
import { beyond, outer, readAll } from "./batches.ts";
import { Args, type Entry, payable, type ReadArgs, type Site } from "./entry.ts";
import { ZERO } from "./making.ts";

type CallsOf = (args: Args, site: Site) => readonly CallToRead[] | undefined;

/** Where an account calls itself it is the account; of any other contract Firn cannot tell whose it is. */
function carriedOut(callsOf: CallsOf): ReadArgs {
  return (args, site, context) => {
    const calls = callsOf(args, site);
    if (!calls) return undefined;
    const inside = readAll(calls, context);
    if (site.to !== site.from) return { looks: "calls that a smart account carries out", inside };
    return [outer(calls.length, site, beyond(site, calls)), ...inside];
  };
}

const CALLS = "(address to,uint256 value,bytes data)[] calls";

function batch(args: Args, site: Site): readonly CallToRead[] {
  return args.tuples("calls").map((one) => ({
    ...inside(site, one.number("value"), one.bytes("data")),
    // ERC 7821: the zero address is the account itself.
    to: one.address("to") === ZERO ? site.to : one.address("to"),
  }));
}

function inside(site: Site, value: bigint, data: Uint8Array): CallToRead {
  return { chainId: site.chainId, from: site.to, value, data, depth: site.depth + 1 };
}

/** First byte: 0 one call, 1 several, ff a delegate call. Second byte: whether failing ones may be left out. */
const byMode: CallsOf = (args, site) => {
  const [mode, data] = [toHex(args.bytes("mode")), args.bytes("data")];
  const kind = mode.slice(0, 2);
  if (mode.slice(2, 4) !== "00" && mode.slice(2, 4) !== "01") return undefined;
  if (kind === "01") return several(mode, data, site);
  if (kind === "00" && data.length >= 52) {
    const call = inside(site, readWord(data.subarray(20, 52)), data.subarray(52));
    return [{ ...call, to: writeAddress(data.subarray(0, 20)) }];
  }
  if (kind !== "ff" || data.length < 20) return undefined;
  return [{ ...inside(site, 0n, data.subarray(20)), to: writeAddress(data.subarray(0, 20)), delegate: true }];
};

const ONE = readTypes(`(${CALLS})`)!;
const WITH_DATA = readTypes(`(${CALLS},bytes operation)`)!;

function several(mode: string, data: Uint8Array, site: Site): readonly CallToRead[] | undefined {
  // ERC 7821: batches of batches.
  if (mode.slice(12, 20) === "78210002") return undefined;
  for (const fields of [ONE, WITH_DATA]) {
    const decoded = decodeAbi(fields, data);
    if (decoded?.rest.length === 0) return batch(new Args(fields, decoded.values), site);
  }
  return undefined;
}

export const EXECUTORS: readonly Entry[] = [
  payable("0x3f707e6b", `execute(${CALLS})`, carriedOut(batch)),
  payable("0x34fcd5be", `executeBatch(${CALLS})`, carriedOut(batch)),
  payable("0xe9ae5c53", "execute(bytes32 mode,bytes data)", carriedOut(byMode)),
];
