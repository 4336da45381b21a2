// The two parts that are not JavaScript: onoff's epoll, compiled here for the very Node that will load it, and
// node-hid's, which its authors compiled against an interface that no Node changes.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Arch, NODE_ARCH, toolFor } from "./app-node.ts";

/** As Node's own build files have it for an addon; paths of the building machine are mapped away. */
const FLAGS = [
  ...["-std=gnu++20", "-O2", "-fPIC", "-pthread", "-shared", "-fno-rtti", "-fno-exceptions"],
  ...["-fno-omit-frame-pointer", "-fno-strict-aliasing", "-fstack-protector-strong", "-D_FORTIFY_SOURCE=2"],
  ...["-DNODE_GYP_MODULE_NAME=epoll", "-DBUILDING_NODE_EXTENSION", "-DUSING_UV_SHARED", "-DUSING_V8_SHARED"],
  ...["-D_GLIBCXX_USE_CXX11_ABI=1", "-D_FILE_OFFSET_BITS=64", "-D_LARGEFILE_SOURCE"],
  ...["-Wno-deprecated-declarations", "-Wno-cast-function-type"],
  ...["-Wl,--build-id=none", "-Wl,-soname=epoll.node", "-Wl,-z,relro", "-Wl,-z,now", "-Wl,--strip-all"],
] as const;

/** Target path → bytes of every native part that the reached packages load. */
export function nativeParts(
  root: string,
  arch: Arch,
  node: string,
  cache: string,
  packages: ReadonlySet<string>,
): ReadonlyMap<string, Uint8Array> {
  const parts = new Map<string, Uint8Array>();
  if (packages.has("node-hid")) {
    const file = `node_modules/node-hid/prebuilds/HID_hidraw-linux-${NODE_ARCH[arch]}/node-napi-v4.node`;
    parts.set(file, readFileSync(join(root, file)));
  }
  if (packages.has("epoll"))
    parts.set("node_modules/epoll/build/Release/epoll.node", buildEpoll(root, arch, node, cache));
  return parts;
}

export function buildEpoll(root: string, arch: Arch, node: string, cache: string): Uint8Array {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "epoll-"));
  const modules = join(root, "node_modules");
  try {
    const out = join(folder, "epoll.node");
    const maps = [`-ffile-prefix-map=${modules}=.`, `-ffile-prefix-map=${node}=node`];
    const includes = [`-I${join(node, "include/node")}`, `-I${join(modules, "nan")}`];
    const sources = [join(modules, "epoll/src/epoll.cc")];
    execFileSync(toolFor(arch, "g++"), [...FLAGS, ...maps, ...includes, ...sources, "-o", out]);
    return readFileSync(out);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
