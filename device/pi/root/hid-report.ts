// The one thing that is asked of a HID report descriptor (HID 1.11, 6.2.2): whether it is a security key's.

const FIDO_PAGE = 0xf1d0;
const FIDO_USAGE = 0x01;
/** Items' tag and type, without their size: global usage page, local usage, main collection. */
const USAGE_PAGE = 0x04;
const USAGE = 0x08;
const COLLECTION = 0xa0;
const APPLICATION = 0x01;
const LONG_ITEM = 0xfe;
const SIZES = [0, 1, 2, 4] as const;

/** True where its first collection is an application of FIDO's page and usage, as CTAP asks. False on any other bytes. */
export function isFido(report: Uint8Array): boolean {
  let [page, usage] = [0, -1];
  for (let at = 0; at < report.length; ) {
    const prefix = report[at]!;
    const size = SIZES[prefix & 3]!;
    if (prefix === LONG_ITEM || at + 1 + size > report.length) return false;
    const value = littleEndian(report.subarray(at + 1, at + 1 + size));
    const item = prefix & 0xfc;
    if (item === USAGE_PAGE) page = value;
    else if (item === USAGE) usage = value;
    else if (item === COLLECTION) return value === APPLICATION && page === FIDO_PAGE && usage === FIDO_USAGE;
    at += 1 + size;
  }
  return false;
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}
