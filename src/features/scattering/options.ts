import { InputError, OptionError } from "../../errors.ts";
import type { ImageSet } from "../../images/index.ts";
import { imageLength } from "../../images/index.ts";
import { geometryOf, leastGrid, powerOfTwo } from "./geometry.ts";
import type {
  ScatteringOptions,
  ScatteringSettings,
  ScatteringViewOptions,
  ScatteringViewSettings,
} from "./types.ts";

/** What holds where an option is left out; the number of scales then follows from the images' size. */
export const defaults = { nOrientations: 8, nComponents: 100, nFitted: 10_000, seed: 0 } as const;

const transformOptions: readonly string[] = ["nScales", "nOrientations"];
const viewOptions: readonly string[] = [...transformOptions, "nComponents", "nFitted", "seed"];

/** LIMIT: longer sides are refused; the tables of wavelets would take hundreds of megabytes. */
const longestSide = 256;
const mostScales = Math.log2(longestSide / leastGrid);
const mostOrientations = 16;
/** Bytes of coefficients that are held while the view is learned, unless the user asks for more images. */
const heldBytes = 2 ** 28;

/**
 * Complete, valid settings of the transform.
 *
 * @throws {OptionError} naming the option, its rule and the value that came
 * @throws {InputError} for images of no use
 */
export function checkScatteringOptions(
  where: string,
  options: ScatteringOptions,
  images: ImageSet,
): ScatteringSettings {
  checkNames(where, options, transformOptions);
  return transformSettings(where, options, images);
}

/** The same for the whole view. */
export function checkScatteringViewOptions(
  where: string,
  options: ScatteringViewOptions,
  images: ImageSet,
): ScatteringViewSettings {
  checkNames(where, options, viewOptions);
  const settings = transformSettings(where, options, images);
  const heldRows = Math.max(2, Math.floor(heldBytes / 4 / geometryOf(settings).nFeatures));
  const nFitted = options.nFitted ?? Math.min(defaults.nFitted, heldRows);
  const nComponents = options.nComponents ?? defaults.nComponents;
  const seed = options.seed ?? defaults.seed;
  if (!Number.isSafeInteger(nFitted) || nFitted < 2) {
    fail(where, "nFitted", "an integer of at least 2", nFitted);
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    fail(where, "seed", `an integer in 0..${Number.MAX_SAFE_INTEGER}`, seed);
  }
  if (!Number.isSafeInteger(nComponents) || nComponents < 1) {
    fail(where, "nComponents", "an integer of at least 1", nComponents);
  }
  return { ...settings, nComponents, nFitted: Math.min(nFitted, images.count), seed };
}

function checkNames(where: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) fail(where, "every option", `one of ${known.join(", ")}`, `"${name}"`);
  }
}

function transformSettings(where: string, options: ScatteringOptions, images: ImageSet): ScatteringSettings {
  checkImages(where, images);
  const { height, width, channels } = images;
  const longer = powerOfTwo(Math.max(height, width));
  const nScales = options.nScales ?? Math.max(2, Math.log2(longer / leastGrid));
  const nOrientations = options.nOrientations ?? defaults.nOrientations;
  if (!Number.isInteger(nScales) || nScales < 1 || nScales > mostScales) {
    fail(where, "nScales", `an integer in 1..${mostScales}`, nScales);
  }
  if (!Number.isInteger(nOrientations / 2) || nOrientations < 2 || nOrientations > mostOrientations) {
    fail(where, "nOrientations", `an even integer in 2..${mostOrientations}`, nOrientations);
  }
  return { nScales, nOrientations, height, width, channels };
}

/** @throws {InputError} for no images, a wrong number of bytes, or sides that are too long */
export function checkImages(where: string, images: ImageSet): void {
  const { count, height, width, channels, pixels } = images;
  const sizes = [count, height, width, channels];
  if (!sizes.every((size) => Number.isInteger(size) && size >= 1)) {
    throw new InputError(
      `${where}: images must be at least one, of at least one pixel; got ${sizes.join(" x ")}.`,
    );
  }
  if (pixels.length !== count * imageLength(images)) {
    throw new InputError(
      `${where}: images of ${sizes.join(" x ")} must hold ${count * imageLength(images)} bytes; got ${pixels.length}.`,
    );
  }
  if (Math.max(height, width) > longestSide) {
    throw new InputError(
      `${where}: sides of images must be at most ${longestSide} pixels; got ${height} x ${width}. Bring them to a smaller size first (--size).`,
    );
  }
}

function fail(where: string, what: string, rule: string, got: unknown): never {
  throw new OptionError(`${where}: ${what} must be ${rule}; got ${String(got)}.`);
}
