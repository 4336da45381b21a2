// The first policy, so that none is silent by accident: offered where the machine may offer one, or typed.

import type { Network } from "../model.ts";
import { firstPolicy, plainPolicy, sentences } from "../policy/index.ts";
import { Refusal } from "../refusal.ts";
import type { Policy } from "../rules.ts";
import { AMOUNT, field } from "../screens/field.ts";
import { menu } from "../screens/menu.ts";
import { notice, question, refused } from "../screens/notice.ts";
import { bodySize, btc, parseBtc, wrap } from "../text.ts";
import type { Desk } from "../ui.ts";
import { ask } from "../ui.ts";

export async function firstPolicyFlow(desk: Desk, network: Network): Promise<Policy> {
  const offered = firstPolicy(network, desk.ports.machine.kind);
  if (offered && (await offer(desk, offered)) === "take") return offered;
  for (;;) {
    const typed = await typePolicy(desk, network).catch((problem: unknown) => tell(desk, problem));
    if (typed === "again") continue;
    if (typed === "back") return firstPolicyFlow(desk, network);
    const text = sentences(typed).join("\n");
    const blocks = [{ kind: "text", text }] as const;
    if (
      (await ask(desk, question([{ title: "These are your limits", blocks }], "take", "type again"))) ===
      "yes"
    )
      return typed;
  }
}

const READ = { label: "Read them all", answer: "read" } as const;

/** Every sentence is on the screen, or a press away where the screen is too small for all of them. */
async function offer(desk: Desk, offered: Policy): Promise<"take" | "type"> {
  const all = sentences(offered);
  const { columns, rows } = bodySize(desk.ports.panel.size());
  const items = [
    { label: "Take these limits", answer: "take" },
    { label: "Type my own", answer: "type" },
  ] as const;
  const needed = all.reduce<number>((lines, text) => lines + wrap(text, columns).length, items.length);
  const fits = needed <= rows;
  const brief = `${all.filter((line) => line.startsWith("At most")).join(". ")}. And limits for fees.`;
  const above = (fits ? all : [brief]).map((text) => ({ kind: "text", text }) as const);
  for (;;) {
    const answer = await ask(
      desk,
      menu<"take" | "type" | "read">({ title: "Your limits", above, items: fits ? items : [...items, READ] }),
    );
    if (answer !== "read") return answer;
    await ask(
      desk,
      notice(
        "These limits",
        all.map((text) => ({ kind: "text", text })),
        "close",
      ),
    );
  }
}

/** Limits that fit no policy: said, and typed again. */
async function tell(desk: Desk, problem: unknown): Promise<"again"> {
  if (!(problem instanceof Refusal)) throw problem;
  await ask(desk, refused(problem));
  return "again";
}

async function typePolicy(desk: Desk, network: Network): Promise<Policy | "back"> {
  const most = await askBtc(desk, "Most per transaction, in BTC");
  if (most === "back") return "back";
  const day = await askBtc(desk, "Most per day, in BTC");
  if (day === "back") return "back";
  if (day < most) {
    await ask(
      desk,
      notice("These do not fit", [
        { kind: "text", text: `A day's limit of ${btc(day)} is less than one transaction's.` },
      ]),
    );
    return typePolicy(desk, network);
  }
  const fee = await askBtc(desk, "Highest fee, in BTC");
  if (fee === "back") return "back";
  const rate = await askNumber(desk, "Highest fee rate, in sat/vB", 1, 100_000);
  if (rate === "back") return "back";
  const percent = await askNumber(desk, "Highest fee, in percent of what is sent", 1, 100);
  if (percent === "back") return "back";
  const unproven = await askUnproven(desk);
  if (unproven === "back") return "back";
  return plainPolicy(network, {
    perTransactionSats: most,
    perDaySats: day,
    feeSats: fee,
    feeRate: rate,
    feePercent: percent,
    unprovenFees: unproven === "allow",
  });
}

/** Some programs leave the previous transactions out of their codes, and then nobody can know the fee. */
function askUnproven(desk: Desk): Promise<"refuse" | "allow" | "back"> {
  return ask(
    desk,
    menu<"refuse" | "allow" | "back">({
      title: "Your limits",
      above: [
        {
          kind: "text",
          text: "Codes of some programs (Sparrow, BlueWallet, Electrum) only claim what their inputs hold, except for taproot. A lie there can burn money as fee.",
        },
      ],
      items: [
        { label: "Refuse fees that are not proven", answer: "refuse" },
        { label: "Allow them, with a red page each time", answer: "allow" },
      ],
      back: { label: "back", answer: "back" },
    }),
  );
}

async function askBtc(desk: Desk, label: string): Promise<bigint | "back"> {
  const answer = await ask(
    desk,
    field({
      title: "Your limits",
      label,
      allowed: AMOUNT,
      longest: 17,
      check: (value) => ((parseBtc(value) ?? 0n) > 0n ? undefined : "An amount like 0.5, more than zero."),
    }),
  );
  return answer === "back" ? "back" : parseBtc(answer.value)!;
}

async function askNumber(desk: Desk, label: string, least: number, most: number): Promise<number | "back"> {
  const answer = await ask(
    desk,
    field({
      title: "Your limits",
      label,
      allowed: AMOUNT,
      longest: 8,
      check: (value) =>
        Number(value) >= least && Number(value) <= most ? undefined : `From ${least} to ${most}.`,
    }),
  );
  return answer === "back" ? "back" : Number(answer.value);
}
