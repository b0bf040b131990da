/** The images that a command works on. */
import { createHash } from "node:crypto";
import { InputError, OptionError } from "../errors.ts";
import type { SourceRecord } from "../experiment/index.ts";
import { type ImageSource, limitImages, type Reading, readingOf, type Split } from "../images/index.ts";
import type { SourceDigests } from "../node/index.ts";
import type { EncoderFile } from "../pipeline/index.ts";
import type { Effects } from "./effects.ts";
import { grouped } from "./results-text.ts";

/** How they are read: settings of a command, or what the record of a run says. */
type ReadingChoice = { readonly [K in keyof Reading]?: Reading[K] | undefined } & {
  readonly noCache?: boolean | undefined;
};

/** Which images. */
export interface SourceChoice extends ReadingChoice {
  readonly source: string;
  readonly split: Split;
  readonly limit?: number | undefined;
  readonly size?: number | undefined;
  readonly score?: Split | undefined;
}

/** Images to cluster, those to score where they are others, and those for a network's validation loss. */
export interface OpenedSources {
  readonly source: ImageSource;
  readonly score?: ImageSource | undefined;
  readonly validation?: ImageSource | undefined;
  /** The user's own network, where a method takes one. */
  readonly encoder?: EncoderFile | undefined;
}

/** Opens what a command needs. */
export async function openSources(
  choice: SourceChoice,
  trains: boolean,
  effects: Effects,
): Promise<OpenedSources> {
  const { source: location, split, limit, size, score: part } = choice;
  effects.progress.show(`Opening ${location}`);
  const reading = readingChoice(choice);
  const source = await effects.openSource(location, { split, limit, size, ...reading });
  tellOfReading(source, effects);
  const score =
    part === undefined || part === split
      ? undefined
      : await effects.openSource(location, { split: part, limit, size, ...reading });
  return { source, score, validation: trains ? await openValidation(choice, effects) : undefined };
}

/**
 * Images for the validation loss of a network that is trained on the training part of a source: its validation split;
 * of a limited source a tenth as many, so that judging takes no longer than training.
 *
 * @returns undefined for other parts, and for a source without test images: a tenth of the images is then kept from
 *   training
 */
export async function openValidation(
  choice: SourceChoice,
  effects: Effects,
): Promise<ImageSource | undefined> {
  const { source, split, limit, size } = choice;
  if (split !== "train") return undefined;
  try {
    const whole = await effects.openSource(source, { split: "validation", size, ...readingChoice(choice) });
    if (limit === undefined) return whole;
    const most = Math.min(whole.images.count, Math.max(1, Math.floor(limit / 10)));
    return { ...whole, limit: most, images: limitImages(whole.images, most) };
  } catch (error) {
    if (error instanceof OptionError || error instanceof InputError) return undefined;
    throw error;
  }
}

/** What of settings or of a run's record says how images are read. */
export function readingChoice(choice: ReadingChoice): Reading & { readonly noCache?: boolean } {
  return { ...readingOf(choice), ...(choice.noCache && { noCache: true }) };
}

/** Tells what the reader of a source decided by itself, how many items were left out, and the first of them. */
function tellOfReading({ skipped, notices, name }: ImageSource, effects: Effects): void {
  warnOfNotices(name, notices, effects);
  const [first] = skipped ?? [];
  if (!skipped || !first) return;
  const files = skipped.length === 1 ? "1 file" : `${grouped(skipped.length)} files`;
  effects.warn(
    `unlabeled: ${files} of ${name} could not be read and ${skipped.length === 1 ? "was" : "were"} left out, as ${JSON.stringify(first.file)} (${first.reason}).`,
  );
}

/** Tells what the reader of a source decided without being asked. */
export function warnOfNotices(name: string, notices: readonly string[] | undefined, effects: Effects): void {
  for (const notice of notices ?? []) effects.warn(`unlabeled: ${name}: ${notice}`);
}

/** Digests of all that was opened. */
export function digestsOf({ source, score, validation, encoder }: OpenedSources): SourceDigests {
  return {
    source: source.sha256,
    ...(score && { score: score.sha256 }),
    ...(validation && { validation: validation.sha256 }),
    ...(encoder && { encoder: createHash("sha256").update(encoder.bytes).digest("hex") }),
  };
}

/**
 * @param made what was made of the images: `"runs/x" was made of`
 * @throws {InputError} if a digest is not the wanted one
 */
export function checkDigest(
  where: string,
  location: string,
  wanted: string | undefined,
  got: string | undefined,
  made: string,
  remedy: string,
): void {
  if (wanted === got) return;
  const short = (digest: string | undefined): string =>
    digest === undefined ? "none" : `${digest.slice(0, 12)}...`;
  throw new InputError(
    `${where}: "${location}" must hold the images that ${made} (${short(wanted)}); got others (${short(got)}). ${remedy}`,
  );
}

/**
 * Opens the images of a run again.
 *
 * @param run its folder
 * @throws {InputError} if the source holds other images than those of the run
 */
export async function reopen(
  wanted: SourceRecord,
  run: string,
  where: string,
  effects: Effects,
): Promise<ImageSource> {
  const { location, split, limit, size } = wanted;
  effects.progress.show(`Opening ${location}`);
  const source = await effects.openSource(location, { split, limit, size, ...readingChoice(wanted) });
  const remedy = "Put those back, or cluster the new ones.";
  checkDigest(where, location, wanted.sha256, source.sha256, `"${run}" was made of`, remedy);
  return source;
}
