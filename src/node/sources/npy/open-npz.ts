import type { Readable } from "node:stream";
import { FormatError, InputError } from "../../../errors.ts";
import { fileReason } from "../../files.ts";
import type { SourceReader } from "../reader.ts";
import type { TableOptions } from "../tables/index.ts";
import { type Archive, type ArchiveEntry, openArchive } from "../zip/index.ts";
import { type ArrayBytes, arrayPieces, brightnessOf, rowKind } from "./array.ts";
import { decodeElements } from "./elements.ts";
import { type NpyHeader, npyDataStart, npyPrefixBytes, parseNpyHeader } from "./header.ts";
import { bytesOfArray, checkOrder } from "./open-npy.ts";

/** Names under which arrays of items and of their classes are saved, the best first. */
const itemNames: readonly string[] = ["x", "X", "images", "data", "embeddings", "x_train", "arr_0"];
const labelNames: readonly string[] = ["y", "Y", "labels", "label", "y_train"];
const mostLabels = 1 << 28;

/**
 * Opens an `.npz` archive: the array of the first of these names that there is, else the only one of two to four axes; classes are
 * an array of one axis as long, under one of their usual names. Read piece by piece; docs/arrays.md says every rule.
 *
 * @throws {FormatError} if it is no archive of whole `.npy` files
 * @throws {InputError} if it cannot be read, or does not say which array is meant
 * @throws {CancelledError} if the signal fires
 */
export async function openNpz(path: string, options: TableOptions): Promise<SourceReader> {
  const { signal } = options;
  const archive = await openArchive(path, signal);
  try {
    const members = new Map<string, Member>();
    for (const entry of archive.entries) {
      if (!entry.name.endsWith(".npy")) continue;
      members.set(entry.name.slice(0, -4), await memberOf(archive, entry));
    }
    const { items, labels } = chosen(members, path);
    const kind = rowKind(items.header, options.shape, items.name);
    const open = () => dataOf(archive, items);
    const brightness =
      kind.kind === "images" ? await brightnessOf(items.header, kind, open, items.name, signal) : undefined;
    const classes = labels && (await classesOf(archive, labels, kind.rows));
    return {
      count: kind.rows,
      async *pieces(most, stop = signal) {
        const about = { path: items.name, most, classes, signal: stop };
        yield* arrayPieces(items.header, kind, brightness, await open(), about);
      },
      close: () => archive.close(),
    };
  } catch (error) {
    await archive.close();
    throw error;
  }
}

/** One array of the archive. */
interface Member {
  /** For messages: `a.npz: x.npy`. */
  readonly name: string;
  readonly entry: ArchiveEntry;
  readonly header: NpyHeader;
}

async function memberOf(archive: Archive, entry: ArchiveEntry): Promise<Member> {
  const name = `${archive.path}: ${entry.name}`;
  const bytes = await bytesOf(archive, entry, name);
  const prefix = await bytes.next(npyPrefixBytes);
  const start = npyDataStart(prefix, name);
  const rest = await bytes.next(Math.max(0, start - prefix.length));
  await bytes.close();
  const whole = new Uint8Array(prefix.length + rest.length);
  whole.set(prefix);
  whole.set(rest, prefix.length);
  const header = parseNpyHeader(whole.subarray(0, start), name);
  const expected = start + bytesOfArray(header);
  if (entry.size !== expected) {
    throw new FormatError(
      `openSource: "${name}" must have the ${expected} bytes that its header promises; got ${entry.size}. Fetch or copy it again.`,
    );
  }
  return { name, entry, header: { ...header, start } };
}

function chosen(
  members: ReadonlyMap<string, Member>,
  path: string,
): { readonly items: Member; readonly labels: Member | undefined } {
  const arrays = [...members].filter(([, { header }]) => header.shape.length >= 2);
  const named = itemNames.map((name) => members.get(name)).find((member) => member !== undefined);
  const items = named ?? (arrays.length === 1 ? arrays[0]?.[1] : undefined);
  if (!items) {
    const got =
      [...members].map(([name, { header }]) => `${name} (${header.shape.join(", ")})`).join("; ") || "none";
    throw new InputError(
      `openSource: "${path}" must hold one array of two to four axes, or name one ${itemNames.join(", ")}; got ${got}. Save the array as x, and its classes, if there are any, as y.`,
    );
  }
  checkOrder(items.header, items.name);
  const labels = labelNames.map((name) => members.get(name)).find((member) => member !== undefined);
  return { items, labels };
}

async function classesOf(archive: Archive, labels: Member, rows: number): Promise<readonly string[]> {
  const { shape, element } = labels.header;
  const length = shape.reduce((product, axis) => product * axis, 1);
  if (length !== rows || length > mostLabels) {
    throw new InputError(
      `openSource: "${labels.name}" must hold one class for each of the ${rows} rows; got shape (${shape.join(", ")}).`,
    );
  }
  const bytes = await dataOf(archive, labels);
  const numbers = decodeElements(await bytes.next(length * element.bytes), element);
  await bytes.close();
  return Array.from(numbers, String);
}

interface ClosableBytes extends ArrayBytes {
  close(): Promise<void>;
}

/** The data of a member, from their beginning. */
async function dataOf(archive: Archive, { entry, header, name }: Member): Promise<ClosableBytes> {
  const bytes = await bytesOf(archive, entry, name);
  await bytes.next(header.start);
  return bytes;
}

/** The bytes of an entry, taken in pieces of any length. */
async function bytesOf(archive: Archive, entry: ArchiveEntry, name: string): Promise<ClosableBytes> {
  if (entry.entry.isEncrypted()) throw new InputError(`openSource: "${name}" must not be encrypted.`);
  const stream = await guarded(name, () => archive.stream(entry));
  const chunks = (stream as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  let left = new Uint8Array(0);
  return {
    async next(length) {
      const parts = [left];
      let have = left.length;
      while (have < length) {
        const { value, done } = await guarded(name, () => chunks.next());
        if (done) break;
        parts.push(value as Uint8Array<ArrayBuffer>);
        have += value.length;
      }
      const all = parts.length === 1 ? left : joined(parts, have);
      left = all.subarray(Math.min(length, have)) as Uint8Array<ArrayBuffer>;
      return all.subarray(0, Math.min(length, have));
    },
    async close() {
      (stream as Readable).destroy();
    },
  };
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** What zlib or the disk say of damage, as an error of ours. */
async function guarded<T>(name: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const reason = fileReason(error) ?? `"${error.message}"`;
    throw new FormatError(
      `openSource: "${name}" must be whole; got ${reason}. Fetch or copy the archive again.`,
      { cause: error },
    );
  }
}
