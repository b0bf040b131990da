/** Image files of a piece to pixels, several at a time. */
import { FormatError, InputError } from "../../errors.ts";
import { throwIfCancelled } from "../../estimator.ts";
import type { SkippedFile } from "../../images/index.ts";
import { type DecodedImage, type DecodeSettings, decodeImage, inOrder } from "./decode/index.ts";
import type { FilePiece } from "./reader.ts";

/** A piece whose images are decoded; what could not be read is left out. */
export interface DecodedPiece {
  readonly images: readonly DecodedImage[];
  readonly names: readonly string[];
  readonly classes: readonly (string | null)[] | undefined;
  readonly skipped: readonly SkippedFile[];
  /** Whether something could not even be read: that may be otherwise the next time. */
  readonly unsteady: boolean;
}

/** Images at work at a time: those that libuv's threads decode (four unless told), and as many again being read. */
const lanes = 2 * (Number(process.env.UV_THREADPOOL_SIZE) || 4);

/**
 * @param onDone hears of each image that is decoded or skipped
 * @throws {CancelledError} if the signal fires
 */
export async function decodePiece(
  piece: FilePiece,
  settings: DecodeSettings,
  onDone: (skipped: boolean) => void,
  signal: AbortSignal | undefined,
): Promise<DecodedPiece> {
  let unsteady = false;
  const results = await inOrder(piece.files, lanes, async (file): Promise<DecodedImage | SkippedFile> => {
    throwIfCancelled("openSource", signal);
    let read = false;
    try {
      const bytes = await file.read();
      read = true;
      const image = await decodeImage(bytes, settings);
      onDone(false);
      return image;
    } catch (error) {
      if (!(error instanceof FormatError || error instanceof InputError)) throw error;
      unsteady ||= !read;
      onDone(true);
      return { file: file.name, reason: error.message };
    }
  });
  const kept = results.flatMap((result, i) => ("reason" in result ? [] : [i]));
  const { files, names, classes } = piece;
  return {
    images: kept.map((i) => results[i] as DecodedImage),
    names: kept.map((i) => names?.[i] ?? (files[i]?.name as string)),
    classes: classes && kept.map((i) => classes[i] as string | null),
    skipped: results.filter((result) => "reason" in result),
    unsteady,
  };
}
