/** The pictures of a finished run, kept until the report of its whole comparison is drawn. */
import type { Exhibits } from "../../experiment/index.ts";
import { packFile, unpackFile } from "./packed-file.ts";

const format = { format: "unlabeled-pictures", formatVersion: 1 };

/** The bytes of the file. */
export function picturesFile(exhibits: Exhibits): Uint8Array {
  return packFile(format, exhibits);
}

/**
 * Reads the bytes of the file.
 *
 * @param file its name, for messages
 * @throws {FormatError} if it is of another kind, or damaged
 */
export function parsePictures(bytes: Uint8Array, file: string, remedy: string): Exhibits {
  // Its digest says that the content is what was written, and its format who wrote it.
  return unpackFile(bytes, { ...format, where: "resume", file, remedy }) as Exhibits;
}
