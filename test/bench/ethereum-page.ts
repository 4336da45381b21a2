// How long the largest requests that are usual take until their first page is there: understood, laid out and drawn,
// without the second reading, which runs while a person reads. And what twice as much takes.

import { getBytes, HDNodeWallet, Transaction } from "ethers";
import { fromHex } from "../../src/bytes.ts";
import { understand } from "../../src/ethereum/index.ts";
import { loadCurve } from "../../src/keys/index.ts";
import { HARDENED } from "../../src/limits.ts";
import type { EthereumMessage, Path } from "../../src/model.ts";
import { ethereumReview } from "../../src/screens/ethereum.ts";
import { run } from "../bitcoin/build.ts";
import { WORDS } from "../flows/stage.ts";

const TARGET_MS = 300;
const ROOT = HDNodeWallet.fromPhrase(WORDS, "", "m");
const curve = await loadCurve();
const VERDICT = { txid: "00", outcome: "allow", rules: [] } as const;

function nodeAt(path: Path) {
  const steps = path.map((step) => (step >= HARDENED ? `${step - HARDENED}'` : `${step}`));
  const { publicKey, chainCode } = ROOT.derivePath(steps.join("/"));
  return { publicKey: getBytes(publicKey), chainCode: getBytes(chainCode) };
}

/** Milliseconds to the first page, on the smallest screen. */
function firstPage(message: EthereumMessage): number {
  const known = {
    network: "regtest",
    fingerprint: "73c5da0a",
    curve,
    nodeAt,
    safes: [],
    nowSeconds: 0n,
  } as const;
  const before = performance.now();
  const request = run(understand(message, known));
  const signing = { fingerprint: known.fingerprint, reasons: "shown" } as const;
  ethereumReview(request.review, VERDICT, { signing }).draw({ columns: 40, rows: 15 });
  return performance.now() - before;
}

const best = (message: EthereumMessage): number =>
  Math.min(...Array.from({ length: 5 }, () => firstPage(message)));

const asked = (data: Uint8Array, dataType: 2 | 4): EthereumMessage => ({
  ...{ kind: "ethereum", dialect: "ur", data, dataType },
  path: [44 + HARDENED, 60 + HARDENED, HARDENED, 0, 0],
});

function calldata(bytes: number): EthereumMessage {
  const tx = Transaction.from({
    ...{ type: 2, chainId: 1, nonce: 1, gasLimit: 20_000_000n, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n },
    ...{ to: "0xd8da6bf26964af9d7eed9e03e53415d37aa96045", data: `0xdeadbeef${"ab".repeat(bytes)}` },
  });
  return asked(fromHex(tx.unsignedSerialized.slice(2))!, 4);
}

function typed(fields: number): EthereumMessage {
  const names = Array.from({ length: fields / 10 }, (_, i) => `item ${i}`);
  const Item = Array.from({ length: 10 }, (_, i) => ({
    name: `f${i}`,
    type: i % 2 === 0 ? "string" : "uint256",
  }));
  const json = {
    types: {
      EIP712Domain: [{ name: "name", type: "string" }],
      All: [{ name: "items", type: "Item[]" }],
      Item,
    },
    primaryType: "All",
    domain: { name: "Figures" },
    message: {
      items: names.map((text, at) =>
        Object.fromEntries(Item.map(({ name, type }) => [name, type === "string" ? text : String(at)])),
      ),
    },
  };
  return asked(new TextEncoder().encode(JSON.stringify(json)), 2);
}

for (const [name, of, size] of [
  ["calldata of 100 KB", calldata, 100_000],
  ["typed data of 500 fields", typed, 500],
] as const) {
  // The first time loads what is needed.
  best(of(size));
  const [once, twice] = [best(of(size)), best(of(2 * size))];
  const held = once < TARGET_MS ? "held" : "MISSED";
  console.log(
    `${name}: first page after ${once.toFixed(1)} ms (target ${TARGET_MS}: ${held}); twice as much ${twice.toFixed(1)} ms, x${(twice / once).toFixed(2)}`,
  );
}
