// The owner's rules, read.

import { sentences } from "../policy/index.ts";
import { notice } from "../screens/notice.ts";
import type { Desk } from "../ui.ts";
import { ask } from "../ui.ts";
import type { Session } from "./session.ts";

export async function policy(desk: Desk, session: Session): Promise<void> {
  const rules = sentences(session.state.policy);
  await ask(
    desk,
    notice(
      "Policy",
      rules.map((text) => ({ kind: "text", text })),
      "close",
    ),
  );
}
