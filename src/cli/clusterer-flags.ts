/** What the flags for clusterers must go with. */
import { type Method, methodStages } from "../pipeline/index.ts";
import type { FitSettings } from "./command-settings.ts";
import { UsageError } from "./usage-error.ts";

/** @throws {UsageError} if a flag was given that a method does not understand, or none of them */
export function checkClustererFlags(where: string, methods: readonly Method[], settings: FitSettings): void {
  const { init, covariance } = settings;
  const names = methods.map(({ name }) => name).join(", ");
  for (const method of methods) {
    const { inits } = methodStages(method).clusterer;
    if (init !== undefined && !inits.includes(init)) {
      throw new UsageError(
        `${where}: --init must be one of ${inits.join(", ")} for ${method.name}; got "${init}".`,
      );
    }
  }
  const mixtures = methods.some((method) => methodStages(method).clusterer.likelihood !== undefined);
  if (covariance !== undefined && !mixtures) {
    throw new UsageError(`${where}: --covariance must go with a mixture, e.g. conv-ae+gmm; got ${names}.`);
  }
}
