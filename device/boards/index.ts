// Every board, by the name that an image is built for.

import type { Board } from "./board.ts";
import { board as pi3 } from "./pi-3.ts";
import { board as pi4 } from "./pi-4.ts";
import { board as pi5 } from "./pi-5.ts";
import { board as piZero2w } from "./pi-zero-2w.ts";
import { board as virtAmd64 } from "./virt-amd64.ts";
import { board as virtArm64 } from "./virt-arm64.ts";

export const boards: readonly Board[] = [piZero2w, pi3, pi4, pi5, virtArm64, virtAmd64];
