// What a user's page does with the package. Node runs this file too, to compare.
import { createCompute, kMeans, pixels, strokes } from "unlabeled";

/** Groups 600 drawn digits, and counts how often a timer was served between the first step and the last. */
export async function fitStrokes() {
  const compute = createCompute({ threads: 2 });
  const samples = pixels(strokes({ count: 600 }));
  const gaps = [];
  let last = 0;
  let timer;
  const tick = () => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
  };
  const onProgress = () => {
    if (timer !== undefined) return;
    last = performance.now();
    timer = setInterval(tick, 1);
  };
  const options = { nClusters: 10, nRestarts: 20, seed: 0 };
  const { labels, inertia, iterations } = await kMeans.fit(samples, options, { compute, onProgress });
  clearInterval(timer);
  const ticks = gaps.length;
  tick();
  compute.close();
  return {
    labels: Array.from(labels),
    inertia,
    iterations,
    threads: compute.threads,
    shared: compute.shared,
    ticks,
    longestGapMs: Math.max(...gaps),
  };
}
