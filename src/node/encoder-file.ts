import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { EncoderFile } from "../pipeline/index.ts";
import { withFile } from "./files.ts";

/**
 * The user's own network, for the features `onnx`.
 *
 * @throws {InputError} if the file cannot be read
 */
export async function readEncoder(path: string): Promise<EncoderFile> {
  const must = "a readable ONNX file";
  const rule = { where: "readEncoder", path, must, remedy: "Check the path given to --encoder." };
  return { name: basename(path), bytes: new Uint8Array(await withFile(rule, () => readFile(path))) };
}
