import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";

/** Runs each test of a file in an empty folder of its own. */
export function inEmptyFolders(): void {
  const before = process.cwd();
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "unlabeled-test-"));
    process.chdir(folder);
  });
  afterEach(async () => {
    process.chdir(before);
    await rm(folder, { recursive: true });
  });
}

/** All files and folders below a folder, sorted. */
export async function filesBelow(path = "."): Promise<string[]> {
  return (await readdir(path, { recursive: true })).map((name) => name.replaceAll("\\", "/")).sort();
}
