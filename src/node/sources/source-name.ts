import { basename, extname, resolve } from "node:path";
import { fileExtensions } from "./readers.ts";

const longest = 64;

/**
 * Short name of a file or folder, fit to be a file name on every system: its last part, of a file without the
 * extensions of arrays, tables and archives, anything but letters, digits, `.`, `_` and `-` replaced by `-`.
 *
 * The folder `.` is called by its own name; what leaves no name is called `images`.
 */
export function sourceName(path: string, kind: "file" | "folder"): string {
  const base = basename(resolve(path));
  const stem = kind === "folder" ? base : withoutExtension(base.replace(/\.gz$/i, ""));
  const safe = stem.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[.-]+/, "");
  return (
    Array.from(safe)
      .slice(0, longest)
      .join("")
      .replace(/[.-]+$/, "") || "images"
  );
}

function withoutExtension(file: string): string {
  const extension = extname(file);
  const known =
    fileExtensions.includes(extension.toLowerCase()) || /^\.(idx\d?[-\w]*|ubyte|bin)$/i.test(extension);
  return known ? file.slice(0, -extension.length) : file;
}
