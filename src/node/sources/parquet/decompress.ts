/** Pages as they were before they were compressed, within bounds. */
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { Compressors } from "hyparquet";
import { DamagedError } from "./thrift.ts";

export type Decompress = (codec: string, bytes: Uint8Array, length: number) => Uint8Array;

/** A page may claim this many bytes whatever it is made of. */
const anyway = 2 ** 24;
/** More than this many bytes out of one are a lie: what gzip reaches at most. */
const greatestRatio = 1032;
/** Longest page. */
const longest = 2 ** 30;

/** @returns what decompresses; it throws a {@link DamagedError} for what it cannot read */
export async function decompressor(): Promise<Decompress> {
  const { compressors, decompressZstd } = await import("hyparquet-compressors");
  const known: Compressors = {
    ...compressors,
    GZIP: (bytes, length) => gunzipSync(bytes, { maxOutputLength: length + 1 }),
    BROTLI: (bytes, length) => brotliDecompressSync(bytes, { maxOutputLength: length + 1 }),
    // With a place for its output, so that it takes no memory for what a frame claims.
    ZSTD: (bytes, length) => decompressZstd(bytes, new Uint8Array(length)),
  };
  return (codec, bytes, length) => {
    checkLength(bytes.length, length);
    if (codec === "UNCOMPRESSED") return sized(bytes, length);
    const decompress = known[codec as keyof Compressors];
    if (!decompress) throw new DamagedError(`compression "${codec}", which this program cannot read`);
    if (length === 0) return new Uint8Array();
    let page: Uint8Array;
    try {
      page = decompress(bytes, length);
    } catch (error) {
      throw new DamagedError(`a page that is no ${codec} data (${error})`, { cause: error });
    }
    return sized(page, length);
  };
}

function checkLength(compressed: number, length: number): void {
  if (length < 0 || length > longest || length > Math.max(anyway, compressed * greatestRatio)) {
    throw new DamagedError(`a page of ${compressed} bytes that claims to hold ${length}`);
  }
}

function sized(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length === length) return bytes;
  throw new DamagedError(`a page of ${bytes.length} bytes that claims to hold ${length}`);
}
