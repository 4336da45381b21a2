// That everybody holds the same wallet: one code over all of it, and its first address.

import { addressOf, type Wallet } from "../../bitcoin/index.ts";
import { comparisonSheets } from "../../screens/cosigner.ts";
import { question } from "../../screens/notice.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";
import type { Session } from "../session.ts";
import { codeOfWallet } from "./cosigner-code.ts";

export async function compare(desk: Desk, session: Session, wallet: Wallet): Promise<void> {
  const template = session.templates.find((one) => one.wallet === wallet)!;
  const firstAddress = addressOf(template.derive(wallet.receive, 0).scriptPubKey, session.network) ?? "";
  const code = await codeOfWallet(desk, wallet);
  const { name, fingerprint } = wallet;
  await ask(desk, question(comparisonSheets({ name, fingerprint, code, firstAddress }), "close", "close"));
}
