/** What the flags for clusterers must go with. */
import { type Method, type MethodStages, methodStages } from "../pipeline/index.ts";
import type { FitSettings } from "./command-settings.ts";
import { UsageError } from "./usage-error.ts";

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
    throw new UsageError(`${where}: --init must go with kmeans, minibatch-kmeans or gmm; got ${names}.`);
  }
  if (neighbors !== undefined && !some(({ manifold, clusterer }) => manifold ?? clusterer.graphs)) {
    throw new UsageError(`${where}: --neighbors must go with graph, consensus or umap; got ${names}.`);
  }
  if (sample !== undefined && !some(({ manifold, clusterer }) => manifold ?? clusterer.graphs)) {
    throw new UsageError(`${where}: --sample must go with graph, consensus or umap; got ${names}.`);
  }
  if (resolution !== undefined && !some(({ clusterer }) => clusterer.graphs)) {
    throw new UsageError(`${where}: --resolution must go with graph or consensus; got ${names}.`);
  }
  const mixtures = some(({ clusterer }) => clusterer.likelihood);
  if (covariance !== undefined && !mixtures) {
    throw new UsageError(`${where}: --covariance must go with a mixture, e.g. conv-ae+gmm; got ${names}.`);
  }
}
