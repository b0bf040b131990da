/** Samples in terms of components, by the kernel that serves fitting, `transform` and the randomized solver alike. */
import { roundUp, type Workspace } from "../../kernels/index.ts";
import type { Matrix } from "../../matrix/index.ts";
import { eachStage, refuseNonFinite, type Session } from "./stages.ts";
import type { PcaModel } from "./types.ts";

/** Rows of a block and columns of a segment of the kernel (assembly/principal.ts). */
const GROUP = 64;
const SEGMENT = 512;

/** Share of the largest variance below which a direction has none, and is not stretched by whitening. */
const NO_VARIANCE = 1e-12;

/**
 * Scores of all samples of a session, nSamples x nComponents.
 *
 * @throws {InputError} for samples that are not finite
 */
export async function scoresOf(session: Session, model: PcaModel): Promise<Matrix<Float32Array>> {
  const { source, work, isBytes, unit, capacity, signal } = session;
  const { rows, cols } = source;
  const { memory } = work.compute;
  const k = model.components.rows;
  const factors = whiteningFactors(model);
  const scaled = new Float64Array(k * cols);
  for (let c = 0; c < k; c++) {
    const factor = (factors[c] as number) * unit;
    for (let j = 0; j < cols; j++)
      scaled[c * cols + j] = (model.components.data[c * cols + j] as number) * factor;
  }
  placeComponents(work, scaled, k, cols);
  placeCenter(
    work,
    model.mean.map((value) => value / unit),
    scaled,
    k,
  );
  const output = work.allocate(capacity * k * 4);
  work.set({ output, rowStep: k, componentStep: 1 });
  const data = new Float32Array(rows * k);
  await eachStage(session, async (first, count) => {
    await work.run([[isBytes ? "projectBytes" : "projectFloats", Math.ceil(count / GROUP)]], signal);
    const scores = memory.float32(output, count * k);
    if (!isBytes && !scores.every(Number.isFinite)) refuseNonFinite(session, first);
    data.set(scores, first * k);
  });
  return { rows, cols: k, data };
}

/** By what the scores along each component are multiplied: 1, or what gives them variance 1. */
export function whiteningFactors({ settings, explainedVariance }: PcaModel): Float64Array {
  const least = NO_VARIANCE * (explainedVariance[0] as number);
  return explainedVariance.map((variance) => {
    if (!settings.whiten) return 1;
    return variance > least ? 1 / Math.sqrt(variance) : 0;
  });
}

/** Writes components, count x cols, where the kernel reads them, and makes room for what it needs beside them. */
export function placeComponents(
  work: Workspace<"PrincipalTask">,
  components: Float64Array,
  count: number,
  cols: number,
): void {
  const { compute } = work;
  const stride = roundUp(cols, 4);
  const even = roundUp(count, 2);
  if (work.get("components") === 0) {
    const scratchBytes = GROUP * SEGMENT * 4 + GROUP * even * 8;
    work.set({ components: work.allocate(even * stride * 4), nComponents: count, stride, scratchBytes });
    work.set({
      offsets: work.allocate(count * 8),
      workerScratch: work.allocate(compute.threads * scratchBytes),
    });
  }
  const target = compute.memory.float32(work.get("components"), count * stride);
  for (let c = 0; c < count; c++) target.set(components.subarray(c * cols, (c + 1) * cols), c * stride);
}

/** Writes the center, rounded, and what the rounding takes from each score. */
function placeCenter(
  { compute, get }: Workspace<"PrincipalTask">,
  mean: Float64Array,
  components: Float64Array,
  count: number,
): void {
  const center = compute.memory.float32(get("center"), mean.length);
  center.set(mean);
  const offsets = compute.memory.float64(get("offsets"), count);
  for (let c = 0; c < count; c++) {
    let offset = 0;
    for (const [j, value] of mean.entries()) {
      offset += ((center[j] as number) - value) * (components[c * mean.length + j] as number);
    }
    offsets[c] = offset;
  }
}
