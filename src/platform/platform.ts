/** What the program needs of its surroundings, beside the language itself. One file for each platform gives it. */
export interface Platform {
  /** Number of threads that run at once, at least 1. */
  readonly hardwareThreads: number;
  /** Whether memory can be shared with workers: always in Node, in a page only under cross-origin isolation. */
  readonly sharedMemory: boolean;
  /** Name and version for records, e.g. "node 20.20.2 linux x64". */
  readonly runtime: string;
  /** Starts a worker from source text whose last statement has defined `serve(start, tell)`. */
  startWorker(source: string): WorkerHandle;
}

/** One worker thread. */
export interface WorkerHandle {
  /** Sends what `serve` is called with. */
  start(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The worker died; it takes no more messages. */
  onError(listener: (error: Error) => void): void;
  /** Whether the worker keeps the program alive; at first it does not. */
  keepAlive(on: boolean): void;
  terminate(): void;
}
