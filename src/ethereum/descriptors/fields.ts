// The fields of one format: what each shows, how, and what it must be.

import { readAddress } from "../../eip55.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { shown } from "../../text.ts";
import { count, type Json, type JsonObject, list, malformed, object, only, string } from "./json.ts";
import { type Field, FORMATS, type FormatName, type Operand, type Params } from "./model.ts";
import { readPath } from "./path.ts";

interface Frame {
  readonly root: JsonObject;
  readonly place: string;
}

const FIELD = ["path", "value", "label", "format", "params", "visible", "fields", "iteration", "separator"];

/** Throws Refusal descriptor.*. Those that ERC 7730 hides are left out: Firn shows them as they are. */
export function readFields(items: readonly Json[], frame: Frame): readonly Field[] {
  if (items.length > LIMITS.typedFields) malformed(`${frame.place}.fields`);
  return items.flatMap(
    (item, i) => readField(item, { ...frame, place: `${frame.place}.fields[${i}]` }) ?? [],
  );
}

function readField(json: Json, frame: Frame): Field | undefined {
  const field = resolved(object(json, frame.place), frame);
  only(field, FIELD, frame.place);
  const path = field.has("path") ? string(field.get("path"), `${frame.place}.path`) : undefined;
  if (field.has("fields")) {
    const inner = readFields(list(field.get("fields"), `${frame.place}.fields`), frame);
    return { kind: "group", path: readPath(path ?? ""), fields: inner };
  }
  const visible = field.get("visible");
  if (visible?.kind === "string" && visible.text === "never") return undefined;
  const format = formatOf(field.get("format"), frame);
  const rule = mustMatch(visible, frame);
  return {
    kind: "field",
    label: field.has("label") ? string(field.get("label"), `${frame.place}.label`) : (path ?? ""),
    of: operandOf(field.get("path") ?? field.get("value"), field.has("path"), frame),
    format,
    params: readParams(format, field.get("params"), frame),
    ...(rule === undefined ? {} : { mustMatch: rule }),
  };
}

/** With what its $ref leads to under display.definitions; what stands here counts more. */
function resolved(field: JsonObject, { root, place }: Frame): JsonObject {
  const ref = field.get("$ref");
  if (ref === undefined) return field;
  const [, name] = /^\$\.display\.definitions\.([\w$]+)$/.exec(string(ref, place)) ?? [];
  const found = name === undefined ? undefined : at(root, ["display", "definitions", name]);
  if (found === undefined) return refuse("descriptor.path", shown(string(ref, place)));
  const definition = object(found, place);
  if (definition.has("$ref") || definition.has("fields")) return malformed(`${place}.$ref`);
  const params = [definition, field].flatMap((one) =>
    one.has("params") ? [...object(one.get("params"), `${place}.params`)] : [],
  );
  const merged = new Map([...definition, ...field]);
  if (params.length > 0) merged.set("params", { kind: "object", members: new Map(params) });
  return merged;
}

function at(root: JsonObject, names: readonly string[]): Json | undefined {
  let found: Json | undefined = { kind: "object", members: root };
  for (const name of names) found = found?.kind === "object" ? found.members.get(name) : undefined;
  return found;
}

function formatOf(json: Json | undefined, { place }: Frame): FormatName {
  if (json === undefined) return "raw";
  const name = string(json, `${place}.format`);
  return (
    FORMATS.find((one) => one === name) ?? refuse("descriptor.format", `${shown(name)} at ${shown(place)}`)
  );
}

/** never, always, optional, or rules; one of them is a check. */
function mustMatch(json: Json | undefined, { place }: Frame): readonly string[] | undefined {
  if (json === undefined || json.kind === "string" || json.kind === "word") return undefined;
  const rules = object(json, `${place}.visible`);
  only(rules, ["ifNotIn", "mustMatch"], `${place}.visible`);
  if (!rules.has("mustMatch")) return undefined;
  return list(rules.get("mustMatch"), `${place}.visible`).map((one) =>
    "text" in one ? one.text : malformed(`${place}.visible`),
  );
}

// ---------------------------------------------------------------- values and constants

/** A path, or a constant: where it begins with $., what stands under metadata.constants. */
function operandOf(json: Json | undefined, isPath: boolean, { root, place }: Frame): Operand {
  if (json?.kind === "object") return refuse("descriptor.format", `a map at ${shown(place)}`);
  const text = json !== undefined && "text" in json ? json.text : malformed(place);
  const [, name] = /^\$\.metadata\.constants\.([\w$]+)$/.exec(text) ?? [];
  if (name !== undefined) {
    const constant = at(root, ["metadata", "constants", name]);
    if (constant === undefined || !("text" in constant)) return refuse("descriptor.path", shown(text));
    return { kind: "constant", text: constant.text };
  }
  if (text.startsWith("$.")) return refuse("descriptor.path", shown(text));
  return isPath ? { kind: "path", path: readPath(text) } : { kind: "constant", text };
}

/** What each format may be told. What stands behind the bar says how others look names up, or is left unused. */
const PARAMS: Readonly<Record<FormatName, readonly string[]>> = {
  raw: [],
  amount: [],
  tokenAmount: ["tokenPath", "token", "nativeCurrencyAddress", "threshold", "message"],
  nftName: ["collectionPath", "collection"],
  date: ["encoding"],
  duration: [],
  unit: ["base", "decimals", "prefix"],
  enum: [],
  chainId: [],
  addressName: ["types", "sources", "senderAddress"],
  tokenTicker: [],
  calldata: ["calleePath", "callee", "amountPath", "amount", "spenderPath", "spender"],
};

function readParams(format: FormatName, json: Json | undefined, frame: Frame): Params {
  const place = `${frame.place}.params`;
  const params: JsonObject = json === undefined ? new Map() : object(json, place);
  for (const name of params.keys())
    if (!name.startsWith("$") && !PARAMS[format].includes(name))
      refuse("descriptor.format", `${format}: ${shown(name)} at ${shown(place)}`);
  switch (format) {
    case "tokenAmount":
      return {
        ...named("token", either(params, "token", frame)),
        coin: coinMarks(params.get("nativeCurrencyAddress"), frame),
      };
    case "date":
      return { block: dateEncoding(params.get("encoding"), place) === "blockheight" };
    case "unit":
      return unitParams(params, place);
    case "enum":
      return { values: enumOf(params.get("$ref"), frame) };
    case "calldata":
      return {
        ...named("callee", either(params, "callee", frame)),
        ...named("amount", either(params, "amount", frame)),
      };
    default:
      return {};
  }
}

function named<K extends string>(name: K, operand: Operand | undefined): { [key in K]?: Operand } {
  return (operand === undefined ? {} : { [name]: operand }) as { [key in K]?: Operand };
}

/** xPath, or x: never both. */
function either(params: JsonObject, name: string, frame: Frame): Operand | undefined {
  const [path, constant] = [params.get(`${name}Path`), params.get(name)];
  if (path !== undefined && constant !== undefined) return malformed(`${frame.place}.params.${name}`);
  if (path === undefined && constant === undefined) return undefined;
  return operandOf(path ?? constant, path !== undefined, frame);
}

function coinMarks(json: Json | undefined, frame: Frame): readonly string[] {
  if (json === undefined) return [];
  const items = json.kind === "array" ? json.items : [json];
  return items.map((item) => {
    const operand = operandOf(item, false, frame);
    const address = operand.kind === "constant" ? readAddress(operand.text) : undefined;
    if (address === undefined || address === "checksum") return malformed(`${frame.place}.params`);
    return address.toLowerCase();
  });
}

function dateEncoding(json: Json | undefined, place: string): string {
  const encoding = string(json, `${place}.encoding`);
  return encoding === "timestamp" || encoding === "blockheight" ? encoding : malformed(`${place}.encoding`);
}

function unitParams(params: JsonObject, place: string): Params {
  const decimals = params.has("decimals") ? count(params.get("decimals"), `${place}.decimals`) : 0;
  if (decimals > 77) malformed(`${place}.decimals`);
  return { base: string(params.get("base"), `${place}.base`), decimals };
}

function enumOf(json: Json | undefined, { root, place }: Frame): ReadonlyMap<string, string> {
  const text = string(json, `${place}.params.$ref`);
  const [, name] = /^\$\.metadata\.enums\.([\w$]+)$/.exec(text) ?? [];
  const found = name === undefined ? undefined : at(root, ["metadata", "enums", name]);
  if (found === undefined) return refuse("descriptor.path", shown(text));
  return new Map([...object(found, text)].map(([value, one]) => [value, string(one, text)]));
}
