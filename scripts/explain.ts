// npm run explain -- FILE --wallet DESCRIPTOR…: what Firn understands of a PSBT, or with --account of a request on
// Ethereum, and would show, as one JSON document, with the very code of the appliance and neither key nor home.
// The document: docs/explain.md.

import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { inflate } from "../device/eye/inflate.ts";
import {
  checksum,
  compile,
  partyOf,
  quorumOf,
  readWallet,
  type Template,
  understand,
} from "../src/bitcoin/index.ts";
import { fromHex } from "../src/bytes.ts";
import { transactionCode } from "../src/code.ts";
import { emptyLedger } from "../src/journal/index.ts";
import { loadCurve } from "../src/keys/index.ts";
import { LIMITS } from "../src/limits.ts";
import { type Curve, NETWORKS, type Network, type Review, type SpentQuorum } from "../src/model.ts";
import { judge, parsePolicy, partiesIn } from "../src/policy/index.ts";
import { Refusal, refuse } from "../src/refusal.ts";
import { asksOf, type Request, type Verdict, type Work } from "../src/request.ts";
import { CODE, type Policy } from "../src/rules.ts";
import { keyNames, wayWords } from "../src/screens/ways.ts";
import { fromUtf8, utf8 } from "../src/text.ts";
import { openAssembly, push } from "../src/transport/index.ts";
import { explainEthereum, wordsOf } from "./explain-ethereum.ts";

const USAGE = `npm run explain -- FILE --wallet DESCRIPTOR [--wallet DESCRIPTOR …] [--network NAME] [--policy FILE] [--key FINGERPRINT]
npm run explain -- FILE --account ADDRESS
  FILE                  a PSBT: binary, base64 or hex, or the texts of its QR codes, one a line
  --wallet DESCRIPTOR   a wallet that the device would know; NAME=DESCRIPTOR gives it a name
  --network NAME        ${NETWORKS.join(", ")}; mainnet unless given
  --policy FILE         adds the verdict of this policy, as if nothing had been spent yet
  --account ADDRESS     FILE is a request on Ethereum (the texts of its codes) for this account
  --key FINGERPRINT     the key that would answer: eight hex digits, as they stand in the descriptors
`;

class WrongUse extends Error {}

interface Asked {
  readonly file: string;
  /** Of Ethereum, and then nothing of what follows is asked for. */
  readonly account: string | undefined;
  readonly wallets: readonly string[];
  readonly network: Network;
  readonly policy: string | undefined;
  readonly key: string | undefined;
}

function readArguments(args: readonly string[]): Asked {
  const options = {
    wallet: { type: "string", multiple: true },
    account: { type: "string" },
    network: { type: "string" },
    policy: { type: "string" },
    key: { type: "string" },
  } as const;
  const { values, positionals } = rethrown(() =>
    parseArgs({ args: [...args], options, allowPositionals: true }),
  );
  // Further descriptors may follow the first without their --wallet; a descriptor has brackets.
  const more = positionals.filter((text) => text.includes("("));
  const [file, ...extra] = positionals.filter((text) => !text.includes("("));
  const wallets = [...(values.wallet ?? []), ...more];
  const network = NETWORKS.find((name) => name === (values.network ?? "mainnet"));
  if (file === undefined || extra.length > 0) throw new WrongUse("one FILE is needed");
  const { account } = values;
  if (wallets.length === 0 && account === undefined) throw new WrongUse("at least one --wallet is needed");
  if (wallets.length > LIMITS.wallets) throw new WrongUse(`at most ${LIMITS.wallets} wallets`);
  if (network === undefined) throw new WrongUse(`there is no network ${values.network}`);
  if (values.key !== undefined && !/^[0-9a-f]{8}$/.test(values.key))
    throw new WrongUse("a key is named by eight hex digits");
  return { file, account, wallets, network, policy: values.policy, key: values.key };
}

/** What goes wrong in here is the fault of how the program was called. */
function rethrown<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error));
  }
}

async function contentOf(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new WrongUse(`${path} ${UNREADABLE[code] ?? `cannot be read (${code})`}`);
  }
}

const UNREADABLE: Readonly<Record<string, string>> = {
  EISDIR: "is a folder: name one file",
  ENOENT: "is not there",
  EACCES: "may not be read by you",
};

function templateOf(text: string, { network, key }: Asked, curve: Curve): Template {
  const [, name, descriptor = ""] = /^(?:([^=()]*)=)?(.*)$/s.exec(text.trim()) ?? [];
  // Typed on a command line it may lack the checksum that a scanned one must have.
  const whole = descriptor.includes("#") ? descriptor : `${descriptor}#${checksum(descriptor) ?? ""}`;
  const wallet = readWallet(whole, network, curve, name);
  const keys = wallet.keys.map((one) => ({ ...one, ours: one.fingerprint === key }));
  return compile({ ...wallet, keys }, curve);
}

/** The PSBT in a file's content, whatever it is wrapped in. */
function psbtIn(content: Uint8Array): Uint8Array {
  if (content.length > 3 * LIMITS.messageBytes) refuse("transport.too-large");
  if (content[0] === 0x70 && content[4] === 0xff) return content;
  const text = fromUtf8(content);
  if (text === undefined) return refuse("transport.unknown");
  const dense = text.replace(/\s+/g, "");
  if (/^cHNidP[A-Za-z0-9+/]*={0,2}$/.test(dense)) return new Uint8Array(Buffer.from(dense, "base64"));
  if (/^70736274ff/i.test(dense)) return fromHex(dense) ?? refuse("transport.damaged");
  const assembly = openAssembly(["psbt"], inflate);
  let have = "no code at all";
  for (const line of text.split(/\r?\n/).filter((one) => one.trim() !== "")) {
    const pushed = push(assembly, { text: line, bytes: utf8(line) });
    if (pushed.kind === "progress") have = `${pushed.progress.have} of ${pushed.progress.total} parts`;
    else if (pushed.message.kind === "psbt") return pushed.message.bytes;
  }
  return refuse("transport.unknown", have);
}

function run<T>(work: Work<T>): T {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

/** The keys that docs/explain.md names, and no other: what the screens need beside them stays inside. */
function reviewOf(review: Review, templates: readonly Template[]): object {
  const { lockTimeHolds: _, quorums, coinAge: __, staysSats: ___, leavesSats, ...facts } = review;
  const plain = quorums.every(({ wallet }) => {
    const template = templates.find((one) => one.wallet.name === wallet);
    return template && quorumOf(template.wallet);
  });
  return {
    ...facts,
    ...(plain ? {} : { ways: quorums.flatMap(waysOf) }),
    ...(review.warnings.includes("foreign-inputs") ? { leavesSats } : {}),
  };
}

function waysOf({ wallet, holders, ways }: SpentQuorum): object[] {
  const names = keyNames(holders);
  return ways.map(({ condition, leaf, signedBy, secrets, ...facts }) => ({
    wallet,
    ...(leaf === undefined ? {} : { leaf }),
    way: wayWords(condition, names),
    ...facts,
    signedBy: signedBy.map((place) => holders[place]!.fingerprint),
    secrets: secrets.map(({ hash, digestHex, secretHex }) => ({
      hash,
      digest: digestHex,
      ...(secretHex === undefined ? {} : { secret: secretHex }),
    })),
  }));
}

/** The code that stands beside the transaction where the policy asks for it to be typed. */
function codeOf(verdict: Verdict): object {
  const asked = asksOf(verdict).some(({ of }) => of.includes(CODE));
  return asked ? { code: transactionCode(verdict.txid) } : {};
}

interface Explained {
  readonly of: Request;
  readonly policy: Policy | undefined;
  readonly templates: readonly Template[];
}

function explain(request: () => Explained): object {
  try {
    const { of, policy, templates } = request();
    run(of.agree());
    const now = { ms: Date.now(), dateMs: Date.now() };
    const verdict = policy && judge(policy, of.spend, emptyLedger(), now);
    const review = reviewOf(of.review, templates);
    return { ok: true, review, ...(verdict ? { verdict, ...codeOf(verdict) } : {}) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, reason: error.reason, message: wordsOf(error) };
  }
}

/** Version 1 does not say its network. */
function policyOf(text: string, network: Network): Policy {
  const policy = parsePolicy(text, network);
  if (policy.network !== network)
    refuse("policy.malformed", `it is for ${policy.network}, not for ${network}`);
  return policy;
}

async function main(args: readonly string[]): Promise<object> {
  const asked = readArguments(args);
  const { file, wallets, network } = asked;
  const curve = await loadCurve();
  const content = await contentOf(file);
  if (asked.account !== undefined) return explainEthereum(content, asked.account);
  const rules = asked.policy === undefined ? undefined : await contentOf(asked.policy);
  return explain(() => {
    const templates = wallets.map((text) => templateOf(text, asked, curve));
    const message = { kind: "psbt", dialect: "plain", bytes: psbtIn(content) } as const;
    const policy = rules && policyOf(fromUtf8(rules) ?? "", network);
    const named = policy ? partiesIn(policy) : [];
    const parties = named.map(({ name, descriptor }) => partyOf(name, descriptor, network, curve));
    return { of: run(understand(message, { network, templates, curve, parties })), policy, templates };
  });
}

try {
  const document = await main(process.argv.slice(2));
  const text = JSON.stringify(document, (_, value) => (typeof value === "bigint" ? String(value) : value), 2);
  process.stdout.write(`${text}\n`);
} catch (error) {
  if (!(error instanceof WrongUse)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
