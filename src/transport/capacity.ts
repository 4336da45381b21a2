// What a QR code holds at error correction level L (ISO/IEC 18004, table 7), and which versions Firn draws.

export type Mode = "alphanumeric" | "byte";

/** Characters by version, from version 1. */
const CHARS: Readonly<Record<Mode, readonly number[]>> = {
  alphanumeric: [
    25, 47, 77, 114, 154, 195, 224, 279, 335, 395, 468, 535, 619, 667, 758, 854, 938, 1046, 1153, 1249, 1352,
    1460, 1588, 1704, 1853, 1990, 2132, 2223, 2369, 2520, 2677, 2840, 3009, 3183, 3351, 3537, 3729, 3927,
    4087, 4296,
  ],
  byte: [
    17, 32, 53, 78, 106, 134, 154, 192, 230, 271, 321, 367, 425, 458, 520, 586, 644, 718, 792, 858, 929, 1003,
    1091, 1171, 1273, 1367, 1465, 1528, 1628, 1732, 1840, 1952, 2068, 2188, 2303, 2431, 2563, 2699, 2809,
    2953,
  ],
};

/** jsqr's table has 74 where the standard has 78, so that it cannot read 23-L: nobody is shown one. */
const UNREADABLE = 23;
export const LARGEST = 40;

export function capacity(version: number, mode: Mode): number {
  return CHARS[mode][version - 1]!;
}

/** The versions that may be used, from `least` to 40. */
export function versionsFrom(least: number): number[] {
  return Array.from({ length: LARGEST - least + 1 }, (_, i) => least + i).filter((v) => v !== UNREADABLE);
}

/** The smallest version that holds so many characters; undefined where none does. */
export function versionFor(chars: number, mode: Mode): number | undefined {
  return versionsFrom(1).find((version) => capacity(version, mode) >= chars);
}
