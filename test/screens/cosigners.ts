// The screens of a ceremony.

import { comparisonSheets, foreignKeySheets, ownKeySheets } from "../../src/screens/cosigner.ts";
import { question } from "../../src/screens/notice.ts";
import type { Screen } from "../../src/screens/screen.ts";

const H = 0x80000000;
const KEY = {
  fingerprint: "73c5da0a",
  path: [H + 48, H + 1, H, H + 2],
  extended:
    "tpubDFH9dgzveyD8zTbPUFuLrGmCydNvxehyNdUXKJAQN8x4aZ4j6UZqGfnqFrD4NqyaTVGKbvEW54tsvPTK2UoSbCC1PJY8iCNiwTL3RWZEheQ",
  purpose: "a shared wallet, native segwit (P2WSH)",
  code: "02755 06259 35538 08029 60731",
};

export const COSIGNER_SCREENS: Readonly<Record<string, Screen<unknown>>> = {
  "own-key": question(ownKeySheets(KEY), "close", "close"),
  "cosigner-key": question(foreignKeySheets({ ...KEY, fingerprint: "b8688df1" }), "go on", "back"),
  compare: question(
    comparisonSheets({
      name: "Family",
      fingerprint: "981038a2",
      code: "25651 97224 67851 16935 36903 30790 96256 41625",
      firstAddress: "bcrt1qmv9kucx4tjtyfwddc3698p2flxqvts89n8kllr0hvdv7qs4z476snke6uw",
    }),
    "close",
    "close",
  ),
};
