/**
 * Before the mean is known, columns are taken less the mean of the first stage, and scaled so that the numbers of that stage
 * lie in about [-1, 1]: sums of squares then lose next to nothing when the true mean is taken out of them. LIMIT: float32 products overflow where
 * later rows are 2^60 times as far away as the first.
 */
import type { Session } from "./stages.ts";

/** Fills center and scale from the staged rows. */
export function centerOnStage({ work, source, isBytes }: Session): void {
  const { memory } = work.compute;
  const { cols } = source;
  const rows = work.get("rows");
  const length = rows * cols;
  const staging = work.get("staging");
  const staged = isBytes ? memory.bytes(staging, length) : memory.float32(staging, length);
  const sums = new Float64Array(cols);
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < cols; j++) sums[j] = (sums[j] as number) + (staged[r * cols + j] as number);
  }
  const center = memory.float32(work.get("center"), cols);
  center.set(sums.map((sum) => sum / rows));
  let greatest = 0;
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < cols; j++) {
      const size = Math.abs((staged[r * cols + j] as number) - (center[j] as number));
      if (size > greatest) greatest = size;
    }
  }
  const scale = 2 ** -Math.min(126, Math.max(-126, Math.floor(Math.log2(greatest))));
  work.set({ scale: greatest > 0 && greatest < Number.POSITIVE_INFINITY ? scale : 1 });
}
