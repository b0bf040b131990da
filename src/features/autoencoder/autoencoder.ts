/**
 * Autoencoder: a network that must draw an image again out of a few numbers, its code, and so learns what images have
 * in common (Hinton and Salakhutdinov 2006). The code is what is clustered.
 */
import { InputError } from "../../errors.ts";
import { drain, type RunContext } from "../../estimator.ts";
import { type ImageSet, sliceImages, takeImages } from "../../images/index.ts";
import type { Matrix } from "../../matrix/index.ts";
import {
  type Checkpoint,
  createOptimizer,
  describeNetwork,
  type MovementRange,
  openRuntime,
  type Runtime,
  randomMovement,
  type Session,
  type StateTensor,
  type TensorValues,
  type Trained,
  type TrainingProgress,
  train,
  type Validation,
} from "../../neural/index.ts";
import { createRandom } from "../../random/index.ts";
import type { Design } from "./architectures.ts";
import { type Centering, centeringOf, foldCentering } from "./centering.ts";
import { evaluationModel, numbersOf, trainingProgram } from "./graphs.ts";
import type { AutoencoderModel } from "./model.ts";
import { type AutoencoderSettings, checkAutoencoderOptions, parameterCount } from "./options.ts";
import type { AutoencoderOptions, TrainingRecord } from "./records.ts";
import { checkValidation, fingerprint, heldOut } from "./split.ts";
import { eachBlock, encodeRaw, type NetworkContext, pixelsValue, sizeText, writeBytes } from "./use.ts";
import { fitWhitening } from "./whitening.ts";

/** What to train. */
export interface AutoencoderFitOptions {
  /** e.g. `"conv-ae"`. */
  readonly architecture: string;
  /** Default 0. */
  readonly seed?: number;
  /** What differs from the architecture's defaults. */
  readonly network?: AutoencoderOptions | undefined;
  /** Images for the validation loss; without them, part of the images is kept from training for it. */
  readonly validation?: ImageSet | undefined;
  /** How far images are moved, each time anew, before they are trained on; absent: they stay as they are. */
  readonly augment?: MovementRange | undefined;
  /** Weights and biases from which training starts, by name; others are drawn. Not for designs that are centered. */
  readonly start?: Readonly<Record<string, StateTensor>> | undefined;
  /** Where an earlier, interrupted training on the same images with the same options stood. */
  readonly resume?: Checkpoint | undefined;
}

/** Where training stands, and what the network makes of images then. */
export interface AutoencoderProgress extends TrainingProgress {
  /** Absent within an epoch. */
  readonly glimpse?: Glimpse;
}

/**
 * What a network that is being trained makes of images of the size of its own, by the weights of the epoch that is complete.
 * Looking changes nothing. Both throw {@link InputError} for images of another size, and once training has gone on: they are
 * to be asked for before the next step is.
 */
export interface Glimpse {
  /** nImages x codeSize: the network's own code, before it is scaled. */
  codes(images: ImageSet): Promise<Matrix<Float32Array>>;
  reconstructions(images: ImageSet): Promise<ImageSet>;
}

/** How training runs. Nothing here changes the weights, as long as the machine and its threads are the same. */
export interface AutoencoderContext extends RunContext<AutoencoderProgress> {
  /** Where the network computes; without it one is opened for the call. */
  readonly runtime?: Runtime | undefined;
  /** Time in milliseconds from any fixed moment on; without it no speeds are told, and seconds are 0. */
  readonly now?: (() => number) | undefined;
}

/** A trained network, and how its pictures of some images came about. */
export interface AutoencoderFit {
  readonly model: AutoencoderModel;
  readonly unfolding: Unfolding;
}

/** The first images, as they were reconstructed after some epochs. */
export interface Unfolding {
  /** 1-based epochs. */
  readonly epochs: readonly number[];
  /** For each of the epochs, reconstructions of images 0, 1, ... */
  readonly images: readonly ImageSet[];
}

/** Images that are shown as the epochs go by. */
const UNFOLDING_IMAGES = 10;

/** Epochs after which they are. */
const UNFOLDING_EPOCHS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Images, at most, that the scaling of the code and its spread are taken on. */
const SPREAD_IMAGES = 20_000;

/** A code dimension is dead if its standard deviation is below this share of the largest. */
const DEAD = 1e-3;

/** Trains to the end. */
export async function fit(
  images: ImageSet,
  options: AutoencoderFitOptions,
  context: AutoencoderContext = {},
): Promise<AutoencoderModel> {
  const { model } = await drain(steps(images, options, context), context.onProgress);
  return model;
}

/**
 * Trains an autoencoder, some minibatches per step.
 *
 * @throws {OptionError} for options out of range, and for a checkpoint of another training
 * @throws {InputError} if there are fewer than two images, or the validation images are none or of another size
 * @throws {NumericalError} as soon as the loss is not finite
 * @throws {CancelledError} when the signal fires
 */
export async function* steps(
  images: ImageSet,
  options: AutoencoderFitOptions,
  context: AutoencoderContext = {},
): AsyncGenerator<AutoencoderProgress, AutoencoderFit, void> {
  const { seed = 0, network = {} } = options;
  const { height, width, channels } = images;
  const image = { height, width, channels };
  const settings = checkAutoencoderOptions("autoencoder.fit", options.architecture, network, image, seed);
  if (images.count < 2) {
    throw new InputError(`autoencoder.fit: there must be at least 2 images; got ${images.count}.`);
  }
  if (options.validation) checkValidation(options.validation, images);
  if (context.runtime) return yield* fitWith(context.runtime, images, settings, options, context);
  const runtime = await openRuntime();
  try {
    return yield* fitWith(runtime, images, settings, options, context);
  } finally {
    runtime.close();
  }
}

async function* fitWith(
  runtime: Runtime,
  images: ImageSet,
  settings: AutoencoderSettings,
  options: AutoencoderFitOptions,
  context: AutoencoderContext,
): AsyncGenerator<AutoencoderProgress, AutoencoderFit, void> {
  const { architecture, design, seed } = settings;
  const random = createRandom(seed).stream("autoencoder");
  const split = heldOut(images, options.validation, random.stream("validation"));
  const centering = centeringOf(design, images, split.rows);
  const evaluation = await Evaluation.open(
    runtime,
    settings,
    centering,
    split.validation,
    images,
    context.signal,
  );
  let trained: Trained;
  try {
    const training = train(trainingProgram(architecture, design, centering), images, split.rows, design, {
      runtime,
      random,
      signal: context.signal,
      now: context.now,
      resume: options.resume,
      start: options.start,
      augmentation: options.augment && randomMovement(options.augment),
      fingerprint: fingerprint(settings, images, split, options.augment, options.start !== undefined),
      validate: (parameters, epoch) => evaluation.validate(parameters, epoch),
    });
    trained = yield* withGlimpses(training, evaluation);
  } finally {
    await evaluation.close();
  }
  const weights = foldCentering(centering, trained.parameters);
  const spread = spreadImages(images);
  const codes = await encodeRaw({ settings, parameters: weights }, spread, {
    ...context,
    runtime,
  });
  const parameters = { ...weights, ...fitWhitening(design.whitening, codes) };
  const training = trainingRecord(settings, trained, codes, split.words, runtime);
  const { height, width, channels } = images;
  return {
    model: { kind: "autoencoder", settings, image: { height, width, channels }, parameters, training },
    unfolding: unfoldingOf(trained, images),
  };
}

/** Steps of a training; those that end an epoch with a look at what the network makes of images by then. */
async function* withGlimpses(
  training: AsyncGenerator<TrainingProgress, Trained, void>,
  evaluation: Evaluation,
): AsyncGenerator<AutoencoderProgress, Trained, void> {
  let ended = false;
  try {
    for (let step = 1; ; step++) {
      const next = await training.next();
      if (next.done) {
        ended = true;
        return next.value;
      }
      const { value } = next;
      evaluation.step = step;
      yield value.epochDone ? { ...value, glimpse: evaluation.glimpse(step) } : value;
      evaluation.step = 0;
    }
  } finally {
    // Whoever gives up between two steps does not leave the session of the training open.
    if (!ended) await training.return(undefined as never);
  }
}

/** Loss and pictures between epochs. */
class Evaluation {
  private readonly session: Session;
  private readonly design: Design;
  private readonly validation: ImageSet;
  private readonly first: ImageSet;
  private readonly signal: AbortSignal | undefined;
  /** The step of training whose weights these are; 0 while training goes on. */
  step = 0;

  private constructor(
    session: Session,
    design: Design,
    validation: ImageSet,
    images: ImageSet,
    signal: AbortSignal | undefined,
  ) {
    this.session = session;
    this.design = design;
    this.validation = validation;
    this.first = sliceImages(images, 0, Math.min(UNFOLDING_IMAGES, images.count));
    this.signal = signal;
  }

  static async open(
    runtime: Runtime,
    { architecture, design }: AutoencoderSettings,
    centering: Centering,
    validation: ImageSet,
    images: ImageSet,
    signal: AbortSignal | undefined,
  ): Promise<Evaluation> {
    const session = await runtime.load(evaluationModel(`${architecture} evaluation`, design, centering));
    return new Evaluation(session, design, validation, images, signal);
  }

  async validate(parameters: TensorValues, epoch: number): Promise<Validation> {
    await this.session.set(parameters);
    const { encoder, decoder } = this.design;
    const { count } = this.validation;
    let total = 0;
    await eachBlock(count, [encoder, decoder], this.signal, async (from, to) => {
      const results = await this.run(this.validation, from, to, "loss");
      total += (results[0] as number) * (to - from);
    });
    const loss = total / count;
    if (!UNFOLDING_EPOCHS.includes(epoch)) return { loss };
    const pictures = await this.run(this.first, 0, this.first.count, "reconstruction");
    const keepsake = new Uint8Array(pictures.length);
    writeBytes(pictures, keepsake);
    return { loss, keepsake };
  }

  /** Looks with the weights that were validated last, as long as training stands where it does. */
  glimpse(step: number): Glimpse {
    const { codeSize, encoder } = this.design;
    const look = async (
      images: ImageSet,
      output: string,
      visit: (block: Float32Array, from: number) => void,
    ): Promise<void> => {
      this.checkGlimpse(images, step);
      await eachBlock(images.count, [encoder, this.design.decoder], this.signal, async (from, to) => {
        visit(await this.run(images, from, to, output), from);
      });
    };
    return {
      codes: async (images) => {
        const data = new Float32Array(images.count * codeSize);
        await look(images, "code", (block, from) => data.set(block, from * codeSize));
        return { rows: images.count, cols: codeSize, data };
      },
      reconstructions: async (images) => {
        const { count, height, width, channels } = images;
        const length = numbersOf(encoder.input);
        const pixels = new Uint8Array(count * length);
        await look(images, "reconstruction", (block, from) =>
          writeBytes(block, pixels.subarray(from * length, from * length + block.length)),
        );
        return { count, height, width, channels, pixels };
      },
    };
  }

  private checkGlimpse(images: ImageSet, step: number): void {
    if (step !== this.step) {
      throw new InputError("glimpse: it must be taken before training goes on; got a step that is past.");
    }
    const wanted = sizeText(this.design.encoder.input);
    if (sizeText(images) !== wanted) {
      throw new InputError(
        `glimpse: images must be ${wanted} (height x width x channels), as those that are trained on; got ${sizeText(images)}.`,
      );
    }
  }

  private async run(images: ImageSet, from: number, to: number, output: string): Promise<Float32Array> {
    const { type, data } = pixelsValue(images, from, to);
    const shape = [to - from, numbersOf(images)];
    const results = await this.session.run(
      { images: { type, shape, data } },
      { fetch: [output], transfer: true },
    );
    return results[output]?.data as Float32Array;
  }

  close(): Promise<void> {
    return this.session.release();
  }
}

/** Images, evenly spaced, on which code statistics are taken. */
function spreadImages(images: ImageSet): ImageSet {
  if (images.count <= SPREAD_IMAGES) return images;
  const at = Int32Array.from({ length: SPREAD_IMAGES }, (_, i) =>
    Math.floor((i * images.count) / SPREAD_IMAGES),
  );
  return takeImages(images, at);
}

function trainingRecord(
  { architecture, design }: AutoencoderSettings,
  trained: Trained,
  codes: Matrix,
  validation: string,
  runtime: Runtime,
): TrainingRecord {
  return {
    architecture,
    encoder: describeNetwork(design.encoder),
    decoder: describeNetwork(design.decoder),
    parameters: parameterCount(design),
    codeSize: design.codeSize,
    loss: design.loss,
    optimizer: createOptimizer(design.optimizer).name,
    batch: design.batch,
    learningRate: design.learningRate,
    maxEpochs: design.epochs,
    epochs: trained.history.map(({ loss, validationLoss, seconds }) => ({ loss, validationLoss, seconds })),
    keptEpoch: trained.keptEpoch,
    stopReason: trained.stopReason,
    validation,
    ...codeRecord(codes),
    runtime: `${runtime.name} ${runtime.version}, ${runtime.threads} thread${runtime.threads === 1 ? "" : "s"}`,
  };
}

/** What a record says of the network's own codes. */
function codeRecord(codes: Matrix): Pick<TrainingRecord, "deadDimensions" | "codeSpread"> {
  const codeSpread = columnDeviations(codes);
  const largest = Math.max(...codeSpread);
  const deadDimensions = codeSpread.flatMap((value, i) => (value <= DEAD * largest ? [i] : []));
  return { deadDimensions, codeSpread };
}

/**
 * A model with other weights, after it was trained further: what its record says of the codes is taken anew.
 *
 * @param weights by name; those left out stay
 */
export async function withWeights(
  model: AutoencoderModel,
  weights: Readonly<Record<string, StateTensor>>,
  images: ImageSet,
  context: NetworkContext & { readonly runtime: Runtime },
): Promise<AutoencoderModel> {
  const parameters = { ...model.parameters, ...weights };
  const codes = await encodeRaw({ settings: model.settings, parameters }, spreadImages(images), context);
  return { ...model, parameters, training: { ...model.training, ...codeRecord(codes) } };
}

function columnDeviations({ rows, cols, data }: Matrix): number[] {
  return Array.from({ length: cols }, (_, c) => {
    let sum = 0;
    for (let r = 0; r < rows; r++) sum += data[r * cols + c] as number;
    const mean = sum / rows;
    let squares = 0;
    for (let r = 0; r < rows; r++) squares += ((data[r * cols + c] as number) - mean) ** 2;
    return Math.sqrt(squares / rows);
  });
}

function unfoldingOf({ history }: Trained, images: ImageSet): Unfolding {
  const count = Math.min(UNFOLDING_IMAGES, images.count);
  const { height, width, channels } = images;
  const kept = history.flatMap(({ keepsake }, i) => (keepsake ? [{ epoch: i + 1, keepsake }] : []));
  return {
    epochs: kept.map(({ epoch }) => epoch),
    images: kept.map(({ keepsake }) => ({ count, height, width, channels, pixels: keepsake })),
  };
}
