/** Heavy loops in slices, between which the server answers. */
import { setImmediate } from "node:timers/promises";

/** Milliseconds that a loop may hold the server up. */
const SLICE_MS = 12;

/**
 * Calls `step` for each block of `from..to`, and lets others have their turn whenever a slice of time is used up.
 *
 * @param blockSize so many that one takes well below a slice
 * @throws whatever `step` throws, and the reason of the signal when it fires
 */
export async function inSlices(
  count: number,
  blockSize: number,
  step: (from: number, to: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  let began = performance.now();
  for (let from = 0; from < count; from += blockSize) {
    step(from, Math.min(count, from + blockSize));
    if (performance.now() - began < SLICE_MS) continue;
    await setImmediate();
    signal?.throwIfAborted();
    began = performance.now();
  }
}
