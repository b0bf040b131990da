/** Results as programs read them: the documents of `--json`, whose keys are a contract. */
import type { ComparisonRecord, RunRecord } from "../experiment/index.ts";

/** The document of `cluster` and `compare`. */
export function comparisonJson(record: ComparisonRecord, out: string): unknown {
  return {
    source: record.source,
    results: record.results.map(resultJson),
    summary: record.summary,
    ...(record.agreement && { agreement: record.agreement }),
    report: `${out}/report.html`,
  };
}

/** A run without what stands in the document already, or belongs to the run folder alone. */
function resultJson(result: RunRecord): unknown {
  const { format, formatVersion, source, environment, ...rest } = result;
  return rest;
}
