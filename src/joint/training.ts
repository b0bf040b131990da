/**
 * The joint training itself: between two updates, minibatches with fixed targets; at an update, codes, soft assignments
 * and targets of all images. Everything random follows from the seed, the epoch and the number of the minibatch.
 */
import { NumericalError } from "../errors.ts";
import { throwIfCancelled } from "../estimator.ts";
import { type AutoencoderModel, type ChangingEncoder, openEncoder } from "../features/autoencoder/index.ts";
import type { ImageSet } from "../images/index.ts";
import type { Matrix } from "../matrix/index.ts";
import {
  type Checkpoint,
  createOptimizer,
  Minibatches,
  type MinibatchLosses,
  type Optimizer,
  type Runtime,
  randomMovement,
  type StateTensor,
  type TensorValue,
  type TensorValues,
} from "../neural/index.ts";
import { createRandom, type Random, shuffleInPlace } from "../random/index.ts";
import { centersName, jointProgram, targetsName, trainedParameters } from "./objective.ts";
import { shareChanged, softAssignments, targetDistribution } from "./soft-assignments.ts";
import type { ClusteringStep, JointIteration, JointSettings } from "./types.ts";

/** From where a joint training starts. */
export interface JointStart {
  readonly autoencoder: AutoencoderModel;
  /** nClusters x codeSize. */
  readonly centers: Matrix;
  /** What K-Means says of the images. */
  readonly labels: Int32Array;
  /** What a later call needs to have the same network without training it. */
  readonly checkpoint?: Checkpoint | undefined;
}

/** What a joint training ends with. */
export interface JointTrained {
  /** Of the network, by name. */
  readonly weights: Readonly<Record<string, StateTensor>>;
  readonly centers: Matrix<Float32Array>;
  readonly history: readonly JointIteration[];
  readonly stopReason: "converged" | "iterations";
}

/** How it runs. */
export interface JointTrainingContext {
  readonly runtime: Runtime;
  readonly signal?: AbortSignal | undefined;
  readonly now?: (() => number) | undefined;
}

/**
 * Trains network and centers together.
 *
 * @throws {NumericalError} as soon as the loss or a code is not a finite number
 * @throws {CancelledError} when the signal fires
 */
export async function* trainJointly(
  images: ImageSet,
  start: JointStart,
  settings: JointSettings,
  context: JointTrainingContext,
): AsyncGenerator<ClusteringStep, JointTrained, void> {
  const random = createRandom(settings.seed).stream("joint");
  const minibatches = await Minibatches.open(
    jointProgram(start.autoencoder, settings),
    images,
    settings.batch,
    { ...context, random, augmentation: randomMovement(settings.augment) },
  );
  try {
    const encoder = await openEncoder(start.autoencoder, context.runtime);
    try {
      return yield* new JointTraining(images, start, settings, context, random, minibatches, encoder).run();
    } finally {
      await encoder.release();
    }
  } finally {
    await minibatches.release();
  }
}

/** State and position of one joint training. */
class JointTraining {
  private readonly images: ImageSet;
  private readonly start: JointStart;
  private readonly settings: JointSettings;
  private readonly context: JointTrainingContext;
  private readonly random: Random;
  private readonly minibatches: Minibatches;
  private readonly encoder: ChangingEncoder;
  private readonly optimizer: Optimizer;
  /** Names of what is trained. */
  private readonly names: readonly string[];
  /** Minibatches of an epoch. */
  private readonly batches: number;

  private labels: Int32Array;
  private readonly history: JointIteration[] = [];
  private epoch = 0;
  private batch = 0;
  private order: Int32Array;
  /** Minibatches since the last update. */
  private done = 0;
  private lossSum = 0;
  private imagesSeen = 0;

  constructor(
    images: ImageSet,
    start: JointStart,
    settings: JointSettings,
    context: JointTrainingContext,
    random: Random,
    minibatches: Minibatches,
    encoder: ChangingEncoder,
  ) {
    this.images = images;
    this.start = start;
    this.settings = settings;
    this.context = context;
    this.random = random;
    this.minibatches = minibatches;
    this.encoder = encoder;
    this.optimizer = createOptimizer(settings.optimizer);
    this.names = trainedParameters(start.autoencoder, settings).map(({ name }) => name);
    this.batches = Math.ceil(images.count / settings.batch);
    this.labels = start.labels;
    this.order = this.orderOf(0);
  }

  async *run(): AsyncGenerator<ClusteringStep, JointTrained, void> {
    const { maxIterations, tolerance } = this.settings;
    await this.minibatches.set(this.firstState());
    let parameters = await this.minibatches.get(this.names);
    await this.update(parameters);
    let stopReason: JointTrained["stopReason"] = "iterations";
    while (this.history.length < maxIterations && stopReason === "iterations") {
      yield* this.oneInterval();
      parameters = await this.minibatches.get(this.names);
      const before = this.labels;
      await this.update(parameters);
      const changed = shareChanged(before, this.labels);
      const iteration = this.history.length + 1;
      this.history.push({ iteration, loss: this.lossSum / this.imagesSeen, changed });
      yield this.progress(true);
      if (changed < tolerance) stopReason = "converged";
    }
    const { [centersName]: centers, ...weights } = parameters as Record<string, TensorValue>;
    return {
      weights: Object.fromEntries(Object.entries(weights).map(([name, value]) => [name, stateOf(value)])),
      centers: matrixOf(centers as TensorValue),
      history: this.history,
      stopReason,
    };
  }

  /** Parameters of the pre-trained network, the first centers, and empty slots of the optimizer. */
  private firstState(): TensorValues {
    const { autoencoder, centers } = this.start;
    const entries = this.minibatches.graph.state.map(({ name, shape }): [string, TensorValue] => {
      const length = shape.reduce((product, size) => product * size, 1);
      const known = name === centersName ? centers.data : autoencoder.parameters[name]?.data;
      return [
        name,
        { type: "float32", shape, data: known ? Float32Array.from(known) : new Float32Array(length) },
      ];
    });
    return Object.fromEntries(entries);
  }

  /** Labels and targets of all images, by the parameters as they are. */
  private async update(parameters: TensorValues): Promise<void> {
    const { method, learningRate } = this.settings;
    const codes = await this.encoder.encode(parameters, this.images, this.context.signal);
    const bad = codes.data.find((value) => !Number.isFinite(value));
    if (bad !== undefined) {
      throw new NumericalError(
        `joint.fit: codes must stay finite; got ${bad} after iteration ${this.history.length + 1} of ${method}. The steps are too large: lower the learning rate (now ${learningRate}).`,
      );
    }
    const centers = matrixOf(parameters[centersName] as TensorValue);
    const { labels, probabilities } = softAssignments(codes, centers);
    this.labels = labels;
    await this.minibatches.setTable(targetsName, targetDistribution(probabilities).data);
  }

  /** Minibatches until the next update. */
  private async *oneInterval(): AsyncGenerator<ClusteringStep, void, void> {
    const { updateInterval } = this.settings;
    [this.done, this.lossSum, this.imagesSeen] = [0, 0, 0];
    while (this.done < updateInterval) {
      throwIfCancelled("joint.fit", this.context.signal);
      const { epoch, batch, done } = this;
      const most = updateInterval - done;
      this.record(
        await this.minibatches.take(this.order, { epoch, batch }, (one) => this.ratesOf(one), most),
      );
      if (this.batch === this.batches) {
        this.batch = 0;
        this.epoch++;
        this.order = this.orderOf(this.epoch);
      }
      if (this.done < updateInterval) yield this.progress(false);
    }
  }

  /** All images, in the order of an epoch. */
  private orderOf(epoch: number): Int32Array {
    const all = Int32Array.from({ length: this.images.count }, (_, i) => i);
    return shuffleInPlace(this.random.stream("order", epoch), all);
  }

  private ratesOf(batch: number): readonly number[] {
    return this.optimizer.rates(this.epoch * this.batches + batch + 1, this.settings.learningRate);
  }

  private record({ losses, size }: MinibatchLosses): void {
    const { method, updateInterval, learningRate } = this.settings;
    for (const loss of losses) {
      this.batch++;
      this.done++;
      if (!Number.isFinite(loss)) {
        const place = `in iteration ${this.history.length + 1} of ${method}, minibatch ${this.done} of ${updateInterval}`;
        throw new NumericalError(
          `joint.fit: the loss must stay finite; got ${loss} ${place}. The steps are too large: lower the learning rate (now ${learningRate}).`,
        );
      }
      this.lossSum += loss * size;
      this.imagesSeen += size;
    }
  }

  private progress(iterationDone: boolean): ClusteringStep {
    const { maxIterations, updateInterval } = this.settings;
    const last = this.history.at(-1);
    const { speed } = this.minibatches;
    const { checkpoint } = this.start;
    return {
      stage: "clustering",
      iteration: this.history.length + (iterationDone ? 0 : 1),
      maxIterations,
      batch: this.done,
      batches: updateInterval,
      loss: this.lossSum / this.imagesSeen,
      ...(last && { changed: last.changed }),
      ...(speed !== undefined && { imagesPerSecond: speed }),
      iterationDone,
      ...(checkpoint && { checkpoint }),
    };
  }
}

function matrixOf({ shape, data }: TensorValue): Matrix<Float32Array> {
  const [rows = 0, cols = 0] = shape;
  return { rows, cols, data: data as Float32Array };
}

function stateOf({ shape, data }: TensorValue): StateTensor {
  return { shape, data: data as Float32Array };
}
