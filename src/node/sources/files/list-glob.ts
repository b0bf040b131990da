import { type Dirent, readdir as readdirOf, type Stats, stat } from "node:fs";
import { join } from "node:path";
import { glob, isDynamicPattern } from "tinyglobby";
import { InputError } from "../../../errors.ts";
import { throwIfCancelled } from "../../../estimator.ts";
import { withFile } from "../../files.ts";
import { isImageName } from "./list-folder.ts";

/** Files that a pattern names. */
export interface Globbed {
  /** The part of the pattern before its first part with a wildcard: the folder that the names are relative to. */
  readonly folder: string;
  /** Paths of the image files, with `/`, sorted by code units. */
  readonly names: readonly string[];
}

/** Whether a path has wildcards: `*`, `?`, `[...]`, `{a,b}`, `!(...)`. */
export function isGlob(location: string): boolean {
  return isDynamicPattern(location);
}

/**
 * The image files that a pattern matches. Hidden files are left out; links to files are followed, links to folders are
 * not (a pattern with `**` would otherwise go wherever they lead).
 *
 * @throws {InputError} if the pattern begins with `!`, or its folder cannot be read
 */
export async function listGlob(pattern: string, signal: AbortSignal | undefined): Promise<Globbed> {
  throwIfCancelled("openSource", signal);
  if (pattern.startsWith("!")) {
    throw new InputError(
      `openSource: a pattern must say which files are meant; got "${pattern}". Leave the "!" out, or escape it: "\\${pattern}".`,
    );
  }
  const parts = pattern.split("/");
  const first = parts.findIndex((part) => isDynamicPattern(part));
  const fixed = parts.slice(0, first);
  const folder = unescaped(fixed.join("/")) || (fixed.length > 0 ? "/" : ".");
  const rest = parts.slice(first).join("/");
  const remedy = "Check the path before the first wildcard, and your right to read it.";
  const found = await withFile({ where: "openSource", path: folder, must: "a readable folder", remedy }, () =>
    glob(rest, {
      cwd: folder,
      expandDirectories: false,
      followSymbolicLinks: false,
      fs: linksAsFiles,
      ...(signal && { signal }),
    }),
  );
  throwIfCancelled("openSource", signal);
  const names = found.filter((name) => isImageName(name.slice(name.lastIndexOf("/") + 1)));
  return { folder, names: names.sort() };
}

function unescaped(path: string): string {
  return path.replace(/\\(.)/g, "$1");
}

type Listed = (error: NodeJS.ErrnoException | null, entries: Dirent[]) => void;

/** A file system in which links to files are files, and links to folders are nothing. */
const linksAsFiles = {
  readdir: ((path: string, _options: unknown, done: Listed): void => {
    readdirOf(path, { withFileTypes: true }, (error, entries) => {
      if (error) {
        done(error, []);
        return;
      }
      const links = entries.filter((entry) => entry.isSymbolicLink());
      const files = entries.filter((entry) => !entry.isSymbolicLink());
      let waiting = links.length;
      if (waiting === 0) done(null, files);
      for (const link of links) {
        stat(join(path, link.name), (missing: Error | null, target: Stats | undefined) => {
          if (!missing && target?.isFile()) files.push(asFile(link));
          waiting -= 1;
          if (waiting === 0) done(null, files);
        });
      }
    });
  }) as typeof readdirOf,
};

function asFile(link: Dirent): Dirent {
  return Object.assign(Object.create(link) as Dirent, {
    isFile: () => true,
    isSymbolicLink: () => false,
  });
}
