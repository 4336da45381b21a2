// What a name on the web may look like (RFC 3986), as far as signing in goes by it.

const UNRESERVED = "[A-Za-z0-9._~-]";
const ENCODED = "%[0-9A-Fa-f]{2}";
const SUB = "[!$&'()*+,;=]";
export const PCHAR = `(?:${UNRESERVED}|${ENCODED}|${SUB}|[:@])`;
const SCHEME = "[A-Za-z][A-Za-z0-9+.-]*";
const USER = `(?:${UNRESERVED}|${ENCODED}|${SUB}|:)*`;
const NAME = `(?:${UNRESERVED}|${ENCODED}|${SUB})*`;

export interface Authority {
  readonly user?: string;
  /** In small letters. */
  readonly host: string;
  readonly port?: string;
}

export interface Uri {
  /** In small letters. */
  readonly scheme: string;
  /** Absent of such as "urn:…". */
  readonly authority?: Authority;
}

/** A host must be there: nobody signs in at nothing. */
export function readAuthority(text: string): Authority | undefined {
  const [, user, host = "", port] =
    new RegExp(`^(?:(${USER})@)?(\\[[^\\]]*\\]|${NAME})(?::(\\d*))?$`).exec(text) ?? [];
  if (host === "" || (host.startsWith("[") && !isLiteral(host.slice(1, -1)))) return undefined;
  return {
    ...(user === undefined ? {} : { user }),
    host: host.toLowerCase(),
    ...(port === undefined ? {} : { port }),
  };
}

export function readUri(text: string): Uri | undefined {
  const tail = `(?:\\?((?:${PCHAR}|[/?])*))?(?:#((?:${PCHAR}|[/?])*))?$`;
  const [, scheme, rest = ""] = new RegExp(`^(${SCHEME}):(.*)$`).exec(text) ?? [];
  if (scheme === undefined) return undefined;
  if (!rest.startsWith("//")) {
    const path = `^(?:/(?:${PCHAR}+(?:/${PCHAR}*)*)?|${PCHAR}+(?:/${PCHAR}*)*)?`;
    return new RegExp(path + tail).test(rest) ? { scheme: scheme.toLowerCase() } : undefined;
  }
  const [, named = ""] = /^\/\/([^/?#]*)/.exec(rest) ?? [];
  if (!new RegExp(`^(?:/${PCHAR}*)*${tail}`).test(rest.slice(2 + named.length))) return undefined;
  // "file:///…" has an empty host.
  if (named === "") return { scheme: scheme.toLowerCase() };
  const authority = readAuthority(named);
  return authority && { scheme: scheme.toLowerCase(), authority };
}

function isLiteral(text: string): boolean {
  if (new RegExp(`^[vV][0-9A-Fa-f]+\\.(?:${UNRESERVED}|${SUB}|:)+$`).test(text)) return true;
  const [head = "", tail, more] = text.split("::");
  if (more !== undefined) return false;
  const [before, after] = [groupsOf(head, tail === undefined), groupsOf(tail ?? "", true)];
  if (before === undefined || after === undefined) return false;
  return tail === undefined ? before === 8 : before + after <= 7;
}

/** How many groups of 16 bits these are; an address of IPv4 at the end stands for two. */
function groupsOf(text: string, ends: boolean): number | undefined {
  if (text === "") return 0;
  const groups = text.split(":");
  const four = ends && isIpv4(groups.at(-1)!);
  const plain = four ? groups.slice(0, -1) : groups;
  return plain.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group)) ? plain.length + (four ? 2 : 0) : undefined;
}

function isIpv4(text: string): boolean {
  const numbers = text.split(".");
  return numbers.length === 4 && numbers.every((one) => /^(0|[1-9]\d{0,2})$/.test(one) && Number(one) < 256);
}
