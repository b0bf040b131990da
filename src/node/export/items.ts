/** The files that a run's images came from. */
import { stat } from "node:fs/promises";
import { extname, isAbsolute, relative, resolve } from "node:path";

/** Endings of image files: nothing else is ever linked or copied, whatever a run folder says. */
const imageEndings = new Set(
  "png jpg jpeg jpe jfif webp gif bmp tif tiff avif heic heif svg ppm pgm pbm jp2 jxl"
    .split(" ")
    .map((end) => `.${end}`),
);

/** The file of each image, or undefined where it is not there (any more). */
export type ItemFiles = readonly (string | undefined)[];

/**
 * The files of a source whose images are files: a folder, a pattern, or the list that `-` read.
 *
 * @param location the `<source>` argument of the run
 * @param files what the run calls each image
 * @returns absolute paths; undefined if the source is none of these, or none of its files is there
 */
export async function itemFiles(
  location: string,
  files: readonly string[] | undefined,
): Promise<ItemFiles | undefined> {
  if (!files) return undefined;
  const base = await folderOf(location);
  if (base === undefined) return undefined;
  const found: (string | undefined)[] = [];
  for (const file of files) found.push(await fileIn(base, file, location === "-"));
  return found.some((path) => path !== undefined) ? found : undefined;
}

/** The folder that names are relative to. */
async function folderOf(location: string): Promise<string | undefined> {
  if (location === "-") return resolve(".");
  if (await is(location, "folder")) return resolve(location);
  // A pattern: the parts before its first wildcard.
  const parts = location.split("/");
  const first = parts.findIndex((part) => /[*?[\]{}()!]/.test(part));
  if (first < 0) return undefined;
  const fixed = parts.slice(0, first).join("/").replace(/\\(.)/g, "$1");
  const folder = fixed || (first > 0 ? "/" : ".");
  return (await is(folder, "folder")) ? resolve(folder) : undefined;
}

async function fileIn(base: string, file: string, anywhere: boolean): Promise<string | undefined> {
  if (file === "" || file.includes("\0") || !imageEndings.has(extname(file).toLowerCase())) return undefined;
  const path = resolve(base, file);
  const way = relative(base, path);
  if (!anywhere && (isAbsolute(way) || way.split(/[/\\]/)[0] === "..")) return undefined;
  return (await is(path, "file")) ? path : undefined;
}

async function is(path: string, kind: "file" | "folder"): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return kind === "file" ? found?.isFile() === true : found?.isDirectory() === true;
}
