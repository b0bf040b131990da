import { type RunResult, runMethod, settingsOf } from "../../experiment/index.ts";
import type { ImageSource } from "../../images/index.ts";
import { type Compute, createCompute } from "../../kernels/index.ts";
import type { RuntimeName } from "../../neural/index.ts";
import { jsonText } from "../../node/index.ts";
import { parseMethod } from "../../pipeline/index.ts";
import type { DoctorSettings } from "../command-settings.ts";
import type { Effects } from "../effects.ts";
import { describeFailure } from "../failure.ts";
import { environment, openCompute } from "../open.ts";

/** Images of the check: enough to give each of a few threads something to do. */
const CHECKED_IMAGES = 500;

/** A function that returns a 128-bit vector: valid only where the engine knows SIMD. */
const simdModule = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
);

/** Tells what this machine offers; 1 if threads change a result, or no runtime for networks can be loaded. */
export async function run(settings: DoctorSettings, effects: Effects): Promise<number> {
  const compute = openCompute(settings.threads, effects);
  const single = createCompute({ threads: 1 });
  try {
    const source = await effects.openSource("strokes", { limit: CHECKED_IMAGES });
    const threadsAgree = same(
      await cluster(source, single, effects),
      await cluster(source, compute, effects),
    );
    const found = {
      unlabeled: effects.version,
      runtime: effects.runtime,
      engine: "own kernels (WebAssembly)",
      cores: effects.hardwareThreads,
      threads: compute.threads,
      simd: WebAssembly.validate(simdModule),
      sharedMemory: compute.shared,
      threadsAgree,
      neural: await findRuntime(settings, effects),
      folders: effects.dataFolders(),
      decoded: await effects.decodedCache(),
      dataSets: (await effects.listDataSets()).map(({ name, folder }) => ({ name, folder: folder ?? null })),
    };
    effects.progress.done();
    effects.write(settings.json ? jsonText(found) : text(found));
    return threadsAgree && found.neural.runtime !== null ? 0 : 1;
  } finally {
    compute.close();
    single.close();
  }
}

/** What networks run on; `runtime` is null where nothing can be loaded. */
async function findRuntime(settings: DoctorSettings, effects: Effects): Promise<Neural> {
  try {
    const runtime = await effects.openRuntime(settings.threads);
    runtime.close();
    const { name, version, threads, notice } = runtime;
    return { runtime: name, version, threads, ...(notice !== undefined && { notice }) };
  } catch (error) {
    return { runtime: null, notice: describeFailure(error, false).text };
  }
}

async function cluster(source: ImageSource, compute: Compute, effects: Effects): Promise<RunResult> {
  const context = {
    compute,
    signal: effects.signal,
    now: effects.now,
    environment: environment(effects, compute),
  };
  const request = {
    method: "pixels+kmeans",
    seed: 0,
    clusters: 10,
    settings: settingsOf(parseMethod("pixels+kmeans")),
  };
  const steps = runMethod(source, request, context);
  let next = await steps.next();
  while (!next.done) {
    effects.progress.show(`Checking ${compute.threads} threads`);
    next = await steps.next();
  }
  return next.value;
}

function same(a: RunResult, b: RunResult): boolean {
  return (
    a.record.metrics.inertia === b.record.metrics.inertia &&
    a.assignment.labels.every((label, i) => label === b.assignment.labels[i])
  );
}

type Neural =
  | {
      readonly runtime: RuntimeName;
      readonly version: string;
      readonly threads: number;
      readonly notice?: string;
    }
  | { readonly runtime: null; readonly notice: string };

interface Found {
  readonly unlabeled: string;
  readonly runtime: string;
  readonly engine: string;
  readonly cores: number;
  readonly threads: number;
  readonly simd: boolean;
  readonly sharedMemory: boolean;
  readonly threadsAgree: boolean;
  readonly neural: Neural;
  readonly folders: { readonly data?: string; readonly cache: string };
  readonly decoded: { readonly folder: string; readonly bytes: number };
  readonly dataSets: readonly { readonly name: string; readonly folder: string | null }[];
}

function text(found: Found): string {
  const yes = (value: boolean): string => (value ? "yes" : "no");
  const lines: readonly (readonly [string, string])[] = [
    ["unlabeled", found.unlabeled],
    ["runtime", found.runtime],
    ["engine", found.engine],
    ["threads", `${found.threads} of ${found.cores} cores`],
    ["SIMD", yes(found.simd)],
    ["shared memory", yes(found.sharedMemory)],
    ["same result on 1 and all threads", yes(found.threadsAgree)],
    ["networks", neuralText(found.neural)],
    ...(found.neural.notice === undefined ? [] : [["", found.neural.notice] as const]),
    ["UNLABELED_DATA", found.folders.data ?? "not set"],
    ["cache folder", found.folders.cache],
    ["decoded images", `${(found.decoded.bytes / 1e6).toFixed(1)} MB in ${found.decoded.folder}`],
    ...found.dataSets.map(({ name, folder }) => [name, folder ?? "not here"] as const),
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join("");
}

function neuralText(neural: Neural): string {
  if (neural.runtime === null) return "no runtime";
  const kind = neural.runtime === "onnxruntime-node" ? "native" : "WebAssembly";
  const threads = neural.threads === 1 ? "1 thread" : `${neural.threads} threads`;
  return `${neural.runtime} ${neural.version} (${kind}), ${threads}`;
}
