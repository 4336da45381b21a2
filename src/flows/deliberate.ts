// Asks for the gesture of acts that give away more than a payment.

import { wordList } from "../keys/index.ts";
import { deliberate } from "../screens/deliberate.ts";
import { question } from "../screens/notice.ts";
import type { Sheet } from "../screens/pages.ts";
import type { Desk } from "../ui.ts";
import { ask } from "../ui.ts";

/** Everything that has to be read first, then the gesture. `what`: "to show the words". */
export async function deliberately(
  desk: Desk,
  sheets: readonly Sheet[],
  what: string,
): Promise<"yes" | "no"> {
  if ((await ask(desk, question(sheets, "go on", "leave"))) === "no") return "no";
  const [high, low] = desk.ports.random.bytes(2);
  const word = wordList[((high! << 8) | low!) & 0x7ff]!;
  return ask(desk, deliberate({ title: sheets[0]!.title, blocks: [], what, word }));
}
