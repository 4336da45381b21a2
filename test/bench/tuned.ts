// Imported first: the engine is told before the curve is loaded, as in Firn's own process.

import { tuneEngine } from "../../device/host/engine.ts";

tuneEngine();
