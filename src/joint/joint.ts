/**
 * Clusters and features learned together: an autoencoder is trained, K-Means on its code gives the first centers, and then
 * network and centers are trained so that the clusters become what the surest images say they are (Xie et al. 2016, Guo et
 * al. 2017). New images take the nearest center in the code, as with K-Means; their probabilities are Student's t.
 */
import { fit as kMeans } from "../cluster/k-means/index.ts";
import { InputError } from "../errors.ts";
import { drain, throwIfCancelled } from "../estimator.ts";
import {
  type AutoencoderFit,
  type AutoencoderModel,
  checkAutoencoderOptions,
  encode,
  type NetworkContext,
  steps as pretrain,
  withWeights,
} from "../features/autoencoder/index.ts";
import type { ImageSet } from "../images/index.ts";
import type { Matrix } from "../matrix/index.ts";
import { type Checkpoint, openRuntime, type Runtime } from "../neural/index.ts";
import { trainLayers } from "./layer-wise.ts";
import { noticesOf } from "./notices.ts";
import { checkJointOptions, defaults } from "./options.ts";
import { checkPartitions } from "./partition-check.ts";
import { type SoftAssignments, softAssignments } from "./soft-assignments.ts";
import { trainJointly } from "./training.ts";
import type { JointContext, JointFit, JointModel, JointOptions, JointSettings, JointStep } from "./types.ts";

/**
 * Trains network and clusters to the end.
 *
 * @returns the model, with labels and probabilities of the images; the same bytes for the same seed, machine and threads
 * @throws {OptionError} for an option out of range, and for a checkpoint of another training
 * @throws {InputError} if there are fewer than two images, or they have another size than those of a given network
 * @throws {NumericalError} as soon as a loss or a code is not finite
 * @throws {CancelledError} if `context.signal` fires
 */
export function fit(images: ImageSet, options: JointOptions, context: JointContext = {}): Promise<JointFit> {
  return drain(steps(images, options, context), context.onProgress);
}

/** As {@link fit}, some minibatches at a time; what the generator returns is the fit. */
export async function* steps(
  images: ImageSet,
  options: JointOptions,
  context: JointContext = {},
): AsyncGenerator<JointStep, JointFit, void> {
  if (images.count < 2) {
    throw new InputError(`joint.fit: there must be at least 2 images; got ${images.count}.`);
  }
  const settings = checkJointOptions(options, images);
  throwIfCancelled("joint.fit", context.signal);
  if (context.runtime) return yield* stepsWith(context.runtime, images, options, settings, context);
  const runtime = await openRuntime();
  try {
    return yield* stepsWith(runtime, images, options, settings, context);
  } finally {
    runtime.close();
  }
}

async function* stepsWith(
  runtime: Runtime,
  images: ImageSet,
  options: JointOptions,
  settings: JointSettings,
  { signal, now, compute }: JointContext,
): AsyncGenerator<JointStep, JointFit, void> {
  const run = { runtime, signal, now, compute };
  const { autoencoder, unfolding, checkpoint } = yield* network(images, options, settings, run);
  const codes = await encode(autoencoder, images, run);
  const { nClusters, nRestarts, seed } = settings;
  const start = await kMeans(codes, { nClusters, nRestarts, seed }, { signal, compute });
  const { centers: first, labels: firstLabels } = start;
  const from = { autoencoder, centers: first, labels: firstLabels, checkpoint };
  const { weights, centers, history, stopReason } = yield* trainJointly(images, from, settings, run);
  const trained = await withWeights(autoencoder, weights, images, run);
  const { labels, probabilities } = softAssignments(await encode(trained, images, run), centers);
  const model: JointModel = {
    kind: "joint",
    settings,
    autoencoder: trained,
    centers,
    sizes: sizesOf(labels, nClusters),
    history,
    iterations: history.length,
    converged: stopReason === "converged",
    stopReason,
    check: await checkPartitions(images, firstLabels, labels, seed, { signal, compute }),
  };
  return { model, labels, probabilities, notices: noticesOf(model), ...(unfolding && { unfolding }) };
}

/** The network from which the joint training starts, and how to have it again. */
interface Pretrained {
  readonly autoencoder: AutoencoderModel;
  readonly unfolding?: AutoencoderFit["unfolding"];
  readonly checkpoint?: Checkpoint | undefined;
}

async function* network(
  images: ImageSet,
  options: JointOptions,
  settings: JointSettings,
  run: Omit<JointContext, "onProgress"> & { readonly runtime: Runtime },
): AsyncGenerator<JointStep, Pretrained, void> {
  const { pretrained, architecture = defaults.architecture, network: choices = {} } = options;
  if (pretrained) return { autoencoder: pretrained };
  const { seed, augment, pretraining } = settings;
  const checked = checkAutoencoderOptions("joint.fit", architecture, choices, images, seed);
  const layers = pretraining === "layer-wise";
  // A resumed training has its layers behind it.
  const start = layers
    ? options.resume
      ? {}
      : yield* trainLayers(images, checked, settings, run)
    : undefined;
  const moved = augment.shift > 0 || augment.rotation > 0;
  const training = pretrain(
    images,
    {
      architecture,
      seed,
      network: choices,
      validation: options.validation,
      resume: options.resume,
      start,
      ...(moved && { augment }),
    },
    run,
  );
  let checkpoint: Checkpoint | undefined;
  let next = await training.next();
  for (; !next.done; next = await training.next()) {
    yield { stage: "pretraining", training: next.value };
    if (next.value.epochDone) checkpoint = await next.value.checkpoint();
  }
  const { model, unfolding } = next.value;
  return { autoencoder: model, unfolding, checkpoint };
}

/**
 * Nearest center of each image's code, the lowest index among equals, and the probabilities of all clusters. On the images
 * that the model was trained on, these are its own labels.
 *
 * @throws {InputError} if the images have another size than those that the network was trained on
 */
export async function assign(
  model: JointModel,
  images: ImageSet,
  context: NetworkContext = {},
): Promise<SoftAssignments> {
  return assignCodes(model, await encode(model.autoencoder, images, context));
}

/**
 * As {@link assign}, for images that have been encoded already.
 *
 * @param codes nImages x codeSize, of the model's own network
 * @throws {InputError} if the codes have another size than the centers
 */
export function assignCodes({ centers }: Pick<JointModel, "centers">, codes: Matrix): SoftAssignments {
  if (codes.cols === centers.cols) return softAssignments(codes, centers);
  throw new InputError(`joint.assign: codes must have ${centers.cols} columns; got ${codes.cols}.`);
}

/** Cluster of each image. */
export async function predict(
  model: JointModel,
  images: ImageSet,
  context: NetworkContext = {},
): Promise<Int32Array> {
  return (await assign(model, images, context)).labels;
}

/** Probability of each cluster for each image, rows sum to 1. */
export async function responsibilities(
  model: JointModel,
  images: ImageSet,
  context: NetworkContext = {},
): Promise<Matrix<Float32Array>> {
  return (await assign(model, images, context)).probabilities;
}

function sizesOf(labels: Int32Array, nClusters: number): Int32Array {
  const sizes = new Int32Array(nClusters);
  for (const label of labels) sizes[label] = (sizes[label] as number) + 1;
  return sizes;
}
