// NumPy's arrays: all element types, two to four axes, versions 1 to 3.
import { readdirSync, readFileSync } from "node:fs";
import { openNpy } from "../../dist/node/sources/npy/index.js";
import { fileReader } from "../fuzz-file.mjs";

const fixtures = new URL("../../fixtures/sources/", import.meta.url);

export async function samples() {
  const names = readdirSync(fixtures).filter((name) => name.endsWith(".npy"));
  return names.map((name) => ({ name, bytes: readFileSync(new URL(name, fixtures)) }));
}

const asRows = fileReader(openNpy, ".npy");
const asImages = fileReader(openNpy, ".npy", { shape: { height: 2, width: 2, channels: 1 } });
let turn = 0;
export function read(bytes) {
  turn += 1;
  return turn % 3 === 0 ? asImages(bytes) : asRows(bytes);
}
