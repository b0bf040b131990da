/** What the program needs of its surroundings, beside the language itself. One file for each platform gives it. */
export interface Platform {
  /** Number of threads that run at once, at least 1. */
  readonly hardwareThreads: number;
  /** Whether memory can be shared with workers: always in Node, in a page only under cross-origin isolation. */
  readonly sharedMemory: boolean;
  /** Name and version for records, e.g. "node 20.20.2 linux x64". */
  readonly runtime: string;
  /** Packages of ONNX Runtime that exist for this platform, the fastest first. */
  readonly onnxPackages: readonly OnnxPackage[];
  /**
   * Starts a worker from source text whose last statement has defined `serve(start, tell, finish)`: it is called with the
   * first message, and what it returns, if anything, with every later one. `tell(message, transfer)` answers;
   * `finish(work)` does work, which may be asynchronous, that neither `terminate` nor the end of the program may cut off.
   */
  startWorker(source: string): WorkerHandle;
}

/** A package that may be missing; nothing of it is loaded before it is asked for. */
export interface OnnxPackage {
  readonly name: "onnxruntime-node" | "onnxruntime-web";
  /** @throws {Error} if the package is not installed */
  locate(): PackageLocation;
}

/** Where a package can be had: an address that a worker imports, or in the page itself. */
export type PackageLocation =
  | { readonly from: "worker"; readonly url: string }
  | { readonly from: "page"; readonly load: () => Promise<unknown> };

/** One worker thread. */
export interface WorkerHandle {
  /** Sends a message; the buffers in `transfer` go with it and are empty afterwards. */
  post(message: unknown, transfer?: readonly ArrayBufferLike[]): void;
  onMessage(listener: (message: unknown) => void): void;
  /** The worker died; it takes no more messages. */
  onError(listener: (error: Error) => void): void;
  /** Whether the worker keeps the program alive; at first it does not. */
  keepAlive(on: boolean): void;
  /** Ends the worker; if it is to finish some work, then after that, and until then the program stays alive. */
  terminate(): void;
}
