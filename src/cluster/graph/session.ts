/** Graphs in the kernels' memory, and runs over them; see src/kernels/assembly/communities.ts. */
import { InputError } from "../../errors.ts";
import { type KernelCompute, openWorkspace, type Workspace } from "../../kernels/index.ts";
import type { SparseMatrix } from "../../matrix/index.ts";
import type { Random } from "../../random/index.ts";
import { rankCommunities } from "./rank-communities.ts";

/** Communities of one run that can be joined: the table of the weights between them takes 128 MiB. */
const mostCommunities = 4096;

/** Memory that the working tables of simultaneous runs may take together, of the kernels' 4 GiB. */
const mostScratch = 2 ** 30;

/**
 * Graphs over the same samples, ready for runs. `release` of the workspace gives their memory back.
 *
 * @internal
 */
export interface GraphSession {
  readonly where: string;
  readonly workspace: Workspace<"CommunityTask">;
  readonly rows: number;
  /** Sum of the weights of each sample, for each graph. */
  readonly degrees: readonly Float64Array[];
  /** Runs that go on at once. */
  readonly batch: number;
  readonly signal: AbortSignal | undefined;
  /** Bytes in each table that grows as it is needed, and where it lies. */
  readonly growing: Map<string, { readonly address: number; readonly bytes: number }>;
}

/**
 * One over-clustering: the graph it is of, and where its random order comes from.
 *
 * @internal
 */
export interface Run {
  readonly graph: number;
  readonly random: Random;
}

/**
 * What all runs have in common.
 *
 * @internal
 */
export interface RunSettings {
  readonly nClusters: number | "auto";
  /** Resolutions at which the communities of each run are joined; each gives a partition of its own. */
  readonly resolutions: readonly number[];
  readonly startResolution: number;
  readonly maxSweeps: number;
}

/**
 * Clusters from one run at one resolution.
 *
 * @internal
 */
export interface Partition {
  /** 0-based index of its run. */
  readonly run: number;
  readonly resolution: number;
  readonly labels: Int32Array;
  readonly sizes: Int32Array;
  readonly modularity: number;
  readonly nCommunities: number;
  readonly path: Float64Array;
}

/**
 * Loads checked graphs. The caller releases the workspace, also when something fails.
 *
 * @internal
 */
export function openGraphs(
  where: string,
  compute: KernelCompute,
  graphs: readonly SparseMatrix[],
  signal: AbortSignal | undefined,
): GraphSession {
  const workspace = openWorkspace(compute, "CommunityTask");
  try {
    const { allocate } = workspace;
    const { memory } = compute;
    const rows = (graphs[0] as SparseMatrix).rows;
    const mostEntries = Math.max(...graphs.map(({ columns }) => columns.length));
    const runScratchBytes = runBytes(rows, mostEntries);
    const batch = Math.max(1, Math.min(compute.threads, Math.floor(mostScratch / runScratchBytes)));
    const lists = {
      graphStarts: allocate(graphs.length * 4),
      graphColumns: allocate(graphs.length * 4),
      graphValues: allocate(graphs.length * 4),
      graphDegrees: allocate(graphs.length * 4),
      graphTotals: allocate(graphs.length * 8),
    };
    const degrees = graphs.map(degreesOf);
    graphs.forEach(({ starts, columns, values }, number) => {
      const place = {
        graphStarts: allocate((rows + 1) * 4),
        graphColumns: allocate(columns.length * 4),
        graphValues: allocate(columns.length * 4),
        graphDegrees: allocate(rows * 8),
      };
      memory.int32(place.graphStarts, rows + 1).set(starts);
      memory.int32(place.graphColumns, columns.length).set(columns);
      memory.float32(place.graphValues, columns.length).set(values);
      memory.float64(place.graphDegrees, rows).set(degrees[number] as Float64Array);
      for (const [list, address] of Object.entries(place) as [keyof typeof place, number][])
        memory.uint32(lists[list], graphs.length)[number] = address;
      memory.float64(lists.graphTotals, graphs.length)[number] = sum(degrees[number] as Float64Array);
    });
    workspace.set({
      ...lists,
      rows,
      mostEntries,
      runGraphs: allocate(batch * 4),
      runKeys: allocate(batch * 8),
      runScratch: allocate(batch * runScratchBytes),
      runScratchBytes,
      communities: allocate(batch * rows * 4),
      runCounts: allocate(batch * 4),
    });
    return { where, workspace, rows, degrees, batch, signal, growing: new Map() };
  } catch (error) {
    workspace.release();
    throw error;
  }
}

/**
 * Runs over the graphs, a few at once; their partitions come in the order of the runs, then of the resolutions.
 *
 * @internal
 */
export async function* partitions(
  session: GraphSession,
  runs: readonly Run[],
  settings: RunSettings,
): AsyncGenerator<Partition, void, void> {
  for (let first = 0; first < runs.length; first += session.batch) {
    const batch = runs.slice(first, first + session.batch);
    const counts = await overCluster(session, batch, settings);
    yield* await joinCommunities(session, first, counts, settings);
  }
}

/** Over-clusters by all runs of a batch; gives the number of communities of each. */
async function overCluster(
  { where, workspace, rows, degrees, signal }: GraphSession,
  batch: readonly Run[],
  { nClusters, startResolution }: RunSettings,
): Promise<Int32Array> {
  const { memory } = workspace.compute;
  const least = nClusters === "auto" ? 1 : nClusters;
  workspace.set({ resolution: startResolution, leastCommunities: least });
  memory.int32(workspace.get("runGraphs"), batch.length).set(batch.map(({ graph }) => graph));
  memory
    .uint32(workspace.get("runKeys"), 2 * batch.length)
    .set(batch.flatMap(({ random }) => [random.uint32(), random.uint32()]));
  await workspace.run([["overCluster", batch.length]], signal);
  const counts = memory.int32(workspace.get("runCounts"), batch.length);
  const communities = memory.int32(workspace.get("communities"), batch.length * rows);
  batch.forEach(({ graph }, run) => {
    const labels = communities.subarray(run * rows, (run + 1) * rows);
    counts[run] = rankCommunities(labels, counts[run] as number, degrees[graph] as Float64Array, least);
    if ((counts[run] as number) > mostCommunities) {
      throw new InputError(
        `${where}: the graph must fall into at most ${mostCommunities} communities; got ${counts[run]}. It is in too many pieces: use more neighbours.`,
      );
    }
  });
  return counts.slice();
}

/** Joins the communities of a batch at each resolution. */
async function joinCommunities(
  session: GraphSession,
  first: number,
  counts: Int32Array,
  { nClusters, resolutions, maxSweeps }: RunSettings,
): Promise<Partition[]> {
  const { workspace, rows, signal } = session;
  const { memory } = workspace.compute;
  const blocks = counts.length * resolutions.length;
  const most = Math.max(...counts);
  const joinScratchBytes = joinBytes(rows, most);
  workspace.set({
    nTargets: resolutions.length,
    targets: grown(session, "targets", resolutions.length * 8),
    nClusters: nClusters === "auto" ? 0 : nClusters,
    mostSweeps: maxSweeps,
    joinScratch: grown(session, "joinScratch", blocks * joinScratchBytes),
    joinScratchBytes,
    pathStride: most,
    paths: grown(session, "paths", blocks * most * 8),
    labels: grown(session, "labels", blocks * rows * 4),
    joinCounts: grown(session, "joinCounts", blocks * 4),
    modularities: grown(session, "modularities", blocks * 8),
  });
  memory.float64(workspace.get("targets"), resolutions.length).set(resolutions);
  await workspace.run([["joinCommunities", blocks]], signal);
  return Array.from({ length: blocks }, (_, block) => {
    const run = Math.floor(block / resolutions.length);
    const nCommunities = counts[run] as number;
    const found = memory.int32(workspace.get("joinCounts"), blocks)[block] as number;
    const labels = memory.int32(workspace.get("labels") + block * rows * 4, rows).slice();
    return {
      run: first + run,
      resolution: resolutions[block % resolutions.length] as number,
      ...bySize(labels, found),
      modularity: memory.float64(workspace.get("modularities"), blocks)[block] as number,
      nCommunities,
      path: memory.float64(workspace.get("paths") + block * most * 8, nCommunities).slice(),
    };
  });
}

/** Table of at least so many bytes, which later calls get again while it is large enough. */
function grown({ workspace, growing }: GraphSession, name: string, bytes: number): number {
  const present = growing.get(name);
  if (present !== undefined && present.bytes >= bytes) return present.address;
  const address = workspace.allocate(bytes);
  growing.set(name, { address, bytes });
  return address;
}

/**
 * Numbers the clusters by falling size, in place; of equally large ones that of the earlier sample comes first.
 *
 * @internal
 */
export function bySize(labels: Int32Array, nClusters: number): { labels: Int32Array; sizes: Int32Array } {
  const sizes = new Int32Array(nClusters);
  const firsts = new Int32Array(nClusters).fill(labels.length);
  labels.forEach((label, i) => {
    if (sizes[label] === 0) firsts[label] = i;
    sizes[label] = (sizes[label] as number) + 1;
  });
  const order = Array.from({ length: nClusters }, (_, c) => c).sort(
    (a, b) => (sizes[b] as number) - (sizes[a] as number) || (firsts[a] as number) - (firsts[b] as number),
  );
  const rank = new Int32Array(nClusters);
  order.forEach((cluster, at) => {
    rank[cluster] = at;
  });
  for (let i = 0; i < labels.length; i++) labels[i] = rank[labels[i] as number] as number;
  return { labels, sizes: Int32Array.from(order, (cluster) => sizes[cluster] as number) };
}

function degreesOf({ rows, starts, values }: SparseMatrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => sum(values.subarray(starts[i], starts[i + 1])));
}

function sum(values: Float32Array | Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
}

/** Bytes of the tables of one run: what layTables and layLevel of the kernels take, and room for their heads. */
const tableBytes = (rows: number): number => 33 * rows + 256;
const levelBytes = (rows: number, entries: number): number => 12 * (rows + entries) + 64;
const runBytes = (rows: number, entries: number): number =>
  roundTo64(tableBytes(rows) + 2 * levelBytes(rows, entries) + 256);
const joinBytes = (rows: number, communities: number): number =>
  roundTo64(tableBytes(rows) + communities * (8 * communities + 28) + 256);
const roundTo64 = (bytes: number): number => Math.ceil(bytes / 64) * 64;
