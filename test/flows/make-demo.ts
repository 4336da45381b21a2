// Makes the pictures that the demo ships: node test/flows/make-demo.ts
// A 2-of-3 of three published practice seeds on testnet4; the second cosigner has signed already.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { heldBy, psbt, purse, signed } from "../bitcoin/build.ts";
import { picturePsbt, pictureText } from "./pictures.ts";

const FOLDER = join(import.meta.dirname, "..", "..", "scripts", "demo");
const SHOT = { tiltX: 0.12, tiltY: 0.08, rotationDegrees: 4, blur: 0.6, noise: 6, glare: 30 };

const first = purse("p2wsh", { network: "testnet4", name: "Practice 2-of-3" });
const asked = psbt(first, {
  inputs: [
    { branch: 0, index: 3, amountSats: 21_000_000n },
    { branch: 1, index: 1, amountSats: 4_200_000n },
  ],
  outputs: [
    { foreign: 7, amountSats: 15_000_000n },
    { of: first, branch: 1, index: 2, amountSats: 10_198_200n },
  ],
});
const signedOnce = (await signed(heldBy(first, 1), asked)).whole.bytes;
await pictureText(join(FOLDER, "wallet"), first.wallet.descriptor, { blur: 0.5, noise: 4 });
await picturePsbt(join(FOLDER, "transaction"), signedOnce, { dialect: "ur", density: "medium" }, SHOT);
await writeFile(join(FOLDER, "wallet", "descriptor.txt"), `${first.wallet.descriptor}\n`);
