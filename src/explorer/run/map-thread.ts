/**
 * Maps in a thread of their own: between two jobs of the kernels, a map of many images has loops that would hold up the
 * server for most of a second. This file is both the caller's side and, in the thread, what it runs.
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { messageOf } from "../../errors.ts";
import { type MapProgress, mapOfAll } from "../../experiment/index.ts";
import { type Compute, createCompute } from "../../kernels/index.ts";
import type { Matrix, Samples } from "../../matrix/index.ts";

/** Bytes of samples, at most, that are copied into a thread; of more, the map is made where they are. */
const MOST_COPIED = 536_870_912;

interface MapOptions {
  readonly columns?: readonly number[] | undefined;
  readonly seed: number;
  readonly nDimensions: 2 | 3;
}

interface MapOrder {
  readonly explorerMap: true;
  readonly samples: Samples;
  readonly options: MapOptions;
  readonly threads: number;
}

type MapMessage =
  | { readonly progress: MapProgress }
  | { readonly map: Matrix<Float32Array> }
  | { readonly fault: string };

/**
 * As `mapOfAll`, apart from the caller's thread; from sources, which Node does not run, in it.
 *
 * @throws the reason of the signal when it fires
 */
export async function mapInThread(
  samples: Samples,
  options: MapOptions,
  compute: Compute,
  signal: AbortSignal,
  onProgress: (progress: MapProgress) => void,
): Promise<Matrix<Float32Array>> {
  signal.throwIfAborted();
  if (!import.meta.url.endsWith(".js") || samples.data.byteLength > MOST_COPIED) {
    const steps = mapOfAll(samples, options, { compute, signal });
    let next = await steps.next();
    while (!next.done) {
      onProgress(next.value);
      next = await steps.next();
    }
    return next.value;
  }
  const order: MapOrder = { explorerMap: true, samples, options, threads: compute.threads };
  const worker = new Worker(new URL(import.meta.url), { workerData: order });
  worker.unref();
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      worker.on("error", reject);
      worker.on("exit", (code) => reject(new Error(`the thread of the map ended with ${code}`)));
      worker.on("message", (message: MapMessage) => {
        if ("progress" in message) onProgress(message.progress);
        else if ("map" in message) resolve(message.map);
        else reject(new Error(message.fault));
      });
    });
  } finally {
    await worker.terminate();
  }
}

/** What the thread does. */
async function work({ samples, options, threads }: MapOrder): Promise<void> {
  const compute = createCompute({ threads });
  try {
    const steps = mapOfAll(samples, options, { compute });
    let next = await steps.next();
    while (!next.done) {
      parentPort?.postMessage({ progress: next.value } satisfies MapMessage);
      next = await steps.next();
    }
    parentPort?.postMessage({ map: next.value } satisfies MapMessage);
  } catch (error) {
    const fault = messageOf(error);
    parentPort?.postMessage({ fault } satisfies MapMessage);
  } finally {
    compute.close();
  }
}

if (!isMainThread && (workerData as Partial<MapOrder> | null)?.explorerMap) {
  // The kernels' threads keep nothing alive; this timer does, until the caller ends the thread.
  setInterval(() => {}, 60_000);
  await work(workerData as MapOrder);
}
