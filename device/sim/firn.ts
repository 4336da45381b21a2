// Firn's process on the simulator.

import { main } from "../../src/main.ts";
import { standAlone } from "./alone.ts";

standAlone(main);
