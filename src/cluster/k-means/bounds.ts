/** What the kernels' bounds must know of how far the centers have moved, and how hard the next pass should try. */
import { beyondAllBounds, type LoadedSamples, largestRoundingError } from "../../kernels/index.ts";
import { manyFeatures } from "./options.ts";
import { type FitSession, groupSize, type Session } from "./session.ts";

/** Share of the doubts that a fresh distance to the own center must settle to be worth its cost. */
const tightenPays = 0.2;

/** Bounds are renewed when fewer than this many further movements like the last would use them up. */
const refreshMovements = 4;

export function resetMovement({ loaded }: Session): void {
  const centerStride = loaded.get("centerStride");
  loaded.compute.memory.float32(loaded.get("moved"), centerStride).fill(0);
  loaded.compute.memory.float32(loaded.get("othersMoved"), centerStride).fill(0);
  loaded.compute.memory.float32(loaded.get("drifts"), centerStride).fill(0);
  loaded.compute.memory.float32(loaded.get("groupMoved"), loaded.get("boundStride")).fill(0);
  loaded.set({ tighten: 0 });
}

/** After an update: adds the movements to what the bounds subtract, and gives the inertia in the caller's units. */
export function afterUpdate({ loaded, nClusters, totalScatter, algorithm }: FitSession): { inertia: number } {
  const { memory } = loaded.compute;
  const movements = memory
    .float64(loaded.get("movements"), nClusters)
    .map((movement) => Math.min(movement, beyondAllBounds));
  const moved = memory.float32(loaded.get("moved"), nClusters);
  const othersMoved = memory.float32(loaded.get("othersMoved"), nClusters);
  const drifts = memory.float32(loaded.get("drifts"), nClusters);
  let first = 0;
  let farthest = -1;
  let second = 0;
  movements.forEach((movement, c) => {
    if (movement > first) {
      second = first;
      first = movement;
      farthest = c;
    } else if (movement > second) second = movement;
  });
  for (let c = 0; c < nClusters; c++) {
    moved[c] = roundUp((moved[c] as number) + (movements[c] as number));
    othersMoved[c] = roundUp((othersMoved[c] as number) + (c === farthest ? second : first));
    drifts[c] = roundUp((moved[c] as number) + (othersMoved[c] as number));
  }
  if (algorithm === "yinyang") {
    const groupMoved = memory.float32(loaded.get("groupMoved"), loaded.get("boundStride"));
    const size = groupSize(loaded.isBytes);
    for (let group = 0; group * size < nClusters; group++) {
      const movement = Math.max(...movements.subarray(group * size, (group + 1) * size));
      groupMoved[group] = roundUp((groupMoved[group] as number) + movement);
    }
  }
  loaded.set({ epsilon: largestRoundingError(loaded), refresh: refreshMovements * (first + second) });
  const between = memory.float64(loaded.get("scatter"), nClusters).reduce((a, b) => a + b, 0);
  return { inertia: Math.max(0, totalScatter - between) * loaded.unit * loaded.unit };
}

/** The nearest float32 that is not below the value. */
function roundUp(value: number): number {
  const rounded = Math.fround(value);
  return rounded >= value ? rounded : Math.fround(value * (1 + 2 ** -23));
}

/** Reads and clears the counters; tunes what the next assignment pass tries, which changes its time but no label. */
export function takeChanged(loaded: LoadedSamples): number {
  const { memory, threads } = loaded.compute;
  const counters = memory.int32(loaded.get("workerCounters"), threads * 16);
  const total = (place: number): number => {
    let sum = 0;
    for (let worker = 0; worker < threads; worker++) sum += counters[worker * 16 + place] as number;
    return sum;
  };
  const [changed, doubted, tightened] = [total(0), total(1), total(2)];
  counters.fill(0);
  // A fresh distance to the own center costs about a fourth of all distances to ten centers. Once it settles more than
  // that share of the doubts, it pays; few changes are the sign that it will.
  const tried = loaded.get("tighten") === 1;
  const pays = tried ? tightened > tightenPays * doubted : changed < loaded.rows / 20;
  loaded.set({ tighten: pays && loaded.cols >= manyFeatures ? 1 : 0 });
  return changed;
}
