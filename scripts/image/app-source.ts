// One source file as it stands on a machine: its types blanked, line for line and column for column, and the names
// of the files that it loads with them.

import { stripTypeScriptTypes } from "node:module";

/** How a name is looked up: as import and as require a package may give different files; a URL is always a path. */
export type Way = "import" | "require" | "url";

export interface Load {
  readonly name: string;
  readonly way: Way;
}

/** Every way in which our files and the packages' name another file in so many words. */
const LOADS: readonly { readonly way: Way; readonly pattern: RegExp }[] = [
  { way: "import", pattern: /\b(?:import|export)\b[^"';()=]*?\bfrom\s*(["'])([^"'\n]+)\1/g },
  { way: "import", pattern: /\bimport\s*(["'])([^"'\n]+)\1/g },
  { way: "import", pattern: /\bimport\(\s*(["'])([^"'\n]+)\1\s*\)/g },
  { way: "import", pattern: /\bimport\.meta\.resolve\(\s*(["'])([^"'\n]+)\1\s*\)/g },
  { way: "require", pattern: /\brequire\(\s*(["'])([^"'\n]+)\1\s*\)/g },
  { way: "require", pattern: /\bcreateRequire\(import\.meta\.url\)\.resolve\(\s*(["'])([^"'\n]+)\1\s*\)/g },
  { way: "url", pattern: /\bnew URL\(\s*(["'])([^"'\n]+)\1,\s*import\.meta\.url\s*\)/g },
];

/** What this JavaScript loads by name. Lines that are comments load nothing. */
export function loadsOf(text: string): Load[] {
  const code = text.replace(/^\s*(\/\/|\/?\*).*$/gm, "");
  return LOADS.flatMap(({ way, pattern }) =>
    Array.from(code.matchAll(pattern), (match) => ({ name: match[2]!, way })),
  );
}

/** The same program in JavaScript: every line where it was, and .js where a .ts was named. */
export function toJavaScript(typescript: string): string {
  const text = stripTypeScriptTypes(typescript, { mode: "strip" });
  return LOADS.reduce(
    (code, { pattern }) =>
      code.replace(pattern, (whole: string, _quote, name: string) =>
        name.startsWith(".") ? whole.replace(name, javaScriptName(name)) : whole,
      ),
    text,
  );
}

export function javaScriptName(path: string): string {
  return path.replace(/\.ts$/, ".js");
}
