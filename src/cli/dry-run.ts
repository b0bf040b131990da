/** What a command would do, and what that would take; and a word before work that memory will not suffice for. */
import {
  type EstimateRequest,
  estimateAll,
  estimateMethod,
  type MethodEstimate,
  type Range,
  type SourceOutline,
  settingsOf,
  slownessHere,
} from "../experiment/index.ts";
import { type ImageSource, isVectors, nClasses } from "../images/index.ts";
import { jsonText } from "../node/index.ts";
import type { Method } from "../pipeline/index.ts";
import type { ElbowSettings, RunsSettings } from "./command-settings.ts";
import type { Effects } from "./effects.ts";
import type { SourceItems } from "./methods.ts";
import { checkNetworks } from "./network.ts";
import { checkFlagClusters, defaultFolder, openCompute, runSettings } from "./open.ts";
import { durationText } from "./progress-text.ts";
import { grouped, plural } from "./results-text.ts";
import { readingChoice } from "./sources.ts";
import { renderTable } from "./table.ts";

/** A command, as far as a plan goes. */
export interface Planned {
  readonly command: "cluster" | "compare" | "elbow";
  readonly settings: RunsSettings | ElbowSettings;
  readonly methods: readonly Method[];
  readonly runs: number;
  /** Numbers of clusters that `elbow` looks at. */
  readonly panel?: EstimateRequest["panel"];
}

/** Prints the plan of a command; reads no more of the source than its shape, and writes nothing. */
export async function planRuns(
  planned: Planned,
  choose: (items: SourceItems) => readonly Method[],
  effects: Effects,
): Promise<number> {
  const { command, settings, panel } = planned;
  const where = `unlabeled ${command}`;
  const { split, limit, size } = settings;
  effects.progress.show(`Looking at ${settings.source}`);
  const source = await effects.outlineSource(settings.source, {
    ...{ split, limit, size },
    ...readingChoice(settings),
  });
  const methods = choose(itemsOf(source));
  const asked = "clusters" in settings ? settings.clusters : undefined;
  const clusters = asked ?? source.classes ?? "auto";
  if (panel) checkFlagClusters(command, "--to", panel.to, source.count);
  else if (clusters !== "auto") checkFlagClusters(command, "--clusters", clusters, source.count);
  checkNetworks(where, methods, settings, source);
  effects.progress.show("Measuring this machine");
  const compute = openCompute(settings.threads, effects);
  let slowness = 1;
  try {
    slowness = await slownessHere({ compute, now: effects.now, signal: effects.signal });
  } finally {
    compute.close();
  }
  const estimates = estimatesOf({ ...planned, methods, clusters, source }, slowness);
  const what = command === "cluster" ? (methods[0]?.requested ?? methods[0]?.name ?? "") : command;
  const plan = {
    command,
    source: { ...source, split },
    clusters: panel ? undefined : clusters,
    panel,
    runs: planned.runs,
    methods: estimates,
    ...estimateAll(estimates),
    memory: effects.memory().available,
    threads: compute.threads,
    slowness,
    out: settings.out ?? defaultFolder(source.name, what, settings.seed),
  };
  effects.progress.done();
  const text = settings.json ? jsonText({ dryRun: true, ...plan }) : planText(plan, methods);
  if (plan.bytes.likely > plan.memory) effects.warn(memoryText(where, estimates, plan.memory));
  effects.write(text);
  return 0;
}

/** What is known of images that were read. */
export function outlineOf({ name, images }: ImageSource): SourceOutline {
  const { count, height, width, channels } = images;
  const classes = nClasses(images);
  const known = { ...(isVectors(images) && { vectors: true }), ...(classes > 0 && { classes }) };
  return { name, count, height, width, channels, ...known };
}

/** What methods need to know of a source whose numbers were not read. */
function itemsOf({ vectors, count, width }: SourceOutline): SourceItems {
  return { width, ...(vectors && { values: { rows: count, cols: width, data: new Float32Array(0) } }) };
}

/** Warns where more memory is likely to be needed than there is; to be called before the work begins. */
export function warnOfMemory(
  planned: Planned & { readonly clusters: number | "auto"; readonly source: SourceOutline },
  effects: Effects,
): void {
  const { available, held } = effects.memory();
  const estimates = estimatesOf(planned, 1);
  // What this program holds already counts for it.
  if (estimateAll(estimates).bytes.likely <= available + held) return;
  effects.warn(memoryText(`unlabeled ${planned.command}`, estimates, available + held));
}

function estimatesOf(
  {
    methods,
    settings,
    clusters,
    source,
    runs,
    panel,
  }: Planned & { readonly clusters: number | "auto"; readonly source: SourceOutline },
  slowness: number,
): readonly MethodEstimate[] {
  const asked = runSettings(settings);
  return methods.map((method) =>
    estimateMethod({ method, settings: settingsOf(method, asked), source, clusters, runs, panel, slowness }),
  );
}

function memoryText(where: string, estimates: readonly MethodEstimate[], available: number): string {
  const hungriest = estimates.reduce((a, b) => (b.bytes.likely > a.bytes.likely ? b : a));
  return `${where}: ${hungriest.method} is likely to need ${bytesText(hungriest.bytes.likely)} of memory (${rangeText(hungriest.bytes, bytesText)}), and ${bytesText(available)} can be had: the system may end it. Use fewer images (--limit), smaller ones (--size), or a smaller --sample; see docs/large-data.md.`;
}

interface Plan extends Pick<MethodEstimate, "seconds" | "bytes"> {
  readonly source: SourceOutline & { readonly split: string };
  readonly clusters: number | "auto" | undefined;
  readonly panel: EstimateRequest["panel"];
  readonly runs: number;
  readonly methods: readonly MethodEstimate[];
  readonly memory: number;
  readonly threads: number;
  readonly slowness: number;
  readonly out: string;
}

function planText(plan: Plan, methods: readonly Method[]): string {
  const { source, clusters, panel, runs } = plan;
  const { name, split, count, height, width, channels, classes } = source;
  const colour = channels === 1 ? "" : ` x ${channels}`;
  const labels = classes === undefined ? "no labels" : plural(classes, "class").replace(/s$/, "es");
  const part = split === "all" ? "" : ` (${split})`;
  const wanted = panel
    ? `k from ${panel.from} to ${panel.to}`
    : clusters === "auto"
      ? "as many clusters as the criteria propose"
      : plural(Number(clusters), "cluster");
  const each = runs > 1 ? `, ${grouped(runs)} runs each` : "";
  const rows = plan.methods.map((estimate, i) => [
    ...[estimate.method, methods[i] ? stagesText(methods[i]) : ""],
    ...[roughly(estimate.seconds, durationText), rangeText(estimate.seconds, durationText)],
    ...[roughly(estimate.bytes, bytesText), rangeText(estimate.bytes, bytesText)],
  ]);
  const heads = ["Method", "Stages", "Time", "", "Peak memory", ""];
  const table = renderTable(
    heads.map((head) => ({ head, align: "left" as const })),
    rows,
  );
  const all =
    plan.methods.length > 1
      ? `In all: ${roughly(plan.seconds, durationText)} (${rangeText(plan.seconds, durationText)}).\n`
      : "";
  const sampled = plan.methods.filter((estimate) => estimate.sampled !== undefined);
  const samples = sampled.map(
    (estimate) =>
      `${estimate.method}: the graph or map will be made of ${grouped(estimate.sampled ?? 0)} of the images; the others join as new images would (--sample).\n`,
  );
  return `${name}${part}: ${plural(count, "image")} of ${height} x ${width}${colour}, ${labels}; ${wanted}${each}

${table}
${all}${samples.join("")}Measured just now: ${plural(plan.threads, "thread")}, ${factorText(plan.slowness)} the machine that the estimates come from; ${bytesText(plan.memory)} of memory can be had.
Would write ${plan.out}. Nothing was computed or written.
`;
}

/** `pca, hog -> umap -> kmeans` */
function stagesText({ features, manifold, clusterer, joint }: Method): string {
  return [features.join(", "), manifold, joint ?? clusterer].filter(Boolean).join(" -> ");
}

function roughly({ likely }: Range, text: (value: number) => string): string {
  return `about ${text(likely)}`;
}

function rangeText({ low, high }: Range, text: (value: number) => string): string {
  return `${text(low)} to ${text(high)}`;
}

function factorText(slowness: number): string {
  if (slowness > 0.9 && slowness < 1.1) return "as fast as";
  return slowness >= 1
    ? `${slowness.toFixed(1)} times as slow as`
    : `${(1 / slowness).toFixed(1)} times as fast as`;
}

/** `340 MiB`, `2.1 GiB` */
function bytesText(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  return mebibytes < 1024 ? `${Math.round(mebibytes)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`;
}
