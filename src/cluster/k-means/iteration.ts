/**
 * One iteration of K-Means, and what is measured after the last.
 *
 * Objective: inertia J = sum over samples of |x - c(x)|^2. An iteration gives each sample its nearest center, then
 * moves each center to the mean of its samples (Lloyd 1982); neither step raises J. Because the cluster sums S_c are
 * exact, J follows from them without another pass: J = sum |x - m|^2 - sum n_c |S_c / n_c - m|^2, for any m;
 * one in the middle of the samples loses few digits.
 */
import { type LoadedSamples, sumOfBlocks } from "../../kernels/index.ts";
import { afterUpdate, resetMovement, takeChanged } from "./bounds.ts";
import type { FitSession, Session } from "./session.ts";

const firstPass = {
  lloyd: "assignAll",
  hamerly: "assignAll",
  elkan: "startElkan",
  yinyang: "startYinyang",
} as const;
const laterPass = {
  lloyd: "assignAll",
  hamerly: "assignHamerly",
  elkan: "assignElkan",
  yinyang: "assignYinyang",
} as const;

/** Result of one assignment pass and update. */
export interface Pass {
  readonly changed: number;
  readonly inertia: number;
  readonly emptyClusters: readonly number[];
}

/** One iteration: assignment, new centers, and what the bounds must know of their movement. */
export async function iterate(session: FitSession, isFirst: boolean): Promise<Pass> {
  const { loaded, nClusters, algorithm, signal } = session;
  if (isFirst) resetMovement(session);
  const pass = (isFirst ? firstPass : laterPass)[algorithm];
  await loaded.run([[pass], ...updateSteps(session)], signal);
  const changed = takeChanged(loaded);
  return { changed, ...afterUpdate(session), emptyClusters: emptyClusters(loaded, nClusters) };
}

function updateSteps({
  nClusters,
  algorithm,
}: Session): readonly (readonly ["update" | "separateCenters", number])[] {
  return algorithm === "lloyd"
    ? [["update", nClusters]]
    : [
        ["update", nClusters],
        ["separateCenters", nClusters],
      ];
}

/** Assignment to the present centers without moving them: the labels that `predict` would give. */
export async function assignOnly(session: Session): Promise<void> {
  const { loaded, signal } = session;
  await loaded.run([["assignAll"]], signal);
}

/**
 * Gives each empty cluster the sample farthest from its center (the lowest index among equals), taking none that is
 * alone in its cluster. A cluster stays empty where no sample is away from its center: it has nothing to gain.
 *
 * @returns the clusters that took a sample
 */
export async function refillEmpty(
  session: FitSession,
  empty: readonly number[],
): Promise<{ refilled: number[]; inertia: number }> {
  const { loaded, nClusters, signal } = session;
  const { memory } = loaded.compute;
  await loaded.run([["measure"]], signal);
  const distances = memory.float64(loaded.get("distances"), loaded.rows);
  const labels = memory.int32(loaded.get("labels"), loaded.rows);
  const counts = Int32Array.from(memory.int32(loaded.get("counts"), nClusters));
  const nothing = loaded.cols * centerStep(loaded) ** 2;
  const taken: number[] = [];
  const refilled: number[] = [];
  for (const cluster of empty) {
    let farthest = -1;
    for (let i = 0; i < distances.length; i++) {
      if ((distances[i] as number) <= (farthest < 0 ? nothing : (distances[farthest] as number))) continue;
      if ((counts[labels[i] as number] as number) > 1 && !taken.includes(i)) farthest = i;
    }
    if (farthest < 0) break;
    counts[labels[farthest] as number] = (counts[labels[farthest] as number] as number) - 1;
    taken.push(farthest);
    refilled.push(cluster);
  }
  if (taken.length > 0) {
    loaded.set({ nQueries: taken.length });
    memory.int32(loaded.get("queries"), taken.length).set(taken);
    memory.int32(loaded.get("output"), taken.length).set(refilled);
    await loaded.run([["relocate", 1], ...updateSteps(session)], signal);
  }
  return { refilled, inertia: taken.length > 0 ? afterUpdate(session).inertia : Number.NaN };
}

/**
 * Rounding of one element of a center, in stored units: equal samples are no farther from their mean. The mean of bytes
 * that are not all equal is off by at least one part in their number, which is far more.
 */
function centerStep({ isBytes, get }: LoadedSamples): number {
  return isBytes ? 2 ** -40 : 1 / get("fixedPoint");
}

/** Labels, distances to the own center and sizes of the clusters, in the caller's units, and their inertia. */
export async function measure(session: Session): Promise<{
  labels: Int32Array;
  distances: Float64Array;
  sizes: Int32Array;
  inertia: number;
}> {
  const { loaded, nClusters, signal } = session;
  const { memory } = loaded.compute;
  await loaded.run([["measure"]], signal);
  const { unit, rows } = loaded;
  const labels = memory.int32(loaded.get("labels"), rows).slice();
  const distances = memory.float64(loaded.get("distances"), rows).slice();
  const sizes = new Int32Array(nClusters);
  for (let i = 0; i < rows; i++) {
    sizes[labels[i] as number] = (sizes[labels[i] as number] as number) + 1;
    distances[i] = Math.sqrt(distances[i] as number) * unit;
  }
  return { labels, distances, sizes, inertia: sumOfBlocks(loaded) * unit * unit };
}

function emptyClusters(loaded: LoadedSamples, nClusters: number): number[] {
  const counts = loaded.compute.memory.int32(loaded.get("counts"), nClusters);
  return [...counts.keys()].filter((c) => counts[c] === 0);
}
