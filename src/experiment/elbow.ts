/** Curves over the number of clusters of a source, for any method. */
import { OptionError } from "../errors.ts";
import { type ImageSet, type ImageSource, takeImages } from "../images/index.ts";
import type { Samples } from "../matrix/index.ts";
import type { Checkpoint } from "../neural/index.ts";
import type { Criterion } from "../number-of-clusters/index.ts";
import {
  type Chain,
  chainColumns,
  chainFeatures,
  type EncoderFile,
  type Method,
  MOST_IN_GRAPH,
  methodStages,
  parseMethod,
  type StageContext,
} from "../pipeline/index.ts";
import { createRandom, distinctIntegers } from "../random/index.ts";
import { drawMap, learnFeatures } from "./fit-method.ts";
import { methodPanel, panelRecord } from "./panel.ts";
import type { RunProgress } from "./progress.ts";
import type { ElbowRecord, RunSettings } from "./record.ts";
import { type AskedSettings, checkClusters, settingsOf } from "./request.ts";
import { sourceRecord } from "./source-record.ts";

/** Images that the elbow curve of a run's report is computed on, where the source has more. */
export const ELBOW_SAMPLE = 10_000;

/** An elbow curve, asked for. */
export interface ElbowRequest {
  readonly method: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly settings: AskedSettings;
  readonly size?: number | undefined;
  /** The user's own network, for methods whose features are one (`onnx`). */
  readonly encoder?: EncoderFile | undefined;
  /** A fitted chain of the method, whose features serve; without it, features are fitted to the images. */
  readonly chain?: Chain;
  /** Images for the validation loss of a network, none of them among those of the source. */
  readonly validation?: ImageSource | undefined;
  /** Where an earlier, interrupted training for this curve stood. */
  readonly resume?: Checkpoint | undefined;
  /** Which criteria; default: all that suit the features. */
  readonly criteria?: readonly Criterion[] | undefined;
  /** Most images to use; where the source has more, that many are drawn by the seed. */
  readonly sample?: number;
}

/** Where a curve stands: at its features, their map, or a part of the panel. */
export type ElbowProgress = Pick<RunProgress, "stage" | "training" | "map" | "panel">;

/** What a curve takes from outside. */
export interface ElbowContext extends StageContext {
  readonly now: () => number;
}

/** What is clustered, and which columns are a view each. */
interface Ground {
  readonly samples: Samples;
  readonly columns?: readonly number[] | undefined;
}

/**
 * Criteria over a range of k, and the number of clusters that each proposes.
 *
 * @throws {OptionError} unless 1 <= from <= to <= number of images
 * @throws {CancelledError} when the signal fires
 */
export async function* elbow(
  source: ImageSource,
  request: ElbowRequest,
  context: ElbowContext,
): AsyncGenerator<ElbowProgress, ElbowRecord, void> {
  const { from, to, seed, criteria } = request;
  const method = parseMethod(request.method);
  const settings = settingsOf(method, request.settings);
  const images = sampled(source.images, {
    ...request,
    sample: request.sample ?? mostImages(method, settings),
  });
  checkRange(from, to, images.count);
  const { samples, columns } = request.chain
    ? await ofChain(request.chain, images, context)
    : yield* fitted(method, settings, images, request, context);
  const panel = yield* methodPanel(samples, { method, columns, settings, seed, from, to, criteria }, context);
  return {
    source: sourceRecord(source, request.size),
    method: method.name,
    seed,
    settings,
    ...panelRecord(panel),
    ...(images.count < source.images.count && { sampled: images.count }),
  };
}

async function* fitted(
  method: Method,
  settings: RunSettings,
  images: ImageSet,
  request: ElbowRequest,
  context: ElbowContext,
): AsyncGenerator<ElbowProgress, Ground, void> {
  const asked = { ...request, settings };
  const { fit } = yield* learnFeatures(images, method, asked, context, context.now);
  const map = yield* drawMap(fit, method, asked, context);
  if (map) return { samples: map.samples };
  return { samples: fit.samples, columns: methodStages(method).features.columns?.(fit.model) };
}

/** What a chain's clusterer sees of the images, and how. */
async function ofChain(chain: Chain, images: ImageSet, context: StageContext): Promise<Ground> {
  return { samples: await chainFeatures(chain, images, context), columns: chainColumns(chain) };
}

/** A graph or a map of more images than it may be made of would be sampled for each k anew: the curve is taken on a sample. */
function mostImages(method: Method, { sample = MOST_IN_GRAPH }: RunSettings): number {
  const { clusterer, manifold } = methodStages(method);
  return clusterer.graphs || manifold ? sample : Number.POSITIVE_INFINITY;
}

function sampled(images: ImageSet, request: { readonly seed: number; readonly sample: number }): ImageSet {
  const limit = request.sample;
  if (images.count <= limit) return images;
  const random = createRandom(request.seed).stream("elbow-sample");
  return takeImages(images, distinctIntegers(random, limit, images.count).sort());
}

function checkRange(from: number, to: number, count: number): void {
  checkClusters("elbow", "from", from, count);
  checkClusters("elbow", "to", to, count);
  if (to < from) throw new OptionError(`elbow: to must be at least from, ${from}; got ${to}.`);
}
