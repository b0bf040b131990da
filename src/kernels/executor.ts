/** Two ways to run the blocks of a job: on worker threads over shared memory, or here, in slices of a few milliseconds. */
import type { Platform, WorkerHandle } from "../platform/platform.ts";
import { controlLength, maxPhases, slots } from "./control.ts";
import { kernelNames } from "./generated/kernels.ts";
import { workerSource } from "./generated/worker.ts";

/** Name of a kernel; see src/kernels/assembly. */
export type KernelName = (typeof kernelNames)[number];

/** One kernel over all its blocks; the next phase starts when the last block is done. */
export interface Phase {
  readonly kernel: KernelName;
  /** Address of the Task. */
  readonly task: number;
  readonly blocks: number;
}

export interface Executor {
  /** Runs a job; leaves it early when the signal fires. One job at a time. */
  run(phases: readonly Phase[], signal: AbortSignal | undefined): Promise<void>;
  close(): void;
}

interface Report {
  readonly generation: number;
  readonly error?: string;
}

export function sharedExecutor(
  platform: Platform,
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  nWorkers: number,
): Executor {
  const control = new Int32Array(new SharedArrayBuffer(controlLength * 4));
  const workers: WorkerHandle[] = [];
  let running: { resolve: () => void; reject: (error: Error) => void } | undefined;
  let broken: Error | undefined;

  const fail = (error: Error): void => {
    broken ??= error;
    running?.reject(broken);
  };
  const receive = (message: unknown): void => {
    const { generation, error } = message as Report;
    if (error !== undefined) fail(new Error(`A kernel failed: ${error}`));
    else if (generation === control[slots.generation]) running?.resolve();
  };
  for (let index = 0; index < nWorkers; index++) {
    const worker = platform.startWorker(workerSource);
    worker.onMessage(receive);
    worker.onError((error) => fail(new Error("A worker thread ended unexpectedly.", { cause: error })));
    worker.post({ module, memory, control, index, nWorkers, kernelNames, slots });
    workers.push(worker);
  }

  const post = (phases: readonly Phase[]): void => {
    if (phases.length > maxPhases) throw new RangeError(`A job has at most ${maxPhases} phases.`);
    control[slots.cancelled] = 0;
    control[slots.nPhases] = phases.length;
    phases.forEach((phase, index) => {
      const at = slots.firstPhase + index * slots.phaseLength;
      control.fill(0, at, at + slots.phaseLength);
      control.set([kernelNames.indexOf(phase.kernel), phase.task, phase.blocks], at);
    });
    Atomics.add(control, slots.generation, 1);
    Atomics.notify(control, slots.generation);
  };

  return {
    async run(phases, signal) {
      if (broken) throw broken;
      const leave = (): void => void Atomics.store(control, slots.cancelled, 1);
      signal?.addEventListener("abort", leave);
      for (const worker of workers) worker.keepAlive(true);
      try {
        await new Promise<void>((resolve, reject) => {
          running = { resolve, reject };
          post(phases);
        });
      } finally {
        running = undefined;
        for (const worker of workers) worker.keepAlive(false);
        signal?.removeEventListener("abort", leave);
      }
    },
    close() {
      fail(new Error("The threads were closed."));
      for (const worker of workers) worker.terminate();
    },
  };
}

/** Milliseconds of work between two turns of the caller's event loop: below one frame of a page. */
const SLICE = 10;

export function slicedExecutor(module: WebAssembly.Module, memory: WebAssembly.Memory): Executor {
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  type Kernel = (task: number, block: number, worker: number) => void;
  // One slice for all jobs: many short jobs in a row must not hold up the caller either.
  let sliceEnd = 0;
  return {
    async run(phases, signal) {
      for (const { kernel, task, blocks } of phases) {
        const run = instance.exports[kernel] as unknown as Kernel;
        for (let block = 0; block < blocks; block++) {
          if (signal?.aborted) return;
          run(task, block, 0);
          if (performance.now() < sliceEnd) continue;
          await nextTurn();
          sliceEnd = performance.now() + SLICE;
        }
      }
    },
    close() {},
  };
}

/** Lets other events be served. A message channel, because timers of a page wait at least 4 ms. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve();
    };
    channel.port2.postMessage(null);
  });
}
