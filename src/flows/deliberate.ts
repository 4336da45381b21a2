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
  const shown = { title: sheets[0]!.title, blocks: [], what };
  return ask(desk, deliberate(desk.ports.hold ? shown : { ...shown, word: anyWord(desk) }));
}

function anyWord({ ports: { random } }: Desk): string {
  const [high, low] = random.bytes(2);
  return wordList[((high! << 8) | low!) & 0x7ff]!;
}
