import { drain } from "../../estimator.ts";
import type { ImageSet } from "../../images/index.ts";
import type { Chain, FeatureOptions, StageContext } from "../index.ts";
import { methodStages, parseMethod } from "../index.ts";

/** A chain fitted to images from seed 0, without a run around it. */
export async function fitChain(
  method: string,
  images: ImageSet,
  options: Omit<FeatureOptions, "seed"> & { readonly nClusters: number },
  context: StageContext = {},
): Promise<Chain> {
  const { nClusters, ...features } = options;
  const stages = methodStages(parseMethod(method));
  const { model, samples } = await drain(stages.features.steps(images, { seed: 0, ...features }, context));
  const columns = stages.features.columns?.(model);
  const map = stages.manifold && (await drain(stages.manifold.steps(samples, { seed: 0, columns }, context)));
  const clusters = {
    nClusters,
    seed: 0,
    ...(!map && columns && { columns }),
    init: stages.clusterer.inits.includes("k-means++") ? "k-means++" : undefined,
    restarts: 1,
    maxIterations: 300,
    tolerance: 0,
  } as const;
  const fit = await drain(stages.clusterer.steps(map?.samples ?? samples, clusters, context));
  const { height, width, channels } = images;
  return {
    kind: "chain",
    method,
    shape: { height, width, channels },
    features: model,
    ...(map && { manifold: map.model }),
    clusterer: fit.model,
  };
}
