// Device trees: what could carry a word away is found, switched off, and looked for again by another reader than the one
// that edited.

import { readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Carrier } from "../../device/boards/board.ts";
import { BuildError, run } from "./run.ts";

export interface Node {
  /** "/soc/mmc@7e300000" */
  readonly path: string;
  readonly properties: ReadonlyMap<string, Buffer>;
}

const MAGIC = 0xd00dfeed;
const BEGIN = 1;
const END = 2;
const PROPERTY = 3;
const NOTHING = 4;
const LAST = 9;

/** A flattened device tree (version 17), node by node from its root. */
export function readTree(bytes: Buffer): Node[] {
  if (bytes.length < 40 || bytes.readUInt32BE(0) !== MAGIC) throw new BuildError("this is no device tree");
  const names = bytes.readUInt32BE(12);
  const nodes: Node[] = [];
  const open: { path: string; properties: Map<string, Buffer> }[] = [];
  for (let at = bytes.readUInt32BE(8); ; ) {
    const token = bytes.readUInt32BE(at);
    at += 4;
    if (token === BEGIN) {
      const name = textAt(bytes, at);
      at += aligned(name.length + 1);
      const parent = open.at(-1)?.path ?? "";
      const node = { path: `${parent === "/" ? "" : parent}/${name}`, properties: new Map<string, Buffer>() };
      nodes.push(node);
      open.push(node);
    } else if (token === PROPERTY) {
      const size = bytes.readUInt32BE(at);
      const name = textAt(bytes, names + bytes.readUInt32BE(at + 4));
      open.at(-1)!.properties.set(name, bytes.subarray(at + 8, at + 8 + size));
      at += 8 + aligned(size);
    } else if (token === END) open.pop();
    else if (token === LAST) return nodes;
    else if (token !== NOTHING)
      throw new BuildError(`a device tree has a token that does not exist: ${token}`);
  }
}

const aligned = (size: number) => Math.ceil(size / 4) * 4;

function textAt(bytes: Buffer, at: number): string {
  return bytes.toString("latin1", at, bytes.indexOf(0, at));
}

/** By a node's name, or by what a driver would know it by. */
const SIGNS: readonly (readonly [Carrier, RegExp, RegExp])[] = [
  ["ethernet", /^ethernet(@|$)/, /genet-v|,gem$|,macb$|-gem$|^usb424,|lan78/],
  ["wifi", /^(wifi|wlan|mmcnr)(@|$)/, /fmac|wifi|wlan/],
  ["bluetooth", /^bluetooth(@|$)/, /-bt$|bluetooth/],
];

const nameOf = (node: Node) => node.path.slice(node.path.lastIndexOf("/") + 1);
const textsOf = (value: Buffer | undefined) => (value?.toString("latin1") ?? "").split("\0").filter(Boolean);

export function carrierOf(node: Node): Carrier | undefined {
  const drivers = textsOf(node.properties.get("compatible"));
  const found = SIGNS.find(
    ([, name, driver]) => name.test(nameOf(node)) || drivers.some((one) => driver.test(one)),
  );
  return found?.[0];
}

export interface Found {
  readonly path: string;
  readonly carrier: Carrier;
}

/** All of a tree, on or off. A radio hangs on a bus of its own, which finds it without the tree: so the bus counts too. */
export function carriers(tree: readonly Node[]): Found[] {
  return tree.flatMap((node) => {
    const carrier = carrierOf(node);
    if (carrier === undefined) return [];
    const bus = carrier === "wifi" && /^(wifi|wlan)(@|$)/.test(nameOf(node)) ? dirname(node.path) : "/";
    return [...(bus === "/" ? [] : [{ path: bus, carrier }]), { path: node.path, carrier }];
  });
}

/** Not switched off, and in nothing that is. */
export function isOn(tree: readonly Node[], path: string): boolean {
  return tree
    .filter((node) => path === node.path || path.startsWith(`${node.path === "/" ? "" : node.path}/`))
    .every((node) => ["", "ok", "okay"].includes(textsOf(node.properties.get("status"))[0] ?? ""));
}

/** USB ports that could make the board a device at another's port: they are made hosts. */
function gadgets(tree: readonly Node[]): string[] {
  return tree
    .filter((node) => !["", "host"].includes(textsOf(node.properties.get("dr_mode"))[0] ?? ""))
    .map((node) => node.path);
}

/** Edits the file. What is soldered on must be found; nothing that carries may be left on. */
export function silence(file: string, title: string, soldered: readonly Carrier[]): void {
  const before = readTree(readFileSync(file));
  const found = carriers(before);
  const missing = soldered.filter((one) => !found.some(({ carrier }) => carrier === one));
  if (missing.length > 0)
    throw new BuildError(
      `${title}: its tree names no ${missing.join(" and no ")}, so it cannot be switched off`,
    );
  for (const { path } of found) run("fdtput", ["-t", "s", file, path, "status", "disabled"]);
  for (const path of gadgets(before)) run("fdtput", ["-t", "s", file, path, "dr_mode", "host"]);
  const after = readTree(readFileSync(file));
  const left = [
    ...carriers(after)
      .map(({ path }) => path)
      .filter((path) => isOn(after, path)),
    ...gadgets(after),
  ];
  if (left.length > 0) throw new BuildError(`${title}: still on in its tree: ${left.join(" ")}`);
}

/** The tree, silenced. */
export function silenced(bytes: Buffer, work: string, title: string, soldered: readonly Carrier[]): Buffer {
  writeFileSync(work, bytes);
  silence(work, title, soldered);
  return readFileSync(work);
}
