import type { Platform, WorkerHandle } from "./platform.ts";

export const platform: Platform = {
  hardwareThreads: navigator.hardwareConcurrency || 1,
  sharedMemory: globalThis.crossOriginIsolated === true && typeof SharedArrayBuffer === "function",
  runtime: `browser ${navigator.userAgent}`,
  // The page loads it, because only a bundler or the page's import map knows where it is; it starts workers of its own.
  onnxPackages: [
    {
      name: "onnxruntime-web",
      locate: () => ({ from: "page", load: () => import("onnxruntime-web/wasm") }),
    },
  ],
  startWorker,
};

function startWorker(source: string): WorkerHandle {
  const receive = `
    const tell = (message, transfer) => postMessage(message, transfer ?? []);
    let receive = (start) => { receive = serve(start, tell, (work) => work()); };
    onmessage = (event) => receive(event.data);`;
  const url = URL.createObjectURL(new Blob([source + receive], { type: "text/javascript" }));
  const worker = new Worker(url);
  return {
    post: (message, transfer = []) => {
      worker.postMessage(message, transfer as Transferable[]);
      URL.revokeObjectURL(url);
    },
    onMessage: (listener) => worker.addEventListener("message", (event) => listener(event.data)),
    onError: (listener) => worker.addEventListener("error", (event) => listener(new Error(event.message))),
    keepAlive: () => {},
    terminate: () => worker.terminate(),
  };
}
