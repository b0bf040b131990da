/**
 * Scattering as a view for clustering: coefficients, each channel divided by its largest absolute value, so that fine and
 * coarse scales weigh alike, and then the principal components of what results.
 *
 * The largest values and the components are learned from at most `nFitted` images, drawn at random, whose coefficients are
 * held; then all images are transformed and projected, some rows at a time. So 70,000 images of 28 x 28 pixels, whose
 * coefficients would take 972 MB, need 139 MB, and an eighth more transforms are done. On MNIST, components and largest values of
 * 10,000 images keep 0.9992 of the variance that those of all 70,000 do, and neighbours are as often of one class.
 */
import { OptionError } from "../../errors.ts";
import type { RunContext } from "../../estimator.ts";
import { type ImageSet, takeImages } from "../../images/index.ts";
import type { Matrix } from "../../matrix/index.ts";
import { createRandom, distinctIntegers } from "../../random/index.ts";
import * as pca from "../pca/index.ts";
import { factorsOf } from "./factors.ts";
import { geometryOf } from "./geometry.ts";
import { checkImages, checkScatteringViewOptions } from "./options.ts";
import { chunksBySettings } from "./transform.ts";
import type {
  ScatteringFit,
  ScatteringModel,
  ScatteringSettings,
  ScatteringStep,
  ScatteringViewOptions,
  ScatteringViewSettings,
} from "./types.ts";

/**
 * Of the randomized components, which many coefficients call for. Three keep 0.9993 of the variance that the best components
 * have (Fashion-MNIST), about what drawing the images costs; six keep 0.9999 and take half as long again.
 */
const nPowerIterations = 3;

/**
 * Learns the view from images, and gives them as it sees them.
 *
 * @param images any number, of sides up to 256 pixels
 * @returns the model and nImages x nComponents; the same bytes on any number of threads
 * @throws {OptionError} for an option out of range
 * @throws {InputError} for images of no use
 * @throws {CancelledError} if `context.signal` fires
 */
export async function fit(
  images: ImageSet,
  options: ScatteringViewOptions = {},
  context: RunContext<ScatteringStep> = {},
): Promise<ScatteringFit> {
  const where = "scattering.fit";
  const settings = checkScatteringViewOptions(where, options, images);
  const { nFitted, nComponents, seed } = settings;
  const of = nFitted + images.count;
  const held: Matrix<Float32Array>[] = [];
  let done = 0;
  for await (const chunk of chunksBySettings(where, drawn(images, settings), settings, context)) {
    held.push(chunk);
    done += chunk.rows;
    context.onProgress?.({ images: done, of });
  }
  const channelMaxima = largestValues(held, settings);
  scaleInPlace(held, factorsOf(settings, channelMaxima));
  const { nFeatures } = geometryOf(settings);
  const source = { rows: nFitted, cols: nFeatures, chunks: () => held };
  const { compute, signal } = context;
  const model: ScatteringModel = {
    kind: "scattering",
    settings,
    channelMaxima,
    pca: await pca.fitChunks(source, { nComponents, nPowerIterations, seed }, { compute, signal }),
  };
  held.length = 0;
  const samples = await project(where, model, images, {
    ...context,
    onProgress: (step) => context.onProgress?.({ images: nFitted + step.images, of }),
  });
  return { model, samples };
}

/**
 * Images as a learned view sees them, nImages x nComponents.
 *
 * @param images of the height, width and channels that the model was fitted to
 * @throws {OptionError} if they have another shape
 * @throws {InputError} for images of no use
 */
export async function apply(
  model: ScatteringModel,
  images: ImageSet,
  context: RunContext<ScatteringStep> = {},
): Promise<Matrix<Float32Array>> {
  const where = "scattering.apply";
  checkImages(where, images);
  const [own, got] = [model.settings, images].map((s) => `${s.height} x ${s.width} x ${s.channels}`);
  if (own !== got) {
    throw new OptionError(
      `${where}: images must be the model's ${own} (height x width x channels); got ${got}. Bring them to the size that the model was fitted to.`,
    );
  }
  return project(where, model, images, context);
}

function project(
  where: string,
  { settings, channelMaxima, pca: components }: ScatteringModel,
  images: ImageSet,
  context: RunContext<ScatteringStep>,
): Promise<Matrix<Float32Array>> {
  const { compute, signal, onProgress } = context;
  const factors = factorsOf(settings, channelMaxima);
  async function* chunks(): AsyncGenerator<Matrix<Float32Array>, void, void> {
    let done = 0;
    for await (const chunk of chunksBySettings(where, images, settings, { compute, signal }, factors)) {
      yield chunk;
      done += chunk.rows;
      onProgress?.({ images: done, of: images.count });
    }
  }
  const source = { rows: images.count, cols: factors.length, chunks };
  return pca.transformChunks(components, source, { compute, signal });
}

/** The images that the view is learned from, in their order. */
function drawn(images: ImageSet, { nFitted, seed }: ScatteringViewSettings): ImageSet {
  if (nFitted === images.count) return images;
  const random = createRandom(seed).stream("scattering");
  return takeImages(images, distinctIntegers(random, nFitted, images.count).sort());
}

function largestValues(chunks: readonly Matrix<Float32Array>[], settings: ScatteringSettings): Float32Array {
  const { nFeatures, gridRows, gridCols } = geometryOf(settings);
  const grid = gridRows * gridCols;
  const largest = new Float32Array(nFeatures / grid);
  for (const { data } of chunks) {
    for (let at = 0, channel = 0; at < data.length; channel = (channel + 1) % largest.length) {
      let most = largest[channel] as number;
      for (const end = at + grid; at < end; at++) most = Math.max(most, Math.abs(data[at] as number));
      largest[channel] = most;
    }
  }
  return largest;
}

function scaleInPlace(chunks: readonly Matrix<Float32Array>[], factors: Float32Array): void {
  for (const { data, cols } of chunks) {
    for (let at = 0; at < data.length; at++) {
      data[at] = (data[at] as number) * (factors[at % cols] as number);
    }
  }
}
