// An account of this device's own key for a wallet program that watches it, in the form in which that program reads it.

import {
  accountWallets,
  electrumFile,
  importDescriptors,
  isMoney,
  type ScriptForm,
  slip132,
  type Wallet,
  writeKey,
} from "../../bitcoin/index.ts";
import { type Item, menu } from "../../screens/menu.ts";
import { question } from "../../screens/notice.ts";
import { splitAccountUr, splitText } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import type { Session } from "../session.ts";
import { askAccount, letOut, type Outgoing, oneCode, urForm, urKey } from "./export-forms.ts";
import { walkAndRegister } from "./register.ts";

type Made = Omit<Outgoing, "title">;

interface Program {
  readonly label: string;
  /** Absent: every account. */
  readonly fits?: (wallet: Wallet) => boolean;
  readonly make: (wallet: Wallet) => Made;
}

const WORDS: Readonly<Partial<Record<ScriptForm, string>>> = {
  p2wpkh: "Native segwit",
  p2tr: "Taproot",
  "p2sh-p2wpkh": "Nested segwit",
  p2pkh: "Legacy",
};

const stem = ({ keys, form }: Wallet, what: string): string => `firn-${what}-${keys[0]!.fingerprint}-${form}`;

/** crypto-account with this account alone. On a stick the key with its origin. */
function account(caption: string): Program["make"] {
  return (wallet) => {
    const [key] = wallet.keys;
    return {
      caption,
      loop: (density) => splitAccountUr(urKey(key!, wallet.network), urForm(wallet.form), density),
      file: { text: `${writeKey(key!)}\n`, file: stem(wallet, "key") },
    };
  };
}

function forSpecter(wallet: Wallet): Made {
  const text = writeKey(wallet.keys[0]!);
  return {
    caption: "In Specter: add a device, scan its keys.",
    loop: oneCode(text),
    file: { text: `${text}\n`, file: stem(wallet, "key") },
  };
}

/** As a code Electrum takes the bare key alone; only its file says where the key comes from. */
function forElectrum(wallet: Wallet): Made {
  const text = electrumFile(wallet);
  const key = slip132(wallet.keys[0]!, wallet.form, wallet.network);
  return {
    caption:
      "Electrum's master public key, to watch. To sign with Firn open its file from a stick: it names the key.",
    loop: oneCode(key),
    file: { text, file: stem(wallet, "electrum"), ending: ".json" },
  };
}

function forCore(wallet: Wallet): Made {
  const text = importDescriptors(wallet);
  return {
    caption: "For importdescriptors, in a wallet without private keys. It looks at nothing older than now.",
    loop: (density) => splitText(text, density, "J"),
    file: { text, file: stem(wallet, "core"), ending: ".json" },
  };
}

function asDescriptor(wallet: Wallet): Made {
  const { descriptor } = wallet;
  return {
    caption: "The descriptor: public keys only. Whoever has it sees all addresses.",
    loop: (density) => splitText(descriptor, density),
    file: { text: `${descriptor}\n`, file: stem(wallet, "descriptor") },
  };
}

const PROGRAMS: readonly Program[] = [
  { label: "Sparrow", make: account("In Sparrow: new wallet, airgapped hardware wallet, scan.") },
  { label: "Specter", make: forSpecter },
  { label: "Nunchuk", make: account("In Nunchuk: add a key, air-gapped, scan.") },
  // It knows mainnet alone.
  { label: "BlueWallet", fits: isMoney, make: account("In BlueWallet: add, import wallet, scan.") },
  { label: "Electrum", fits: ({ form }) => form !== "p2tr", make: forElectrum },
  { label: "Keeper", make: account("In Keeper: add a key, scan.") },
  { label: "Zeus", make: account("In Zeus: add a watch-only account, scan.") },
  { label: "Bitcoin Core", make: forCore },
  { label: "Another program (descriptor)", make: asDescriptor },
];

export async function showAccount(desk: Desk, session: Session): Promise<void> {
  const { keyring, network } = session;
  const number = await askAccount(desk);
  if (number === "back") return;
  const all = accountWallets(network, (path) => keyring.account(path), number);
  const items = all.map((wallet) => ({ label: WORDS[wallet.form] ?? wallet.form, answer: wallet }));
  const back = { label: "back", answer: "back" } as const;
  const title = `Account ${number}: which script?`;
  const wallet = await ask(desk, menu<Wallet | "back">({ title, items, back }));
  if (wallet === "back") return;
  await forPrograms(desk, wallet);
  if (!session.wallets.some(({ descriptor }) => descriptor === wallet.descriptor))
    await offerRegistration(desk, session, wallet);
}

async function forPrograms(desk: Desk, wallet: Wallet): Promise<void> {
  const items: Item<Program>[] = PROGRAMS.filter(({ fits }) => fits?.(wallet) ?? true).map((program) => ({
    label: program.label,
    answer: program,
  }));
  const back = { label: "done", answer: "back" } as const;
  let cursor = 0;
  for (;;) {
    const title = `${wallet.name} for`;
    const program = await ask(desk, menu<Program | "back">({ title, items, back }, cursor));
    if (program === "back") return;
    cursor = items.findIndex(({ answer }) => answer === program);
    await letOut(desk, { title: `${wallet.name} for ${program.label}`, ...program.make(wallet) });
  }
}

/** Firn knows its first account of each script by itself; what came to another one it would not sign. */
async function offerRegistration(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
  const text = `Firn signs for ${wallet.name} only once it is registered here.`;
  const sheets = [{ title: "Register it too?", blocks: [{ kind: "text", text }] }] as const;
  if ((await ask(desk, question(sheets, "register", "not now"))) === "no") return;
  await walkAndRegister(desk, session, wallet);
}
