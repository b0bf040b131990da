/**
 * The wavelet scattering transform: how much of an image oscillates at each scale and in each direction (order 1), and how
 * these amounts oscillate in their turn (order 2), averaged over places. Moving an image by less than the average's width
 * changes little, and deforming it a little changes little: of all that is discarded, the modulus and the next order keep
 * what can be kept (Mallat 2012; Bruna and Mallat 2013).
 */
import { type RunContext, throwIfCancelled } from "../../estimator.ts";
import type { ImageSet } from "../../images/index.ts";
import { computeOf } from "../../kernels/index.ts";
import type { Matrix } from "../../matrix/index.ts";
import { geometryOf } from "./geometry.ts";
import { checkScatteringOptions } from "./options.ts";
import { chunksOf, openSession } from "./session.ts";
import type { ScatteringOptions, ScatteringSettings, ScatteringStep } from "./types.ts";

/**
 * Scattering coefficients of images, orders 0, 1 and 2, of each colour channel apart.
 *
 * @param images any number, of sides up to 256 pixels; bytes count as 0..1
 * @returns count x nFeatures: for each image channel, the low-pass, then order 1 by scale and orientation, then order 2 by the
 *   first scale and orientation and then the second; of each of these 1 + J L + L^2 J (J - 1) / 2 paths a grid of numbers by
 *   rows. 28 x 28 grey pixels give 217 x 4 x 4 = 3,472. The same bytes on any number of threads.
 * @throws {OptionError} for an option out of range
 * @throws {InputError} for images of no use
 * @throws {CancelledError} if `context.signal` fires
 *
 * Memory 4 bytes for each coefficient; {@link scatteringChunks} never holds all of them.
 */
export async function scattering(
  images: ImageSet,
  options: ScatteringOptions = {},
  context: RunContext<ScatteringStep> = {},
): Promise<Matrix<Float32Array>> {
  const settings = checkScatteringOptions("scattering", options, images);
  const { nFeatures } = geometryOf(settings);
  const data = new Float32Array(images.count * nFeatures);
  let done = 0;
  for await (const chunk of chunksBySettings("scattering", images, settings, context)) {
    data.set(chunk.data, done * nFeatures);
    done += chunk.rows;
    context.onProgress?.({ images: done, of: images.count });
  }
  return { rows: images.count, cols: nFeatures, data };
}

/**
 * As {@link scattering}, some rows at a time, in order: about 16 MiB each, in memory of their own.
 */
export async function* scatteringChunks(
  images: ImageSet,
  options: ScatteringOptions = {},
  context: RunContext<ScatteringStep> = {},
): AsyncGenerator<Matrix<Float32Array>, void, void> {
  const settings = checkScatteringOptions("scatteringChunks", options, images);
  yield* chunksBySettings("scatteringChunks", images, settings, context);
}

/**
 * The chunks for checked settings.
 *
 * @param factors a number for each feature by which it is multiplied
 */
export async function* chunksBySettings(
  where: string,
  images: ImageSet,
  settings: ScatteringSettings,
  { compute, signal }: RunContext<never>,
  factors?: Float32Array,
): AsyncGenerator<Matrix<Float32Array>, void, void> {
  throwIfCancelled(where, signal);
  const session = openSession(computeOf(compute), settings, factors);
  try {
    for (const chunk of chunksOf(images, session.chunkRows)) yield await session.transform(chunk, signal);
  } finally {
    session.release();
  }
}
