import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Platform, WorkerHandle } from "./platform.ts";

export const platform: Platform = {
  hardwareThreads: availableParallelism(),
  sharedMemory: true,
  runtime: `node ${process.versions.node} ${process.platform} ${process.arch}`,
  startWorker,
};

function startWorker(source: string): WorkerHandle {
  const receive = `
    const { parentPort } = require("node:worker_threads");
    parentPort.once("message", (start) => serve(start, (message) => parentPort.postMessage(message)));`;
  // Without execArgv, a worker inherits flags of its parent (loaders, say) that it does not need.
  const worker = new Worker(source + receive, { eval: true, execArgv: [], env: {} });
  worker.unref();
  return {
    start: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on("message", listener),
    onError: (listener) => worker.on("error", listener),
    keepAlive: (on) => (on ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  };
}
