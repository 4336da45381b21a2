// What is said of a message before it is signed.

import type { Act, ActFact } from "../../act.ts";
import { chainName } from "../../assets.ts";
import { LIMITS } from "../../limits.ts";
import type { Tone } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { actOf, caution, danger, fact, type Said, worst } from "../calls/making.ts";
import type { Context } from "../context.ts";
import type { Personal } from "./personal.ts";
import type { Moment, SignIn } from "./sign-in.ts";

export interface Words {
  /** The worst first. */
  readonly says: readonly string[];
  readonly tone: Tone;
}

export function saysOfPersonal(personal: Personal, context: Context): Words {
  const { text, signIn } = personal;
  const said = signIn ? signInSaid(signIn, context) : text === undefined ? [] : textSaid(text);
  const tone = worst([...said.map((one) => one.tone), ...actsOfPersonal(personal).map((act) => act.tone)]);
  const order = (one: Said) => (one.tone === "danger" ? 0 : 1);
  return { says: [...said].sort((a, b) => order(a) - order(b)).map((one) => one.text), tone };
}

/** None where people can read it. */
export function actsOfPersonal({ text, bytes }: Personal): readonly Act[] {
  if (text !== undefined) return [];
  const hash = bytes.length === 32;
  return [
    actOf(0, {
      title: "A message that nobody can read",
      facts: [
        fact("Bytes", { kind: "bytes", bytes }),
        fact("How many", { kind: "number", value: BigInt(bytes.length) }),
      ],
      said: [
        danger(
          hash
            ? "These 32 bytes may be a hash. Nobody can tell of what: of something that gives everything away, too."
            : "These bytes are no text. Nobody can tell what they stand for.",
          "unreadable message",
        ),
      ],
    }),
  ];
}

// ---------------------------------------------------------------- texts

function textSaid(text: string): readonly Said[] {
  const bare = text.trim();
  if (bare === "") return [caution("The message is empty.")];
  if (/^(0x)?[0-9a-fA-F]{64}$/.test(bare))
    return [caution("The text is a hash. Nobody can tell of what: sign it only if you made it yourself.")];
  if (/^(0x)?([0-9a-fA-F]{2}){33,}$/.test(bare))
    return [caution("The text is data in hex, a transaction perhaps. Nobody can read what it would do.")];
  if (bare.startsWith("{") && /"(types|primaryType|domain|to|data)"\s*:/.test(bare))
    return [caution("The text is data for programs, no words for people: look for what it would allow.")];
  return [];
}

// ---------------------------------------------------------------- signing in

/** The site first. Throws Refusal ethereum.sign-in-account. */
export function factsOfSignIn(signIn: SignIn, context: Context): readonly ActFact[] {
  const { address, scheme, domain, statement, chainId, requestId } = signIn;
  if (address !== context.account) refuse("ethereum.sign-in-account", address);
  const text = (label: string, value: string | undefined): readonly ActFact[] =>
    value === undefined ? [] : [fact(label, { kind: "text", text: value })];
  return [
    ...text("Site", scheme === undefined ? domain : `${scheme}://${domain}`),
    fact("Account", { kind: "address", address }),
    ...text("It says", statement),
    ...text("Page", signIn.uri),
    fact("Chain", { kind: "words", text: chainText(chainId) }),
    ...text("Issued at", signIn.issuedAt.text),
    ...text("Holds until", signIn.expires?.text),
    ...text("Holds from", signIn.notBefore?.text),
    ...text("Nonce", signIn.nonce),
    ...text("Request's id", requestId),
    ...signIn.resources.flatMap((resource, i) => text(`Resource ${i + 1}`, resource)),
  ];
}

function chainText(chainId: bigint): string {
  const name = chainName(chainId);
  return name.startsWith("chain ") ? name : `${name} (chain ${chainId})`;
}

function signInSaid(signIn: SignIn, context: Context): readonly Said[] {
  return [...siteSaid(signIn), ...timeSaid(signIn, context.nowSeconds), ...resourcesSaid(signIn)];
}

function siteSaid({ scheme, authority, subject }: SignIn): readonly Said[] {
  const { user, host } = authority;
  const page = subject.authority?.host;
  return [
    ...(user === undefined
      ? []
      : [danger(`What stands before "@" is no part of the site's name. The site is ${host}.`)]),
    ...(page === undefined || isAt(page, host)
      ? []
      : [danger("The page is of another site than the one that asks: somebody may pass your sign-in on.")]),
    ...(scheme === "http" || (scheme === undefined && subject.scheme === "http")
      ? [caution("The site is reached without encryption (http).")]
      : []),
    ...(host.startsWith("xn--") || host.includes(".xn--")
      ? [danger("The site's name has letters that can look like others (xn--).")]
      : []),
  ];
}

/** The site itself, or what stands below it: "app.example.com" of "example.com". */
function isAt(page: string, site: string): boolean {
  return page === site || page.endsWith(`.${site}`);
}

const DAY = 86_400n;

function timeSaid({ issuedAt, expires, notBefore }: SignIn, now: bigint): readonly Said[] {
  const far = (moment: Moment) => moment.seconds - now > BigInt(LIMITS.farDeadlineSeconds);
  return [
    ...(expires === undefined ? [caution("It names no end: the site alone decides how long it holds.")] : []),
    ...(expires && expires.seconds <= now ? [caution("By the date here its time is over already.")] : []),
    ...(expires && far(expires) ? [caution("It holds for more than 30 days.")] : []),
    ...(notBefore && notBefore.seconds > now ? [caution("It does not hold yet, by the date here.")] : []),
    ...(issuedAt.seconds > now + DAY ? [caution("It was issued in the future, by the date here.")] : []),
    ...(issuedAt.seconds < now - DAY
      ? [caution("It was issued more than a day ago, by the date here.")]
      : []),
  ];
}

function resourcesSaid({ resources }: SignIn): readonly Said[] {
  if (!resources.some((resource) => resource.toLowerCase().startsWith("urn:recap:"))) return [];
  return [danger("It grants more than signing in: a resource hands permissions over (ReCap).")];
}
