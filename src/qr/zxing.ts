// The first decoder: ZXing-C++ as WebAssembly. It is handed its bytes and can fetch nothing:
// the module is made here, so that the package never comes to look for its file.

import * as zxing from "zxing-wasm/reader";
import { type Decode, readOf } from "./decode.ts";
import type { Frame } from "./frame.ts";

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

/**
 * `wasm` is the package's reader module, whose hash the caller has checked.
 * Rejects where the bytes are no module, or where wasm is refused on this machine.
 */
export async function openZxing(wasm: Uint8Array): Promise<Decode> {
  const module = new WebAssembly.Module(wasm);
  const reader = await zxing.prepareZXingModule({
    overrides: {
      instantiateWasm(imports, done) {
        const instance = new WebAssembly.Instance(module, imports);
        done(instance, module);
        return instance.exports;
      },
      locateFile() {
        throw new Error("zxing looked for a file");
      },
    },
    equalityFn: () => false,
    fireImmediately: true,
  });
  const options = readerOptions();
  return (frame) => decode(reader, frame, options);
}

type Reader = Awaited<ReturnType<typeof zxing.prepareZXingModule>>;

function decode(reader: Reader, { width, height, luma }: Frame, options: object) {
  const pointer = reader._malloc(luma.length);
  if (pointer === 0) throw new Error("zxing has no memory left");
  try {
    reader.HEAPU8.set(luma, pointer);
    const results = reader.readBarcodesFromPixmap(pointer, width, height, options);
    try {
      if (results.size() === 0) return undefined;
      const { isValid, bytes } = results.get(0);
      return isValid && bytes.length > 0 ? readOf(Uint8Array.from(bytes)) : undefined;
    } finally {
      results.delete();
    }
  } finally {
    reader._free(pointer);
  }
}

/** Options as the wasm itself takes them: names are indexes there. Inversion is the caller's look. */
export function readerOptions(): object {
  return {
    ...zxing.defaultReaderOptions,
    formats: zxing.encodeFormats(["QRCode"]),
    maxNumberOfSymbols: 1,
    tryHarder: true,
    tryInvert: false,
    textMode: zxing.textModes.indexOf("Plain"),
    binarizer: zxing.binarizers.indexOf("LocalAverage"),
    eanAddOnSymbol: zxing.eanAddOnSymbols.indexOf("Ignore"),
    characterSet: zxing.characterSets.indexOf("Unknown"),
  };
}
