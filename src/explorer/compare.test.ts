/** Two runs held against each other. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ImageSource, sliceImages } from "../images/index.ts";
import type { CompareView, EditState, RunList } from "./protocol.ts";
import { compareView } from "./run/compare-view.ts";
import { startTestExplorer, type TestExplorer, tinyDigits, writeTinyRun } from "./testing/explorers.ts";

const half: ImageSource = {
  ...tinyDigits,
  location: "half",
  sha256: "half",
  images: sliceImages(tinyDigits.images, 0, 30),
};
let folder = "";
let explorer: TestExplorer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unlabeled-compare-"));
  const runs = join(folder, "runs");
  await writeTinyRun(join(runs, "one"), "pixels+kmeans");
  await cp(join(runs, "one"), join(runs, "edited"), { recursive: true });
  await writeTinyRun(join(runs, "two"), "pca+kmeans", { clusters: 3 });
  await writeTinyRun(join(runs, "other"), "pixels+kmeans", { source: half });
  explorer = await startTestExplorer({ runsFolder: runs, pageFolder: join(folder, "none") }, (location) =>
    location === "half" ? half : tinyDigits,
  );
});

afterAll(async () => {
  await explorer.close();
  await rm(folder, { recursive: true });
});

const compared = (a: string, b: string): Promise<CompareView> =>
  explorer.json<CompareView>(`/api/runs/${a}/compare/${b}`);
const labels = async (run: string): Promise<number[]> =>
  Array.from(new Int32Array(await (await explorer.ask(`/api/runs/${run}/arrays/cluster`)).arrayBuffer()));

/** What the answer must be, counted image by image. */
async function check(view: CompareView, a: string, b: string): Promise<void> {
  const [first, second] = [await labels(a), await labels(b)];
  view.clusters.forEach(({ cluster, size }, i) => {
    expect(size).toBe(first.filter((label) => label === cluster).length);
    view.others.forEach(({ cluster: other }, j) => {
      const shared = first.filter((label, at) => label === cluster && second[at] === other).length;
      expect(view.flow[i]?.[j]).toBe(shared);
    });
  });
  const partner = new Map(view.match);
  expect(view.agreeing).toBe(first.filter((label, at) => partner.get(label) === second[at]).length);
}

test("the list tells which runs are of the same images", async () => {
  const { runs } = await explorer.json<RunList>("/api/runs");
  const digest = new Map(runs.map((run) => [run.id, run.digest]));
  expect(digest.get("one")).toBe(digest.get("two"));
  expect(digest.get("other")).not.toBe(digest.get("one"));
});

test("clusters of two runs are matched, and the images that flow between them counted", async () => {
  const view = await compared("one", "two");
  expect(view.clusters).toHaveLength(4);
  expect(view.others).toHaveLength(3);
  expect(view.match).toHaveLength(3);
  await check(view, "one", "two");
  const back = await compared("two", "one");
  expect(back.adjustedRandIndex).toBeCloseTo(view.adjustedRandIndex, 12);
  expect(back.normalizedMutualInformation).toBeCloseTo(view.normalizedMutualInformation, 12);
  expect(back.agreeing).toBe(view.agreeing);
  const inertia = view.scores.find(({ name }) => name === "inertia");
  expect(inertia?.values.every((value) => (value ?? 0) > 0)).toBe(true);
  expect(view.differences).toContainEqual({ name: "method", values: ["pixels+kmeans", "pca+kmeans"] });
});

test("a run agrees with itself in everything", async () => {
  expect(await compared("one", "one")).toMatchObject({
    agreeing: 60,
    adjustedRandIndex: 1,
    normalizedMutualInformation: expect.closeTo(1, 9),
    differences: [],
  });
});

test("edits of either count", async () => {
  const path = "/api/runs/edited/edits";
  const { version } = await explorer.json<EditState>(path);
  const body = JSON.stringify({ version, do: { kind: "merge", clusters: [0, 2], into: 2 } });
  expect((await explorer.ask(path, { method: "POST", body })).status).toBe(200);
  const view = await compared("edited", "two");
  expect(view.clusters.map(({ cluster }) => cluster)).toEqual([1, 2, 3]);
  await check(view, "edited", "two");
  const back = await compared("two", "edited");
  expect(back.others.map(({ cluster }) => cluster)).toEqual([1, 2, 3]);
  await check(back, "two", "edited");
});

test("runs of other images are refused in words, and those that are not there", async () => {
  const refused = await explorer.ask("/api/runs/one/compare/other");
  expect(refused.status).toBe(400);
  expect(((await refused.json()) as { error: string }).error).toMatch(
    /^explorer: runs that are compared must be of the same images; got "one" \(tiny, 60 images/,
  );
  for (const path of [
    "one/compare/none",
    "none/compare/one",
    "one/compare/",
    "one/compare/..%2ftwo",
    "one/compare/~",
    "one/compare/__proto__",
    "one/compare/two/more",
  ]) {
    expect([path, (await explorer.ask(`/api/runs/${path}`)).status]).toEqual([path, 404]);
  }
  expect((await explorer.ask("/api/runs/one/compare/two", { method: "POST", body: "{}" })).status).toBe(404);
});

test("more clusters than can be matched in a moment are refused", async () => {
  const count = 1001;
  const { record } = JSON.parse(
    JSON.stringify({ record: { source: { name: "s", count, sha256: "x" }, metrics: {}, environment: {} } }),
  );
  const now = {
    labels: Int32Array.from({ length: count }, (_, i) => i),
    clusters: Array.from({ length: count }, (_, cluster) => ({ cluster, name: null, notes: null, size: 1 })),
  };
  const run = { name: "many", record, now };
  expect(() => compareView(run, run)).toThrow(/at most 1000000 pairs of clusters; got 1001 x 1001/);
});
