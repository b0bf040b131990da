import { type FileHandle, open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { FormatError, InputError } from "../errors.ts";
import { checkIdxLength, type IdxHeader, longestIdxHeader, readIdxHeader } from "../images/index.ts";
import { withFile } from "./files.ts";

/** Deflate cannot pack more than this many bytes into one: 258 bytes in 2 bits (RFC 1951). */
const greatestRatio = 1032;

/** A file, and the public function that reads it, for messages. */
interface Place {
  readonly where: string;
  readonly path: string;
}

/**
 * The bytes of an IDX file, inflated where the file is gzip-compressed (told by its content, not by its name): as many
 * as its header promises. Memory is taken only for what the file can hold.
 *
 * @param where public function that was called, for messages
 * @throws {InputError} if the file cannot be read, or does not fit into memory
 * @throws {FormatError} if it is not IDX, is cut off or goes on after its end, or its gzip data is corrupt
 */
export async function readIdxFile(path: string, where: string): Promise<Uint8Array> {
  const place = { where, path };
  const remedy = "Check the path, and your right to read it.";
  return withFile({ ...place, must: "a readable file", remedy }, async () => {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const start = await readUpTo(file, Math.min(size, longestIdxHeader), place);
      if (isGzip(start)) return await inflateIdx(await readUpTo(file, size, place), place);
      checkIdxLength(readIdxHeader(start, path), size, path);
      return await readUpTo(file, size, place);
    } finally {
      await file.close();
    }
  });
}

/**
 * What the first bytes of an IDX file promise, plain or gzip-compressed; the rest is not read.
 *
 * @throws {InputError} if the file cannot be read
 * @throws {FormatError} if it does not begin as IDX
 */
export async function readIdxFileHeader(path: string, where: string): Promise<IdxHeader> {
  const place = { where, path };
  const remedy = "Check the path, and your right to read it.";
  return withFile({ ...place, must: "a readable file", remedy }, async () => {
    const file = await open(path);
    try {
      const start = await readUpTo(file, Math.min((await file.stat()).size, compressedStart), place);
      const plain = isGzip(start) ? await inflateUpTo(start, longestIdxHeader, place, true) : start;
      return readIdxHeader(plain.subarray(0, longestIdxHeader), path);
    } finally {
      await file.close();
    }
  });
}

/** Compressed bytes in which the longest header surely lies, with room for a long name in the gzip header. */
const compressedStart = 2 ** 16;

/** Whether the bytes are those of a gzip file, told from the first two. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function inflateIdx(compressed: Uint8Array, place: Place): Promise<Uint8Array> {
  const { path } = place;
  const header = readIdxHeader(await inflateUpTo(compressed, longestIdxHeader, place), path);
  if (header.fileBytes > compressed.length * greatestRatio) {
    throw new FormatError(
      `readIdx: "${path}" must hold the ${header.fileBytes} bytes that its header promises; got ${compressed.length} compressed ones, too few for that. The file is cut off or its header damaged: fetch or copy it again.`,
    );
  }
  // One more than promised: whether anything follows must be seen, but how much does not matter.
  const bytes = await inflateUpTo(compressed, header.fileBytes + 1, place);
  checkIdxLength(header, bytes.length, path);
  return bytes;
}

/** The first `limit` bytes of a file; fewer where the file ends before. */
async function readUpTo(file: FileHandle, limit: number, place: Place): Promise<Uint8Array> {
  const bytes = allocate(limit, place);
  let filled = 0;
  while (filled < limit) {
    // One call reads at most 2^31 - 1 bytes.
    const { bytesRead } = await file.read(bytes, filled, Math.min(limit - filled, 2 ** 30), filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/**
 * The first `limit` bytes that come out of gzip data; fewer where the data ends before.
 *
 * @param partly whether the compressed data is the start of a file only
 */
async function inflateUpTo(
  compressed: Uint8Array,
  limit: number,
  place: Place,
  partly = false,
): Promise<Uint8Array> {
  const bytes = allocate(limit, place);
  let filled = 0;
  const inflater = createGunzip({ chunkSize: 1 << 18 });
  inflater.end(compressed);
  try {
    for await (const chunk of inflater as AsyncIterable<Uint8Array>) {
      const taken = chunk.subarray(0, limit - filled);
      bytes.set(taken, filled);
      filled += taken.length;
      if (filled === limit) break;
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error && `${error.code}`.startsWith("Z_"))) throw error;
    if (error.code === "Z_BUF_ERROR" && partly) return bytes.subarray(0, filled);
    throw new FormatError(
      `${place.where}: "${place.path}" must be whole gzip data; got "${error.message}". The file is damaged or cut off: fetch or copy it again.`,
      { cause: error },
    );
  }
  return bytes.subarray(0, filled);
}

function allocate(length: number, place: Place): Uint8Array {
  try {
    return new Uint8Array(length);
  } catch (error) {
    throw new InputError(
      `${place.where}: "${place.path}" must fit into memory; got ${length} bytes. Split the file into smaller ones.`,
      { cause: error },
    );
  }
}
