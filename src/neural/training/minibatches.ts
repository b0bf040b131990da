/**
 * A training program in its session: it takes minibatches of an epoch, as many in one call of the runtime as fit in the
 * time that a call should last. How many go together changes nothing but the time.
 */
import { type ImageSet, imageLength } from "../../images/index.ts";
import { takeRows } from "../../matrix/index.ts";
import type { Random } from "../../random/index.ts";
import type { Session, TensorValue, TensorValues } from "../runtime/index.ts";
import {
  after,
  compileTraining,
  ports,
  type TrainingGraph,
  type TrainingProgram,
  tableName,
} from "./compile.ts";
import type { TrainingContext } from "./types.ts";

/** Minibatches in one call of the runtime: enough that the call itself costs nothing. */
const MOST_STEPS = 32;

/** Milliseconds that one call should take, so that progress, cancelling and checkpoints are never far. */
const CALL_TIME = 700;

/** What of a training's surroundings its minibatches need. */
export type MinibatchContext = Pick<TrainingContext, "runtime" | "random" | "now" | "augmentation">;

/** Which minibatch of which epoch, both from 0: all that is random follows from them. */
export interface Place {
  readonly epoch: number;
  readonly batch: number;
}

/** What some minibatches came to. */
export interface MinibatchLosses {
  /** One for each minibatch. */
  readonly losses: Float32Array;
  /** Images in each. */
  readonly size: number;
}

/** A compiled program with its images, parameters and slots, in the runtime. Made by `open`; to be released. */
export class Minibatches {
  readonly graph: TrainingGraph;
  private readonly program: TrainingProgram;
  private readonly session: Session;
  private readonly images: ImageSet;
  /** Images in a whole minibatch. */
  private readonly size: number;
  private readonly context: MinibatchContext;
  private readonly tables = new Map<string, Float32Array>();
  private stepsPerCall = 8;
  /** Seconds and images of training in this process, for the speed. */
  private trainedFor = 0;
  private trainedOn = 0;

  private constructor(
    program: TrainingProgram,
    graph: TrainingGraph,
    session: Session,
    images: ImageSet,
    size: number,
    context: MinibatchContext,
  ) {
    this.program = program;
    this.graph = graph;
    this.session = session;
    this.images = images;
    this.size = size;
    this.context = context;
  }

  /**
   * Loads a program and its images. Parameters and slots must be set before the first minibatch is taken, and all tables.
   *
   * @param size images in each minibatch; the last one of an epoch may have fewer
   */
  static async open(
    program: TrainingProgram,
    images: ImageSet,
    size: number,
    context: MinibatchContext,
  ): Promise<Minibatches> {
    const graph = compileTraining(program);
    const session = await context.runtime.load(graph.model);
    try {
      const shape = [images.count, program.imageLength];
      if (!context.augmentation) {
        await session.set({ [ports.images]: { type: "uint8", shape, data: images.pixels } });
      }
      return new Minibatches(program, graph, session, images, size, context);
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  /** Puts values of parameters and slots into the session. */
  set(values: TensorValues): Promise<void> {
    return this.session.set(values);
  }

  /** Parameters and slots as they are now. */
  get(names: readonly string[]): Promise<TensorValues> {
    return this.session.get(names);
  }

  /**
   * Puts the numbers of all images for one of the program's tables into the session, in place of earlier ones.
   *
   * @param data images x width of the table; must not be written to afterwards
   */
  async setTable(name: string, data: Float32Array): Promise<void> {
    this.tables.set(name, data);
    if (this.context.augmentation) return; // then each call brings the rows of its own images
    const { count } = this.images;
    const shape = [count, data.length / count];
    await this.session.set({ [tableName(name)]: { type: "float32", shape, data } });
  }

  /**
   * Trains on the next minibatches of an epoch, as many as one call takes; only whole ones go together.
   *
   * @param order the images of the epoch, in the order in which they are trained on
   * @param ratesOf inputs of the optimizer for a minibatch of this epoch
   * @param most minibatches, at least 1
   */
  async take(
    order: Int32Array,
    place: Place,
    ratesOf: (batch: number) => readonly number[],
    most: number = MOST_STEPS,
  ): Promise<MinibatchLosses> {
    const first = place.batch * this.size;
    const whole = Math.floor((order.length - first) / this.size);
    const steps = whole === 0 ? 1 : Math.min(whole, this.stepsPerCall, most);
    const nImages = whole === 0 ? order.length - first : steps * this.size;
    const taken = order.slice(first, first + nImages);
    const inputs = this.inputs(taken, steps, place, ratesOf);
    const started = this.time();
    const results = await this.session.run(inputs, {
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
    return { losses: results[ports.losses]?.data as Float32Array, size: nImages / steps };
  }

  /** Images per second so far, where there is a clock. */
  get speed(): number | undefined {
    return this.trainedFor > 0 ? this.trainedOn / this.trainedFor : undefined;
  }

  release(): Promise<void> {
    return this.session.release();
  }

  private inputs(
    taken: Int32Array,
    steps: number,
    { epoch, batch }: Place,
    ratesOf: (batch: number) => readonly number[],
  ): TensorValues {
    const size = taken.length / steps;
    const { nRates } = this.program.optimizer;
    const rates = new Float32Array(steps * nRates);
    for (let i = 0; i < steps; i++) rates.set(ratesOf(batch + i), i * nRates);
    const randomOf = (name: string, step: number): Random =>
      this.context.random.stream(name, epoch).stream("minibatch", batch + step);
    const draws = this.graph.draws.map(({ name, perImage }): [string, TensorValue] => {
      const data = new Uint16Array(steps * size * perImage);
      for (let i = 0; i < steps; i++) {
        fillBits(data.subarray(i * size * perImage, (i + 1) * size * perImage), randomOf(name, i));
      }
      return [name, { type: "uint16", shape: [steps, size, perImage], data }];
    });
    const augmented = this.augmented(taken, size, (step) => randomOf("augmentation", step));
    const rows = augmented ? Int32Array.from(taken, (_, i) => i) : taken;
    return {
      [ports.rows]: { type: "int32", shape: [steps, size], data: rows },
      [ports.rates]: { type: "float32", shape: [steps, nRates], data: rates },
      [ports.steps]: { type: "int64", shape: [], data: BigInt64Array.of(BigInt(steps)) },
      ...Object.fromEntries(draws),
      ...augmented,
    };
  }

  /** The images of a call as augmentation makes them, and their own rows of the tables. */
  private augmented(
    taken: Int32Array,
    size: number,
    randomOf: (step: number) => Random,
  ): TensorValues | undefined {
    const { augmentation } = this.context;
    if (!augmentation) return undefined;
    const length = imageLength(this.images);
    const data = new Uint8Array(taken.length * length);
    let random = randomOf(0);
    taken.forEach((row, i) => {
      if (i % size === 0) random = randomOf(i / size);
      augmentation(this.images, row, random, data.subarray(i * length, (i + 1) * length));
    });
    const tables = Array.from(this.tables, ([name, all]): [string, TensorValue] => {
      const cols = all.length / this.images.count;
      const own = takeRows({ rows: this.images.count, cols, data: all }, taken);
      return [tableName(name), { type: "float32", shape: [own.rows, cols], data: own.data }];
    });
    return {
      [ports.images]: { type: "uint8", shape: [taken.length, length], data },
      ...Object.fromEntries(tables),
    };
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
