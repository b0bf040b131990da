import { throwIfCancelled } from "../../estimator.ts";
import { type Metrics, scoreAgreement, sourceRecord, sumOfSquares } from "../../experiment/index.ts";
import type { Runtime } from "../../neural/index.ts";
import { assignmentsCsv, createOutputFile, jsonText, readRun } from "../../node/index.ts";
import { assignImages, parseMethod, usesNetwork } from "../../pipeline/index.ts";
import { formatScore, scoreDescriptions } from "../../report/index.ts";
import type { AssignSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { fileName, openCompute, openNetworks, threadsOf } from "../open.ts";
import { grouped, sourceLine } from "../results-text.ts";
import { readingChoice, warnOfSkipped } from "../sources.ts";
import { renderTable } from "../table.ts";

/** Puts images into the clusters of a finished run, and writes which lies where. */
export async function run(settings: AssignSettings, effects: Effects): Promise<number> {
  const { record, chain } = await readRun(settings.run);
  const { split, limit } = settings;
  // How images are read is the run's own; columns and limits of the new source may be others.
  const { idColumn = record.source.idColumn, labelColumn = record.source.labelColumn } = settings;
  const { maxBad = record.source.maxBad, noCache } = settings;
  const reading = readingChoice({ ...record.source, idColumn, labelColumn, maxBad, noCache });
  effects.progress.show(`Opening ${settings.source}`);
  const source = await effects.openSource(settings.source, {
    ...{ split, limit, size: record.source.size },
    ...reading,
  });
  warnOfSkipped(source, effects);
  const out = settings.out ?? fileName(`assigned-${source.name}-${split}.csv`);
  const output = await createOutputFile(out, { force: settings.force });
  const compute = openCompute(settings.threads, effects);
  let runtime: Runtime | undefined;
  try {
    if (usesNetwork(parseMethod(chain.method)))
      runtime = await openNetworks(threadsOf(settings, effects), effects);
    effects.progress.show(`Assigning ${grouped(source.images.count)} images`);
    const context = { compute, runtime, signal: effects.signal };
    const assignment = await assignImages(chain, source.images, context);
    const { metrics, sizes } = scoreAgreement(source.images, assignment.labels, record.clusters);
    const scores: Metrics = { ...metrics, inertia: sumOfSquares(assignment.distances) };
    throwIfCancelled("unlabeled assign", effects.signal);
    await output.commit(assignmentsCsv(source.images, assignment));
    const result = {
      run: settings.run,
      source: sourceRecord(source, record.source.size),
      count: source.images.count,
      clusters: sizes,
      metrics: scores,
      output: out,
    };
    effects.progress.done();
    effects.write(settings.json ? jsonText(result) : resultText(result));
    return 0;
  } finally {
    runtime?.close();
    compute.close();
    await output.discard();
  }
}

interface Assigned {
  readonly source: ReturnType<typeof sourceRecord>;
  readonly clusters: readonly number[];
  readonly metrics: Metrics;
  readonly output: string;
}

function resultText({ source, clusters, metrics, output }: Assigned): string {
  const sizes = renderTable(
    [
      { head: "Cluster", align: "right" },
      { head: "Images", align: "right" },
    ],
    clusters.map((size, cluster) => [String(cluster), grouped(size)]),
  );
  const scores = scoreDescriptions.flatMap(({ name, label }) => {
    const value = metrics[name];
    return value === undefined ? [] : [`${label} ${formatScore(name, value)}`];
  });
  return `${sourceLine(source)}\n\n${sizes}\n${scores.join(", ")}\n\nAssignments: ${output}\n`;
}
