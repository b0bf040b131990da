/**
 * Decoded images in the user's cache folder, so that a folder is decoded once.
 *
 * An entry is named by the digest of all that decides its content: the names and states of all files, how they are
 * decoded, and the decoder's version. A file's state is where it is kept (device, inode), its size, and when its content
 * and its entry were last changed, in nanoseconds. The latter no program can set: whatever writes to a file, replaces
 * it, or puts an older date on it changes it. It is safe but for files that are written twice within one tick of the
 * file system's clock; so nothing is kept of files that were changed within the last two seconds.
 *
 * An entry appears whole or not at all, and carries digests that are checked when it is read: a damaged one is taken
 * away, and counts as none. Several programs may read, write and take away entries at a time. A cache that cannot be
 * written is no error. Beyond 4 GiB the entries that were not used for longest are taken away.
 *
 * An entry: 8 bytes `ULIMAGE2`; length of the header, 4 bytes, little-endian; SHA-256 of the header, 32 bytes; the
 * header, JSON; the pixels.
 */
import { createHash } from "node:crypto";
import { type FileHandle, open, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ImageSet, SkippedFile } from "../../images/index.ts";
import { createWhole } from "../create-whole.ts";
import { type DataFolders, dataFolders } from "../data-sets/index.ts";
import { fileReason } from "../files.ts";
import { decoderVersion, inOrder } from "./decode/index.ts";
import { fileState } from "./files/index.ts";
import { imageDigest } from "./image-digest.ts";

/** What is kept of a source. */
export interface DecodedSource {
  readonly images: ImageSet;
  readonly skipped: readonly SkippedFile[];
  readonly notices?: readonly string[] | undefined;
  readonly size?: number | undefined;
  readonly sha256: string;
}

export interface CacheEntry {
  /** Undefined where it is not there, or damaged. */
  read(): Promise<DecodedSource | undefined>;
  /** Does nothing where the folder cannot be written. */
  write(source: DecodedSource): Promise<void>;
}

const magic = "ULIMAGE2";
const fixedBytes = 8 + 4 + 32;
const extension = ".images";
/** All entries together. */
const mostBytes = 4 * 2 ** 30;
/** Files that changed less long ago may change again unnoticed. */
const unsettledMs = 2000;
/** What a killed program left is taken away after a day. */
const staleMs = 24 * 3600 * 1000;
/** States asked for at a time. */
const lanes = 16;

/** The folder of decoded images. */
function decodedFolder(folders: DataFolders = dataFolders()): string {
  return join(folders.cache, "decoded");
}

/** The folder of decoded images, and how many bytes lie there. */
export async function decodedCache(
  folders?: DataFolders,
): Promise<{ readonly folder: string; readonly bytes: number }> {
  const folder = decodedFolder(folders);
  const entries = await entriesOf(folder);
  return { folder, bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/**
 * Where images decoded from these files are kept.
 *
 * @param paths  files that decide the content
 * @param rest   all else that decides it, as JSON holds it
 * @param now    milliseconds since 1970
 * @returns undefined where they must not be kept: a file is missing, or was changed just now
 */
export async function cacheEntry(
  paths: readonly string[],
  rest: unknown,
  now: number,
  folders: DataFolders | undefined,
): Promise<CacheEntry | undefined> {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([magic, await decoderVersion(), rest]));
  const states = await inOrder(paths, lanes, (path) => fileState(path));
  for (const state of states) {
    if (!state || state.changed > now - unsettledMs) return undefined;
    hash.update(`\n${state.text}`);
  }
  const folder = decodedFolder(folders);
  const name = `${hash.digest("hex")}${extension}`;
  return {
    read: () => readEntry(join(folder, name), now),
    write: (source) => writeEntry(folder, name, source, now),
  };
}

const headerSchema = z.object({
  count: z.int().min(1),
  height: z.int().min(1),
  width: z.int().min(1),
  channels: z.int().min(1).max(4),
  labels: z.array(z.int().min(-1)).optional(),
  classNames: z.array(z.string()).optional(),
  files: z.array(z.string()).optional(),
  skipped: z.array(z.object({ file: z.string(), reason: z.string() })),
  notices: z.array(z.string()).optional(),
  size: z.int().optional(),
  sha256: z.string(),
});

async function readEntry(path: string, now: number): Promise<DecodedSource | undefined> {
  try {
    const file = await open(path);
    try {
      const found = await readOpened(file);
      if (found) {
        await utimes(path, now / 1000, now / 1000).catch(() => {}); // used
        return found;
      }
    } finally {
      await file.close();
    }
    await rm(path, { force: true });
  } catch (error) {
    if (fileReason(error) === undefined) throw error;
  }
  return undefined;
}

async function readOpened(file: FileHandle): Promise<DecodedSource | undefined> {
  const { size: length } = await file.stat();
  const start = await readBytes(file, 0, Math.min(length, fixedBytes));
  if (start.length < fixedBytes || new TextDecoder().decode(start.subarray(0, 8)) !== magic) return undefined;
  const headerLength = new DataView(start.buffer).getUint32(8, true);
  if (headerLength > length - fixedBytes) return undefined;
  const headerBytes = await readBytes(file, fixedBytes, headerLength);
  const digest = createHash("sha256").update(headerBytes).digest();
  if (!digest.equals(start.subarray(12))) return undefined;
  const header = headerSchema.safeParse(JSON.parse(new TextDecoder().decode(headerBytes)));
  if (!header.success) return undefined;
  const { labels, classNames, files, skipped, notices, size, sha256, ...shape } = header.data;
  const pixelBytes = shape.count * shape.height * shape.width * shape.channels;
  if (fixedBytes + headerLength + pixelBytes !== length) return undefined;
  const pixels = await readBytes(file, fixedBytes + headerLength, pixelBytes);
  const images: ImageSet = {
    ...shape,
    pixels,
    ...(labels && classNames && { labels: Int32Array.from(labels), classNames }),
    ...(files && { files }),
  };
  return pixels.length === pixelBytes && imageDigest(images) === sha256
    ? { images, skipped, notices, size, sha256 }
    : undefined;
}

/** One call reads or writes at most 2^31 - 1 bytes. */
const mostAtOnce = 2 ** 30;

/** Bytes from a place on; fewer where the file ends before. */
async function readBytes(file: FileHandle, from: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const most = Math.min(length - filled, mostAtOnce);
    const { bytesRead } = await file.read(bytes, filled, most, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

async function writeEntry(folder: string, name: string, source: DecodedSource, now: number): Promise<void> {
  const { pixels, labels, values: _none, ...images } = source.images;
  const { skipped, notices, size, sha256 } = source;
  const header = new TextEncoder().encode(
    JSON.stringify({ ...images, ...(labels && { labels: [...labels] }), skipped, notices, size, sha256 }),
  );
  if (fixedBytes + header.length + pixels.length > mostBytes) return;
  const start = new Uint8Array(fixedBytes);
  start.set(new TextEncoder().encode(magic));
  new DataView(start.buffer).setUint32(8, header.length, true);
  start.set(createHash("sha256").update(header).digest(), 12);
  try {
    await createWhole(folder, async (partial) => {
      const file = await open(partial, "wx", 0o600);
      try {
        for (const part of [start, header, pixels]) await writeBytes(file, part);
        await file.sync();
      } finally {
        await file.close();
      }
      return name;
    });
    await makeRoom(folder, now);
  } catch (error) {
    if (fileReason(error) === undefined) throw error;
  }
}

async function writeBytes(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, written, Math.min(bytes.length - written, mostAtOnce));
    written += bytesWritten;
  }
}

/** Takes away the entries that were not used for longest, until the rest fits; and what killed programs left. */
async function makeRoom(folder: string, now: number): Promise<void> {
  const entries = await entriesOf(folder);
  let bytes = 0;
  for (const { path, bytes: length, used, whole } of entries.sort((a, b) => b.used - a.used)) {
    bytes += length;
    if (whole ? bytes > mostBytes : used < now - staleMs) await rm(path, { force: true });
  }
}

interface Listed {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly used: number;
  /** Whether it is an entry, and not one in the making. */
  readonly whole: boolean;
}

async function entriesOf(folder: string): Promise<Listed[]> {
  const names = await readdir(folder).catch(() => []);
  const ours = names.filter((name) => name.endsWith(extension) || /^\..*\.partial$/.test(name));
  const found = await inOrder(ours, lanes, async (name): Promise<Listed[]> => {
    const path = join(folder, name);
    const state = await stat(path).catch(() => undefined); // another program may have taken it away
    return state ? [{ path, bytes: state.size, used: state.mtimeMs, whole: name.endsWith(extension) }] : [];
  });
  return found.flat();
}
