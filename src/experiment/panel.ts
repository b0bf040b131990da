/** The panel over k for the features and the clusterer of a method. */
import * as pca from "../features/pca/index.ts";
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

/**
 * Features of more numbers than this are looked at in their principal components (of images: more than 32 x 32 grey
 * pixels): on 5,000 photographs of 64 x 64 the panel took hours of a processor without.
 */
export const WIDE = 1024;
/** As many as a mixture may have in the panel. */
export const COMPONENTS = 50;

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

/** A panel, and what it looked at. */
export interface MethodPanel extends Panel {
  /** Number of principal components of the features, where it looked at these alone. */
  readonly components?: number;
}

/**
 * Runs the panel on features that the method has already: on their first 50 principal components where they are wide and
 * more than the inertia is asked for. A graph is asked for its modularity alone, and sees the features as they are.
 */
export async function* methodPanel(
  samples: Samples,
  { method, columns, settings, ...request }: PanelRequest,
  context: StageContext,
): AsyncGenerator<NumberOfClustersProgress, MethodPanel, void> {
  const shared = { ...context, neighborMemo: new WeakMap() };
  const { graphs } = methodStages(method).clusterer;
  // One sample for all k: the neighbours among it are then found once.
  const drawn = graphs
    ? drawRows(samples, { sample: settings.sample, seed: request.seed }, "panel-sample")
    : undefined;
  const narrow =
    samples.cols > WIDE && !graphs && request.criteria?.every((name) => name === "inertia") !== true;
  const looked = narrow
    ? (await pca.fit(samples, { nComponents: COMPONENTS, seed: request.seed }, context)).scores
    : (drawn?.samples ?? samples);
  const clusterer = panelClusterer(method, narrow ? undefined : columns, settings, shared);
  const steps = panelSteps(looked, { ...request, clusterer }, context);
  let next = await steps.next();
  while (!next.done) {
    yield { stage: "number of clusters", panel: next.value };
    next = await steps.next();
  }
  const panel = { ...next.value, ...(narrow && { components: looked.cols }) };
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
  components,
}: MethodPanel): PanelRecord {
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
    ...(components !== undefined && { components }),
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
