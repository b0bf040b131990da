import { type BigIntStats, constants } from "node:fs";
import { open, stat } from "node:fs/promises";
import { InputError } from "../../../errors.ts";
import { throwIfCancelled } from "../../../estimator.ts";
import { fileReason } from "../../files.ts";
import type { EncodedFile, SourceReader } from "../reader.ts";

/** Greater files are no images of use. */
const mostBytes = 1 << 30;

/** Image files on the disk. */
export interface ImageFiles {
  /** What each is called, in order. */
  readonly names: readonly string[];
  /** Class of each, where they have classes. */
  readonly classes?: readonly (string | null)[] | undefined;
  /** Path of a file. */
  readonly pathOf: (name: string) => string;
}

/** Reads them in order. */
export function filesReader({ names, classes, pathOf }: ImageFiles): SourceReader {
  return {
    count: names.length,
    async *pieces(most, signal) {
      for (let from = 0; from < names.length; from += most) {
        throwIfCancelled("openSource", signal);
        const some = names.slice(from, from + most);
        yield {
          kind: "files",
          names: some,
          files: some.map((name): EncodedFile => ({ name, read: () => readImageFile(pathOf(name)) })),
          ...(classes && { classes: classes.slice(from, from + most) }),
        };
      }
    },
    close: async () => {},
  };
}

/**
 * The bytes of an ordinary file. Pipes and devices, which might never end, are not opened for reading.
 *
 * @throws {InputError} saying why, in words
 */
async function readImageFile(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await file.stat();
      if (!found.isFile()) throw new InputError(found.isDirectory() ? "a folder" : "not an ordinary file");
      if (found.size > mostBytes) throw new InputError(`${found.size} bytes, more than ${mostBytes}`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    const reason = fileReason(error);
    if (reason === undefined) throw error;
    throw new InputError(reason, { cause: error });
  }
}

/**
 * What tells one state of a file from another: where it is kept, its size, and when content and entry were last changed.
 * No program can set the latter.
 *
 * @returns text, and the newest of the times in milliseconds; undefined if the file is not there
 */
export async function fileState(
  path: string,
): Promise<{ readonly text: string; readonly changed: number } | undefined> {
  const found: BigIntStats | undefined = await stat(path, { bigint: true }).catch(() => undefined);
  if (!found) return undefined;
  const { dev, ino, size, mtimeNs, ctimeNs } = found;
  // biome-ignore lint/complexity/useMathMinMax: Math.max takes no bigint
  const newest = mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
  return { text: `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`, changed: Number(newest / 1_000_000n) };
}
