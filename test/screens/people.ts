// The screens of persons in states worth looking at, for the goldens.

import { notice } from "../../src/screens/notice.ts";
import { oneCode, oneTimeCode, timeBlocks, typedCode, whoAgrees } from "../../src/screens/people.ts";
import type { Screen } from "../../src/screens/screen.ts";

const NOW = Date.UTC(2026, 10, 22, 13, 15, 20);
const URL = "otpauth://totp/Firn:anna?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Firn";
const TAKES = ["0.50001234 BTC"];
const NAMES = Array.from({ length: 12 }, (_, place) => `treasurer number ${place + 1}`);

export const PEOPLE_SCREENS: Record<string, Screen<unknown>> = {
  "who-agrees": whoAgrees({
    takes: TAKES,
    needed: ["1 of bert, carl", "the transaction's code"],
    missing: ["dora"],
    persons: ["bert", "carl", "the code"],
  }),
  "who-agrees-many": whoAgrees({
    ...{ takes: TAKES, needed: ["7 of 12 persons"], missing: NAMES, persons: NAMES },
  }),
  "authenticator-code": oneTimeCode({
    title: "anna's code",
    above: [
      { kind: "text", text: "Type the code that anna's authenticator shows now." },
      ...timeBlocks(NOW, "3 days, 2 hours ago"),
    ],
    digits: 6,
  }),
  "authenticator-scan": oneCode({
    title: "anna: scan this",
    caption: "With any authenticator app.",
    loop: { texts: [URL], version: 4, level: "L", mode: "byte" },
    other: "by hand",
  }),
  "transaction-code": typedCode(),
  "proof-wrong": notice("That was not the right proof", [
    {
      kind: "text",
      text: "It is not the code of anna's authenticator for this time, or was used before: each works once.",
    },
    { kind: "text", text: "After 2 more wrong ones the request is dropped." },
    ...timeBlocks(NOW, "3 days, 2 hours ago"),
  ]),
};
