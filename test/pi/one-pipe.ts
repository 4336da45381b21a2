// Waits for one connection on the socket that it was handed, and says on its error output what came of it.

import { acceptOne, handedOver } from "../../device/pi/pipes.ts";

const { only } = handedOver(["only"]);
const came = await acceptOne(only, () => "came", 300).catch(String);
process.stderr.write(`${came}\n`);
process.exit();
