import { throwIfCancelled } from "../../estimator.ts";
import { type ElbowRecord, elbow } from "../../experiment/index.ts";
import { createOutputFolder, jsonText, writeElbow } from "../../node/index.ts";
import { parseMethod } from "../../pipeline/index.ts";
import { elbowReport } from "../../report/index.ts";
import type { ElbowSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { checkFlagClusters, defaultFolder, openCompute, runSettings } from "../open.ts";
import { elbowText } from "../results-text.ts";
import { UsageError } from "../usage-error.ts";

/** Scores a range of numbers of clusters, and suggests one. */
export async function run(settings: ElbowSettings, effects: Effects): Promise<number> {
  const { from, to, split, limit, size, seed } = settings;
  const method = parseMethod(settings.method).name;
  if (to < from) {
    throw new UsageError(`unlabeled elbow: --to must be at least --from, ${from}; got ${to}.`);
  }
  effects.progress.show(`Opening ${settings.source}`);
  const source = await effects.openSource(settings.source, { split, limit, size });
  checkFlagClusters("elbow", "--to", to, source.images.count);
  const out = settings.out ?? defaultFolder(source.name, "elbow", seed);
  const output = await createOutputFolder(out, { force: settings.force });
  const compute = openCompute(settings.threads, effects);
  try {
    const request = { method, from, to, seed, size, settings: runSettings(settings) };
    const context = { compute, signal: effects.signal };
    const record = await showing(elbow(source, request, context), to, effects);
    await writeElbow(output, record, elbowReport({ elbow: record }));
    throwIfCancelled("unlabeled elbow", effects.signal);
    await output.commit();
    print(record, out, settings.json, effects);
    return 0;
  } finally {
    compute.close();
    await output.discard();
  }
}

async function showing(steps: ReturnType<typeof elbow>, to: number, effects: Effects): Promise<ElbowRecord> {
  let next = await steps.next();
  while (!next.done) {
    const { k, iteration } = next.value;
    effects.progress.show(`${k} of ${to} clusters: iteration ${iteration}`);
    next = await steps.next();
  }
  return next.value;
}

function print(record: ElbowRecord, out: string, json: boolean, effects: Effects): void {
  effects.progress.done();
  const report = `${out}/report.html`;
  effects.write(json ? jsonText({ ...record, report }) : `${elbowText(record)}\nReport: ${report}\n`);
}
