// Safe's own contracts, by their addresses. Source: safe-global/safe-deployments (MIT),
// commit d0989c95929c76e1723121566b3f2b764ffb94ee; docs/safe.md. They stand at the same addresses on every chain that has
// them; zkSync and its kin have others.

import type { Address } from "../../eip55.ts";
import type { SafeVersion } from "../../safe.ts";
import { CHAINS } from "../known/chains.ts";

export type Part =
  | "safe"
  | "factory"
  | "fallback handler"
  | "batch"
  | "batch of calls"
  | "message signing"
  | "contract creation"
  | "migration"
  | "set-up for rollups";

export interface Deployment {
  readonly part: Part;
  readonly version: SafeVersion;
}

const TABLE: Readonly<Record<Part, readonly (readonly [SafeVersion, ...Address[]])[]>> = {
  safe: [
    ["1.0.0", "0xb6029EA3B2c51D09a50B53CA8012FeEB05bDa35A"],
    ["1.1.1", "0x34CfAC646f301356fAa8B21e94227e3583Fe3F5F"],
    ["1.2.0", "0x6851D6fDFAfD08c0295C392436245E5bc78B0185"],
    ["1.3.0", "0xd9Db270c1B5E3Bd161E8c8503c55cEABeE709552", "0x69f4D1788e39c87893C980c06EdF4b7f686e2938"],
    ["1.3.0", "0xB00ce5CCcdEf57e539ddcEd01DF43a13855d9910", "0x3E5c63644E683549055b9Be8653de26E0B4CD36E"],
    ["1.3.0", "0xfb1bffC9d739B8D520DaF37dF666da4C687191EA", "0x1727c2c531cf966f902E5927b98490fDFb3b2b70"],
    ["1.4.1", "0x41675C099F32341bf84BFc5382aF534df5C7461a", "0xC35F063962328aC65cED5D4c3fC5dEf8dec68dFa"],
    ["1.4.1", "0x29fcB43b46531BcA003ddC8FCB67FFE91900C762", "0x610fcA2e0279Fa1F8C00c8c2F71dF522AD469380"],
    ["1.5.0", "0xFf51A5898e281Db6DfC7855790607438dF2ca44b", "0xEdd160fEBBD92E350D4D398fb636302fccd67C7e"],
  ],
  factory: [
    ["1.0.0", "0x12302fE9c02ff50939BaAaaf415fc226C078613C"],
    ["1.1.1", "0x76E2cFc1F5Fa8F6a5b3fC4c8F4788F0116861F9B"],
    ["1.3.0", "0xa6B71E26C5e0845f74c812102Ca7114b6a896AB2", "0xC22834581EbC8527d974F8a1c97E1bEA4EF910BC"],
    ["1.3.0", "0xDAec33641865E4651fB43181C6DB6f7232Ee91c2"],
    ["1.4.1", "0x4e1DCf7AD4e460CfD30791CCC4F9c8a4f820ec67", "0xc329D02fd8CB2fc13aa919005aF46320794a8629"],
    ["1.5.0", "0x14F2982D601c9458F93bd70B218933A6f8165e7b"],
  ],
  "fallback handler": [
    ["1.1.1", "0xd5D82B6aDDc9027B22dCA772Aa68D5d74cdBdF44"],
    ["1.3.0", "0xf48f2B2d2a534e402487b3ee7C18c33Aec0Fe5e4", "0x017062a1dE2FE6b99BE3d9d37841FeD19F573804"],
    ["1.3.0", "0x2f870a80647BbC554F3a0EBD093f11B4d2a7492A"],
    ["1.4.1", "0xfd0732Dc9E303f09fCEf3a7388Ad10A83459Ec99", "0x9301E98DD367135f21bdF66f342A249c9D5F9069"],
    ["1.5.0", "0x3EfCBb83A4A7AfcB4F68D501E2c2203a38be77f4", "0x85a8ca358D388530ad0fB95D0cb89Dd44Fc242c3"],
    ["1.5.0", "0x54e86d004d71a8D2112ec75FaCE57D730b0433F3"],
  ],
  batch: [
    ["1.1.1", "0x8D29bE29923b68abfDD21e541b9374737B49cdAD"],
    ["1.3.0", "0xA238CBeb142c10Ef7Ad8442C6D1f9E89e07e7761", "0x998739BFdAAdde7C933B942a68053933098f9EDa"],
    ["1.3.0", "0x0dFcccB95225ffB03c6FBB2559B530C2B7C8A912"],
    ["1.4.1", "0x38869bf66a61cF6bDB996A6aE40D5853Fd43B526", "0x309D0B190FeCCa8e1D5D8309a16F7e3CB133E885"],
    ["1.5.0", "0x218543288004CD07832472D464648173c77D7eB7"],
  ],
  "batch of calls": [
    ["1.3.0", "0x40A2aCCbd92BCA938b02010E17A5b8929b49130D", "0xA1dabEF33b3B82c7814B6D82A79e50F4AC44102B"],
    ["1.3.0", "0xf220D3b4DFb23C4ade8C88E526C1353AbAcbC38F"],
    ["1.4.1", "0x9641d764fc13c8B624c04430C7356C1C7C8102e2", "0x0408EF011960d02349d50286D20531229BCef773"],
    ["1.5.0", "0xA83c336B20401Af773B6219BA5027174338D1836"],
  ],
  "message signing": [
    ["1.3.0", "0xA65387F16B013cf2Af4605Ad8aA5ec25a2cbA3a2", "0x98FFBBF51bb33A056B08ddf711f289936AafF717"],
    ["1.3.0", "0x357147caf9C0cCa67DfA0CF5369318d8193c8407"],
    ["1.4.1", "0xd53cd0aB83D845Ac265BE939c57F53AD838012c9", "0xAca1ec0a1A575CDCCF1DC3d5d296202Eb6061888"],
    ["1.5.0", "0x4FfeF8222648872B3dE295Ba1e49110E61f5b5aa"],
  ],
  "contract creation": [
    ["1.1.1", "0x8538FcBccba7f5303d2C679Fa5d7A629A8c9bf4A"],
    ["1.3.0", "0x7cbB62EaA69F79e6873cD1ecB2392971036cFAa4", "0xB19D6FFc2182150F8Eb585b79D4ABcd7C5640A9d"],
    ["1.3.0", "0xcB8e5E438c5c2b45FbE17B02Ca9aF91509a8ad56"],
    ["1.4.1", "0x9b35Af71d77eaf8d7e40252370304687390A1A52", "0xAAA566Fe7978bB0fb0B5362B7ba23038f4428D8f"],
    ["1.5.0", "0x2Ef5ECfbea521449E4De05EDB1ce63B75eDA90B4"],
  ],
  migration: [
    ["1.4.1", "0x526643F69b81B008F46d95CD5ced5eC0edFFDaC6", "0x817756C6c555A94BCEE39eB5a102AbC1678b09A7"],
    ["1.5.0", "0x6439e7ABD8Bb915A5263094784C5CF561c4172AC"],
  ],
  "set-up for rollups": [
    ["1.4.1", "0xBD89A1CE4DDe368FFAB0eC35506eEcE0b1fFdc54", "0x199A9df0224031c20Cc27083A4164c9c8F1Bcb39"],
    ["1.5.0", "0x900C7589200010D6C6eCaaE5B06EBe653bc2D82a"],
  ],
};

export const DEPLOYMENTS: ReadonlyMap<Address, Deployment> = new Map(
  Object.entries(TABLE).flatMap(([part, rows]) =>
    rows.flatMap(([version, ...addresses]) =>
      addresses.map((address) => [address, { part: part as Part, version }] as const),
    ),
  ),
);

/** Undefined for every other contract, and on chains that are not listed: there anybody may have put anything anywhere. */
export function deploymentAt(chainId: bigint, address: Address): Deployment | undefined {
  return CHAINS.some(({ id }) => BigInt(id) === chainId) ? DEPLOYMENTS.get(address) : undefined;
}

/** "Safe 1.4.1, batch": what it is called where no list has another name. */
export function partText({ part, version }: Deployment): string {
  return part === "safe" ? `Safe ${version}` : `Safe ${version}, ${part}`;
}
