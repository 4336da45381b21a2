// Whether what was entered again is this key: the material itself, byte by byte, and the fingerprint that it makes.
// Rule: what differs is said by place; what is right is never said.

import { equal, wipe } from "../../bytes.ts";
import type { Material } from "../../keeping.ts";
import { indexesOf, seedOfMaterial, wipeMaterial } from "../../keys/index.ts";
import { refuse } from "../../refusal.ts";
import { question } from "../../screens/notice.ts";
import { ask, wait } from "../../ui.ts";
import { askSecret, fingerprintFor } from "../entry/words.ts";
import type { Owner, Secret } from "./backup-journey.ts";

/** BIP 39 entropy, then the key's passphrase, which is asked for here. Throws Refusal backup.differs. */
export async function proveEntropy(secret: Secret, entropy: Uint8Array): Promise<"proven" | "back"> {
  const { material } = secret;
  if (material.kind !== "words") return refuse("backup.differs", "this key was not made of words");
  if (!equal(entropy, material.entropy))
    return refuse("backup.differs", `${placeOf(entropy, material.entropy)}; ${await whose(secret, entropy)}`);
  const passphrase = material.passphrase.length > 0 ? await askKeyPassphrase(secret) : new Uint8Array(0);
  if (passphrase === "back") return "back";
  const entered: Material = { kind: "words", entropy: entropy.slice(), passphrase };
  try {
    if (!equal(passphrase, material.passphrase))
      refuse("backup.differs", `the passphrase; it makes key ${await fingerprintFor(secret.desk, entered)}`);
    await proveFingerprint(secret, entered);
    return "proven";
  } finally {
    wipeMaterial(entered);
  }
}

function askKeyPassphrase({ desk }: Owner): Promise<Uint8Array | "back"> {
  const text = "This key has a passphrase, too: without it the words open another, empty wallet.";
  return askSecret(desk, { title: "Its passphrase", label: "Passphrase", above: [{ kind: "text", text }] });
}

/** The first word that is another one, as people count. */
function placeOf(entropy: Uint8Array, expected: Uint8Array): string {
  const [entered, own] = [indexesOf(entropy), indexesOf(expected)];
  try {
    if (entered.length !== own.length) return `${entered.length} words, and this key has ${own.length}`;
    return `word ${own.findIndex((word, place) => word !== entered[place]) + 1}`;
  } finally {
    wipe(entered, own);
  }
}

async function whose(owner: Owner, entropy: Uint8Array): Promise<string> {
  return named(owner, { kind: "words", entropy, passphrase: new Uint8Array(0) });
}

/** Papers of two keys are mixed up more often than words are. */
async function named({ desk, session }: Owner, material: Material): Promise<string> {
  const fingerprint = await fingerprintFor(desk, material);
  const other = session.state.keys.find((key) => key.fingerprint === fingerprint);
  return `it makes key ${fingerprint}${other ? `, which is ${other.name}` : ""}`;
}

/** A seed as BIP 32 has it, out of shares. `again`: by another passphrase of the shares, where they may have one. */
export async function proveSeed(
  secret: Secret,
  seed: Uint8Array,
  again?: (passphrase: Uint8Array) => Promise<Uint8Array>,
): Promise<"proven" | "back"> {
  if (await isSeed(secret, seed)) {
    await proveFingerprint(secret, { kind: "seed", seed });
    return "proven";
  }
  const otherwise = again === undefined ? undefined : await askSharesPassphrase(secret);
  if (otherwise === "back") return "back";
  if (again === undefined || otherwise === undefined)
    return refuse("backup.differs", await named(secret, { kind: "seed", seed }));
  const other = await again(otherwise);
  try {
    return await proveSeed(secret, other);
  } finally {
    wipe(other);
  }
}

async function isSeed({ desk, material }: Secret, seed: Uint8Array): Promise<boolean> {
  const own = await wait(desk, "Comparing", seedOfMaterial(material, desk.ports.stretch));
  try {
    return equal(seed, own);
  } finally {
    wipe(own);
  }
}

/** Undefined where they have none. */
async function askSharesPassphrase({ desk }: Owner): Promise<Uint8Array | "back" | undefined> {
  const text =
    "Without a passphrase these shares are another key. Firn makes shares without one; other programs may not.";
  const sheet = { title: "Another key", tone: "caution", blocks: [{ kind: "text", text }] } as const;
  if ((await ask(desk, question([sheet], "they have one", "they have none"))) === "no") return undefined;
  return askSecret(desk, { title: "Passphrase of the shares", label: "Passphrase" });
}

/** What is equal makes the same key: anything else is damage in here. */
async function proveFingerprint({ desk, fingerprint }: Owner, material: Material): Promise<void> {
  if ((await fingerprintFor(desk, material)) !== fingerprint)
    refuse("vault.damaged", "a key is not the one that is named");
}
