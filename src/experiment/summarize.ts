import type { MethodSummary, MetricName, RunRecord, Spread } from "./record.ts";

/**
 * Mean, standard deviation, least and greatest value of the numbers.
 *
 * @param values at least one
 */
export function spread(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0,
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

/** One summary for each method, in the order of their first runs; a metric counts where every run of a method has it. */
export function summarize(results: readonly RunRecord[]): MethodSummary[] {
  const methods = [...new Set(results.map((result) => result.method))];
  return methods.map((method) => {
    const runs = results.filter((result) => result.method === method);
    return {
      method,
      runs: runs.length,
      metrics: metricSpreads(runs),
      seconds: spread(runs.map((run) => run.seconds.total)),
    };
  });
}

function metricSpreads(runs: readonly RunRecord[]): MethodSummary["metrics"] {
  const names = Object.keys(runs[0]?.metrics ?? {}) as MetricName[];
  const spreads: Partial<Record<MetricName, Spread>> = {};
  for (const name of names) {
    const values = runs.map((run) => run.metrics[name]).filter((value) => value !== undefined);
    if (values.length === runs.length) spreads[name] = spread(values);
  }
  return spreads;
}
