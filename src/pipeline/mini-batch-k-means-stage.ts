import {
  assign,
  defaults,
  type MiniBatchKMeansFit,
  type MiniBatchKMeansModel,
  steps,
} from "../cluster/mini-batch-k-means/index.ts";
import { OptionError } from "../errors.ts";
import type { Samples } from "../matrix/index.ts";
import { common, emptyNotice } from "./k-means-stage.ts";
import type { ClusterModel } from "./models.ts";
import type { ClustererStage, ClusterFit, ClusterOptions, ClusterStep, StageContext } from "./stages.ts";

/** Mini-batch K-Means as the clusterer of a method; its iterations are batches, of which `maxIterations` counts passes. */
export const miniBatchKMeansStage: ClustererStage = {
  defaults: {
    init: defaults.init,
    restarts: defaults.nRestarts,
    maxIterations: defaults.maxPasses,
    tolerance: defaults.tolerance,
  },
  inits: ["k-means++", "random"],
  objective: "inertia",
  steps: miniBatchSteps,
  assign: (model, samples, context) => assign(miniBatch(model), samples, context),
  ...common(),
};

async function* miniBatchSteps(
  samples: Samples,
  options: ClusterOptions,
  context: StageContext,
): AsyncGenerator<ClusterStep, ClusterFit, void> {
  const { nClusters, seed, restarts, init = defaults.init, maxIterations, tolerance } = options;
  if (init === "k-means") {
    throw new OptionError(
      `Mini-batch K-Means: init must be "k-means++", "random" or centers; got "k-means", from which mixtures start.`,
    );
  }
  const asked = { nClusters, seed, init, maxPasses: maxIterations, tolerance, nRestarts: restarts };
  const batches = steps(samples, asked, context);
  let next = await batches.next();
  while (!next.done) {
    yield { restart: 0, iteration: next.value.iteration, inertia: next.value.inertia };
    next = await batches.next();
  }
  const { labels, distances, ...model } = next.value;
  return {
    model,
    labels,
    distances,
    inertia: model.inertia,
    converged: model.converged,
    iterations: model.iterations,
    history: model.history.map((step) => step.inertia),
    notices: notices(next.value, options),
  };
}

function notices(
  { converged, sizes, history }: MiniBatchKMeansFit,
  options: ClusterOptions,
): readonly string[] {
  const reassigned = history.reduce((sum, step) => sum + step.reassigned.length, 0);
  const times = reassigned === 1 ? "once" : `${reassigned} times`;
  return [
    ...(converged
      ? []
      : [
          `The passes ran out (${options.maxIterations}) while batches still lowered the inertia: allow more (--max-iterations), or stop earlier (--tolerance).`,
        ]),
    ...emptyNotice(sizes),
    ...(reassigned > 0 ? [`A center was given hardly any images ${times}, and was put elsewhere.`] : []),
  ];
}

function miniBatch(model: ClusterModel): MiniBatchKMeansModel {
  if (model.kind === "mini-batch-k-means") return model;
  throw new TypeError(`a mini-batch K-Means model was expected; got ${model.kind}`);
}
