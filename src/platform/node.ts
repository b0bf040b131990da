import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { pathToFileURL } from "node:url";
import { type TransferListItem, Worker } from "node:worker_threads";
import type { OnnxPackage, Platform, WorkerHandle } from "./platform.ts";

export const platform: Platform = {
  hardwareThreads: availableParallelism(),
  sharedMemory: true,
  runtime: `node ${process.versions.node} ${process.platform} ${process.arch}`,
  onnxPackages: [installed("onnxruntime-node"), installed("onnxruntime-web")],
  startWorker,
};

/** A package beside this one: a worker made of text cannot look for it, having no place of its own. */
function installed(name: OnnxPackage["name"]): OnnxPackage {
  const locate = () => {
    const path = createRequire(import.meta.url).resolve(name);
    return { from: "worker", url: pathToFileURL(path).href } as const;
  };
  return { name, locate };
}

/**
 * Two flags that the main thread shares with each worker: it is finishing some work; it is to end. Each side raises its
 * own before it looks at the other's, so one of the two always sees both.
 *
 * Why: native code whose thread is ended under it takes the whole program down when it returns.
 */
const finishing = 0;
const ending = 1;

const receiving = `
  const { parentPort, workerData: flags } = require("node:worker_threads");
  const tell = (message, transfer) => parentPort.postMessage(message, transfer);
  const finish = async (work) => {
    Atomics.store(flags, ${finishing}, 1);
    try {
      if (Atomics.load(flags, ${ending}) === 0) await work();
    } finally {
      Atomics.store(flags, ${finishing}, 0);
      Atomics.notify(flags, ${finishing});
      if (Atomics.load(flags, ${ending}) === 1) process.exit();
    }
  };
  let receive = (start) => { receive = serve(start, tell, finish); };
  parentPort.on("message", (message) => receive(message));`;

/** Flags of all workers that run. */
const running = new Set<Int32Array>();

/** The end of the program ends its workers as well. */
function awaitFinishing(): void {
  for (const flags of running) Atomics.store(flags, ending, 1);
  for (const flags of running) Atomics.wait(flags, finishing, 1);
}

function startWorker(source: string): WorkerHandle {
  const flags = new Int32Array(new SharedArrayBuffer(8));
  // Without execArgv, a worker inherits flags of its parent (loaders, say) that it does not need. What a package in the
  // worker prints stays unread: the library prints nothing.
  const options = { eval: true, execArgv: [], env: {}, workerData: flags, stdout: true, stderr: true };
  const worker = new Worker(source + receiving, options);
  if (running.size === 0) process.on("exit", awaitFinishing);
  running.add(flags);
  worker.unref();
  worker.on("exit", () => {
    running.delete(flags);
    if (running.size === 0) process.off("exit", awaitFinishing);
  });
  return {
    post: (message, transfer) => worker.postMessage(message, transfer as TransferListItem[] | undefined),
    onMessage: (listener) => worker.on("message", listener),
    onError: (listener) => {
      worker.on("error", listener);
      worker.on("exit", (code) => {
        if (flags[ending] === 0) listener(new Error(`it ended with code ${code}`));
      });
    },
    keepAlive: (on) => (on ? worker.ref() : worker.unref()),
    terminate: () => {
      Atomics.store(flags, ending, 1);
      if (Atomics.load(flags, finishing) === 0) void worker.terminate();
      else worker.ref(); // it ends by itself
    },
  };
}
