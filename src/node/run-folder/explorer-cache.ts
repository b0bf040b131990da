/** What the explorer keeps in a run folder, so that it is computed once: maps of all images, below `explorer/`. */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Matrix } from "../../matrix/index.ts";
import { createWhole } from "../create-whole.ts";
import { readRunFile } from "./file-errors.ts";
import { packFile, unpackFile } from "./packed-file.ts";

/** Folder of what is kept; it may be deleted at any time. */
const EXPLORER_FOLDER = "explorer";

const format = { format: "unlabeled-explorer-map", formatVersion: 1 };

const schema = z
  .object({ rows: z.int().min(1), cols: z.int().min(1), data: z.instanceof(Float32Array) })
  .refine(({ rows, cols, data }) => data.length === rows * cols, "rows x cols");

/**
 * What tells one map from any other: the run that it is of, by the whole of its record, and how it was made.
 *
 * @param how settings, as JSON holds them
 */
export async function mapKey(folder: string, how: unknown): Promise<string> {
  const hash = createHash("sha256").update(await readFile(join(folder, "run.json")));
  return hash.update(JSON.stringify(how)).digest("hex").slice(0, 16);
}

/**
 * A map that was kept.
 *
 * @param name letters, digits and `-`
 * @param rows number of images
 * @returns undefined where none was kept, or what lies there is of no use: it is then made anew
 */
export async function readKeptMap(
  folder: string,
  name: string,
  key: string,
  rows: number,
): Promise<Matrix<Float32Array> | undefined> {
  const file = join(folder, EXPLORER_FOLDER, fileName(name, key));
  try {
    const bytes = await readRunFile(file);
    if (!bytes) return undefined;
    const expected = { ...format, where: "readKeptMap", file, remedy: "Delete it." };
    const map = schema.parse(unpackFile(bytes, expected));
    return map.rows === rows ? (map as Matrix<Float32Array>) : undefined;
  } catch {
    return undefined; // a file that was cut or changed
  }
}

/**
 * Keeps a map; the file appears whole or not at all.
 *
 * @throws {Error} of the operating system, where the folder cannot be written
 */
export async function keepMap(
  folder: string,
  name: string,
  key: string,
  map: Matrix<Float32Array>,
): Promise<void> {
  await createWhole(join(folder, EXPLORER_FOLDER), async (partial) => {
    await writeFile(partial, packFile(format, { rows: map.rows, cols: map.cols, data: map.data }));
    return fileName(name, key);
  });
}

function fileName(name: string, key: string): string {
  return `${name}-${key}.safetensors`;
}
