/**
 * Samples in the kernels' memory, with the tables that the kernels need beside them. Loading copies the samples once;
 * any number of computations may follow. All tables are found through one Task structure (assembly/task.ts).
 */
import type { KernelCompute, KernelName } from "./compute.ts";
import type { TaskFieldOf } from "./workspace.ts";

/** Name of a field of the Task. */
export type TaskField = TaskFieldOf<"Task">;

/** Values for some fields of the Task: numbers, and addresses of tables. */
export type TaskValues = Partial<Record<TaskField, number>>;

/** Name of a kernel for floats, of which most exist for bytes as well, without that ending. */
type KernelStem = KernelName extends infer Name ? (Name extends `${infer Stem}Floats` ? Stem : never) : never;

/** A kernel and the number of its blocks; without one, it runs over the blocks of the samples. */
export type Step = readonly [kernel: KernelStem | "separateCenters", blocks?: number];

/** Samples and tables in the memory of a compute. Made by `loadSamples`; `release` gives the memory back. */
export interface LoadedSamples {
  readonly compute: KernelCompute;
  readonly rows: number;
  readonly cols: number;
  /** Elements from the start of one row to the next; those behind `cols` are zero. */
  readonly stride: number;
  readonly blocks: number;
  readonly blockRows: number;
  readonly isBytes: boolean;
  /** What one stored step is worth in the caller's units. */
  readonly unit: number;
  /** A zeroed table of `bytes` bytes, which lives until `release`. */
  allocate(bytes: number): number;
  /** Writes fields of the Task. */
  set(values: TaskValues): void;
  get(field: TaskField): number;
  /**
   * Runs the kernels, one after another.
   *
   * @param operations about how many multiplications they take; default: those of each sample with each center, once in each step
   */
  run(steps: readonly Step[], signal?: AbortSignal, operations?: number): Promise<void>;
  release(): void;
}
