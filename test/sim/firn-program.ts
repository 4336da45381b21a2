// Firn's process with the small program in it.

import { standAlone } from "../../device/sim/alone.ts";
import { main } from "./program.ts";

standAlone(main);
