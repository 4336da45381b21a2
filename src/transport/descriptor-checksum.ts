// The checksum of output descriptors (BIP 380).

const INPUT =
  "0123456789()[],'/*abcdefgh@:$%{}IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~ijklmnopqrstuvwxyzABCDEFGH`#\"\\ ";
const OUTPUT = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATORS = [0xf5dee51989n, 0xa9fdca3312n, 0x1bab10e32dn, 0x3706b1677an, 0x644d626ffdn];

function step(sum: bigint, value: number): bigint {
  const top = Number(sum >> 35n);
  let next = ((sum & 0x7ffffffffn) << 5n) ^ BigInt(value);
  for (let bit = 0; bit < 5; bit++) if ((top >> bit) & 1) next ^= GENERATORS[bit]!;
  return next;
}

/** Eight letters; undefined where the text holds a character that no descriptor has. */
export function descriptorChecksum(text: string): string | undefined {
  let sum = 1n;
  let group = 0;
  let inGroup = 0;
  for (const char of text) {
    const position = INPUT.indexOf(char);
    if (position < 0) return undefined;
    sum = step(sum, position & 31);
    group = group * 3 + (position >> 5);
    if (++inGroup === 3) {
      sum = step(sum, group);
      group = 0;
      inGroup = 0;
    }
  }
  if (inGroup > 0) sum = step(sum, group);
  for (let i = 0; i < 8; i++) sum = step(sum, 0);
  sum ^= 1n;
  return Array.from({ length: 8 }, (_, i) => OUTPUT[Number((sum >> BigInt(5 * (7 - i))) & 31n)]).join("");
}
