import { beforeAll, expect, test } from "vitest";
import { drain } from "../estimator.ts";
import { type ImageSource, resizeImages, strokes } from "../images/index.ts";
import type { Runtime } from "../neural/index.ts";
import { sharedRuntime } from "../neural/testing/runtimes.ts";
import { type CompareEvent, compare, type ExperimentContext, type RunRecord } from "./index.ts";
import { tinyRun } from "./testing/tiny-run.ts";

const images = resizeImages(strokes({ count: 60 }), 14);
const source: ImageSource = { name: "tiny", location: "tiny", split: "all", images, sha256: "x" };
const settings = { restarts: 2, network: { epochs: 2, batch: 20, widths: [], codeSize: 4 } };
const request = { seeds: [0, 1], clusters: 3, settings };
const methods = ["vanilla-ae+kmeans", "vanilla-ae+gmm"];

let runtime: Runtime;
beforeAll(async () => {
  runtime = await sharedRuntime();
});

function context(): ExperimentContext {
  let milliseconds = 0;
  return {
    runtime,
    now: () => {
      milliseconds += 500;
      return milliseconds;
    },
    environment: tinyRun().record.environment,
  };
}

/** What a run has found, without the times that it took. */
function found({ training, seconds: _seconds, ...record }: RunRecord): unknown {
  return { ...record, losses: training?.epochs.map(({ loss }) => loss) };
}

test("methods with the same features train their network once for each seed, with the result of training it each", async () => {
  const trained: string[] = [];
  const watch = (event: CompareEvent): void => {
    if (event.kind !== "progress" || !event.progress.training) return;
    trained.push(`${event.progress.method}, seed ${event.progress.seed}`);
  };
  const together = await drain(compare(source, { ...request, methods }, context()), watch);
  expect(new Set(trained)).toEqual(new Set(["vanilla-ae+kmeans, seed 0", "vanilla-ae+kmeans, seed 1"]));

  const alone = await drain(compare(source, { ...request, methods: ["vanilla-ae+gmm"] }, context()));
  expect(together.results.slice(2).map(found)).toEqual(alone.results.map(found));
  for (const [i, { seconds }] of together.results.slice(2).entries()) {
    expect(seconds.features).toBe(together.results[i]?.seconds.features);
  }
});
