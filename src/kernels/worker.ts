/**
 * One worker thread of the pool. The build turns this file into a text, which every platform can start as a worker
 * without a file of its own; so it imports nothing.
 *
 * A job is a list of phases; a phase is a kernel to be called once for each of its blocks. Workers take blocks from a
 * common counter, and go on to the next phase together. The last one to end the last phase tells the caller.
 * Layout of `control` (32-bit integers): see control.ts.
 */

interface WorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly control: Int32Array;
  readonly index: number;
  readonly nWorkers: number;
  readonly kernelNames: readonly string[];
  readonly slots: {
    readonly generation: number;
    readonly cancelled: number;
    readonly nPhases: number;
    readonly firstPhase: number;
    readonly phaseLength: number;
  };
}

type Kernel = (task: number, block: number, worker: number) => void;

/** Serves jobs for ever; `tell` reports the end of a job, with the message of an error if there was one. */
export function serve(
  start: WorkerStart,
  tell: (message: { generation: number; error?: string }) => void,
): void {
  const { control, index, nWorkers, slots } = start;
  const instance = new WebAssembly.Instance(start.module, { env: { memory: start.memory } });
  const kernels = start.kernelNames.map((name) => instance.exports[name] as Kernel);
  let generation = 0;
  for (;;) {
    while (Atomics.load(control, slots.generation) === generation) {
      Atomics.wait(control, slots.generation, generation);
    }
    generation = Atomics.load(control, slots.generation);
    const nPhases = control[slots.nPhases] as number;
    for (let phase = 0; phase < nPhases; phase++) {
      const at = slots.firstPhase + phase * slots.phaseLength;
      const kernel = kernels[control[at] as number] as Kernel;
      const task = control[at + 1] as number;
      const nBlocks = control[at + 2] as number;
      const next = at + 16;
      const arrived = at + 32;
      const released = at + 48;
      try {
        while (Atomics.load(control, slots.cancelled) === 0) {
          const block = Atomics.add(control, next, 1);
          if (block >= nBlocks) break;
          kernel(task, block, index);
        }
      } catch (failure) {
        // The others must not compute on what this one left unfinished, and nobody may wait for ever.
        tell({ generation, error: String(failure) });
        Atomics.store(control, slots.cancelled, 2);
      }
      const last = Atomics.add(control, arrived, 1) === nWorkers - 1;
      if (phase === nPhases - 1) {
        if (last) tell({ generation });
      } else if (last) {
        Atomics.store(control, released, 1);
        Atomics.notify(control, released);
      } else {
        while (Atomics.load(control, released) === 0) Atomics.wait(control, released, 0);
      }
    }
  }
}
