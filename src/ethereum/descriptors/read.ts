// A descriptor (ERC 7730) from its JSON: every member known, every path and format checked, bound to contracts by name.

import { keccak_256 } from "@noble/hashes/sha3.js";
import { toHex } from "../../bytes.ts";
import { readAddress } from "../../eip55.ts";
import { LIMITS } from "../../limits.ts";
import { refuse } from "../../refusal.ts";
import { shown, utf8 } from "../../text.ts";
import { readSignature } from "../abi.ts";
import { readFields } from "./fields.ts";
import {
  canonical,
  count,
  type Json,
  type JsonObject,
  list,
  malformed,
  object,
  only,
  readDescriptorJson,
  string,
} from "./json.ts";
import type { Deployment, Descriptor, Format } from "./model.ts";
import { checkPaths } from "./types.ts";

/** As its maker writes it. Throws Refusal descriptor.*. */
export function readDescriptor(text: string): Descriptor {
  const root = readDescriptorJson(text);
  if (root.has("includes")) refuse("descriptor.includes", shown(textOr(root.get("includes"), "")));
  only(root, ["context", "metadata", "display"], "descriptor");
  checkVersion(root);
  const context = object(root.get("context"), "context");
  const metadata = root.has("metadata") ? object(root.get("metadata"), "metadata") : new Map();
  only(metadata, ["owner", "contractName", "info", "token", "constants", "enums", "maps"], "metadata");
  const display = object(root.get("display"), "display");
  only(display, ["definitions", "formats"], "display");
  const bound = readContext(context);
  const formats = [...object(display.get("formats"), "display.formats")].map(([key, json]) =>
    readFormat(key, json, { root, typed: bound.domain !== undefined }),
  );
  if (formats.length === 0) malformed("display.formats");
  if (new Set(formats.map(({ key }) => key)).size !== formats.length)
    refuse("descriptor.twice", "display.formats");
  const owner = textOr(metadata.get("owner"), "");
  const name = textOr(metadata.get("contractName"), textOr(context.get("$id"), owner));
  return { text: canonical({ kind: "object", members: root }), name, owner, ...bound, formats };
}

/** What was written by `canonical` alone. Throws Refusal descriptor.*. */
export function readKeptDescriptor(text: string): Descriptor {
  const read = readDescriptor(text);
  return read.text === text ? read : refuse("descriptor.not-json", "it is not written as it must be");
}

function textOr(json: Json | undefined, other: string): string {
  return json?.kind === "string" ? json.text : other;
}

function checkVersion(root: JsonObject): void {
  const schema = string(root.get("$schema"), "$schema");
  if (!/erc7730-v[12](\.\d+)*\.schema\.json$/.test(schema)) refuse("descriptor.version", shown(schema));
}

function readContext(context: JsonObject): Pick<Descriptor, "deployments" | "domain"> {
  only(context, ["contract", "eip712"], "context");
  const [contract, typed] = [context.get("contract"), context.get("eip712")];
  if ((contract === undefined) === (typed === undefined)) return malformed("context");
  if (contract !== undefined) {
    const members = object(contract, "context.contract");
    only(members, ["deployments", "abi"], "context.contract");
    return { deployments: readDeployments(members) };
  }
  const members = object(typed, "context.eip712");
  only(members, ["deployments", "domain", "schemas"], "context.eip712");
  const domain = members.has("domain") ? object(members.get("domain"), "context.eip712.domain") : new Map();
  return { deployments: readDeployments(members), domain: readDomain(domain) };
}

function readDeployments(members: JsonObject): readonly Deployment[] {
  const items = members.has("deployments") ? list(members.get("deployments"), "context.deployments") : [];
  if (items.length === 0) refuse("descriptor.not-bound");
  if (items.length > LIMITS.policyDestinations) malformed("context.deployments");
  return items.map((item, i) => {
    const place = `context.deployments[${i}]`;
    const one = object(item, place);
    only(one, ["chainId", "address"], place);
    const chainId = count(one.get("chainId"), `${place}.chainId`);
    const address = readAddress(string(one.get("address"), `${place}.address`));
    if (address === undefined || address === "checksum" || chainId === 0) return malformed(place);
    return { chainId: BigInt(chainId), address };
  });
}

const DOMAIN = ["name", "version", "chainId", "verifyingContract"];

function readDomain(domain: JsonObject): ReadonlyMap<string, string> {
  only(domain, DOMAIN, "context.eip712.domain");
  return new Map(
    [...domain].map(([name, json]) => {
      if (json.kind !== "string" && json.kind !== "number") return malformed(`context.eip712.domain.${name}`);
      return [name, json.text];
    }),
  );
}

interface Frame {
  readonly root: JsonObject;
  readonly typed: boolean;
}

const FORMAT = ["intent", "interpolatedIntent", "fields", "required", "excluded", "screens"];

function readFormat(written: string, json: Json, { root, typed }: Frame): Format {
  const place = `display.formats.${shown(written)}`;
  const format = object(json, place);
  only(format, FORMAT, place);
  const shows = readFields(list(format.get("fields"), `${place}.fields`), { root, place });
  const intent = intentOf(format.get("intent"), place);
  if (typed) return { key: written, written, args: [], intent, shows };
  const signature = readSignature(written.replaceAll(", ", ","));
  if (signature === undefined) return refuse("descriptor.function", shown(written, 200));
  checkPaths(signature.fields, shows, written);
  const key = `0x${toHex(keccak_256(utf8(signature.canonical)).subarray(0, 4))}`;
  return { key, written, args: signature.fields, intent, shows };
}

/** A text, or several with a label each. */
function intentOf(json: Json | undefined, place: string): string {
  if (json === undefined) return "";
  if (json.kind === "string") return json.text;
  const parts = [...object(json, `${place}.intent`)];
  return parts.map(([label, text]) => `${label}: ${string(text, `${place}.intent`)}`).join(", ");
}
