// NumPy's archives, plain and compressed, with and without classes.
import { readdirSync, readFileSync } from "node:fs";
import { openNpz } from "../../dist/node/sources/npy/index.js";
import { fileReader } from "../fuzz-file.mjs";

const fixtures = new URL("../../fixtures/sources/", import.meta.url);

export async function samples() {
  const names = readdirSync(fixtures).filter((name) => name.endsWith(".npz"));
  return names.map((name) => ({ name, bytes: readFileSync(new URL(name, fixtures)) }));
}

export const read = fileReader(openNpz, ".npz");
