import { extname } from "node:path/posix";
import { InputError } from "../../../errors.ts";
import { throwIfCancelled } from "../../../estimator.ts";
import { imageExtensions } from "../decode/index.ts";
import { classFolders } from "../files/index.ts";
import type { EncodedFile, SourceReader } from "../reader.ts";
import type { TableOptions } from "../tables/index.ts";
import { openArchive, readEntry } from "./archive.ts";

/** Greater files are no images of use. */
const mostBytes = 1 << 29;

/**
 * Opens a zip archive of image files, in the order of their paths; its folders are classes by the rule of folders. Hidden files and those that
 * are no images are left out; docs/arrays.md says every rule.
 *
 * @throws {InputError} if it cannot be read, or has no images
 * @throws {FormatError} if it is no zip archive, or its directory is damaged
 * @throws {CancelledError} if the signal fires
 */
export async function openZip(path: string, { signal }: Pick<TableOptions, "signal">): Promise<SourceReader> {
  const archive = await openArchive(path, signal);
  const images = archive.entries.filter(({ name }) => isImage(name));
  if (images.length === 0) {
    await archive.close();
    const got = archive.entries.length === 0 ? "an empty one" : `${archive.entries.length} other files`;
    throw new InputError(
      `openSource: "${path}" must be an archive of image files (${imageExtensions.join(", ")}); got ${got}.`,
    );
  }
  const common = commonFolder(images.map(({ name }) => name));
  const names = images.map(({ name }) => name.slice(common.length));
  const classes = classFolders(names);
  return {
    count: images.length,
    async *pieces(most, stop = signal) {
      for (let from = 0; from < images.length; from += most) {
        throwIfCancelled("openSource", stop);
        const files = images.slice(from, from + most).map(
          (entry, i): EncodedFile => ({
            name: names[from + i] as string,
            read: () => readEntry(archive, entry, mostBytes),
          }),
        );
        yield {
          kind: "files",
          names: names.slice(from, from + most),
          files,
          ...(classes && { classes: classes.slice(from, from + most) }),
        };
      }
    },
    close: () => archive.close(),
  };
}

function isImage(name: string): boolean {
  const hidden = name.split("/").some((part) => part.startsWith(".") || part === "__MACOSX");
  return !hidden && imageExtensions.includes(extname(name).toLowerCase());
}

/** The folders that all files lie in, as zipping a folder puts its own name before all: `pets/` of `pets/cats/1.png`, `pets/dogs/2.png`. */
function commonFolder(names: readonly string[]): string {
  const folders = (names[0] as string).split("/").slice(0, -1);
  let shared = folders.length;
  for (const name of names) {
    const parts = name.split("/").slice(0, -1);
    while (shared > 0 && !folders.slice(0, shared).every((folder, i) => parts[i] === folder)) shared--;
  }
  return folders
    .slice(0, shared)
    .map((folder) => `${folder}/`)
    .join("");
}
