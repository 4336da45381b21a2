// Firn's rooms as flows/sign.ts goes through them, without screens: a seed, its wallets, the offered policy.

import { nodeStretch } from "../../device/host/stretch.ts";
import { writePath } from "../../src/bitcoin/descriptor/origin.ts";
import {
  checksum,
  compile,
  markOurs,
  readWallet,
  understand,
  writeExtended,
} from "../../src/bitcoin/index.ts";
import type { ScriptForm, Template } from "../../src/bitcoin/wallet.ts";
import { emptyLedger } from "../../src/journal/index.ts";
import { entropyOf, Keyring, loadCurve, nobleCurve, wordNumber } from "../../src/keys/index.ts";
import type { Curve, Network, Path, PsbtMessage } from "../../src/model.ts";
import { firstPolicy, judge, refusalOf } from "../../src/policy/index.ts";
import type { Reply, Request } from "../../src/request.ts";
import type { Policy } from "../../src/rules.ts";
import { run } from "../bitcoin/build.ts";

export const curve = await loadCurve();

const NOON_MS = Date.UTC(2026, 2, 1, 12);

/** A key of a wallet, as coordinators exchange it. */
export interface KeyText {
  readonly xpub: string;
  /** "m/48h/1h/0h/2h" */
  readonly path: string;
  readonly fingerprint: string;
}

export interface Firn {
  readonly keyring: Keyring;
  key(path: Path): KeyText;
  /** A wallet read from its descriptor, its keys compared with this device's own. */
  register(descriptor: string): Template;
  understand(message: PsbtMessage, template: Template): Request;
  /** Second reading, verdict, approval, record, signatures, reply. Throws the policy's Refusal. */
  sign(request: Request, policy?: Policy): Promise<Reply>;
}

export async function firnOf(
  phrase: string,
  second: Curve = nobleCurve(),
  network: Network = "regtest",
): Promise<Firn> {
  const words = Uint16Array.from(phrase.split(" "), (word) => wordNumber(word)!);
  const keyring = await Keyring.open({
    material: { kind: "words", entropy: entropyOf(words), passphrase: new Uint8Array(0) },
    network,
    curve,
    check: second,
    stretch: nodeStretch(),
  });
  return {
    keyring,
    key(path) {
      const { fingerprint, ...account } = keyring.account(path);
      return { xpub: writeExtended(account, network), path: `m${writePath(path)}`, fingerprint };
    },
    register(descriptor) {
      const read = readWallet(descriptor, network, curve, "Vault");
      const own = (fingerprint: string, path: Path) =>
        fingerprint === keyring.fingerprint ? keyring.account(path) : undefined;
      return compile(markOurs(read, own), curve);
    },
    understand: (message, template) =>
      run(understand(message, { network, templates: [template], curve, check: second })),
    sign: (request, policy = firstPolicy(network, "simulator")) => signed(keyring, request, policy),
  };
}

async function signed(keyring: Keyring, request: Request, policy: Policy | undefined): Promise<Reply> {
  const verdict = judge(policy, request.spend, emptyLedger(), { ms: NOON_MS, dateMs: NOON_MS });
  const refused = refusalOf(verdict);
  if (refused) throw refused;
  run(request.agree());
  const approval = request.approve(verdict, "approve");
  await approval.record(async () => {});
  return run(request.finish(run(keyring.sign(approval))));
}

/** With checksum; sortedmulti for the multisig forms. */
export function descriptorFor(form: ScriptForm, threshold: number, keys: readonly KeyText[]): string {
  const texts = keys.map(({ xpub, path, fingerprint }) => `[${fingerprint}${path.slice(1)}]${xpub}/<0;1>/*`);
  const multi = `sortedmulti(${threshold},${texts.join(",")})`;
  const bodies: Record<ScriptForm, string> = {
    p2pkh: `pkh(${texts[0]})`,
    "p2sh-p2wpkh": `sh(wpkh(${texts[0]}))`,
    p2wpkh: `wpkh(${texts[0]})`,
    p2tr: `tr(${texts[0]})`,
    p2sh: `sh(${multi})`,
    "p2sh-p2wsh": `sh(wsh(${multi}))`,
    p2wsh: `wsh(${multi})`,
  };
  return `${bodies[form]}#${checksum(bodies[form])}`;
}
