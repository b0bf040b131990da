/**
 * Clusterers that look at the graph of nearest neighbours: `graph`, one partition by modularity, and `consensus`, what many
 * partitions have in common. A graph has a side of its own for each view of the images; the graphs of the views are
 * averaged. New images join by the rule of training-codes.ts, and so do those that are too many for a graph (sampling.ts).
 */
import * as consensus from "../cluster/consensus/index.ts";
import * as graph from "../cluster/graph/index.ts";
import type { Neighbors } from "../manifold/neighbors/index.ts";
import { groupMeans, type Matrix, type Samples, type SparseMatrix } from "../matrix/index.ts";
import { atLeast, indexOfLeast, scale, sqrt, type Tensor } from "../neural/index.ts";
import { distancesToOwn, squaredDistances } from "./center-distances.ts";
import type { ClusterModel, CommunityModel } from "./models.ts";
import { onSample } from "./sampling.ts";
import { largestShares, ownShares, shareMargins } from "./shares.ts";
import type { Assignment, ClustererStage, ClusterFit, ClusterTensors, StageContext } from "./stages.ts";
import {
  leftOutStrangeness,
  memberships,
  type NeighborGraph,
  neighborGraph,
  neighborsInViews,
  trainingCodes,
  weightedRows,
  weightedRowsTensor,
} from "./training-codes.ts";

/** Images that count as near to each image, itself among them, unless told otherwise. */
const NEIGHBORS = 15;

/** Communities of the graph of nearest neighbours as the clusterer of a method. */
export const graphStage: ClustererStage = onSample({
  ...common(),
  defaults: { restarts: graph.defaults.nRestarts, maxIterations: graph.defaults.maxSweeps, tolerance: 0 },
  objective: "modularity",
  async *steps(samples, options, context) {
    const { nClusters, restarts, maxIterations, seed, columns, neighbors = NEIGHBORS } = options;
    yield { part: "neighbors", done: 0, total: 1 };
    const tables = await neighborsInViews(samples, { columns, neighbors, seed }, context);
    const near = neighborGraph(tables);
    const steps = graph.steps(
      near.graph,
      {
        ...{ nClusters, seed, nRestarts: restarts, maxSweeps: maxIterations },
        ...(options.resolution !== undefined && { resolution: options.resolution }),
      },
      context,
    );
    let done = 0;
    yield { part: "communities", done, total: restarts };
    let next = await steps.next();
    while (!next.done) {
      done++;
      yield { part: "communities", done, total: restarts };
      next = await steps.next();
    }
    const { labels, modularity, history } = next.value;
    return {
      ...grouped("graph", samples, {
        columns,
        near,
        labels,
        nClusters,
        votes: votesIn(near.graph, labels, nClusters),
      }),
      scores: { modularity },
      converged: true,
      iterations: history.length,
      history: history.map((step) => step.modularity),
      notices: [],
    };
  },
});

/** Numbers of neighbours of the graphs that a consensus is made of. */
const CONSENSUS_NEIGHBORS = [10, NEIGHBORS, 20, 30];

/** What many partitions, of graphs with several numbers of neighbours and at several resolutions, have in common. */
export const consensusStage: ClustererStage = onSample({
  ...common(),
  inPanel: graphStage,
  defaults: {
    restarts: consensus.defaults.nRuns,
    maxIterations: consensus.defaults.maxSweeps,
    tolerance: 0,
  },
  objective: "agreement",
  async *steps(samples, options, context) {
    const { nClusters, restarts, maxIterations, seed, columns, neighbors, resolution } = options;
    const counts = neighbors === undefined ? CONSENSUS_NEIGHBORS : [neighbors];
    yield { part: "neighbors", done: 0, total: 1 };
    const most = Math.max(...counts);
    const tables = await neighborsInViews(samples, { columns, neighbors: most, seed }, context);
    const graphs = counts.map((count) =>
      neighborGraph(tables.map((table) => firstNeighbors(table, count - 1))),
    );
    const steps = consensus.steps(
      graphs.map((one) => one.graph),
      {
        ...{ nClusters, seed, nRuns: restarts, maxSweeps: maxIterations },
        ...(resolution !== undefined && { resolutions: [resolution] }),
      },
      context,
    );
    let next = await steps.next();
    while (!next.done) {
      yield { part: "consensus", done: next.value.partition, total: next.value.of };
      next = await steps.next();
    }
    const { labels, agreement, members, confidence } = next.value;
    const near = graphs[counts.indexOf(neighbors ?? NEIGHBORS)] as NeighborGraph;
    const votes = votesIn((graphs[0] as NeighborGraph).graph, labels, nClusters);
    return {
      ...grouped("consensus", samples, { columns, near, labels, nClusters, votes }),
      probabilities: Float64Array.from(confidence),
      // The votes that a cluster has not may all have gone to one other.
      margins: Float64Array.from(confidence, (share) => Math.max(0, 2 * share - 1)),
      scores: { agreement },
      converged: true,
      iterations: members.length,
      history: members.map((member) => member.agreement),
      notices: [],
    };
  },
});

/** The nearest k of the neighbours of each sample; all where there are not so many. */
function firstNeighbors({ rows, k, indices, distances }: Neighbors, wanted: number): Neighbors {
  if (wanted >= k) return { rows, k, indices, distances };
  const kept: Neighbors = {
    rows,
    k: wanted,
    indices: new Int32Array(rows * wanted),
    distances: new Float32Array(rows * wanted),
  };
  for (let i = 0; i < rows; i++) {
    kept.indices.set(indices.subarray(i * k, i * k + wanted), i * wanted);
    kept.distances.set(distances.subarray(i * k, i * k + wanted), i * wanted);
  }
  return kept;
}

/** What both stages share: the rule for new images. */
function common(): Pick<
  ClustererStage,
  "inits" | "graphs" | "assign" | "leftOut" | "margins" | "centers" | "probabilities" | "graph"
> {
  return {
    inits: [],
    graphs: true,
    async assign(model, samples, context) {
      const { centers, codes } = community(model);
      const near = await memberships(codes, samples, context);
      const votes = weightedRows(near, membersOf(model));
      const { strangeness } = near;
      return { ...described(samples, votes, { centers, labels: largestShares(votes) }), strangeness };
    },
    leftOut: async (model) => leftOutStrangeness(community(model).codes),
    async margins(model, samples, labels, context) {
      return shareMargins(await votesOf(model, samples, context), labels);
    },
    centers: (model) => community(model).centers,
    probabilities: votesOf,
    graph: tensors,
  };
}

/** Share of each cluster in the neighbourhood of each of other samples, nSamples x nClusters. */
async function votesOf(
  model: ClusterModel,
  samples: Samples,
  context: StageContext,
): Promise<Matrix<Float32Array>> {
  const { codes } = community(model);
  return weightedRows(await memberships(codes, samples, context), membersOf(model));
}

/** Which cluster each training image is in: 1 for its own, else 0, nSamples x nClusters. */
function membersOf(model: ClusterModel): Matrix<Float32Array> {
  const { labels, centers } = community(model);
  const cols = centers.rows;
  const data = new Float32Array(labels.length * cols);
  labels.forEach((label, i) => {
    data[i * cols + label] = 1;
  });
  return { rows: labels.length, cols, data };
}

/** Share of each cluster in the weights of each sample's edges; a sample without edges is wholly in its own. */
function votesIn(
  { rows, starts, columns, values }: SparseMatrix,
  labels: Int32Array,
  nClusters: number,
): Matrix<Float32Array> {
  const data = new Float32Array(rows * nClusters);
  for (let i = 0; i < rows; i++) {
    let total = 0;
    for (let e = starts[i] as number; e < (starts[i + 1] as number); e++) {
      const at = i * nClusters + (labels[columns[e] as number] as number);
      data[at] = (data[at] as number) + (values[e] as number);
      total += values[e] as number;
    }
    if (total > 0)
      for (let c = 0; c < nClusters; c++)
        data[i * nClusters + c] = (data[i * nClusters + c] as number) / total;
    else data[i * nClusters + (labels[i] as number)] = 1;
  }
  return { rows, cols: nClusters, data };
}

function described(
  samples: Samples,
  votes: Matrix,
  { labels, centers }: { readonly labels: Int32Array; readonly centers: Matrix },
): Assignment {
  return {
    labels,
    probabilities: ownShares(votes, labels),
    margins: shareMargins(votes, labels),
    distances: distancesToOwn(samples, centers, labels),
  };
}

/** Groups of samples as a model, and what is said of each sample. */
function grouped(
  kind: CommunityModel["kind"],
  samples: Samples,
  found: {
    readonly columns: readonly number[] | undefined;
    /** The graph whose scales say how far new images look. */
    readonly near: NeighborGraph;
    readonly labels: Int32Array;
    readonly nClusters: number;
    readonly votes: Matrix;
  },
): Pick<ClusterFit, "model" | "inertia"> & Assignment {
  const { columns, near, labels, nClusters, votes } = found;
  const centers = groupMeans(samples, labels, nClusters);
  const assignment = described(samples, votes, { labels, centers });
  return {
    model: { kind, codes: trainingCodes(samples, near, columns), labels, centers },
    ...assignment,
    inertia: assignment.distances.reduce((sum, distance) => sum + distance * distance, 0),
  };
}

function tensors(model: ClusterModel, features: Tensor): ClusterTensors {
  const { codes, centers } = community(model);
  const votes = weightedRowsTensor(codes, features, membersOf(model));
  return {
    cluster: indexOfLeast(scale(votes, -1), 1),
    distances: sqrt(atLeast(squaredDistances(features, centers), 0)),
    probabilities: votes,
  };
}

function community(model: ClusterModel): CommunityModel {
  if (model.kind === "graph" || model.kind === "consensus") return model;
  throw new TypeError(`groups of a graph were expected; got ${model.kind}`);
}
