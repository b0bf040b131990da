import { gzipSync } from "node:zlib";
import { writeIdx } from "../../images/index.ts";
import type { DataSet, DataSetFile } from "../data-sets/catalogue.ts";
import { sha256Of } from "../data-sets/locate.ts";

/** The usual four files with a few tiny images: 5 to train, 4 to test, 2 x 3 pixels, image i all of brightness i. */
export const tinyFiles: Readonly<Record<string, Uint8Array>> = {
  "train-images-idx3-ubyte": tinyImages([0, 1, 2, 3, 4]),
  "train-labels-idx1-ubyte": writeIdx({ shape: [5], data: Uint8Array.of(0, 1, 2, 0, 1) }),
  "t10k-images-idx3-ubyte": tinyImages([5, 6, 7, 8]),
  "t10k-labels-idx1-ubyte": writeIdx({ shape: [4], data: Uint8Array.of(2, 0, 1, 2) }),
};

/** The same files, each compressed, with `.gz` after its name and `prefix` before it. */
export function compressed(prefix = ""): Record<string, Uint8Array> {
  return Object.fromEntries(
    Object.entries(tinyFiles).map(([name, bytes]) => [`${prefix}${name}.gz`, gzipSync(bytes)]),
  );
}

/** A named set of the tiny files, called `tiny`, at the given addresses. */
export function tinyDataSet(addresses: readonly string[]): DataSet {
  return {
    name: "tiny",
    description: "9 tiny images",
    licence: "MIT",
    origin: "nobody",
    classNames: ["dark", "grey", "light"],
    addresses,
    files: {
      trainImages: tinyFile("train-images-idx3-ubyte"),
      trainLabels: tinyFile("train-labels-idx1-ubyte"),
      testImages: tinyFile("t10k-images-idx3-ubyte"),
      testLabels: tinyFile("t10k-labels-idx1-ubyte"),
    },
  };
}

function tinyFile(name: string): DataSetFile {
  const bytes = tinyFiles[name] ?? new Uint8Array(0);
  return { name, bytes: bytes.length, sha256: sha256Of(bytes), downloadBytes: gzipSync(bytes).length };
}

function tinyImages(brightness: readonly number[]): Uint8Array {
  const data = Uint8Array.from(
    { length: brightness.length * 6 },
    (_, i) => brightness[Math.floor(i / 6)] ?? 0,
  );
  return writeIdx({ shape: [brightness.length, 2, 3], data });
}
