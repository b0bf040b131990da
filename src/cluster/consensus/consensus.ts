import { drain, type RunContext, throwIfCancelled } from "../../estimator.ts";
import { computeOf } from "../../kernels/index.ts";
import type { SparseMatrix } from "../../matrix/index.ts";
import { adjustedRandIndex, contingencyTable } from "../../partitions/index.ts";
import { createRandom, type Random } from "../../random/index.ts";
import { bySize, openGraphs, type Partition, partitions } from "../graph/index.ts";
import * as kMeans from "../k-means/index.ts";
import { checkConsensusOptions } from "./options.ts";
import { meanAgreements, type Overlaps, overlapsOf } from "./overlaps.ts";
import { spectralPlaces } from "./spectral.ts";
import type { ConsensusFit, ConsensusOptions, ConsensusSettings, ConsensusStep } from "./types.ts";
import { countVotes, fillEmpty, voteInRounds } from "./vote.ts";

/** Starts of the K-Means that reads the singular vectors. */
const spectralStarts = 10;

/**
 * Clusters that many partitions agree on: each graph is clustered by several runs at several resolutions, and one answer
 * is drawn from all of them. Where single runs fall into different solutions, the answer is the one that most of them lie near.
 *
 * @param graphs of the same samples, e.g. with different numbers of neighbours: nSamples x nSamples, symmetric, weights of
 *   at least 0. What `graph.fit` says of pieces, samples without edges and too few communities holds for each run.
 * @returns the model with the labels of the samples and the share of votes for each; the same bytes on any number of threads
 * @throws {OptionError} for an option out of range
 * @throws {InputError} for graphs of no use
 * @throws {CancelledError} if `context.signal` fires
 *
 * Time O(graphs x runs x entries + partitions^2 x nSamples).
 */
export function fit(
  graphs: readonly SparseMatrix[],
  options: ConsensusOptions,
  context: RunContext<ConsensusStep> = {},
): Promise<ConsensusFit> {
  return drain(steps(graphs, options, context), context.onProgress);
}

/** As {@link fit}, one partition at a time; what the generator returns is the fit. */
export async function* steps(
  graphs: readonly SparseMatrix[],
  options: ConsensusOptions,
  context: RunContext<ConsensusStep> = {},
): AsyncGenerator<ConsensusStep, ConsensusFit, void> {
  const settings = checkConsensusOptions(options, graphs);
  throwIfCancelled("consensus.fit", context.signal);
  const root = createRandom(settings.seed).stream("consensus");
  const session = openGraphs("consensus.fit", computeOf(context.compute), graphs, context.signal);
  const made: { readonly step: ConsensusStep; readonly partition: Partition }[] = [];
  try {
    const of = graphs.length * settings.nRuns * settings.resolutions.length;
    const runs = Array.from({ length: graphs.length * settings.nRuns }, (_, index) => {
      const graph = index % graphs.length;
      return { graph, random: root.stream("graph", graph).stream("run", Math.floor(index / graphs.length)) };
    });
    for await (const partition of partitions(session, runs, settings)) {
      const { resolution, nCommunities, modularity } = partition;
      const graph = partition.run % graphs.length;
      const run = Math.floor(partition.run / graphs.length);
      const step = { partition: made.length + 1, of, graph, run, resolution, nCommunities, modularity };
      made.push({ step, partition });
      yield step;
    }
  } finally {
    session.workspace.release();
  }
  const labels = made.map(({ partition }) => partition.labels);
  const overlaps = overlapsOf(labels, settings.nClusters);
  const agreements = meanAgreements(overlaps);
  const answer = await answerOf(labels, overlaps, agreements, settings, root, context);
  return {
    kind: "consensus",
    settings,
    nClusters: settings.nClusters,
    nPartitions: labels.length,
    agreement: agreements.reduce((sum, value) => sum + value, 0) / labels.length,
    members: made.map(({ step: { partition: _, of: __, ...step }, partition }, p) => ({
      ...step,
      agreement: agreements[p] as number,
      agreementWithLabels: adjustedRandIndex(contingencyTable(partition.labels, answer.labels)),
    })),
    ...answer,
    confidence: shareOfVotes(answer.labels, labels, settings.nClusters),
  };
}

/** The clusters, numbered by size. */
async function answerOf(
  labels: readonly Int32Array[],
  overlaps: Overlaps,
  agreements: Float64Array,
  settings: ConsensusSettings,
  random: Random,
  { compute, signal }: RunContext<never>,
): Promise<{ labels: Int32Array; sizes: Int32Array }> {
  const { nClusters, method } = settings;
  if (method === "vote") {
    const medoid = agreements.indexOf(Math.max(...agreements));
    return bySize(voteInRounds(labels[medoid] as Int32Array, labels, nClusters), nClusters);
  }
  const places = spectralPlaces(labels, overlaps, random.stream("spectral"));
  const seed = random.stream("k-means").uint32();
  const found = await kMeans.fit(places, { nClusters, nRestarts: spectralStarts, seed }, { compute, signal });
  fillEmpty(found.labels, countVotes(found.labels, labels, nClusters), nClusters);
  return bySize(found.labels, nClusters);
}

/** Share of the partitions, aligned to the labels, that give each sample its label. */
function shareOfVotes(
  labels: Int32Array,
  partitions: readonly Int32Array[],
  nClusters: number,
): Float32Array {
  const votes = countVotes(labels, partitions, nClusters);
  return Float32Array.from(
    labels,
    (label, i) => (votes[i * nClusters + label] as number) / partitions.length,
  );
}
