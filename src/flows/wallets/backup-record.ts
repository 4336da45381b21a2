// The record of a wallet as BIP 129 has it (BSMS 1.0): version, descriptor, paths, first address.

import { checksum, type Wallet } from "../../bitcoin/index.ts";
import type { Session } from "../session.ts";
import { firstAddress } from "./backup-page.ts";

/** As a template with both paths beside it, which every coordinator reads, where all keys have the usual pair. */
export function bsmsRecord(session: Session, wallet: Wallet): string {
  const body = wallet.descriptor.slice(0, wallet.descriptor.lastIndexOf("#"));
  const usual = body.replaceAll("/<0;1>/*", "/**");
  const isTemplate = !/<\d+;\d+>/.test(usual);
  const lines = isTemplate
    ? [`${usual}#${checksum(usual)}`, "/0/*,/1/*"]
    : [wallet.descriptor, "No path restrictions"];
  return `${["BSMS 1.0", ...lines, firstAddress(session, wallet)].join("\n")}\n`;
}
