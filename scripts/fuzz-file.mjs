// Readers that want a file: the input is written to one, in memory where the system has such a folder, and read to its end.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "unlabeled-fuzz-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** @param open (path, options) => Promise<SourceReader> */
export function fileReader(open, extension, options = {}) {
  const path = join(folder, `input${extension}`);
  return async (bytes) => {
    writeFileSync(path, bytes);
    const reader = await open(path, options);
    let items = 0;
    try {
      for await (const piece of reader.pieces(64)) {
        items += 1;
        // A file that cannot be read is skipped and told by what takes the pieces.
        if (piece.kind === "files") {
          for (const file of piece.files) await file.read().catch(rethrowFaults);
        }
      }
    } finally {
      await reader.close();
    }
    return items;
  };
}

function rethrowFaults(error) {
  if (error.name !== "InputError") throw error;
}
