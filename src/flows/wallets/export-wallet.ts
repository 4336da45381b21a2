// A wallet leaves for other devices and programs, each in the form that it reads.

import {
  addressOf,
  addwalletText,
  caravanJson,
  coldcardText,
  electrumFile,
  importDescriptors,
  quorumOf,
  type ScriptForm,
  specterJson,
  type Wallet,
  writeWalletRecord,
} from "../../bitcoin/index.ts";
import { refuse } from "../../refusal.ts";
import { menu } from "../../screens/menu.ts";
import { splitBytesUr, splitOutputUr, splitText } from "../../transport/index.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import { orRefused } from "../or-refused.ts";
import type { Session } from "../session.ts";
import { letOut, type Outgoing, oneCode, urForm, urKey } from "./export-forms.ts";

/** What files say beside the descriptor. */
interface Beside {
  /** What the owner calls the cosigners, in the order of the keys. */
  readonly names: readonly string[];
  readonly firstAddress: string;
}

interface Form {
  readonly label: string;
  /** Throws Refusal cosigner.no-file where the format has no place for this wallet. */
  readonly make: (wallet: Wallet, beside: Beside) => Omit<Outgoing, "title">;
}

const nameOf = ({ name }: Wallet, what: string): string => `firn-${name}-${what}`;

/** What every signer and most programs read. */
const DESCRIPTOR: Form = {
  label: "Another Firn, Sparrow, Nunchuk, Liana (descriptor)",
  make: (wallet) => ({
    caption: "The descriptor: public keys only. Whoever has it sees all addresses.",
    loop: (density) => splitText(wallet.descriptor, density),
    file: { text: `${wallet.descriptor}\n`, file: nameOf(wallet, "descriptor") },
  }),
};

const FORMS: readonly Form[] = [
  DESCRIPTOR,
  {
    label: "BlueWallet, Keystone, Passport (Coldcard's text)",
    make: (wallet) => {
      const text = coldcardText(wallet);
      return {
        caption: "Coldcard's multisig text, as UR bytes.",
        loop: (density) => splitBytesUr(text, density),
        file: { text, file: nameOf(wallet, "coldcard") },
      };
    },
  },
  {
    label: "Coldcard (its text, BBQr)",
    make: (wallet) => {
      const text = coldcardText(wallet);
      return {
        caption: "Coldcard's multisig text.",
        loop: (density) => splitText(text, density),
        file: { text, file: nameOf(wallet, "coldcard") },
      };
    },
  },
  {
    label: "Nunchuk, Keeper (BSMS)",
    make: (wallet, { firstAddress }) => {
      const text = writeWalletRecord(wallet.descriptor, firstAddress);
      return {
        caption: "The wallet's record of BSMS (BIP 129).",
        loop: (density) => splitText(text, density),
        file: { text: `${text}\n`, file: nameOf(wallet, "bsms") },
      };
    },
  },
  {
    label: "Programs that read UR (crypto-output)",
    make: (wallet) => ({
      caption: "crypto-output: scan it on the other side.",
      loop: (density) => splitOutputUr(urWallet(wallet), density),
      file: { text: `${wallet.descriptor}\n`, file: nameOf(wallet, "descriptor") },
    }),
  },
  {
    label: "Specter (account map)",
    make: (wallet, { names }) => {
      const text = specterJson(wallet, names);
      return {
        caption: "In Specter: import a wallet, scan.",
        loop: oneCode(text),
        file: { text, file: nameOf(wallet, "specter"), ending: ".json" },
      };
    },
  },
  {
    label: "Specter DIY (addwallet)",
    make: (wallet) => {
      const text = addwalletText(wallet);
      return {
        caption: "As Specter shows a wallet to signers.",
        loop: oneCode(text),
        file: { text: `${text}\n`, file: nameOf(wallet, "addwallet") },
      };
    },
  },
  {
    label: "Caravan (JSON)",
    make: (wallet, { names }) => {
      const text = caravanJson(wallet, names);
      return {
        caption: "Caravan's wallet file.",
        loop: (density) => splitText(text, density, "J"),
        file: { text, file: nameOf(wallet, "caravan"), ending: ".json" },
      };
    },
  },
  {
    label: "Electrum (wallet file)",
    make: (wallet) => {
      const text = electrumFile(wallet);
      return {
        caption: "Electrum reads this as a file: write it to the stick, and open it there.",
        loop: (density) => splitText(text, density, "J"),
        file: { text, file: nameOf(wallet, "electrum"), ending: ".json" },
      };
    },
  },
  {
    label: "Bitcoin Core (importdescriptors)",
    make: (wallet) => {
      const text = importDescriptors(wallet);
      return {
        caption:
          "For importdescriptors in a wallet without private keys. It looks at nothing older than now.",
        loop: (density) => splitText(text, density, "J"),
        file: { text, file: nameOf(wallet, "core"), ending: ".json" },
      };
    },
  },
];

const MULTISIG: readonly ScriptForm[] = ["p2sh", "p2sh-p2wsh", "p2wsh"];

/** Throws Refusal cosigner.no-file: crypto-output of the first version knows keys and quorums, and no more. */
function urWallet(wallet: Wallet) {
  const { form, keys, network } = wallet;
  const quorum = quorumOf(wallet);
  const several = MULTISIG.includes(form);
  if (wallet.receive !== 0 || wallet.change !== 1)
    refuse("cosigner.no-file", "crypto-output: only the branches 0 and 1");
  if (quorum === undefined || (quorum.of > 1 && !several))
    return refuse("cosigner.no-file", "crypto-output: only keys under a quorum");
  const all = keys.map((key) => urKey(key, network));
  return { form: urForm(form), keys: all, ...(several ? { quorum } : {}) };
}

export async function exportWallet(
  desk: Desk,
  session: Session,
  wallet: Wallet,
  title = "Show it to",
): Promise<void> {
  const beside = besideOf(session, wallet);
  let cursor = 0;
  for (;;) {
    const items = FORMS.map((form) => ({ label: form.label, answer: form }));
    const back = { label: "done", answer: "back" } as const;
    const form = await ask(desk, menu<Form | "back">({ title, items, back }, cursor));
    if (form === "back") return;
    cursor = FORMS.indexOf(form);
    await orRefused(desk, () => letOut(desk, { title: wallet.name, ...form.make(wallet, beside) }));
  }
}

function besideOf({ templates, network }: Session, wallet: Wallet): Beside {
  const template = templates.find((one) => one.wallet === wallet)!;
  const firstAddress = addressOf(template.derive(wallet.receive, 0).scriptPubKey, network) ?? "";
  return { names: wallet.keys.map(({ name }) => name ?? ""), firstAddress };
}
