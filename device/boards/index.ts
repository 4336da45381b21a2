// Every board, by the name that an image is built for.

import type { Board } from "./board.ts";
import { board as virtAmd64 } from "./virt-amd64.ts";
import { board as virtArm64 } from "./virt-arm64.ts";

export const boards: readonly Board[] = [virtArm64, virtAmd64];
