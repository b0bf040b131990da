/**
 * Histograms of oriented gradients (Dalal and Triggs 2005): which way the edges run in each part of an image, whatever the
 * contrast. Gradients are centred differences of pixels in [0, 1], the outermost pixels repeated beyond the border; where
 * there are several channels, a pixel has the gradient of the one in which it is largest (colours with opacity are taken
 * over black, and opacity is a channel like them). Its length is shared out linearly to the two nearest of nine directions
 * without sign, and summed by cell; blocks of two by two cells, one cell apart, are divided by sqrt(length^2 + 1e-8).
 *
 * The view keeps the principal components of these descriptors, which are never all held: they are made twice, a few
 * thousand at a time, once for their covariance and once for the scores.
 */
import { OptionError } from "../../errors.ts";
import type { RunContext } from "../../estimator.ts";
import { type ImageSet, takeImages } from "../../images/index.ts";
import { computeOf } from "../../kernels/index.ts";
import type { Matrix } from "../../matrix/index.ts";
import { createRandom, distinctIntegers } from "../../random/index.ts";
import * as pca from "../pca/index.ts";
import { descriptorChunks } from "./descriptors.ts";
import { checkImageSize, designOf, type HogDesign, type HogOptions } from "./design.ts";

/** What a user chooses of the view. */
export interface HogFitOptions extends HogOptions, Partial<pca.PcaOptions> {
  /**
   * Images that the components are found from, drawn at random by `seed`; an integer of at least 1, default all. Some ten
   * thousand give nearly the same components in less time.
   */
  readonly nFitted?: number;
}

/** What holds where an option is left out; those of the components as in `pca`. */
export const defaults = { nComponents: 50 } as const;

/** Descriptor and components: all that `transform` needs. */
export interface HogModel {
  readonly kind: "hog";
  readonly design: HogDesign;
  /** Components of the descriptors; its `nSamples` tells how many images they were found from. */
  readonly pca: pca.PcaModel;
}

/** A model together with the scores of the images that it was fitted to. */
export interface HogFit extends HogModel {
  /** nImages x nComponents. */
  readonly scores: Matrix<Float32Array>;
}

/**
 * Descriptors of images: for each block from left to right, top to bottom, its four cells in the same order, nine
 * directions each.
 *
 * @returns nImages x nFeatures, at least 0; 1,296 features for 28 x 28 pixels. The same bytes on any number of threads
 * @throws {OptionError} for a cell size out of range
 * @throws {InputError} for images below 4 x 4 pixels, with other than 1, 3 or 4 channels, or none at all
 * @throws {CancelledError} if `context.signal` fires
 *
 * Time O(nImages x pixels).
 */
export async function hog(
  images: ImageSet,
  options: HogOptions = {},
  { compute, signal }: RunContext = {},
): Promise<Matrix<Float32Array>> {
  const where = "hog";
  checkNames(where, options, ["cellSize"]);
  const design = designOf(where, images, options);
  const { nFeatures } = design;
  const data = new Float32Array(images.count * nFeatures);
  let at = 0;
  for await (const chunk of descriptorChunks(where, computeOf(compute), images, design, signal)) {
    data.set(chunk.data, at);
    at += chunk.data.length;
  }
  return { rows: images.count, cols: nFeatures, data };
}

/**
 * Descriptors and their principal components, with the scores of the images.
 *
 * @returns the same bytes on any number of threads
 * @throws as {@link hog}, and {OptionError} for an option of the components out of range
 */
export async function fit(
  images: ImageSet,
  options: HogFitOptions = {},
  context: RunContext = {},
): Promise<HogFit> {
  const where = "hog.fit";
  const { cellSize, nFitted = images.count, ...ofComponents } = options;
  const design = designOf(where, images, cellSize === undefined ? {} : { cellSize });
  if (!Number.isSafeInteger(nFitted) || nFitted < 1) {
    throw new OptionError(`${where}: nFitted must be an integer of at least 1; got ${nFitted}.`);
  }
  const nComponents = ofComponents.nComponents ?? defaults.nComponents;
  const fitted = drawn(images, nFitted, ofComponents.seed ?? pca.defaults.seed);
  const source = chunksOf(where, fitted, design, context);
  const model = await pca.fitChunks(source, { ...ofComponents, nComponents }, context);
  const scores = await pca.transformChunks(model, chunksOf(where, images, design, context), context);
  return { kind: "hog", design, pca: model, scores };
}

/**
 * Scores of other images, nImages x nComponents.
 *
 * @throws {OptionError} if they have another size
 * @throws {InputError} where there are none
 */
export async function transform(
  model: HogModel,
  images: ImageSet,
  context: RunContext = {},
): Promise<Matrix<Float32Array>> {
  const where = "hog.transform";
  checkImageSize(where, model.design, images);
  designOf(where, images, { cellSize: model.design.cellSize });
  return pca.transformChunks(model.pca, chunksOf(where, images, model.design, context), context);
}

/** That many images drawn at random, in their order; all where there are no more. */
function drawn(images: ImageSet, count: number, seed: number): ImageSet {
  if (count >= images.count) return images;
  const random = createRandom(seed).stream("hog");
  return takeImages(images, distinctIntegers(random, count, images.count).sort());
}

function chunksOf(
  where: string,
  images: ImageSet,
  design: HogDesign,
  { compute, signal }: RunContext,
): pca.SampleChunks {
  return {
    rows: images.count,
    cols: design.nFeatures,
    chunks: () => descriptorChunks(where, computeOf(compute), images, design, signal),
  };
}

function checkNames(where: string, options: object, known: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    throw new OptionError(`${where}: every option must be one of ${known.join(", ")}; got "${name}".`);
  }
}
