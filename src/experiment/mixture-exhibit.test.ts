import { expect, test } from "vitest";
import { drain } from "../estimator.ts";
import { type ImageSource, resizeImages, strokes } from "../images/index.ts";
import { methodStages, parseMethod } from "../pipeline/index.ts";
import { codeShapes } from "./code-shapes.ts";
import { type ExperimentContext, type RunResult, runMethod, settingsOf } from "./index.ts";
import { tinyRun } from "./testing/tiny-run.ts";

const images = resizeImages(strokes({ count: 300 }), 14);
const source: ImageSource = { name: "tiny", location: "tiny", split: "all", images, sha256: "x" };
const context: ExperimentContext = { now: () => 0, environment: tinyRun().record.environment };

function run(method: string): Promise<RunResult> {
  const settings = settingsOf(parseMethod(method), { covariance: "spherical" });
  return drain(runMethod(source, { method, seed: 2, clusters: 6, settings }, context));
}

const mixture = run("pixels+gmm");

test("a mixture shows its most doubtful images, different pairs of clusters first, with rows that sum to 1", async () => {
  const { exhibits, assignment, chain, learned } = await mixture;
  const { originals, probabilities } = exhibits.mixture?.doubtful ?? {};
  if (!originals || !probabilities) throw new TypeError("a mixture was expected");
  expect([probabilities.rows, probabilities.cols]).toEqual([originals.indices.length, 6]);
  const pairOf = (data: ArrayLike<number>, row: number): readonly number[] => {
    const own = Array.from({ length: 6 }, (_, c) => data[6 * row + c] as number);
    expect(own.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    return own
      .map((_, c) => c)
      .sort((a, b) => (own[b] as number) - (own[a] as number))
      .slice(0, 2);
  };
  const shown = originals.indices.map((index, i) => {
    const pair = pairOf(probabilities.data, i);
    expect(pair[0]).toBe(assignment.labels[index]);
    return pair.toSorted().join(" ");
  });
  const { clusterer } = methodStages(parseMethod("pixels+gmm"));
  const all = await clusterer.probabilities?.(chain.clusterer, learned.fit.samples, {});
  const known = new Set(
    Array.from({ length: images.count }, (_, i) =>
      pairOf(all?.data ?? [], i)
        .toSorted()
        .join(" "),
    ),
  );
  expect(shown).toHaveLength(12);
  expect(new Set(shown).size).toBe(Math.min(12, known.size));
});

test("a mixture shows the images of lowest density, and images drawn from each component", async () => {
  const { exhibits, assignment } = await mixture;
  const { unexplained, drawn } = exhibits.mixture ?? {};
  const sorted = Array.from(assignment.logDensities ?? []).sort((a, b) => a - b);
  expect(unexplained?.logDensities).toEqual(sorted.slice(0, 20));
  expect(unexplained?.median).toBe(sorted[150]);
  expect(unexplained?.originals.indices.map((i) => assignment.logDensities?.[i])).toEqual(
    sorted.slice(0, 20),
  );
  expect([drawn?.perCluster, drawn?.images.count]).toEqual([12, 72]);
});

test("K-Means has no such pictures", async () => {
  expect((await run("pixels+kmeans")).exhibits.mixture).toBeUndefined();
});

test("outlines hold 95% of a normal cloud, as ellipses along it, or as circles around it", async () => {
  // A cloud stretched along the diagonal of the first two of three dimensions, and one far away.
  const n = 4000;
  const random = randomNormals(3 * n);
  const data = new Float32Array(6 * n);
  for (let i = 0; i < 2 * n; i++) {
    const [a = 0, b = 0, c = 0] = random.slice(3 * (i % n), 3 * (i % n) + 3);
    const far = i < n ? 0 : 100;
    data.set([2 * a + 0.5 * b + far, 2 * a - 0.5 * b + far, c + far], 3 * i);
  }
  const samples = { rows: 2 * n, cols: 3, data };
  const { clusterer } = methodStages(parseMethod("pixels+gmm"));
  const options = { nClusters: 2, seed: 0, restarts: 1, ...clusterer.defaults };
  const assignment = await drain(clusterer.steps(samples, options, {}));
  const shaped = { clusterer, model: assignment.model, samples, assignment, seed: 0 };
  const [ellipses, circles] = await codeShapes(shaped, {});
  expect([ellipses?.kind, circles?.kind]).toEqual(["ellipses", "circles"]);
  for (const shapes of [ellipses, circles]) {
    if (!shapes?.solid) throw new TypeError("outlines were expected");
    for (const cluster of [0, 1]) {
      const [x = 0, y = 0] = shapes.centers.data.subarray(3 * cluster, 3 * cluster + 2);
      const [xx = 0, xy = 0, yy = 0] = shapes.flat.data.subarray(3 * cluster, 3 * cluster + 3);
      const determinant = xx * yy - xy * xy;
      let within = 0;
      for (let i = 0; i < 2 * n; i++) {
        const [u, v] = [(data[3 * i] as number) - x, (data[3 * i + 1] as number) - y];
        if ((yy * u * u - 2 * xy * u * v + xx * v * v) / determinant <= 1) within++;
      }
      expect(within / n).toBeCloseTo(0.95, 1.5);
    }
  }
  // Along the diagonal the ellipse reaches as far as the circle, across it far less.
  const [xx = 0, xy = 0, yy = 0] = ellipses?.flat.data ?? [];
  expect(xy / Math.sqrt(xx * yy)).toBeCloseTo(0.88, 1);
  expect(circles?.flat.data[1]).toBe(0);
});

/** Normal numbers by Box and Muller from a fixed sequence. */
function randomNormals(count: number): number[] {
  let state = 1;
  const uniform = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}
