/**
 * The threads that run the kernels. The kernels of one job are cut into blocks by the caller, never by the number of
 * threads; so, as long as a block's result depends on its number alone, any number of threads gives the same bytes.
 */
import { platform } from "#platform";
import { CancelledError, OptionError } from "../errors.ts";
import { threadsOf } from "../platform/threads.ts";
import { type Executor, type KernelName, type Phase, sharedExecutor, slicedExecutor } from "./executor.ts";
import { sharedModule, singleModule } from "./generated/kernels.ts";
import { KernelMemory } from "./memory.ts";

/** Threads to compute on, and the memory they share. Made by {@link createCompute}, ended by `close`. */
export interface Compute {
  readonly threads: number;
  /** Whether the threads share memory; without it, one thread works in slices between the caller's own events. */
  readonly shared: boolean;
  /** Ends the threads and gives their memory back. Running calls throw. */
  close(): void;
}

/** What the kernels' bindings see of a {@link Compute}. */
export interface KernelCompute extends Compute {
  readonly memory: KernelMemory;
  /**
   * Runs the phases, one after another, each over all its blocks, and resolves when the last block is done. Jobs of
   * different callers run one after another.
   *
   * @param operations about how many multiplications the job takes, many if it is not said; a job of few is done by the
   *   calling thread, since to wake the others would take longer
   * @throws {CancelledError} if the signal fires or the threads are closed; blocks may then be missing
   */
  run(phases: readonly Phase[], signal?: AbortSignal, operations?: number): Promise<void>;
}

/** Multiplications that take about as long as waking threads and being woken by them, a tenth of a millisecond or two. */
const fewOperations = 2 ** 18;

/**
 * Starts threads for kernels.
 *
 * They sleep between jobs and do not keep a program alive. Their memory grows to the largest need and is given back by `close`.
 *
 * @param options.threads integer in 1..256, default one for each core; 1 where memory cannot be shared
 * @throws {OptionError} for a number of threads out of range
 */
export function createCompute(options: { readonly threads?: number | undefined } = {}): Compute {
  const wanted = threadsOf("createCompute", platform, options.threads);
  return new Pool(platform.sharedMemory ? wanted : 1);
}

let common: Pool | undefined;

/** The compute of a call: the caller's own, or one that all others share. */
export function computeOf(compute: Compute | undefined): KernelCompute {
  if (compute !== undefined) {
    if (compute instanceof Pool) return compute;
    throw new OptionError("compute must be made by createCompute; got something else.");
  }
  common ??= createCompute() as Pool;
  return common;
}

class Pool implements KernelCompute {
  readonly threads: number;
  readonly shared: boolean = platform.sharedMemory;
  readonly memory: KernelMemory;
  private workers: Executor | undefined;
  private here: Executor | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private readonly closing = new AbortController();

  constructor(threads: number) {
    this.threads = threads;
    this.memory = new KernelMemory(this.shared);
  }

  run(phases: readonly Phase[], signal?: AbortSignal, operations = Number.POSITIVE_INFINITY): Promise<void> {
    const job = this.queue.then(async () => {
      this.throwIfEnded(signal);
      const executor = this.executorOf(await kernelModule(this.shared), operations);
      try {
        await executor.run(phases, signal);
      } catch (error) {
        this.throwIfEnded(signal); // whatever else went wrong, this is why
        if (common === this) common = undefined; // broken for good: the next call gets new threads
        throw error;
      }
      this.throwIfEnded(signal);
    });
    this.queue = job.catch(() => {});
    return job;
  }

  close(): void {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    this.workers?.close();
    if (common === this) common = undefined;
  }

  private executorOf(module: WebAssembly.Module, operations: number): Executor {
    this.throwIfEnded(undefined);
    if (this.shared && operations > fewOperations) {
      this.workers ??= sharedExecutor(platform, module, this.memory.memory, this.threads);
      return this.workers;
    }
    this.here ??= slicedExecutor(module, this.memory.memory);
    return this.here;
  }

  private throwIfEnded(signal: AbortSignal | undefined): void {
    if (signal?.aborted) throw new CancelledError("kernels: cancelled by the caller.");
    if (this.closing.signal.aborted) throw new CancelledError("kernels: the threads were closed.");
  }
}

const modules = new Map<boolean, Promise<WebAssembly.Module>>();

/** Compiled once for all pools: what the engine has optimized for one, the next has at once. */
function kernelModule(shared: boolean): Promise<WebAssembly.Module> {
  const known = modules.get(shared);
  if (known) return known;
  const text = atob(shared ? sharedModule : singleModule);
  const compiled = WebAssembly.compile(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
  modules.set(shared, compiled);
  compiled.catch(() => modules.delete(shared));
  return compiled;
}

export type { KernelName, Phase };
