// Screens of a setup by BIP 129.

import { keyRecordSheet, tokenScreen, walletRecordSheet } from "../../src/screens/bsms.ts";
import { question } from "../../src/screens/notice.ts";
import type { Screen } from "../../src/screens/screen.ts";

const H = 0x80000000;

export const BSMS_SCREENS: Record<string, Screen<unknown>> = {
  "bsms-token": tokenScreen({
    whose: "cosigner 2",
    decimal: "21984902443033505423410071144203475550",
    hex: "108a2360adb302774eb521daebbeda5e",
  }),
  "bsms-key": question(
    [
      keyRecordSheet({
        whose: "cosigner 2",
        description: "Signer \u202e1 key",
        fingerprint: "b7868815",
        path: [48 + H, H, H, 2 + H],
        extended:
          "xpub6FA5rfxJc94K1kNtxRby1hoHwi7YDyTWwx1KUR3FwskaF6HzCbZMz3zQwGnCqdiFeMTPV3YneTGS2YQPiuNYsSvtggWWMQpEJD4jXU7ZzEh",
      }),
    ],
    "take it",
    "leave it",
  ),
  "bsms-wallet": question(
    [
      walletRecordSheet({
        keys: 3,
        own: [2],
        paths: "/0/*,/1/*",
        firstAddress: "bc1qhs4u273g4azq7kqqpe6vh5wfhasfmrq7nheyzsnq77humd7rwtkqagvakf",
      }),
    ],
    "go on",
    "leave it",
  ),
};
