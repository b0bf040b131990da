import { InputError } from "../errors.ts";
import { checkShape, isByteMatrix, type Samples } from "../matrix/index.ts";
import type { KernelCompute, KernelName } from "./compute.ts";
import type { LoadedSamples, Step } from "./loaded-samples.ts";
import { copyFloats, type Loading, packBytes } from "./loading.ts";
import { roundUp } from "./round-up.ts";
import { openWorkspace } from "./workspace.ts";

/** Elements of one block: enough work to be worth fetching, little enough to spread evenly over the threads. */
const blockElements = 262144;
const maxBlockRows = 4096;

/** Byte samples are summed in 32-bit integers. LIMIT: sets of more rows than this are refused. */
const maxByteRows = Math.floor((2 ** 31 - 1) / 255);

/**
 * Copies samples into the kernels' memory.
 *
 * @param where name of the public function, for messages
 * @throws {InputError} for a wrong shape, numbers that are not finite, or more than the memory holds
 */
export async function loadSamples(
  where: string,
  compute: KernelCompute,
  samples: Samples,
  signal?: AbortSignal,
): Promise<LoadedSamples> {
  checkShape(where, samples);
  if (isByteMatrix(samples) && samples.rows > maxByteRows) {
    throw new InputError(`${where}: byte samples must be at most ${maxByteRows} rows; got ${samples.rows}.`);
  }
  const { task, allocate, set, get, release, ...workspace } = openWorkspace(compute, "Task");
  try {
    const { rows, cols } = samples;
    const isBytes = isByteMatrix(samples);
    const ending = isBytes ? "Bytes" : "Floats";
    const stride = roundUp(cols, isBytes ? 8 : 4);
    const blockRows = Math.min(maxBlockRows, Math.max(2, 2 * Math.round(blockElements / stride / 2)));
    const blocks = Math.ceil(rows / blockRows);
    /** Each sample with each center, in each step. */
    const operationsOf = (steps: readonly Step[]): number =>
      rows * stride * Math.max(1, get("nCenters")) * steps.length;
    const run: LoadedSamples["run"] = (steps, abort, operations = operationsOf(steps)) =>
      workspace.run(
        steps.map(([stem, count = blocks]) => [
          stem === "separateCenters" ? stem : (`${stem}${ending}` as KernelName),
          count,
        ]),
        abort,
        operations,
      );

    set({ rows, cols, stride, blockRows, blockTotals: allocate(blocks * 8), nWorkers: compute.threads });
    const loading: Loading = { where, compute, task, stride, blocks, blockRows, signal, allocate, set, get };
    const unit = isByteMatrix(samples)
      ? await packBytes(loading, samples)
      : await copyFloats(loading, samples);
    return {
      compute,
      rows,
      cols,
      stride,
      blocks,
      blockRows,
      isBytes,
      unit,
      allocate,
      set,
      get,
      run,
      release,
    };
  } catch (error) {
    release();
    throw error;
  }
}
