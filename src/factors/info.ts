// What a key says that it can do (CTAP 2.1, 6.4), as far as Firn asks.

import { refuse } from "../refusal.ts";
import { MOST_CREDENTIAL_BYTES } from "./authenticator-data.ts";
import type { Cbor, CborMap } from "./cbor.ts";
import type { Conversation } from "./conversation.ts";
import { ctap } from "./conversation.ts";
import { bytesIn, countIn, isTrue, listIn } from "./fields.ts";
import type { ProtocolVersion } from "./pin-protocol.ts";
import { ES256 } from "./point.ts";
import { wellDone } from "./status.ts";

const GET_INFO = 0x04;

export interface Info {
  readonly aaguid: Uint8Array;
  readonly protocol: ProtocolVersion;
  /** How this key can tell its owner: by itself (a finger), or by its own PIN; undefined where neither is set. */
  readonly verifies: { readonly itself: boolean; readonly pin: boolean } | undefined;
  /** It gives tokens with permissions (CTAP 2.1). */
  readonly permissions: boolean;
  /** The longest credential id that it can be asked about, bytes. */
  readonly longestId: number;
}

/**
 * Throws Refusal factor.no-hmac-secret where it has no hmac-secret though a `secret` is wanted, no ES256, or no
 * protocol that Firn speaks.
 */
export function* getInfo(channel: number, secret: boolean): Conversation<Info> {
  const map = wellDone(yield* ctap(channel, GET_INFO), "getInfo");
  if (secret && !(listIn(map, 2, "extensions") ?? []).includes("hmac-secret"))
    refuse("factor.no-hmac-secret", "it has no hmac-secret");
  const algorithms = listIn(map, 10, "algorithms");
  if (algorithms && !algorithms.some(isEs256)) refuse("factor.no-hmac-secret", "it does not sign with ES256");
  const found = map.get(4);
  const options: CborMap = found instanceof Map ? found : new Map();
  const [itself, pin] = [isTrue(options, "uv"), isTrue(options, "clientPin")];
  return {
    aaguid: bytesIn(map, 3, "AAGUID", 16),
    protocol: protocolOf(listIn(map, 6, "protocols") ?? [1]),
    verifies: itself || pin ? { itself, pin } : undefined,
    permissions: isTrue(options, "pinUvAuthToken"),
    longestId: map.has(8) ? countIn(map, 8, "longest credential", 65_535) : MOST_CREDENTIAL_BYTES,
  };
}

function isEs256(entry: Cbor): boolean {
  return entry instanceof Map && entry.get("alg") === ES256;
}

function protocolOf(spoken: readonly Cbor[]): ProtocolVersion {
  if (spoken.includes(2)) return 2;
  return spoken.includes(1)
    ? 1
    : refuse("factor.no-hmac-secret", "it speaks no PIN/UV auth protocol that Firn does");
}
