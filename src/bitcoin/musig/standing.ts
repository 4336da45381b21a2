// How far the cosigners of an input have come in the two rounds of BIP 327, by the rows of BIP 373: everything that is
// there is checked, and what is wrong is refused with the name of the cosigner that it came from.

import { nonceAggregate, Session } from "@scure/btc-signer/musig2.js";
import { concat, equal, toHex } from "../../bytes.ts";
import type { Curve } from "../../model.ts";
import { refuse } from "../../refusal.ts";
import { shown } from "../../text.ts";
import { INPUT } from "../psbt/fields.ts";
import type { Row, Rows } from "../psbt/rows.ts";
import type { Derived, Wallet } from "../wallet.ts";
import { type Group, type Groups, type Place, placesOf } from "./places.ts";

/** Of one place for a signature; in the order of its members. */
export interface Standing {
  readonly place: Place;
  readonly digest: Uint8Array;
  readonly nonces: readonly (Uint8Array | undefined)[];
  /** Each verified. */
  readonly partials: readonly (Uint8Array | undefined)[];
}

export interface Signing {
  readonly rows: Rows;
  readonly wallet: Wallet;
  readonly derived: Derived;
  /** Of what a partial signature commits with. */
  readonly digestOf: (leafHash?: Uint8Array) => Uint8Array;
  /** "input 2" */
  readonly where: string;
}

/**
 * Every place of an input of ours where keys sign together. Throws Refusal bitcoin.musig-participants (a row is about
 * keys that are not the wallet's), bitcoin.musig-nonce-wrong or bitcoin.musig-partial-wrong.
 */
export function standingsOf(signing: Signing, curve: Curve, groupsOf: Groups): Standing[] {
  const { rows, wallet, derived, digestOf, where } = signing;
  const places = placesOf(wallet, derived, curve, groupsOf);
  checkParticipants(rows, INPUT.musigParticipants, places, where);
  const left = rowsByName(rows);
  const find = (place: Place, type: number) =>
    place.members.map((_, member) => left.get(nameOf(type, keyOf(place, member)))?.value);
  const standings = places.map((place) => ({
    place,
    digest: digestOf(place.leafHash),
    nonces: find(place, INPUT.musigNonce),
    partials: find(place, INPUT.musigPartial),
  }));
  for (const place of places)
    for (const member of place.members.keys())
      for (const type of [INPUT.musigNonce, INPUT.musigPartial])
        left.delete(nameOf(type, keyOf(place, member)));
  for (const row of left.values()) refuse("bitcoin.musig-participants", `${where}: ${aboutOf(row)}`);
  for (const standing of standings) checkValues(standing, wallet, where);
  return standings;
}

function rowsByName(rows: Rows): Map<string, Row> {
  const its = rows.filter(({ type }) => type === INPUT.musigNonce || type === INPUT.musigPartial);
  return new Map(its.map((row) => [nameOf(row.type, row.key), row]));
}

function nameOf(type: number, key: Uint8Array): string {
  return `${type} ${toHex(key)}`;
}

function aboutOf({ type, key }: Row): string {
  const what = type === INPUT.musigNonce ? "a nonce" : "a partial signature";
  return `${what} by key ${toHex(key.subarray(0, 4))}..., for key ${toHex(key.subarray(33, 37))}...`;
}

/**
 * What a PSBT says of who signs together must be what the wallet says: the participants of each key, in order.
 * Throws Refusal bitcoin.musig-participants. `type`: of the row, in an input or in an output.
 */
export function checkParticipants(rows: Rows, type: number, of: readonly Group[], where: string): void {
  for (const row of rows) {
    if (row.type !== type) continue;
    const group = of.find(({ aggregate }) => equal(aggregate, row.key));
    const named = `${where}: key ${toHex(row.key.subarray(0, 4))}...`;
    if (!group) refuse("bitcoin.musig-participants", named);
    if (!equal(concat(...group.members.map(({ publicKey }) => publicKey)), row.value))
      refuse("bitcoin.musig-participants", `${named} of other participants`);
  }
}

/** BIP 373: participant, signing key, and the leaf's hash unless it is the key path. */
export function keyOf({ members, signing, leafHash }: Place, member: number): Uint8Array {
  return concat(members[member]!.publicKey, signing, leafHash ?? new Uint8Array(0));
}

function checkValues(standing: Standing, wallet: Wallet, where: string): void {
  const { place, nonces, partials } = standing;
  const by = (member: number) => `${where}: ${memberName(wallet, place, member)}`;
  for (const [i, nonce] of nonces.entries())
    if (nonce && !isNonce(nonce)) refuse("bitcoin.musig-nonce-wrong", by(i));
  const there = partials.flatMap((partial, member) => (partial ? [{ partial, member }] : []));
  if (there.length === 0) return;
  const session =
    sessionOf(standing) ?? refuse("bitcoin.musig-partial-wrong", `${where}: a nonce is missing`);
  const wrong = there.filter(({ partial, member }) => !session.verifies(partial, member));
  if (wrong.length === 0) return;
  const names = wrong.map(({ member }) => memberName(wallet, place, member)).join(", ");
  const since = wrong.length > 1 && wrong.length === there.length ? "; a nonce was changed since" : "";
  refuse("bitcoin.musig-partial-wrong", `${where}: ${names}${since}`);
}

/** As a file called its holder, else by the fingerprint of the master key. */
export function memberName({ keys }: Wallet, { members }: Group, member: number): string {
  const { key, publicKey } = members[member]!;
  if (key === undefined) return `key ${toHex(publicKey.subarray(0, 4))}...`;
  const { name, fingerprint } = keys[key]!;
  return name === undefined ? `cosigner ${fingerprint}` : `${shown(name)} (${fingerprint})`;
}

/** Two points, neither of them at infinity. */
function isNonce(nonce: Uint8Array): boolean {
  try {
    nonceAggregate([nonce]);
    return true;
  } catch {
    return false;
  }
}

/** What all of them sign, once every nonce is there; undefined before. */
export function sessionOf({ place, digest, nonces }: Standing) {
  const all = nonces.flatMap((nonce) => nonce ?? []);
  if (all.length < nonces.length) return undefined;
  const session = new Session(
    nonceAggregate(all),
    place.members.map(({ publicKey }) => publicKey),
    digest,
    place.tweaks.map(({ tweak }) => tweak),
    place.tweaks.map(({ xonly }) => xonly),
  );
  return {
    verifies: (partial: Uint8Array, member: number) => session.partialSigVerify(partial, all, member),
    /** 64 bytes, of all partial signatures. */
    sum: (partials: readonly Uint8Array[]) => session.partialSigAgg([...partials]),
  };
}
