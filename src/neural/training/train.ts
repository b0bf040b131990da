/**
 * Training by minibatches. Everything random follows from the seed, the epoch and the number of the minibatch, never
 * from what was drawn before: so a run that goes on from a checkpoint ends with the same weights as one that was never
 * interrupted, and the number of minibatches in one call of the runtime changes nothing but the time.
 */
import { InputError, NumericalError, OptionError } from "../../errors.ts";
import { throwIfCancelled } from "../../estimator.ts";
import type { ImageSet } from "../../images/index.ts";
import { type Random, shuffleInPlace } from "../../random/index.ts";
import { initialValues } from "../initializers.ts";
import { scheduleFactor } from "../optimizers/index.ts";
import type { Session, TensorValue, TensorValues } from "../runtime/index.ts";
import {
  type BestEpoch,
  type Checkpoint,
  type EpochResult,
  restoredState,
  stateTensors,
} from "./checkpoint.ts";
import { after, compileTraining, ports, type TrainingGraph, type TrainingProgram } from "./compile.ts";
import type { Trained, TrainingContext, TrainingProgress, TrainingSettings } from "./types.ts";

/** Minibatches in one call of the runtime: enough that the call itself costs nothing. */
const MOST_STEPS = 32;

/** Milliseconds that one call should take, so that progress, cancelling and checkpoints are never far. */
const CALL_TIME = 700;

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
  const graph = compileTraining(program);
  const session = await context.runtime.load(graph.model);
  try {
    const run = new TrainingRun(program, graph, session, rows, settings, context);
    await run.start(images);
    return yield* run.epochs();
  } finally {
    await session.release();
  }
}

/** State and position of one training. */
class TrainingRun {
  private readonly program: TrainingProgram;
  private readonly graph: TrainingGraph;
  private readonly session: Session;
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
  private stepsPerCall = 8;
  /** Seconds and images of training in this process, for the speed. */
  private trainedFor = 0;
  private trainedOn = 0;
  private epochSeconds = 0;
  /** Grows whenever the state is about to change. */
  private moves = 0;

  constructor(
    program: TrainingProgram,
    graph: TrainingGraph,
    session: Session,
    rows: Int32Array,
    settings: TrainingSettings,
    context: TrainingContext,
  ) {
    this.program = program;
    this.graph = graph;
    this.session = session;
    this.rows = rows;
    this.settings = settings;
    this.context = context;
    this.batches = Math.ceil(rows.length / settings.batch);
  }

  /** Puts images and first values, or those of the checkpoint, into the session. */
  async start(images: ImageSet): Promise<void> {
    const { resume } = this.context;
    const { imageLength } = this.program;
    const pixels: TensorValue = { type: "uint8", shape: [images.count, imageLength], data: images.pixels };
    await this.session.set({ [ports.images]: pixels });
    await this.session.set(resume ? this.resumed(resume) : this.fresh());
  }

  private fresh(): TensorValues {
    const { initializer } = this.settings;
    const weights = this.context.random.stream("weights");
    const first = new Map(
      this.program.parameters.map((spec) => [
        spec.name,
        initialValues(spec, initializer, weights.stream(spec.name)),
      ]),
    );
    const entries = this.graph.state.map(({ name, shape }) => {
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
    return restoredState(checkpoint, this.graph.state);
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
      await this.call(order);
      if (this.batch < this.batches) yield this.progress(false);
    }
    this.epochSeconds = (this.time() - started) / 1000;
    await this.finishEpoch();
    yield this.progress(true);
  }

  /** Minibatches from `this.batch` on, as many as one call takes; only whole ones go together. */
  private async call(order: Int32Array): Promise<void> {
    this.moves++;
    const { batch: size } = this.settings;
    const first = this.batch * size;
    const whole = Math.floor((order.length - first) / size);
    const steps = whole === 0 ? 1 : Math.min(whole, this.stepsPerCall);
    const nImages = whole === 0 ? order.length - first : steps * size;
    const taken = order.slice(first, first + nImages);
    const started = this.time();
    const results = await this.session.run(this.callInputs(taken, steps), {
      fetch: [ports.losses],
      carry: Object.fromEntries(this.graph.state.map(({ name }) => [after(name), name])),
      transfer: true,
    });
    const milliseconds = this.time() - started;
    this.trainedFor += milliseconds / 1000;
    this.trainedOn += nImages;
    if (milliseconds > 0) {
      const fitting = Math.round((steps * CALL_TIME) / milliseconds);
      this.stepsPerCall = Math.min(MOST_STEPS, Math.max(1, fitting));
    }
    this.record(results[ports.losses]?.data as Float32Array, nImages / steps);
  }

  private callInputs(taken: Int32Array, steps: number): TensorValues {
    const size = taken.length / steps;
    const { nRates } = this.program.optimizer;
    const rates = new Float32Array(steps * nRates);
    for (let i = 0; i < steps; i++) rates.set(this.ratesOf(this.batch + i), i * nRates);
    const draws = this.graph.draws.map(({ name, perImage }): [string, TensorValue] => {
      const data = new Uint16Array(steps * size * perImage);
      for (let i = 0; i < steps; i++) {
        const random = this.context.random.stream(name, this.epoch).stream("minibatch", this.batch + i);
        fillBits(data.subarray(i * size * perImage, (i + 1) * size * perImage), random);
      }
      return [name, { type: "uint16", shape: [steps, size, perImage], data }];
    });
    return {
      [ports.rows]: { type: "int32", shape: [steps, size], data: taken },
      [ports.rates]: { type: "float32", shape: [steps, nRates], data: rates },
      [ports.steps]: { type: "int64", shape: [], data: BigInt64Array.of(BigInt(steps)) },
      ...Object.fromEntries(draws),
    };
  }

  private ratesOf(batch: number): readonly number[] {
    const { learningRate, schedule, epochs } = this.settings;
    const before = this.epoch * this.batches + batch;
    const factor = scheduleFactor(schedule, before / (epochs * this.batches));
    return this.program.optimizer.rates(before + 1, learningRate * factor);
  }

  private record(losses: Float32Array, size: number): void {
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
    const parameters = await this.session.get(names);
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
    const speed = this.trainedFor > 0 ? this.trainedOn / this.trainedFor : undefined;
    const { moves } = this;
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
    const state = stateTensors(await this.session.get(this.graph.state.map(({ name }) => name)));
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

/** Two values out of each draw. */
function fillBits(into: Uint16Array, random: Random): void {
  for (let i = 0; i < into.length; i += 2) {
    const both = random.uint32();
    into[i] = both & 0xffff;
    if (i + 1 < into.length) into[i + 1] = both >>> 16;
  }
}
