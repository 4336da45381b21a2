// Says in words that Node is too old, before it meets a file that it cannot read. Loaded with --require by the
// npm scripts, in the same process. Written so that any Node understands it.

var parts = process.versions.node.split(".");
if (Number(parts[0]) < 24 || (Number(parts[0]) === 24 && Number(parts[1]) < 12)) {
  process.stderr.write(
    "Firn needs Node 24.12 or later; this is Node " +
      process.versions.node +
      ".\nOn Linux (x64, arm64) it comes with Firn's packages: npm ci. Elsewhere install it from https://nodejs.org, then start again.\n",
  );
  process.exit(2);
}

// What Node strips and compiles of Firn's TypeScript is kept beside the packages (device/sim/three.ts does the same
// for its processes).
var enable = require("node:module").enableCompileCache;
if (enable) enable(require("node:path").join(__dirname, "..", "node_modules", ".cache", "firn"));
