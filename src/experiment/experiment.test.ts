import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CancelledError, InputError, OptionError } from "../errors.ts";
import { drain } from "../estimator.ts";
import type { ImageSet, ImageSource } from "../images/index.ts";
import { resizeImages, sliceImages, strokes } from "../images/index.ts";
import type { Checkpoint } from "../neural/index.ts";
import { parseMethod } from "../pipeline/index.ts";
import { createRandom } from "../random/index.ts";
import {
  agreementOf,
  compare,
  defaultClusters,
  type ElbowProgress,
  type ElbowRequest,
  type ExperimentContext,
  elbow,
  type FinishedRun,
  type LabelledRun,
  pickExhibits,
  type RunProgress,
  type RunRequest,
  runMethod,
  scoreAgreement,
  settingsOf,
  spread,
  summarize,
} from "./index.ts";
import { tinyImages, tinyRun, tinySource } from "./testing/tiny-run.ts";

const images = resizeImages(strokes({ count: 80 }), 14);
const source: ImageSource = { name: "tiny", location: "tiny", split: "all", images, sha256: "x" };
const defaultSettings = settingsOf(parseMethod("pixels+kmeans"));
const request: RunRequest = { method: "pixels+kmeans", seed: 1, clusters: 4, settings: defaultSettings };

function context(signal?: AbortSignal): ExperimentContext {
  let milliseconds = 0;
  return {
    signal,
    now: () => {
      milliseconds += 500;
      return milliseconds;
    },
    environment: tinyRun().record.environment,
  };
}

describe("runMethod", () => {
  test("gives a record whose parts fit each other", async () => {
    const { record, assignment } = await drain(runMethod(source, request, context()));
    const { metrics, confusion = [], order = [], sizes, history } = record;
    expect(record.source).toMatchObject({ name: "tiny", count: 80, labelled: true, sha256: "x" });
    expect(record.scored).toBeUndefined();
    expect(sizes.reduce((a, b) => a + b)).toBe(80);
    expect(confusion.map((row) => row.reduce((a, b) => a + b))).toEqual(
      order.map((cluster) => sizes[cluster]),
    );
    const matched = confusion.reduce((sum, row, r) => sum + (row[r] ?? 0), 0);
    expect(matched / 80).toBeLessThanOrEqual(metrics.accuracy ?? 0);
    expect(metrics.inertia).toBeCloseTo(history.at(-1) ?? 0, 6);
    expect(record.iterations).toBe(history.length);
    expect(assignment.labels).toHaveLength(80);
    expect(record.seconds).toEqual({ total: 1, features: 0.5, manifold: 0, cluster: 0.5 });
  });

  test("gives the same record for the same seed, and reports each iteration", async () => {
    const seen: RunProgress[] = [];
    const first = await drain(runMethod(source, request, context()), (step) => seen.push(step));
    const second = await drain(runMethod(source, request, context()));
    expect(second).toEqual(first);
    const stages = [...new Set(seen.map(({ stage }) => stage))];
    expect(stages).toEqual(["features", "cluster", "scores", "exhibits"]);
    const iterations = seen.flatMap(({ step }) => (step && "iteration" in step ? [step.iteration] : []));
    expect(iterations).toEqual(first.record.history.map((_, i) => i + 1));
  });

  test("scores other images by the centers of those clustered", async () => {
    const half = (from: number): ImageSource => ({ ...source, images: sliceImages(images, from, from + 40) });
    const { record, assignment, scored } = await drain(
      runMethod(half(0), { ...request, score: { ...half(40), split: "test" } }, context()),
    );
    const inertia = assignment.distances.reduce((sum, distance) => sum + distance ** 2, 0);
    expect(record.scored).toMatchObject({ split: "test", count: 40 });
    expect(scored.images.count).toBe(40);
    expect(record.metrics.inertia).toBe(inertia);
    expect(inertia).toBeGreaterThan(record.history.at(-1) ?? 0);
  });

  test("says so where no criterion proposes a number of clusters", async () => {
    const equal: ImageSet = { count: 3, height: 1, width: 1, channels: 1, pixels: Uint8Array.of(7, 7, 7) };
    const asked = { ...request, clusters: "auto" } as const;
    const { record } = await drain(runMethod({ ...source, images: equal }, asked, context()));
    expect(record.clusters).toBe(3);
    expect(record.notices[0]).toBe(
      "No criterion proposes a number of clusters for these images; 3 were made. Choose with --clusters.",
    );
  });

  test("has finite scores, which JSON can hold, even where clusters have no spread", async () => {
    const pixels = Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 255);
    const twice: ImageSet = { count: 4, height: 1, width: 2, channels: 1, pixels };
    const asked = { ...request, clusters: 2 };
    const { record } = await drain(runMethod({ ...source, images: twice }, asked, context()));
    expect(record.metrics).toEqual({
      inertia: 0,
      silhouette: 1,
      silhouetteError: 0,
      calinskiHarabasz: 1,
      daviesBouldin: 0,
    });
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  test("refuses more clusters than images, none, unknown methods, and other sizes to score", async () => {
    const running = (change: Partial<RunRequest>) =>
      drain(runMethod(source, { ...request, ...change }, context()));
    await expect(running({ clusters: 81 })).rejects.toThrow("clusters must be an integer in 1..80");
    await expect(running({ clusters: 0 })).rejects.toThrow(OptionError);
    await expect(running({ clusters: Number.NaN })).rejects.toThrow("got NaN");
    await expect(running({ method: "pixels+kmean" })).rejects.toThrow('Did you mean "kmeans"?');
    await expect(running({ score: tinySource() })).rejects.toThrow(InputError);
  });

  test.each(["features", "cluster", "scores", "exhibits"])("is cancelled in the stage %s", async (stage) => {
    const controller = new AbortController();
    const run = drain(runMethod(source, request, context(controller.signal)), (step) => {
      if (step.stage === stage) controller.abort();
    });
    await expect(run).rejects.toThrow(CancelledError);
  });
});

describe("compare", () => {
  test("runs each seed and hands it out, then gives all records and their summary", async () => {
    const { method, seed, ...rest } = request;
    const results: number[] = [];
    const record = await drain(
      compare(source, { ...rest, methods: [method], seeds: [4, 5, 6] }, context()),
      (event) => {
        if (event.kind === "result") results.push(event.result.record.seed);
        expect(event.runs).toBe(3);
      },
    );
    expect(results).toEqual([4, 5, 6]);
    expect(record.results.map((result) => result.seed)).toEqual([4, 5, 6]);
    expect(record.summary).toEqual(summarize(record.results));
    const single = await drain(runMethod(source, { ...request, seed: 5 }, context()));
    expect(record.results[1]?.metrics).toEqual(single.record.metrics);
  });

  test("tells how far the runs agree, by the labels that it handed out; of one run alone, nothing", async () => {
    const { method, seed, ...rest } = request;
    const labelled: LabelledRun[] = [];
    const record = await drain(
      compare(source, { ...rest, methods: [method], seeds: [4, 5, 6] }, context()),
      (event) => {
        if (event.kind !== "result") return;
        const { record, assignment } = event.result;
        // A copy, as it was at that moment.
        labelled.push({ method: record.method, seed: record.seed, labels: assignment.labels.slice() });
      },
    );
    expect(record.agreement).toEqual(agreementOf(labelled));
    const own = record.agreement?.ari[0]?.[0] ?? Number.NaN;
    expect(own).toBeGreaterThan(0);
    expect(own).toBeLessThan(1);
    const alone = await drain(compare(source, { ...rest, methods: [method], seeds: [4] }, context()));
    expect(Object.keys(alone)).toEqual(["source", "results", "summary"]);
  });
});

test("a comparison does not run again what it is told is finished, and counts it all the same", async () => {
  const { method, seed, ...rest } = request;
  const asked = { ...rest, methods: [method], seeds: [4, 5, 6] };
  const whole = await drain(compare(source, asked, context()));
  const finished = new Map<number, FinishedRun>();
  for (const [run, seed] of [4, 5].entries()) {
    const { record, assignment } = await drain(runMethod(source, { ...request, seed }, context()));
    finished.set(run, { record, labels: assignment.labels });
  }
  const ran: number[] = [];
  const record = await drain(compare(source, { ...asked, finished }, context()), (event) => {
    if (event.kind === "result") ran.push(event.run);
  });
  expect(ran).toEqual([2]);
  expect(record).toEqual(whole);
});

describe("summarize", () => {
  test("gives mean, standard deviation with n - 1, least and greatest", () => {
    expect(spread([2, 4, 9])).toEqual({ mean: 5, sd: Math.sqrt((9 + 1 + 16) / 2), min: 2, max: 9 });
    expect(spread([7])).toEqual({ mean: 7, sd: 0, min: 7, max: 7 });
  });

  test("takes methods apart, and leaves out a metric that some run lacks", () => {
    const { record } = tinyRun();
    const other = { ...record, metrics: { inertia: 3 } };
    const summary = summarize([record, { ...record, method: "b", metrics: {} }, other]);
    expect(summary.map(({ method, runs }) => [method, runs])).toEqual([
      ["pixels+kmeans", 2],
      ["b", 1],
    ]);
    expect(Object.keys(summary[0]?.metrics ?? {})).toEqual(["inertia"]);
    expect(summary[1]?.metrics).toEqual({});
  });
});

describe("elbow", () => {
  test("never rises, whatever the seed, even where single fits would", async () => {
    const curves: number[][] = [];
    const asked = { method: "pixels+kmeans", from: 1, to: 15, criteria: ["inertia"] } as const;
    for (let seed = 0; seed < 4; seed++) {
      const settings = { ...defaultSettings, init: "random" } as const;
      const { inertia, k } = await drain(elbow(source, { ...asked, seed, settings }, context()));
      expect(k).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
      curves.push([...inertia]);
    }
    for (const curve of curves) {
      for (let i = 1; i < curve.length; i++) expect(curve[i]).toBeLessThanOrEqual(curve[i - 1] as number);
    }
  });

  test("ends at zero with as many clusters as images", async () => {
    const few = { ...source, images: sliceImages(images, 0, 6) };
    const settings = defaultSettings;
    const { inertia } = await drain(
      elbow(few, { method: "pixels+kmeans", seed: 0, from: 6, to: 6, settings }, context()),
    );
    expect(inertia).toEqual([0]);
  });

  test("on a sample says how many images it used, and draws the same ones again", async () => {
    const asked: ElbowRequest = {
      method: "pixels+kmeans",
      seed: 2,
      from: 1,
      to: 3,
      settings: defaultSettings,
      sample: 30,
      criteria: ["inertia", "stability"],
    };
    const first = await drain(elbow(source, asked, context()));
    expect(first.sampled).toBe(30);
    expect(first.source.count).toBe(80);
    expect(await drain(elbow(source, asked, context()))).toEqual(first);
    const all = await drain(elbow(source, { ...asked, sample: 80 }, context()));
    expect(all.sampled).toBeUndefined();
  });

  test("by the features of a fitted chain is the same as by features of its own, for pixels", async () => {
    const { chain } = await drain(runMethod(source, request, context()));
    const asked = { method: request.method, seed: 1, from: 1, to: 5, settings: request.settings, sample: 50 };
    const own = await drain(elbow(source, asked, context()));
    expect(await drain(elbow(source, { ...asked, chain }, context()))).toEqual(own);
  });

  test("of a network tells each step of its training first, and goes on from a checkpoint", async () => {
    const network = { epochs: 2, widths: [8], codeSize: 2, batch: 32 };
    const settings = { ...request.settings, network };
    const asked = { method: "dense-ae+kmeans", seed: 1, from: 1, to: 3, settings };
    const steps: ElbowProgress[] = [];
    let checkpoint: Checkpoint | undefined;
    const running = elbow(source, asked, context());
    let next = await running.next();
    while (!next.done) {
      steps.push(next.value);
      const { training } = next.value;
      if (training?.epoch === 1) checkpoint = await training.checkpoint();
      next = await running.next();
    }
    const trained = steps.flatMap(({ training }) => (training ? [training.epoch] : []));
    expect([...new Set(trained)]).toEqual([1, 2]);
    expect(steps.slice(1 + trained.length).every(({ stage }) => stage === "number of clusters")).toBe(true);
    const again = await drain(elbow(source, { ...asked, resume: checkpoint }, context()), (step) => {
      if (step.training) expect(step.training.epoch).toBe(2);
    });
    expect(again).toEqual(next.value);
  });

  test("refuses a range that is none", async () => {
    const asking = (from: number, to: number) =>
      drain(
        elbow(source, { method: "pixels+kmeans", seed: 0, from, to, settings: defaultSettings }, context()),
      );
    await expect(asking(0, 3)).rejects.toThrow("from must be an integer in 1..80");
    await expect(asking(1, 81)).rejects.toThrow("to must be an integer in 1..80");
    await expect(asking(4, 3)).rejects.toThrow("to must be at least from, 4; got 3");
  });

  test("looks at wide features in their principal components, but for the inertia alone", async () => {
    const wide = { ...source, images: resizeImages(strokes({ count: 80 }), 40) };
    const asked = { method: "pixels+kmeans", seed: 0, from: 1, to: 4, settings: defaultSettings };
    const few = await drain(elbow(wide, asked, context()));
    const whole = await drain(elbow(wide, { ...asked, criteria: ["inertia"] }, context()));
    expect([few.components, whole.components]).toEqual([50, undefined]);
    // What lies outside of the components is missing, and no more: 80 samples have 79.
    few.inertia.forEach((inertia, i) => {
      expect(inertia / Number(whole.inertia[i])).toBeGreaterThan(0.9);
      expect(inertia / Number(whole.inertia[i])).toBeLessThan(1);
    });
  });
});

describe("pickExhibits", () => {
  const choice = {
    labels: Int32Array.of(0, 1, 0, 1, 0, 1),
    distances: Float64Array.of(3, 2, 1, 2, 2, 1),
    margins: Float64Array.of(0.5, 0.1, 0.2, 0.3, 0.2, 0.2),
    nClusters: 3,
  };

  test("orders by distance and by margin, ties by index, and takes every image but once", () => {
    const { clusters, strip } = pickExhibits(tinyImages, choice, createRandom(0));
    expect(clusters.map(({ size }) => size)).toEqual([3, 3, 0]);
    expect(clusters[0]?.typical.indices).toEqual([2, 4, 0]);
    expect(clusters[0]?.borderline.indices).toEqual([2, 4, 0]);
    expect(clusters[1]?.typical.indices).toEqual([5, 1, 3]);
    expect(clusters[1]?.borderline.indices).toEqual([1, 5, 3]);
    expect([...(clusters[1]?.random.indices ?? [])].sort()).toEqual([1, 3, 5]);
    expect(clusters[2]?.typical.indices).toEqual([]);
    expect(strip.indices).toEqual([0, 1, 2, 3, 4, 5]);
    expect(clusters[0]?.typical.images.pixels).toEqual(Uint8Array.of(51, 0, 204, 255, 0, 0));
  });

  test("keeps within 25 of a kind, and fewer where clusters are many or images large", () => {
    const many = (count: number, nClusters: number, side: number) => {
      const set: ImageSet = {
        count,
        height: side,
        width: side,
        channels: 1,
        pixels: new Uint8Array(count * side * side),
      };
      const labels = Int32Array.from({ length: count }, (_, i) => i % nClusters);
      const zeros = new Float64Array(count);
      const { clusters } = pickExhibits(
        set,
        { labels, distances: zeros, margins: zeros, nClusters },
        createRandom(0),
      );
      return clusters[0]?.typical.indices.length;
    };
    expect(many(300, 10, 28)).toBe(25);
    expect(many(2000, 100, 28)).toBe(9);
    expect(many(30, 1, 1000)).toBe(1);
  });

  test("draws random images of the right cluster, all different", () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat(2), { minLength: 1, maxLength: 60 }), (seed, list) => {
        const labels = Int32Array.from(list);
        const count = labels.length;
        const set: ImageSet = { count, height: 1, width: 1, channels: 1, pixels: new Uint8Array(count) };
        const zeros = new Float64Array(count);
        const picked = pickExhibits(
          set,
          { labels, distances: zeros, margins: zeros, nClusters: 3 },
          createRandom(seed),
        );
        for (const { cluster, size, random } of picked.clusters) {
          expect(random.indices.every((index) => labels[index] === cluster)).toBe(true);
          expect(new Set(random.indices).size).toBe(Math.min(25, size));
        }
      }),
    );
  });
});

test("clusters default to the classes, else to ten, and never exceed the images", () => {
  expect(defaultClusters(source)).toBe(10);
  expect(defaultClusters(tinySource())).toBe(2);
  const { labels, classNames, ...unlabelled } = images;
  expect(defaultClusters({ ...source, images: unlabelled })).toBe("auto");
});

test("labels that are all unknown count as none", () => {
  const unknown = { ...tinyImages, labels: new Int32Array(6).fill(-1) };
  const scores = scoreAgreement(unknown, Int32Array.of(0, 0, 0, 1, 1, 1), 2);
  expect(scores).toEqual({ metrics: {}, sizes: [3, 3] });
});
