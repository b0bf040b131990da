/** Zip archives through yauzl: their directory is read, and single entries are inflated when they are asked for. Nothing is ever written. */
import type { Readable } from "node:stream";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { FormatError, InputError } from "../../../errors.ts";
import { throwIfCancelled } from "../../../estimator.ts";
import { fileReason, withFile } from "../../files.ts";

/** More entries than that are taken for an attack. */
const mostEntries = 20_000_000;

/** Deflate cannot pack more than this many bytes into one: 258 bytes in 2 bits (RFC 1951). */
const greatestRatio = 1032;

/** A file in an archive. */
export interface ArchiveEntry {
  /** Its path, with `/`, without a leading one. */
  readonly name: string;
  /** Bytes that it promises to have when inflated. */
  readonly size: number;
  readonly entry: Entry;
}

/** An open archive. */
export interface Archive {
  readonly path: string;
  /** Its files in the order of their names, in code units; of equal names the last one, as in unzipping. */
  readonly entries: readonly ArchiveEntry[];
  /** The bytes of a file as they come out. */
  stream(entry: ArchiveEntry): Promise<Readable>;
  close(): Promise<void>;
}

/**
 * @throws {InputError} if the file cannot be read
 * @throws {FormatError} if it is no zip archive, or its directory is damaged
 */
export async function openArchive(path: string, signal: AbortSignal | undefined): Promise<Archive> {
  const remedy = "Check the path, and your right to read it.";
  const zip = await withFile({ where: "openSource", path, must: "a readable file", remedy }, () =>
    damaged(path, () =>
      yauzl.openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: false }),
    ),
  );
  try {
    const entries = await damaged(path, () => directory(zip, path, signal));
    return {
      path,
      entries,
      stream: ({ entry }) => zip.openReadStreamPromise(entry),
      close: async () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function directory(
  zip: ZipFile,
  path: string,
  signal: AbortSignal | undefined,
): Promise<readonly ArchiveEntry[]> {
  if (zip.entryCount > mostEntries) {
    throw new FormatError(
      `openSource: "${path}" must have at most ${mostEntries} entries; got ${zip.entryCount}. Give a smaller archive.`,
    );
  }
  const byName = new Map<string, ArchiveEntry>();
  for await (const entry of zip.eachEntry()) {
    throwIfCancelled("openSource", signal);
    const name = entry.fileName.replaceAll("\\", "/").replace(/^\/+/, "");
    if (!name.endsWith("/") && name !== "") byName.set(name, { name, size: entry.uncompressedSize, entry });
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What yauzl says of a file that it cannot make out, as an error of ours. */
async function damaged<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof Error) || fileReason(error) !== undefined || isOurs(error)) throw error;
    throw new FormatError(
      `openSource: "${path}" must be a whole zip archive; got "${error.message}". Fetch or copy it again.`,
      { cause: error },
    );
  }
}

function isOurs(error: Error): boolean {
  return error instanceof FormatError || error instanceof InputError || error.name === "CancelledError";
}

/**
 * A file of an archive, whole.
 *
 * @throws {InputError} saying why in words: if it is greater than `most` bytes, encrypted, or damaged
 */
export async function readEntry(archive: Archive, file: ArchiveEntry, most: number): Promise<Uint8Array> {
  const { entry, size } = file;
  if (entry.isEncrypted()) throw new InputError("encrypted");
  if (size > most) throw new InputError(`${size} bytes, more than ${most}`);
  if (size > entry.compressedSize * greatestRatio + 1024)
    throw new InputError("more bytes than can be packed so small");
  const bytes = new Uint8Array(size);
  let filled = 0;
  try {
    // yauzl ends with an error where more or fewer bytes come out than were promised.
    for await (const chunk of (await archive.stream(file)) as AsyncIterable<Uint8Array>) {
      bytes.set(chunk, filled);
      filled += chunk.length;
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new InputError(fileReason(error) ?? `damaged ("${error.message}")`, { cause: error });
  }
  return bytes;
}
