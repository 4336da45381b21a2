// Files that Electrum itself writes are read as the wallets that it has: the same addresses of both branches.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { addressOf, compile, readWallet, writePath } from "../../src/bitcoin/index.ts";
import type { ScriptForm } from "../../src/bitcoin/wallet.ts";
import { accountPath, cosigner, curve, nodeAt } from "../bitcoin/wallet-cast.ts";
import { isHere } from "./peer.ts";

// Debian's: another Python on the PATH would not find it.
const PYTHON = "/usr/bin/python3";
const installed = spawnSync(PYTHON, ["-c", "import electrum"]).status === 0;

/** What Electrum calls a script, by the prefix of its keys. */
const NAMES: Readonly<Partial<Record<ScriptForm, string>>> = {
  p2pkh: "standard",
  "p2sh-p2wpkh": "p2wpkh-p2sh",
  p2wpkh: "p2wpkh",
  p2sh: "standard",
  "p2sh-p2wsh": "p2wsh-p2sh",
  p2wsh: "p2wsh",
};

const PLAYS = [
  ...(["p2pkh", "p2sh-p2wpkh", "p2wpkh"] as const).map((form) => ({ form, threshold: 1, cosigners: [1] })),
  ...(["p2sh", "p2sh-p2wsh", "p2wsh"] as const).flatMap((form) => [
    { form, threshold: 2, cosigners: [1, 2, 3] },
    { form, threshold: 1, cosigners: [4, 2] },
    { form, threshold: 7, cosigners: Array.from({ length: 12 }, (_, i) => 12 - i) },
  ]),
];

interface Made {
  readonly file: string;
  readonly receive: readonly string[];
  readonly change: readonly string[];
}

test("a wallet file of Electrum's is the wallet that Electrum has, for every script and quorum", (t) => {
  if (!isHere(t, "Electrum", installed)) return;
  const folder = mkdtempSync(join(tmpdir(), "firn-electrum-file-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const questions = PLAYS.map(({ form, threshold, cosigners }) => ({
    form: NAMES[form],
    threshold,
    keys: cosigners.map((number) => {
      const { master, fingerprint } = cosigner(number);
      const path = accountPath(form);
      const xpub = nodeAt(master, path).publicExtendedKey;
      return { xpub, path: `m${writePath(path)}`, fingerprint, label: `Key ${number}` };
    }),
  }));
  const program = join(import.meta.dirname, "electrum_file.py");
  const { stdout, stderr } = spawnSync(PYTHON, [program, folder], {
    input: JSON.stringify(questions),
    encoding: "utf8",
  });
  const answers = JSON.parse(stdout || `"${stderr}"`) as readonly Made[];
  assert.equal(answers.length, PLAYS.length);
  for (const [i, { file, receive, change }] of answers.entries()) {
    const wallet = readWallet(file, "regtest", curve);
    const { derive } = compile(wallet, curve);
    const three = (branch: number) =>
      [0, 1, 2].map((index) => addressOf(derive(branch, index).scriptPubKey, "regtest"));
    assert.deepEqual(
      [three(wallet.receive), three(wallet.change)],
      [receive, change],
      JSON.stringify(PLAYS[i]),
    );
    assert.equal(wallet.form, PLAYS[i]!.form);
    assert.equal(wallet.keys.length, PLAYS[i]!.cosigners.length);
  }
});
