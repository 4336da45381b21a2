// What a format shows, in a line a field: what administrators read before they sign it. All of it is foreign.

import type { Field, Format, Operand } from "./model.ts";
import { pathText } from "./path.ts";

/** "Amount to repay: amount as tokenAmount of asset" */
export function summaryOf({ shows }: Format): readonly string[] {
  return shows.flatMap((field) => linesOf(field, ""));
}

function linesOf(field: Field, within: string): readonly string[] {
  if (field.kind === "group") {
    const path = pathText(field.path);
    return field.fields.flatMap((one) => linesOf(one, path === "" ? within : `${within}${path} / `));
  }
  const { label, of, format, params, mustMatch } = field;
  const token = params.token ? ` of ${operandText(params.token)}` : "";
  const callee = params.callee ? ` to ${operandText(params.callee)}` : "";
  const unit = params.base === undefined ? "" : ` in ${params.base}, ${params.decimals} decimals`;
  const words = params.values
    ? ` (${[...params.values].map(([value, word]) => `${value}: ${word}`).join(", ")})`
    : "";
  const coin = params.coin?.length ? `, the coin where that is ${params.coin.join(" or ")}` : "";
  const must = mustMatch ? `, only ${mustMatch.join(" or ")}` : "";
  return [`${label}: ${within}${operandText(of)} as ${format}${token}${coin}${callee}${unit}${words}${must}`];
}

function operandText(operand: Operand): string {
  return operand.kind === "path" ? pathText(operand.path) : `"${operand.text}"`;
}
