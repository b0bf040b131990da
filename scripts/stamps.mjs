// Stamps tell whether something that was made of files is still what would be made of them now: a stamp holds digests of
// all that was read and of all that was written, so that it is true wherever it comes from. Stamps lie in
// node_modules/.cache: git and npm pack leave them out, and a new installation has none.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Digest of files: their paths and all their bytes.
 *
 * @param root  folder, with a slash at its end
 * @param paths files, and folders with all below them, from `root`
 * @param isPart whether a file counts
 * @returns undefined if one of the paths is not there
 */
export function digestOf(root, paths, isPart = () => true) {
  const files = paths.flatMap((path) => filesBelow(root, path));
  if (files.includes(undefined)) return undefined;
  const hash = createHash("sha256");
  for (const path of files.filter(isPart).sort()) {
    const bytes = readFileSync(root + path);
    hash.update(`${path}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
}

function filesBelow(root, path) {
  const entry = statSync(root + path, { throwIfNoEntry: false });
  if (!entry?.isDirectory()) return [entry && path];
  return readdirSync(root + path).flatMap((name) => filesBelow(root, `${path}/${name}`));
}

/** Whether a stamp says that this was made of that. */
export function stampHolds(file, inputs, outputs) {
  if (inputs === undefined || outputs === undefined) return false;
  try {
    const stamp = JSON.parse(readFileSync(file, "utf8"));
    return stamp.inputs === inputs && stamp.outputs === outputs;
  } catch {
    return false; // none, or not whole
  }
}

/** Writes a stamp as a file of its own: copies of a folder may share files by hard links. */
export function writeStamp(file, inputs, outputs) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}`, `${JSON.stringify({ inputs, outputs })}\n`);
  renameSync(`${file}.${process.pid}`, file);
}

export function removeStamp(file) {
  rmSync(file, { force: true });
}
