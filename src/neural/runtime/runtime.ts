/**
 * The one seam to ONNX Runtime. Sessions live in a worker thread, because `run` blocks its thread although it returns
 * a promise; values that a caller needs in every run (images, weights, moments) stay there with the session.
 */
import type { ElementType, Shape, TensorData } from "../graph/tensor.ts";

/** A build of ONNX Runtime, by its package: native code, or WebAssembly. */
export type RuntimeName = "onnxruntime-node" | "onnxruntime-web";

/** Elements and their shape. */
export interface TensorValue {
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Row-major; its length is the product of the shape. */
  readonly data: TensorData;
}

/** Tensors by their name in the model. */
export type TensorValues = Readonly<Record<string, TensorValue>>;

/** An input or output, as a model declares it. */
export interface ValueInfo {
  readonly name: string;
  /** ONNX's name of the element type, e.g. `"float32"`; others than {@link ElementType} occur in foreign models. */
  readonly type: ElementType | (string & {});
  /** A name stands for a size that is known only when the model runs. */
  readonly shape: Shape;
}

/**
 * ONNX Runtime in a worker thread. Made by `openRuntime`, ended by `close`.
 *
 * Calls are served one after another, in their order. The thread keeps a program alive only while one is waited for.
 */
export interface Runtime {
  readonly name: RuntimeName;
  readonly version: string;
  readonly threads: number;
  /** One line for the user where this is not the fastest runtime: why, and the remedy. */
  readonly notice?: string;
  /**
   * Makes a model ready to run.
   *
   * @throws {FormatError} if the bytes are no ONNX model that this runtime can load
   */
  load(model: Uint8Array): Promise<Session>;
  /**
   * Ends the thread and all its sessions; a second call does nothing. Running calls, and all later ones but `release`,
   * throw {@link CancelledError}. Native code cannot be stopped midway: the thread ends when its step is done.
   */
  close(): void;
}

/** A model, ready to run, with the values that stay with it. */
export interface Session {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /**
   * Keeps values as inputs of all later runs, until replaced. The data are copied; the caller's stay usable.
   *
   * @throws {InputError} for a name that is no input, or elements that do not fit their type or shape
   */
  set(values: TensorValues): Promise<void>;
  /**
   * Copies of values that are kept.
   *
   * @throws {InputError} for a name under which none is
   */
  get(names: readonly string[]): Promise<TensorValues>;
  /**
   * Runs the model once on the given and the kept inputs; where a name is both, on the given.
   *
   * @param inputs their buffers are handed over to the worker and must not be used afterwards, where `transfer` is set
   * @param options.fetch outputs to give back
   * @param options.carry outputs to keep, each under the name of the input that it becomes in the next run
   * @throws {InputError} if an input is missing, a name is unknown, memory does not suffice, or ONNX Runtime refuses
   *   the inputs, with its message
   */
  run(inputs: TensorValues, options: RunOptions): Promise<TensorValues>;
  /** Frees the model and what is kept with it; a second call does nothing. Later calls throw {@link InputError}. */
  release(): Promise<void>;
}

/** What becomes of the tensors of one {@link Session.run}. */
export interface RunOptions {
  /** Outputs to give back, by name. */
  readonly fetch: readonly string[];
  /** Outputs to keep: the name of each, and that of the input which it becomes in the next run. */
  readonly carry?: Readonly<Record<string, string>>;
  /** Whether the inputs' buffers are handed over instead of copied. */
  readonly transfer?: boolean;
}
