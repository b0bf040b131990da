import { basename, extname } from "node:path";
import { imageExtensions } from "./decode/index.ts";
import { filesReader } from "./files/index.ts";
import type { SourceReader } from "./reader.ts";
import type { SourceOptions } from "./source-options.ts";
import { parseShape, type TableOptions } from "./tables/index.ts";

/** What a reader of single files may be asked. */
export type ReaderOptions = Pick<SourceOptions, "shape" | "idColumn" | "labelColumn" | "signal">;

type OpenReader = (path: string, options: ReaderOptions) => Promise<SourceReader>;

/** Readers of single files by extension, loaded when they are needed. */
const readers: Readonly<Record<string, OpenReader>> = {
  ...Object.fromEntries(imageExtensions.map((extension) => [extension, openImageFile])),
  ".csv": openTable,
  ".tsv": openTable,
  ".csv.gz": openTable,
  ".tsv.gz": openTable,
  ".parquet": async (path, options) =>
    (await import("./parquet/index.ts")).openParquet(path, asTable(options)),
  ".npy": async (path, options) => (await import("./npy/index.ts")).openNpy(path, asTable(options)),
  ".npz": async (path, options) => (await import("./npy/index.ts")).openNpz(path, asTable(options)),
  ".zip": async (path, options) => (await import("./zip/index.ts")).openZip(path, asTable(options)),
};

/** Extensions of arrays, tables and archives, small, with the dot. */
export const fileExtensions: readonly string[] = Object.keys(readers).filter(
  (extension) => !imageExtensions.includes(extension),
);

/** Kinds of single files that are read, for messages. */
export const knownFiles: string = `an image file (${imageExtensions.join(", ")}), ${fileExtensions.join(", ")}, or an IDX file`;

/** @throws {OptionError} for a shape that is none */
function asTable({ shape, ...rest }: ReaderOptions): TableOptions {
  return { ...rest, shape: shape === undefined ? undefined : parseShape(shape) };
}

/** What opens a file of this name; undefined for a name of no extension that is known, which IDX files have. */
export function readerFor(path: string, options: ReaderOptions): (() => Promise<SourceReader>) | undefined {
  const name = basename(path).toLowerCase();
  const open = readers[/\.[ct]sv\.gz$/.exec(name)?.[0] ?? extname(name)];
  return open && (() => open(path, options));
}

async function openTable(path: string, options: ReaderOptions): Promise<SourceReader> {
  return (await import("./csv/index.ts")).openCsv(path, asTable(options));
}

async function openImageFile(path: string): Promise<SourceReader> {
  return filesReader({ names: [basename(path)], pathOf: () => path });
}
