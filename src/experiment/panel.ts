/** The panel over k for the features and the clusterer of a method. */
import type { Samples } from "../matrix/index.ts";
import {
  type Criterion,
  type Panel,
  type PanelClusterer,
  type PanelProgress,
  panelSteps,
} from "../number-of-clusters/index.ts";
import {
  type ClusterModel,
  drawRows,
  type Method,
  methodStages,
  type StageContext,
} from "../pipeline/index.ts";
import type { PanelRecord, RunSettings } from "./record.ts";
import { clusterOptions } from "./request.ts";

/** Greatest number of clusters that is looked at unless told otherwise (seed 003). */
export const MOST_CLUSTERS = 20;

/** Which panel. */
export interface PanelRequest {
  readonly method: Method;
  /** Columns of each view in the samples; absent where they are one view. */
  readonly columns?: readonly number[] | undefined;
  readonly settings: RunSettings;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Default: all that suit the features. */
  readonly criteria?: readonly Criterion[] | undefined;
}

/** Where a panel stands, as part of a run or a curve. */
export type NumberOfClustersProgress = {
  readonly stage: "number of clusters";
  readonly panel: PanelProgress;
};

/** Runs the panel on features that the method has already. */
export async function* methodPanel(
  samples: Samples,
  { method, columns, settings, ...request }: PanelRequest,
  context: StageContext,
): AsyncGenerator<NumberOfClustersProgress, Panel, void> {
  const shared = { ...context, neighborMemo: new WeakMap() };
  const { graphs } = methodStages(method).clusterer;
  // One sample for all k: the neighbours among it are then found once.
  const drawn = graphs
    ? drawRows(samples, { sample: settings.sample, seed: request.seed }, "panel-sample")
    : undefined;
  const clusterer = panelClusterer(method, columns, settings, shared);
  const steps = panelSteps(drawn?.samples ?? samples, { ...request, clusterer }, context);
  let next = await steps.next();
  while (!next.done) {
    yield { stage: "number of clusters", panel: next.value };
    next = await steps.next();
  }
  const panel = next.value;
  return drawn ? { ...panel, sampled: panel.sampled ?? drawn.samples.rows } : panel;
}

/** What a record keeps of a panel. */
export function panelRecord({
  k,
  curves,
  errors,
  suggestions,
  suggested,
  suggestedBy,
  reason,
  sampled,
}: Panel): PanelRecord {
  const { inertia = [], ...others } = curves;
  return {
    k,
    inertia: inertia.map(Number),
    ...others,
    ...(Object.keys(errors).length > 0 && { errors }),
    suggestions,
    suggested,
    suggestedBy,
    reason,
    ...(sampled !== undefined && { criteriaSample: sampled }),
  };
}

function panelClusterer(
  method: Method,
  columns: readonly number[] | undefined,
  settings: RunSettings,
  stageContext: StageContext,
): PanelClusterer<ClusterModel> {
  const stages = methodStages(method);
  const clusterer = stages.clusterer.inPanel ?? stages.clusterer;
  return {
    graphs: clusterer.graphs ?? false,
    async *steps(samples, { nClusters, seed, init, restarts }, { signal }) {
      const options = { ...clusterOptions(nClusters, seed, settings), columns };
      const steps = clusterer.steps(
        samples,
        { ...options, ...(init && { init }), restarts: restarts ?? options.restarts },
        { ...stageContext, signal },
      );
      let next = await steps.next();
      while (!next.done) {
        const step = next.value;
        if ("inertia" in step) yield { iteration: step.iteration, objective: step.inertia };
        else if ("meanLogLikelihood" in step) {
          yield { iteration: step.iteration, objective: step.meanLogLikelihood };
        }
        next = await steps.next();
      }
      return { ...next.value, ...next.value.scores };
    },
    assign: async (model, samples, { signal }) =>
      (await clusterer.assign(model, samples, { ...stageContext, signal })).labels,
  };
}
