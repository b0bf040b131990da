/**
 * Training by minibatches. Everything random follows from the seed, the epoch and the number of the minibatch, never
 * from what was drawn before: so a run that goes on from a checkpoint ends with the same weights as one that was never
 * interrupted, and the number of minibatches in one call of the runtime changes nothing but the time.
 */
import { InputError, NumericalError, OptionError } from "../../errors.ts";
import { throwIfCancelled } from "../../estimator.ts";
import type { ImageSet } from "../../images/index.ts";
import { shuffleInPlace } from "../../random/index.ts";
import { initialValues } from "../initializers.ts";
import { scheduleFactor } from "../optimizers/index.ts";
import type { TensorValues } from "../runtime/index.ts";
import {
  type BestEpoch,
  type Checkpoint,
  type EpochResult,
  restoredState,
  stateTensors,
} from "./checkpoint.ts";
import type { TrainingProgram } from "./compile.ts";
import { Minibatches, type MinibatchLosses } from "./minibatches.ts";
import type { Trained, TrainingContext, TrainingProgress, TrainingSettings } from "./types.ts";

/**
 * Trains a program on images.
 *
 * @param rows indices of the images to train on
 * @throws {InputError} if there are none
 * @throws {NumericalError} as soon as the loss is not a finite number
 * @throws {OptionError} if the checkpoint belongs to another training
 * @throws {CancelledError} when the signal fires
 */
export async function* train(
  program: TrainingProgram,
  images: ImageSet,
  rows: Int32Array,
  settings: TrainingSettings,
  context: TrainingContext,
): AsyncGenerator<TrainingProgress, Trained, void> {
  if (rows.length === 0) throw new InputError("train: there must be at least 1 image; got 0.");
  const minibatches = await Minibatches.open(program, images, settings.batch, context);
  try {
    const run = new TrainingRun(program, minibatches, rows, settings, context);
    await run.start();
    return yield* run.epochs();
  } finally {
    await minibatches.release();
  }
}

/** State and position of one training. */
class TrainingRun {
  private readonly program: TrainingProgram;
  private readonly minibatches: Minibatches;
  private readonly rows: Int32Array;
  private readonly settings: TrainingSettings;
  private readonly context: TrainingContext;
  private readonly batches: number;

  private epoch = 0;
  private batch = 0;
  private lossSum = 0;
  private imagesSeen = 0;
  private history: EpochResult[] = [];
  private best: BestEpoch | undefined;
  private epochSeconds = 0;
  /** Grows whenever the state is about to change. */
  private moves = 0;

  constructor(
    program: TrainingProgram,
    minibatches: Minibatches,
    rows: Int32Array,
    settings: TrainingSettings,
    context: TrainingContext,
  ) {
    this.program = program;
    this.minibatches = minibatches;
    this.rows = rows;
    this.settings = settings;
    this.context = context;
    this.batches = Math.ceil(rows.length / settings.batch);
  }

  /** Puts first values, or those of the checkpoint, into the session. */
  async start(): Promise<void> {
    const { resume } = this.context;
    await this.minibatches.set(resume ? this.resumed(resume) : this.fresh());
  }

  private fresh(): TensorValues {
    const { initializer } = this.settings;
    const { random, start = {} } = this.context;
    const weights = random.stream("weights");
    const first = new Map(
      this.program.parameters.map((spec) => [
        spec.name,
        start[spec.name]?.data ?? initialValues(spec, initializer, weights.stream(spec.name)),
      ]),
    );
    const entries = this.minibatches.graph.state.map(({ name, shape }) => {
      const data = first.get(name) ?? new Float32Array(shape.reduce((product, size) => product * size, 1));
      return [name, { type: "float32", shape, data }] as const;
    });
    return Object.fromEntries(entries);
  }

  private resumed(checkpoint: Checkpoint): TensorValues {
    if (checkpoint.fingerprint !== this.fingerprint()) {
      throw new OptionError(
        "train: the checkpoint must be of the same images, network and settings; got one of another training. Start again, or resume with what it was started with.",
      );
    }
    this.epoch = checkpoint.epoch;
    this.batch = checkpoint.batch;
    this.lossSum = checkpoint.lossSum;
    this.imagesSeen = checkpoint.imagesSeen;
    this.history = [...checkpoint.history];
    this.best = checkpoint.best;
    return restoredState(checkpoint, this.minibatches.graph.state);
  }

  async *epochs(): AsyncGenerator<TrainingProgress, Trained, void> {
    const { epochs, patience = Number.POSITIVE_INFINITY } = this.settings;
    let stopReason: Trained["stopReason"] = "epochs";
    while (this.epoch < epochs) {
      const waited = this.epoch - (this.best?.epoch ?? 0);
      if (waited >= patience) {
        stopReason = "no improvement";
        break;
      }
      yield* this.oneEpoch();
    }
    this.moves++;
    const { best } = this;
    if (!best) throw new OptionError(`train: epochs must be at least 1; got ${epochs}.`);
    return { parameters: best.parameters, history: this.history, keptEpoch: best.epoch, stopReason };
  }

  private async *oneEpoch(): AsyncGenerator<TrainingProgress, void, void> {
    const started = this.time();
    const order = shuffleInPlace(this.context.random.stream("order", this.epoch), this.rows.slice());
    while (this.batch < this.batches) {
      throwIfCancelled("train", this.context.signal);
      this.moves++;
      const { epoch, batch } = this;
      this.record(await this.minibatches.take(order, { epoch, batch }, (one) => this.ratesOf(one)));
      if (this.batch < this.batches) yield this.progress(false);
    }
    this.epochSeconds = (this.time() - started) / 1000;
    await this.finishEpoch();
    yield this.progress(true);
  }

  private ratesOf(batch: number): readonly number[] {
    const { learningRate, schedule, epochs } = this.settings;
    const before = this.epoch * this.batches + batch;
    const factor = scheduleFactor(schedule, before / (epochs * this.batches));
    return this.program.optimizer.rates(before + 1, learningRate * factor);
  }

  private record({ losses, size }: MinibatchLosses): void {
    for (const loss of losses) {
      this.batch++;
      if (!Number.isFinite(loss)) {
        const place = `in epoch ${this.epoch + 1}, minibatch ${this.batch} of ${this.batches}`;
        throw this.nonFinite("loss", loss, place);
      }
      this.lossSum += loss * size;
      this.imagesSeen += size;
    }
  }

  private nonFinite(what: string, loss: number, place: string): NumericalError {
    const { learningRate } = this.settings;
    const before = this.imagesSeen > 0 ? this.lossSum / this.imagesSeen : this.history.at(-1)?.loss;
    const fell = before === undefined ? "from the start" : `after a mean of ${before.toPrecision(4)}`;
    return new NumericalError(
      `train: the ${what} must stay finite; got ${loss} ${place}, ${fell}. The steps are too large: lower the learning rate (now ${learningRate}).`,
    );
  }

  private async finishEpoch(): Promise<void> {
    const names = this.program.parameters.map(({ name }) => name);
    const parameters = await this.minibatches.get(names);
    const { loss: validationLoss, keepsake } = await this.context.validate(parameters, this.epoch + 1);
    if (!Number.isFinite(validationLoss)) {
      throw this.nonFinite("validation loss", validationLoss, `after epoch ${this.epoch + 1}`);
    }
    const lowest = this.best && this.history[this.best.epoch - 1]?.validationLoss;
    this.history.push({
      loss: this.lossSum / this.imagesSeen,
      validationLoss,
      seconds: this.epochSeconds,
      ...(keepsake && { keepsake }),
    });
    this.epoch++;
    if (lowest === undefined || validationLoss < lowest) {
      this.best = { epoch: this.epoch, parameters: stateTensors(parameters) };
    }
    this.batch = 0;
    this.lossSum = 0;
    this.imagesSeen = 0;
  }

  private progress(epochDone: boolean): TrainingProgress {
    const { epochs, batch: size } = this.settings;
    const last = this.history.at(-1);
    const { moves } = this;
    const { speed } = this.minibatches;
    const left = (epochs - this.epoch) * this.rows.length - this.batch * size;
    return {
      epoch: epochDone ? this.epoch : this.epoch + 1,
      epochs,
      batch: epochDone ? this.batches : this.batch,
      batches: this.batches,
      loss: epochDone ? (last?.loss ?? 0) : this.lossSum / this.imagesSeen,
      ...(last && { validationLoss: last.validationLoss }),
      ...(speed !== undefined && { imagesPerSecond: speed, secondsLeft: left / speed }),
      epochDone,
      checkpoint: () => this.checkpoint(moves),
    };
  }

  private async checkpoint(moves: number): Promise<Checkpoint> {
    if (moves !== this.moves) {
      throw new InputError("checkpoint: it must be taken before training goes on; got a step that is past.");
    }
    const { epoch, batch, lossSum, imagesSeen, best } = this;
    const { graph } = this.minibatches;
    const state = stateTensors(await this.minibatches.get(graph.state.map(({ name }) => name)));
    return {
      fingerprint: this.fingerprint(),
      epoch,
      batch,
      lossSum,
      imagesSeen,
      state,
      history: [...this.history],
      ...(best && { best }),
    };
  }

  private fingerprint(): string {
    return this.context.fingerprint ?? this.program.name;
  }

  private time(): number {
    return this.context.now?.() ?? 0;
  }
}
