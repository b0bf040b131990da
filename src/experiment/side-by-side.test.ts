import { expect, test } from "vitest";
import { drain } from "../estimator.ts";
import type { ImageSet, ImageSource } from "../images/index.ts";
import { strokes } from "../images/index.ts";
import { parseMethod } from "../pipeline/index.ts";
import { createRandom } from "../random/index.ts";
import { type GroupedRun, runMethod, settingsOf, sideBySide } from "./index.ts";
import { tinyRun } from "./testing/tiny-run.ts";

const plain = (count: number, labels?: ArrayLike<number>): ImageSet => ({
  count,
  height: 1,
  width: 1,
  channels: 1,
  pixels: Uint8Array.from({ length: count }, (_, i) => i % 251),
  ...(labels && {
    labels: Int32Array.from(labels),
    classNames: Array.from({ length: Math.max(...Array.from(labels), 0) + 1 }, (_, l) => `${l}`),
  }),
});

const run = (method: string, clusters: number, labels: ArrayLike<number>): GroupedRun => ({
  result: { method, seed: 3, clusters },
  labels: Int32Array.from(labels),
});

test("with labels, every method is held against the classes, as its own record has it", async () => {
  const images = strokes({ count: 120 });
  const source: ImageSource = { name: "s", location: "s", split: "all", images, sha256: "x" };
  const { environment } = tinyRun().record;
  const runs: GroupedRun[] = [];
  const records = [];
  for (const clusters of [6, 13]) {
    const asked = {
      method: "pixels+kmeans",
      seed: 1,
      clusters,
      settings: settingsOf(parseMethod("pixels+kmeans")),
    };
    const { record, assignment } = await drain(runMethod(source, asked, { now: () => 0, environment }));
    records.push(record);
    runs.push({ result: record, labels: assignment.labels });
  }
  const shared = sideBySide(images, runs, createRandom(0));
  expect(shared?.reference).toBe("classes");
  expect(shared?.nGroups).toBe(10);
  expect(shared?.methods.map(({ counts }) => counts)).toEqual(records.map(({ confusion }) => confusion));
  expect(shared?.methods.map(({ order }) => order)).toEqual(records.map(({ order }) => order));
  expect(shared?.methods.map(({ ari }) => ari)).toEqual(records.map(({ metrics }) => metrics.ari));
  // Six clusters leave four classes without one; thirteen leave three clusters over.
  const [few = [], many = []] = shared?.methods.map(({ partners }) => partners) ?? [];
  expect([new Set(few).size, few.includes(null)]).toEqual([6, false]);
  expect(many).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, null, null, null]);
});

test("without labels, the reference is the first method, whose own clusters all match themselves", () => {
  const first = [0, 1, 2, 0, 1, 2, 2];
  const other = [1, 0, 2, 1, 0, 0, 2]; // image 5 went from cluster 2 to the match of cluster 1
  const shared = sideBySide(
    plain(7, new Array(7).fill(-1)),
    [run("a", 3, first), run("b", 4, other)],
    createRandom(0),
  );
  expect(shared).toMatchObject({ reference: "clusters", nGroups: 3 });
  const [a, b] = shared?.methods ?? [];
  expect(a?.counts).toEqual([
    [2, 0, 0],
    [0, 2, 0],
    [0, 0, 3],
  ]);
  expect(a?.partners).toEqual([0, 1, 2]);
  expect(a?.ari).toBe(1);
  expect(b?.order).toEqual([1, 0, 2, 3]);
  expect(b?.partners).toEqual([0, 1, 2, null]);
  expect(b?.counts).toEqual([
    [2, 0, 0],
    [0, 2, 1],
    [0, 0, 2],
    [0, 0, 0],
  ]);
});

test("the pictures are of the images that are named, each with its group and the cluster of every method", () => {
  const labels = Array.from({ length: 200 }, (_, i) => (i * 7) % 5);
  const clusters = labels.map((label, i) => (i % 9 === 0 ? 0 : label));
  const images = plain(200, labels);
  const shared = sideBySide(images, [run("a", 5, labels), run("b", 5, clusters)], createRandom(1));
  const { indices = [], images: pictures } = shared?.images ?? {};
  expect(indices.length).toBe(80);
  expect(Array.from(pictures?.pixels ?? [])).toEqual(indices.map((i) => images.pixels[i]));
  expect(shared?.groups).toEqual(indices.map((i) => labels[i]));
  expect(shared?.groups).toEqual(shared?.groups.toSorted((a, b) => a - b));
  expect(shared?.methods[1]?.clusters).toEqual(indices.map((i) => clusters[i]));
});

test("of each class there are equally many, fewer of a rare one, each image once", () => {
  const labels = Array.from({ length: 400 }, (_, i) => (i < 3 ? 9 : i % 9));
  const shared = sideBySide(
    plain(400, labels),
    [run("a", 10, labels), run("b", 10, labels)],
    createRandom(0),
  );
  const { indices = [] } = shared?.images ?? {};
  const counts = Array.from({ length: 10 }, (_, l) => shared?.groups.filter((group) => group === l).length);
  expect(counts).toEqual([8, 8, 8, 8, 8, 8, 8, 8, 8, 3]);
  expect(new Set(indices).size).toBe(indices.length);
});

test("images without a class are not shown where others have one", () => {
  const labels = [0, -1, 1, -1, 0];
  const groups = [0, 0, 1, 1, 0];
  const shared = sideBySide(plain(5, labels), [run("a", 2, groups), run("b", 2, groups)], createRandom(0));
  expect(shared?.images.indices).toEqual([0, 4, 2]);
});

test("the choice is that of the seed: the same again, another for another seed, no matter which methods look", () => {
  const labels = Array.from({ length: 500 }, (_, i) => i % 10);
  const chosen = (seed: number, images: ImageSet, methods: readonly string[]) =>
    sideBySide(
      images,
      methods.map((method) => run(method, 10, labels)),
      createRandom(seed),
    )?.images.indices;
  for (const images of [plain(500, labels), plain(500)]) {
    expect(chosen(4, images, ["a", "b"])).toEqual(chosen(4, images, ["c", "d", "e"]));
    expect(chosen(4, images, ["a", "b"])).not.toEqual(chosen(5, images, ["a", "b"]));
  }
  expect(chosen(4, plain(500), ["a", "b"])?.length).toBe(60);
});

test("of very many classes, some are shown with enough images to compare", () => {
  const labels = Array.from({ length: 3000 }, (_, i) => i % 150);
  const shared = sideBySide(
    plain(3000, labels),
    [run("a", 150, labels), run("b", 150, labels)],
    createRandom(0),
  );
  const shown = new Set(shared?.groups);
  expect([shown.size, shared?.images.indices.length, shared?.nGroups]).toEqual([20, 80, 150]);
});

test("fewer images than are wanted are all shown; a single run has nothing beside it", () => {
  const groups = [0, 1, 1];
  const both = [run("a", 2, groups), run("b", 2, groups)];
  expect(sideBySide(plain(3), both, createRandom(0))?.images.indices).toEqual([0, 1, 2]);
  expect(sideBySide(plain(3), both.slice(1), createRandom(0))).toBeUndefined();
});
