// Run as root whenever the kernel has a new interface or radio, wherever it came from: node look.ts. Firn reads what was
// found before each signature, so it must not be older than what can be found.

import { tellAgain } from "./facts.ts";
import { MACHINE } from "./machine.ts";

tellAgain(MACHINE);
