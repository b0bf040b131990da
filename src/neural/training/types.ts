/** What training takes and gives. */
import type { Random } from "../../random/index.ts";
import type { Initializer } from "../initializers.ts";
import type { Schedule } from "../optimizers/index.ts";
import type { Runtime, TensorValues } from "../runtime/index.ts";
import type { Augmentation } from "./augmentation.ts";
import type { Checkpoint, EpochResult, StateTensor, Validation } from "./checkpoint.ts";

/** How long, how fast, from where. */
export interface TrainingSettings {
  /** Most epochs, at least 1. */
  readonly epochs: number;
  /** Images per minibatch, at least 1; the last one of an epoch may have fewer. */
  readonly batch: number;
  readonly learningRate: number;
  readonly schedule: Schedule;
  readonly initializer: Initializer;
  /** Epochs without a lower validation loss after which training stops; absent: never. */
  readonly patience?: number;
}

/** What training needs from outside. */
export interface TrainingContext {
  readonly runtime: Runtime;
  /** Stream of this training alone. */
  readonly random: Random;
  readonly signal?: AbortSignal | undefined;
  /** Time in milliseconds from any fixed moment on; without it no speeds are told. */
  readonly now?: (() => number) | undefined;
  /** Where an earlier, interrupted training of the same program stood. */
  readonly resume?: Checkpoint | undefined;
  /** Distinguishes this training from others, for its checkpoints. */
  readonly fingerprint?: string;
  /** How images are changed each time that they are trained on; absent: they stay as they are. */
  readonly augmentation?: Augmentation | undefined;
  /** Values from which parameters start, by name; others are drawn by the initializer. */
  readonly start?: Readonly<Record<string, StateTensor>> | undefined;
  /** Loss of the parameters on images that are not trained on; asked after each epoch, 1-based. */
  readonly validate: (parameters: TensorValues, epoch: number) => Promise<Validation>;
}

/** Where training stands. */
export interface TrainingProgress {
  /** 1-based. */
  readonly epoch: number;
  readonly epochs: number;
  /** Minibatches done in this epoch, and in all of it. */
  readonly batch: number;
  readonly batches: number;
  /** Mean loss of the epoch so far. */
  readonly loss: number;
  /** Of the last epoch that is complete. */
  readonly validationLoss?: number;
  readonly imagesPerSecond?: number;
  /** At the present speed, if all epochs are needed. */
  readonly secondsLeft?: number;
  /** Whether the epoch is complete, and its validation loss known. */
  readonly epochDone: boolean;
  /**
   * What a later training needs to go on from here.
   *
   * @throws {InputError} if training has gone on since: to be asked for before the next step is
   */
  checkpoint(): Promise<Checkpoint>;
}

/** The outcome of a training. */
export interface Trained {
  /** Of the epoch with the lowest validation loss. */
  readonly parameters: Readonly<Record<string, StateTensor>>;
  readonly history: readonly EpochResult[];
  /** 1-based epoch whose parameters are given. */
  readonly keptEpoch: number;
  readonly stopReason: "epochs" | "no improvement";
}
