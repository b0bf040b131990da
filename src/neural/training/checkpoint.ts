import { OptionError } from "../../errors.ts";
import type { TensorValues } from "../runtime/index.ts";
import type { StateSpec } from "./compile.ts";

/** All that training needs to go on as if it had never stopped. Plain data: safe to clone and to save. */
export interface Checkpoint {
  /** Identifies program, data and settings; training refuses a checkpoint of another. */
  readonly fingerprint: string;
  /** Epochs that are complete. */
  readonly epoch: number;
  /** Minibatches that are done in the epoch after those. */
  readonly batch: number;
  /** Sum over those minibatches of loss times images, and of the images. */
  readonly lossSum: number;
  readonly imagesSeen: number;
  /** Parameters and slots of the optimizer, by name. */
  readonly state: Readonly<Record<string, StateTensor>>;
  /** What the complete epochs came to. */
  readonly history: readonly EpochResult[];
  readonly best?: BestEpoch;
}

/** A tensor of the training's state: row-major, its length the product of the shape. */
export interface StateTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** One epoch. */
export interface EpochResult {
  /** Mean loss of its images in training, penalties and noise included. */
  readonly loss: number;
  /** Loss on images that were not trained on, without noise and penalties. */
  readonly validationLoss: number;
  readonly seconds: number;
  /** What the caller wished to keep of the epoch: pictures, say. */
  readonly keepsake?: Uint8Array;
}

/** What the caller says of an epoch. */
export interface Validation {
  readonly loss: number;
  readonly keepsake?: Uint8Array;
}

/** The epoch with the lowest validation loss so far. */
export interface BestEpoch {
  /** 1-based. */
  readonly epoch: number;
  /** Parameters, by name. */
  readonly parameters: Readonly<Record<string, StateTensor>>;
}

/** Float tensors as checkpoints hold them. */
export function stateTensors(values: TensorValues): Record<string, StateTensor> {
  const entries = Object.entries(values).map(([name, { shape, data }]) => [
    name,
    { shape, data: data as Float32Array },
  ]);
  return Object.fromEntries(entries);
}

/**
 * The state of a checkpoint, as the session takes it.
 *
 * @throws {OptionError} if a tensor is missing, or has another shape
 */
export function restoredState(checkpoint: Checkpoint, specs: readonly StateSpec[]): TensorValues {
  const entries = specs.map(({ name, shape }) => {
    const stored = checkpoint.state[name];
    const found = stored ? misfit(stored, shape) : "none";
    if (!stored || found) {
      throw new OptionError(
        `train: the checkpoint must have "${name}" of ${shape.join(" x ")}; got ${found}.`,
      );
    }
    return [name, { type: "float32", shape, data: stored.data }] as const;
  });
  return Object.fromEntries(entries);
}

/** What is wrong with a stored tensor, if anything is. */
function misfit({ shape, data }: StateTensor, wanted: readonly number[]): string | undefined {
  if (`${shape}` !== `${wanted}`) return shape.join(" x ");
  const size = wanted.reduce((product, n) => product * n, 1);
  return data.length === size ? undefined : `${data.length} numbers`;
}
