// Archives of files with names of images, stored and deflated. What the files hold is the business of "images".
import { readdirSync, readFileSync } from "node:fs";
import { openZip } from "../../dist/node/sources/zip/index.js";
import { fileReader } from "../fuzz-file.mjs";

const fixtures = new URL("../../fixtures/sources/", import.meta.url);

export async function samples() {
  const names = readdirSync(fixtures).filter((name) => name.endsWith(".zip"));
  return names.map((name) => ({ name, bytes: readFileSync(new URL(name, fixtures)) }));
}

export const read = fileReader(openZip, ".zip");
