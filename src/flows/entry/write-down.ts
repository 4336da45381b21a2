// Words on the glass for the first time: written down by a person, and asked for at three places.

import { nearestWords, wordList } from "../../keys/index.ts";
import { menu } from "../../screens/menu.ts";
import { question } from "../../screens/notice.ts";
import { words } from "../../screens/words.ts";
import type { Desk } from "../../ui.ts";
import { ask } from "../../ui.ts";

const WORDS_A_PAGE = 4;
const ASKED_FOR = 3;

/** Shows the words, then asks for three of them at places chosen by chance. False: the person starts over. */
export async function writeDown(desk: Desk, indexes: Uint16Array): Promise<boolean> {
  const lines = [...indexes].map((index, place) => `${`${place + 1}.`.padEnd(3)} ${wordList[index]}`);
  const sheets = [];
  for (let start = 0; start < lines.length; start += WORDS_A_PAGE)
    sheets.push({
      title: "Write these words down",
      blocks: [{ kind: "text", text: lines.slice(start, start + WORDS_A_PAGE).join("\n") } as const],
    });
  for (;;) {
    if ((await ask(desk, question(sheets, "written down", "leave"))) === "no") {
      if ((await askLeave(desk)) === "over") return false;
    } else if (await checkSome(desk, indexes)) return true;
  }
}

/** One press by mistake must not throw a hundred rolls away. */
function askLeave(desk: Desk): Promise<"show" | "over"> {
  return ask(
    desk,
    menu<"show" | "over">({
      title: "Start over?",
      above: [
        { kind: "text", text: "These words are thrown away, with all that was rolled or typed for them." },
      ],
      items: [
        { label: "Show the words again", answer: "show" },
        { label: "Start over", answer: "over" },
      ],
    }),
  );
}

async function checkSome(desk: Desk, indexes: Uint16Array): Promise<boolean> {
  for (const place of somePlaces(desk, indexes.length)) {
    const answer = await ask(
      desk,
      words({
        title: "Check",
        ask: `Type word ${place + 1} of your ${indexes.length} words.`,
        list: wordList,
        only: place + 1,
        nearest: nearestWords,
        check: (typed) =>
          typed.length === 1 && typed[0] === indexes[place]
            ? undefined
            : `That is not word ${place + 1}. Compare with what you wrote down.`,
      }),
    );
    if (answer === "back") return false;
  }
  return true;
}

/** Three different ones, whatever the generator gives: that it is dead must not stop words of dice. */
function somePlaces(desk: Desk, count: number): number[] {
  const left = Array.from({ length: count }, (_, place) => place);
  const drawn = desk.ports.random.bytes(ASKED_FOR);
  const places = [...drawn].map((byte) => left.splice(byte % left.length, 1)[0]!);
  return places.sort((a, b) => a - b);
}
