import type { Platform, WorkerHandle } from "./platform.ts";

export const platform: Platform = {
  hardwareThreads: navigator.hardwareConcurrency || 1,
  sharedMemory: globalThis.crossOriginIsolated === true && typeof SharedArrayBuffer === "function",
  runtime: `browser ${navigator.userAgent}`,
  startWorker,
};

function startWorker(source: string): WorkerHandle {
  const receive = "onmessage = (event) => serve(event.data, (message) => postMessage(message));";
  const url = URL.createObjectURL(new Blob([source + receive], { type: "text/javascript" }));
  const worker = new Worker(url);
  return {
    start: (message) => {
      worker.postMessage(message);
      URL.revokeObjectURL(url);
    },
    onMessage: (listener) => worker.addEventListener("message", (event) => listener(event.data)),
    onError: (listener) => worker.addEventListener("error", (event) => listener(new Error(event.message))),
    keepAlive: () => {},
    terminate: () => worker.terminate(),
  };
}
