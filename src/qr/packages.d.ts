// The parts of foreign packages that this room uses, stated here because their own types
// pull in Node's or the browser's world, which does not exist in src.

declare module "qrcode/lib/core/qrcode.js" {
  interface Segment {
    readonly data: string | Uint8Array;
    readonly mode: "alphanumeric" | "byte" | "numeric";
  }
  interface Symbol {
    readonly modules: { readonly size: number; readonly data: Uint8Array };
  }
  const qrcode: {
    /** Throws where the segments do not fit the version, or the text the mode. */
    create(
      segments: Segment[],
      options: { version: number; errorCorrectionLevel: "L" | "M" | "Q" | "H"; maskPattern?: number },
    ): Symbol;
  };
  export default qrcode;
}

declare module "zxing-wasm/reader" {
  interface Result {
    readonly isValid: boolean;
    readonly bytes: Uint8Array;
  }
  interface Results {
    size(): number;
    get(index: number): Result;
    delete(): void;
  }
  interface Module {
    /** Replaced whenever the module's memory grows. */
    readonly HEAPU8: Uint8Array;
    _malloc(length: number): number;
    _free(pointer: number): void;
    /** One luminance byte a pixel, rows without padding. */
    readBarcodesFromPixmap(pointer: number, width: number, height: number, options: object): Results;
  }
  export const defaultReaderOptions: Readonly<Record<string, unknown>>;
  export function encodeFormats(formats: readonly string[]): string;
  export const binarizers: readonly string[];
  export const characterSets: readonly string[];
  export const eanAddOnSymbols: readonly string[];
  export const textModes: readonly string[];
  export function prepareZXingModule(options: {
    overrides: {
      instantiateWasm(imports: object, done: (instance: object, module: object) => void): object;
      locateFile(): never;
    };
    equalityFn: () => false;
    fireImmediately: true;
  }): Promise<Module>;
}

declare module "jsqr" {
  /** Four bytes a pixel (RGBA). Null where it finds no code. */
  export default function jsQR(
    pixels: Uint8ClampedArray,
    width: number,
    height: number,
    options: { inversionAttempts: "dontInvert" },
  ): { readonly binaryData: readonly number[] } | null;
}
