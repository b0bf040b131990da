/** The pictures of a finished run, kept until the report of its whole comparison is drawn. */
import { gunzipSync, gzipSync } from "node:zlib";
import { FormatError } from "../../errors.ts";
import type { ElbowRecord, Exhibits } from "../../experiment/index.ts";
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

/** What the report of a run is drawn from, besides its record. */
export interface StoredPictures {
  readonly exhibits: Exhibits;
  /** The curve over k that the report shows, where one was computed. */
  readonly elbow?: ElbowRecord;
}

/** Name of the file in a run folder: the same format, compressed. */
export const PICTURES_FILE = "pictures.safetensors.gz";

const storedFormat = { format: "unlabeled-run-pictures", formatVersion: 1 };

/** The bytes of the file in a run folder. */
export function storedPicturesFile(pictures: StoredPictures): Uint8Array {
  return gzipSync(packFile(storedFormat, pictures));
}

/**
 * Reads the bytes of the file in a run folder.
 *
 * @param file its name, for messages
 * @throws {FormatError} if it is of another kind, or damaged
 */
export function parseStoredPictures(bytes: Uint8Array, file: string): StoredPictures {
  const remedy = "Move it away: what is drawn from it is then left out.";
  const expected = { ...storedFormat, where: "readRun", file, remedy };
  let packed: Uint8Array;
  try {
    packed = gunzipSync(bytes);
  } catch (error) {
    throw new FormatError(
      `readRun: "${file}" must be a whole gzip file; got one that is damaged. ${remedy}`,
      {
        cause: error,
      },
    );
  }
  return unpackFile(packed, expected) as StoredPictures;
}
