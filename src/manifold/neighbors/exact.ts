import { type RunContext, throwIfCancelled } from "../../estimator.ts";
import { computeOf } from "../../kernels/index.ts";
import { checkFeatures, type Samples } from "../../matrix/index.ts";
import { checkK, checkMetric } from "./options.ts";
import { loadPoints, type Points, sketchPoints } from "./points.ts";
import type { ExactNeighborsOptions, Neighbors, QueryNeighborsOptions } from "./types.ts";

/**
 * The k nearest neighbours of each row among the other rows, exactly: as double-precision distances between the rows order
 * them, ties by the lowest index. Cosine distances are those between rows that were brought to length one and rounded to float32.
 *
 * @param samples rows x cols; bytes are compared as integers
 * @throws {OptionError} for k outside 1..rows - 1
 * @throws {InputError} for fewer than two rows, a wrong shape, or numbers that are not finite
 *
 * Time O(rows^2 x cols) with a small constant, memory O(rows x (cols + k)).
 */
export async function exactNeighbors(
  samples: Samples,
  options: ExactNeighborsOptions,
  context: RunContext = {},
): Promise<Neighbors> {
  const where = "exactNeighbors";
  const metric = checkMetric(where, options, ["k", "metric"]);
  checkK(where, options.k, samples.rows - 1, "the number of other samples");
  throwIfCancelled(where, context.signal);
  const [points] = (await loadPoints(
    where,
    computeOf(context.compute),
    [samples],
    metric,
    context.signal,
  )) as [Points];
  try {
    await sketchPoints([points], context.signal);
    prepareLists(points, options.k);
    const { workspace, isBytes } = points;
    const nBlocks = workspace.get("nBlocks");
    for (let round = 0; round < nBlocks; round++) {
      workspace.set({ round });
      const pairs = round === 0 ? nBlocks : nBlocks / 2;
      await workspace.run([[isBytes ? "meetInRoundBytes" : "meetInRoundFloats", pairs]], context.signal);
    }
    return await deliver(points, options.k, context.signal);
  } finally {
    points.workspace.release();
  }
}

/**
 * The k nearest neighbours of each query among the samples, exactly, as in {@link exactNeighbors}; a query that equals a sample has it as
 * its neighbour, at distance 0.
 *
 * @throws {OptionError} for k outside 1..samples.rows, or queries of another width
 * @throws {InputError} for a wrong shape, or numbers that are not finite
 */
export async function queryNeighbors(
  samples: Samples,
  queries: Samples,
  options: QueryNeighborsOptions,
  context: RunContext = {},
): Promise<Neighbors> {
  const where = "queryNeighbors";
  const metric = checkMetric(where, options, ["k", "metric"]);
  checkK(where, options.k, samples.rows, "the number of samples");
  checkFeatures(where, samples.cols, queries);
  throwIfCancelled(where, context.signal);
  const sets = await loadPoints(
    where,
    computeOf(context.compute),
    [samples, queries],
    metric,
    context.signal,
  );
  const [points, asked] = sets as [Points, Points];
  try {
    await sketchPoints(sets, context.signal);
    prepareLists(asked, options.k);
    const { workspace, isBytes } = asked;
    workspace.set({ other: points.workspace.task });
    await workspace.run(
      [[isBytes ? "meetOthersBytes" : "meetOthersFloats", workspace.get("nBlocks")]],
      context.signal,
    );
    return await deliver(asked, options.k, context.signal);
  } finally {
    for (const { workspace } of sets) workspace.release();
  }
}

function prepareLists({ workspace }: Points, k: number): void {
  const { allocate, get, set } = workspace;
  const places = get("nBlocks") * get("blockRows");
  set({
    k,
    counts: allocate(places * 4),
    squares: allocate(places * k * 8),
    indices: allocate(places * k * 4),
  });
}

async function deliver({ workspace, rows }: Points, k: number, signal?: AbortSignal): Promise<Neighbors> {
  const { allocate, get, set, compute } = workspace;
  set({ outIndices: allocate(rows * k * 4), outDistances: allocate(rows * k * 4) });
  await workspace.run([["deliverNeighbors", get("nBlocks")]], signal);
  const indices = compute.memory.int32(get("outIndices"), rows * k).slice();
  const distances = compute.memory.float32(get("outDistances"), rows * k).slice();
  return { rows, k, indices, distances };
}
