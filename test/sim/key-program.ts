// Firn's process with the small program for security keys in it.

import { standAlone } from "../../device/sim/alone.ts";
import { main } from "./key-main.ts";

standAlone(main);
