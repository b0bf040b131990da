import { FormatError, InputError } from "../../../errors.ts";
import type { SourceReader } from "../reader.ts";
import { OpenFile, type TableOptions } from "../tables/index.ts";
import { arrayPieces, brightnessOf, type OpenArray, rowKind } from "./array.ts";
import { type NpyHeader, npyDataStart, npyPrefixBytes, parseNpyHeader } from "./header.ts";

/**
 * Opens an `.npy` file: rows of numbers as vectors (or images, where a shape is given), three or four axes as images. Read piece by
 * piece; docs/arrays.md says every rule.
 *
 * @throws {FormatError} if it is no `.npy` file of plain numbers in C order, or is cut off
 * @throws {InputError} if it cannot be read, has no rows, or images whose brightnesses are none
 * @throws {CancelledError} if the signal fires
 */
export async function openNpy(path: string, options: TableOptions): Promise<SourceReader> {
  const file = await OpenFile.open(path);
  try {
    const header = await readHeader(file);
    const kind = rowKind(header, options.shape, path);
    const { signal } = options;
    const open: OpenArray = async () => {
      let at = header.start;
      return {
        next: async (length) => {
          const bytes = await file.read(at, length);
          at += length;
          return bytes;
        },
      };
    };
    const brightness =
      kind.kind === "images" ? await brightnessOf(header, kind, open, path, signal) : undefined;
    return {
      count: kind.rows,
      async *pieces(most, stop = signal) {
        yield* arrayPieces(header, kind, brightness, await open(), { path, most, signal: stop });
        await file.checkUnchanged();
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readHeader(file: OpenFile): Promise<NpyHeader> {
  const { path, size } = file;
  const prefix = await file.read(0, Math.min(size, npyPrefixBytes));
  const start = npyDataStart(prefix, path);
  if (start > size) throw cutOff(path, start, size);
  const header = parseNpyHeader(await file.read(0, start), path);
  checkOrder(header, path);
  const expected = start + bytesOfArray(header);
  if (size !== expected) throw cutOff(path, expected, size);
  return header;
}

/** Bytes of all elements. */
export function bytesOfArray({ shape, element }: NpyHeader): number {
  return shape.reduce((product, length) => product * length, element.bytes);
}

/** @throws {InputError} for an array whose first axis runs fastest, which cannot be read row by row */
export function checkOrder({ fortran, shape }: NpyHeader, path: string): void {
  if (!fortran || shape.length < 2) return;
  throw new InputError(
    `openSource: "${path}" must be in C order, row after row; got Fortran order. Save numpy.ascontiguousarray(array).`,
  );
}

function cutOff(path: string, expected: number, size: number): FormatError {
  return new FormatError(
    `openSource: "${path}" must have the ${expected} bytes that its header promises; got ${size}. The file is cut off, or goes on after its end: fetch or copy it again.`,
  );
}
