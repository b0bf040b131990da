/**
 * Nearest neighbours of large sets by NN-descent (Dong, Moses, Li 2011), from a start in a tree, as in pynndescent: here the
 * blocks of the exact search, of which only the nearest meet. Rounds read a snapshot and draw by counters, so that any number of
 * threads gives the same bytes.
 */
import { OptionError } from "../../errors.ts";
import { type RunContext, throwIfCancelled } from "../../estimator.ts";
import { computeOf, roundUp } from "../../kernels/index.ts";
import type { Samples } from "../../matrix/index.ts";
import { createRandom, type Random } from "../../random/index.ts";
import { checkK, checkMetric } from "./options.ts";
import { deliver, loadPoints, meetInRounds, type Points, prepareLists, sketchPoints } from "./points.ts";
import type { ApproximateNeighborsOptions, Neighbors } from "./types.ts";

const defaults = { seed: 0, maxIterations: 20, tolerance: 0.01, nearBlocks: 8 } as const;

/**
 * Most of the k nearest neighbours of each row among the other rows; distances are exact, and so are ties among those found.
 *
 * @throws {OptionError} for an option out of range
 * @throws {InputError} for fewer than two rows, a wrong shape, or numbers that are not finite
 *
 * Time about O(rows^1.14 x cols) (measured by the paper), memory O(rows x (cols + k)).
 */
export async function approximateNeighbors(
  samples: Samples,
  options: ApproximateNeighborsOptions,
  context: RunContext = {},
): Promise<Neighbors> {
  const where = "approximateNeighbors";
  const { k } = options;
  const metric = checkMetric(where, options, ["k", "metric", ...Object.keys(defaults)]);
  checkK(where, k, samples.rows - 1, "the number of other samples");
  const { random, maxIterations, tolerance, nearBlocks } = checkOptions(where, options);
  const { signal } = context;
  throwIfCancelled(where, signal);
  const sets = await loadPoints(where, computeOf(context.compute), [samples], metric, signal);
  const [points] = sets as [Points];
  try {
    await sketchPoints(sets, signal);
    prepareLists(points, k);
    const { workspace, isBytes, rows } = points;
    const { get } = workspace;
    const nBlocks = get("nBlocks");
    // A list that is not full yet links too little to descend from.
    const enough = Math.ceil((k + 1) / Math.floor(rows / nBlocks));
    const rounds = startingRounds(nBlocks, Math.max(nearBlocks, enough));
    await meetInRounds(points, rounds, signal);
    if (rounds.length < nBlocks) {
      await prepareDescent(points, k, signal);
      for (let iteration = 0; iteration < maxIterations; iteration++) {
        await workspace.run([["takeSnapshot", nBlocks]], signal);
        const fresh = workspace.compute.memory.uint32(get("freshCounts"), nBlocks);
        if (iteration > 0 && fresh.reduce((a, b) => a + b, 0) <= tolerance * rows * k) break;
        linkBack(points, k, random.stream("links", iteration));
        await workspace.run([[isBytes ? "descendBytes" : "descendFloats", nBlocks]], signal);
      }
    }
    return await deliver(points, k, signal);
  } finally {
    points.workspace.release();
  }
}

/**
 * The nearest blocks, and one more on the other side of each cut of the tree: what never meets across a cut could not be
 * reached from link to link.
 */
function startingRounds(nBlocks: number, near: number): number[] {
  const all = Array.from({ length: nBlocks }, (_, round) => round);
  return all.filter((round) => round < near || Number.isInteger(Math.log2(round)));
}

function checkOptions(
  where: string,
  options: ApproximateNeighborsOptions,
): { random: Random; maxIterations: number; tolerance: number; nearBlocks: number } {
  const fail = (what: string, rule: string, got: unknown): never => {
    throw new OptionError(`${where}: ${what} must be ${rule}; got ${String(got)}.`);
  };
  const seed = options.seed ?? defaults.seed;
  const maxIterations = options.maxIterations ?? defaults.maxIterations;
  const tolerance = options.tolerance ?? defaults.tolerance;
  const nearBlocks = options.nearBlocks ?? defaults.nearBlocks;
  if (!Number.isSafeInteger(seed) || seed < 0) {
    fail("seed", `an integer in 0..${Number.MAX_SAFE_INTEGER}`, seed);
  }
  for (const [name, value] of Object.entries({ maxIterations, nearBlocks })) {
    if (!Number.isSafeInteger(value) || value < 1) fail(name, "an integer of at least 1", value);
  }
  if (!(tolerance >= 0 && tolerance < 1)) fail("tolerance", "a number in [0, 1)", tolerance);
  return { random: createRandom(seed).stream("neighbors"), maxIterations, tolerance, nearBlocks };
}

async function prepareDescent({ workspace, rows }: Points, k: number, signal?: AbortSignal): Promise<void> {
  const { allocate, set, get, compute } = workspace;
  const nBlocks = get("nBlocks");
  const places = nBlocks * get("blockRows");
  const alignedWidth = roundUp(get("width"), 8);
  const scratchBytes = Math.max(get("scratchBytes"), k * 4);
  set({
    alignedWidth,
    scratchBytes,
    workerScratch: allocate(compute.threads * scratchBytes),
    aligned: allocate(places * alignedWidth * 2),
    placeOfRow: allocate(rows * 4),
    links: allocate(places * k * 4),
    linkCounts: allocate(places * 4),
    freshCounts: allocate(nBlocks * 4),
    nBacks: k,
    backs: allocate(places * k * 4),
    backCounts: allocate(places * 4),
    seen: allocate(compute.threads * places * 4),
  });
  await workspace.run([["alignSketches", nBlocks]], signal);
}

/**
 * Tells each place some of those that link to it, as many as it has links itself. Places are gone through in steps of a random
 * length, so that those told to a place with too many are not its neighbours in the tree alone.
 */
function linkBack({ workspace }: Points, k: number, random: Random): void {
  const { get, compute } = workspace;
  const { memory } = compute;
  const places = get("nBlocks") * get("blockRows");
  const links = memory.uint32(get("links"), places * k);
  const linkCounts = memory.uint32(get("linkCounts"), places);
  const backs = memory.uint32(get("backs"), places * k);
  const backCounts = memory.uint32(get("backCounts"), places).fill(0);
  const step = stepCoprimeTo(places, random);
  let place = random.integer(places);
  for (let turn = 0; turn < places; turn++) {
    for (let j = 0; j < (linkCounts[place] as number); j++) {
      const link = links[place * k + j] as number;
      const target = link & 0x7fffffff;
      const count = backCounts[target] as number;
      if (count === k) continue;
      backs[target * k + count] = (place | (link & 0x80000000)) >>> 0;
      backCounts[target] = count + 1;
    }
    place = (place + step) % places;
  }
}

function stepCoprimeTo(places: number, random: Random): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  for (;;) {
    const step = 1 + random.integer(places);
    if (divisor(step, places) === 1) return step;
  }
}
