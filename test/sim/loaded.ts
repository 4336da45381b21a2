// Preloaded into every process of a play (NODE_OPTIONS=--import): writes down all that is loaded, one file a process.

import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { basename, join } from "node:path";

const file = join(process.env.LOADED!, `${basename(process.argv[1] ?? "none")}.${process.pid}`);
const seen = new Set<string>();

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    if (!seen.has(resolved.url)) appendFileSync(file, `${resolved.url}\n`);
    seen.add(resolved.url);
    return resolved;
  },
});
