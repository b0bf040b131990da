/** What the flags for clusterers must go with. */
import {
  type ClustererStage,
  clustererStages,
  type Method,
  type MethodStages,
  methodStages,
} from "../pipeline/index.ts";
import { alternatives } from "../presentation/index.ts";
import type { FitSettings } from "./command-settings.ts";
import { UsageError } from "./usage-error.ts";

const clusterersThat = (test: (stage: ClustererStage) => unknown): readonly string[] =>
  [...clustererStages].filter(([, stage]) => test(stage)).map(([word]) => word);

/** Words of the clusterers that know starts, and of those that find their groups in graphs. */
const starting = clusterersThat(({ inits }) => inits.length > 0);
const graphs = clusterersThat((stage) => stage.graphs);
const graphsAndMaps = alternatives([...graphs, "umap"]);

/** @throws {UsageError} if a flag was given that a method does not understand, or none of them */
export function checkClustererFlags(where: string, methods: readonly Method[], settings: FitSettings): void {
  const { init, covariance, neighbors, sample, resolution } = settings;
  const names = methods.map(({ name }) => name).join(", ");
  for (const method of methods) {
    const { inits } = methodStages(method).clusterer;
    if (init !== undefined && inits.length > 0 && !inits.includes(init)) {
      throw new UsageError(
        `${where}: --init must be one of ${inits.join(", ")} for ${method.name}; got "${init}".`,
      );
    }
  }
  const some = (test: (stages: MethodStages) => unknown): boolean =>
    methods.some((method) => test(methodStages(method)));
  if (init !== undefined && !some(({ clusterer }) => clusterer.inits.length > 0)) {
    throw new UsageError(`${where}: --init must go with ${alternatives(starting)}; got ${names}.`);
  }
  if (neighbors !== undefined && !some(({ manifold, clusterer }) => manifold ?? clusterer.graphs)) {
    throw new UsageError(`${where}: --neighbors must go with ${graphsAndMaps}; got ${names}.`);
  }
  if (sample !== undefined && !some(({ manifold, clusterer }) => manifold ?? clusterer.graphs)) {
    throw new UsageError(`${where}: --sample must go with ${graphsAndMaps}; got ${names}.`);
  }
  if (resolution !== undefined && !some(({ clusterer }) => clusterer.graphs)) {
    throw new UsageError(`${where}: --resolution must go with ${alternatives(graphs)}; got ${names}.`);
  }
  const mixtures = some(({ clusterer }) => clusterer.likelihood);
  if (covariance !== undefined && !mixtures) {
    throw new UsageError(`${where}: --covariance must go with a mixture, e.g. conv-ae+gmm; got ${names}.`);
  }
}
