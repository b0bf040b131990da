import { type RunContext, throwIfCancelled } from "../../estimator.ts";
import { computeOf } from "../../kernels/index.ts";
import { checkFeatures, checkShape, type Matrix, type Samples } from "../../matrix/index.ts";
import { createRandom } from "../../random/index.ts";
import { membershipShares, type Neighbors, neighborMatrix, queryNeighbors } from "../neighbors/index.ts";
import { moveVertices } from "./layout.ts";
import { checkTransformEpochs } from "./options.ts";
import type { UmapModel } from "./types.ts";

/** What a user chooses of how new samples come into a map. */
export interface UmapTransformOptions {
  /** Rounds of moves after the first place, an integer in 0..100000. Default 0: the weighted place alone. */
  readonly nEpochs?: number;
}

/** As in umap-learn, new samples move a quarter as far as those of the map did: they start where they belong. */
const learningShare = 1 / 4;

/**
 * Brings new samples into a finished map, whose own samples stay where they are.
 *
 * A sample takes the mean of the places of its nearest samples of the map, each weighed by how strongly it would take the new one
 * as a neighbour. With `nEpochs`, it is then pulled by them and pushed by others, as in the fit. A sample of the map itself comes
 * near its place, not exactly there.
 *
 * @param samples nSamples x nFeatures, in the units of those that the map was made of
 * @returns nSamples x nDimensions
 * @throws {OptionError} for another number of features than the model's, or nEpochs out of range
 * @throws {InputError} for samples of no use
 * @throws {CancelledError} if `context.signal` fires
 */
export async function transform(
  model: UmapModel,
  samples: Samples,
  options: UmapTransformOptions = {},
  context: RunContext = {},
): Promise<Matrix<Float32Array>> {
  const { nEpochs = 0 } = options;
  const { settings, embedding, curve } = model;
  checkTransformEpochs(nEpochs);
  checkShape("umap.transform", samples);
  checkFeatures("umap.transform", model.samples.cols, samples);
  throwIfCancelled("umap.transform", context.signal);
  const k = Math.min(settings.nNeighbors, model.samples.rows);
  const neighbors = await queryNeighbors(model.samples, samples, { k, metric: settings.metric }, context);
  const shares = membershipShares(neighbors, model.scales);
  const start = weightedPlaces(embedding, neighbors, shares);
  if (nEpochs === 0) return start;
  const moving = moveVertices({
    compute: computeOf(context.compute),
    graph: { ...neighborMatrix(neighbors, relativeToLargest(shares, k)), cols: embedding.rows },
    start,
    fixed: embedding,
    settings: { ...settings, nEpochs, learningRate: settings.learningRate * learningShare },
    curve,
    key: createRandom(settings.seed).stream("umap").stream("transform").uint32(),
    signal: context.signal,
  });
  for (;;) {
    const step = await moving.next();
    if (step.done) return step.value;
  }
}

function weightedPlaces(
  embedding: Matrix<Float32Array>,
  { rows, k, indices }: Neighbors,
  shares: Float32Array,
): Matrix<Float32Array> {
  const { cols } = embedding;
  const data = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      let sum = 0;
      for (let at = i * k; at < (i + 1) * k; at++) {
        sum += (shares[at] as number) * (embedding.data[(indices[at] as number) * cols + j] as number);
      }
      data[i * cols + j] = sum;
    }
  }
  return { rows, cols, data };
}

/** So that each sample's strongest neighbour pulls in every epoch, however its shares are spread. */
function relativeToLargest(shares: Float32Array, k: number): Float32Array {
  const relative = new Float32Array(shares.length);
  for (let from = 0; from < shares.length; from += k) {
    const largest = Math.max(...shares.subarray(from, from + k));
    for (let at = from; at < from + k; at++) relative[at] = (shares[at] as number) / largest;
  }
  return relative;
}
