// Mutated Parquet files, of all that fixtures/sources holds.
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openParquet } from "../../dist/node/sources/parquet/index.js";

const folder = mkdtempSync(join(tmpdir(), "unlabeled-fuzz-"));
const fixtures = join(import.meta.dirname, "../../fixtures/sources");

export async function samples() {
  return readdirSync(fixtures)
    .filter((name) => name.endsWith(".parquet"))
    .map((name) => ({ name, bytes: readFileSync(join(fixtures, name)) }));
}

export async function read(bytes, name) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const shape = name.startsWith("nested") ? { height: 2, width: 3, channels: 1 } : undefined;
  const reader = await openParquet(path, { shape });
  try {
    let count = 0;
    for await (const piece of reader.pieces(16))
      count += piece.count ?? piece.values?.rows ?? piece.files.length;
    return count;
  } finally {
    await reader.close();
  }
}
