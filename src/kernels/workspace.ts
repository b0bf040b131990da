/**
 * One computation in the kernels' memory: a structure that tells its kernels where everything lies, and the tables that it
 * points to. Each family of kernels has a structure of its own, a class in src/kernels/assembly whose name ends in `Task`.
 */
import type { KernelCompute, KernelName } from "./compute.ts";
import { taskLayouts } from "./generated/kernels.ts";

/** Name of a structure. */
export type TaskName = keyof typeof taskLayouts;

/** Name of a field of a structure. */
export type TaskFieldOf<Name extends TaskName> = keyof (typeof taskLayouts)[Name]["fields"] & string;

/** Structure and tables of one computation. Made by {@link openWorkspace}; `release` gives the memory back. */
export interface Workspace<Name extends TaskName> {
  readonly compute: KernelCompute;
  /** Address of the structure, as kernels take it. */
  readonly task: number;
  /** A zeroed table of `bytes` bytes, which lives until `release`. */
  allocate(bytes: number): number;
  /** Writes fields of the structure: numbers, and addresses of tables. */
  set(values: Partial<Record<TaskFieldOf<Name>, number>>): void;
  get(field: TaskFieldOf<Name>): number;
  /**
   * Runs kernels, one after another, each over its number of blocks; at most eight in one call.
   *
   * @param operations about how many multiplications they take, as {@link KernelCompute.run} asks for
   * @throws {CancelledError} if the signal fires; blocks may then be missing
   */
  run(
    phases: readonly (readonly [kernel: KernelName, blocks: number])[],
    signal?: AbortSignal,
    operations?: number,
  ): Promise<void>;
  release(): void;
}

/** What reading and writing a field needs to know. */
interface Field {
  readonly offset: number;
  readonly type: "u32" | "i32" | "f32" | "f64";
}

const readers = { u32: "getUint32", i32: "getInt32", f32: "getFloat32", f64: "getFloat64" } as const;
const writers = { u32: "setUint32", i32: "setInt32", f32: "setFloat32", f64: "setFloat64" } as const;

/**
 * A workspace with all fields 0. The caller releases it, also when something fails.
 *
 * @throws {InputError} when the memory is full
 */
export function openWorkspace<Name extends TaskName>(compute: KernelCompute, name: Name): Workspace<Name> {
  const { memory } = compute;
  const { size, fields } = taskLayouts[name] as { size: number; fields: Readonly<Record<string, Field>> };
  const pieces: number[] = [];
  const allocate = (bytes: number): number => {
    const piece = memory.allocate(bytes);
    pieces.push(piece);
    return piece;
  };
  const task = allocate(size);
  const fieldAt = (field: string): Field => {
    const found = fields[field];
    if (!found) throw new RangeError(`${name} has no field ${field}.`);
    return found;
  };
  return {
    compute,
    task,
    allocate,
    set(values) {
      const view = memory.view();
      for (const [field, value] of Object.entries(values) as [string, number][]) {
        const { offset, type } = fieldAt(field);
        view[writers[type]](task + offset, value, true);
      }
    },
    get(field) {
      const { offset, type } = fieldAt(field);
      return memory.view()[readers[type]](task + offset, true);
    },
    run: (phases, signal, operations) =>
      compute.run(
        phases.map(([kernel, blocks]) => ({ kernel, task, blocks })),
        signal,
        operations,
      ),
    release() {
      for (const piece of pieces.splice(0)) memory.release(piece);
    },
  };
}
