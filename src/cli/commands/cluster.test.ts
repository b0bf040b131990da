import { rmSync, writeFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";

import { describe, expect, test } from "vitest";
import { sliceImages } from "../../images/index.ts";
import { parseComparison, parseRun } from "../../node/index.ts";
import { openTiny, record } from "../testing/recorder.ts";
import { filesBelow, inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

/** Few clusters have few pictures in the report, which takes more time than so small a run. */
const few = ["--clusters", "3"];

const metricNames = [
  ...[
    "inertia",
    "purity",
    "meanClusterPurity",
    "accuracy",
    "nmi",
    "ami",
    "ari",
    "homogeneity",
    "completeness",
  ],
  ...["vMeasure", "fowlkesMallows", "silhouette", "silhouetteError", "calinskiHarabasz", "daviesBouldin"],
  "majorityClasses",
].sort();

describe("cluster", () => {
  test("writes a run folder named after source, method and seed, and prints a table and the report's path", async () => {
    const { exitCode, out, error } = await record(["cluster", "tiny", "--seed", "3"]);
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: "" });
    expect(out).toMatch(/^tiny: 60 images of 14 x 14, 10 classes\n\nMethod +Seed +Clusters +Accuracy/);
    expect(out).toContain("\nReport: runs/tiny-pixels+kmeans-3/report.html\n");
    const written = await filesBelow("runs");
    expect(written.filter((name) => !name.includes("/figures"))).toEqual([
      "tiny-pixels+kmeans-3",
      ...[
        ...["assignments.csv", "curation.csv", "model", "model/centers.npy"],
        ...["model/familiarity.json", "model/model.json"],
        ...["model/pipeline.onnx", "pictures.safetensors.gz", "points.safetensors"],
        ...["report.html", "run.json"],
      ].map((name) => `tiny-pixels+kmeans-3/${name}`),
    ]);
    expect(written).toContain("tiny-pixels+kmeans-3/figures/confusion.svg");
  });

  test("--json prints the contract's document and nothing else", async () => {
    const { out, exitCode } = await record(["cluster", "tiny", "--json", "--out", "a/b"]);
    const document = JSON.parse(out);
    expect(exitCode).toBe(0);
    expect(document.source).toMatchObject({
      ...{ name: "tiny", split: "all", count: 60, height: 14, width: 14, channels: 1, labelled: true },
      sha256: "all-60",
    });
    const [result] = document.results;
    expect(result).toMatchObject({
      ...{
        method: "pixels+kmeans",
        requested: "pixels+kmeans",
        seed: 0,
        clusters: 10,
        converged: true,
        run: "a/b",
      },
      seconds: { total: 0.5, features: 0.25, manifold: 0, cluster: 0.25 },
    });
    expect(Object.keys(result.metrics).sort()).toEqual(metricNames);
    expect(result.confusion.flat().reduce((a: number, b: number) => a + b)).toBe(60);
    expect([...result.order].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const { accuracy } = result.metrics;
    expect(document.summary[0]).toMatchObject({ method: "pixels+kmeans", runs: 1 });
    expect(document.summary[0].metrics.accuracy).toEqual({
      mean: accuracy,
      sd: 0,
      min: accuracy,
      max: accuracy,
    });
    const stored = parseRun(await readFile("a/b/run.json", "utf8"), "run.json");
    expect(stored.metrics).toEqual(result.metrics);
  });

  test("--runs makes one folder for each seed, and one report on top", async () => {
    const words = ["cluster", "tiny", "--runs", "2", "--seed", "5", ...few, "--out", "o", "--json"];
    const document = JSON.parse((await record(words)).out);
    const runs = document.results.map(({ seed, run, clusters }: Record<string, unknown>) => [
      seed,
      run,
      clusters,
    ]);
    expect(runs).toEqual([
      [5, "o/pixels+kmeans-5", 3],
      [6, "o/pixels+kmeans-6", 3],
    ]);
    expect(document.summary).toHaveLength(1);
    expect(document.summary[0].runs).toBe(2);
    const top = (await filesBelow("o")).filter((name) => !name.includes("/"));
    expect(top).toEqual(["compare.json", "figures", "pixels+kmeans-5", "pixels+kmeans-6", "report.html"]);
    const compared = parseComparison(await readFile("o/compare.json", "utf8"), "compare.json");
    expect(compared.results.map(({ run }) => run)).toEqual(["pixels+kmeans-5", "pixels+kmeans-6"]);
  });

  test("without labels the criteria choose the number of clusters, and no score that needs classes", async () => {
    const open: typeof openTiny = (location, options) => {
      const source = openTiny(location, options);
      const { labels, classNames, ...images } = sliceImages(source.images, 0, 24);
      return { ...source, images };
    };
    const { out } = await record(["cluster", "tiny", "--method", "pca+kmeans", "--json"], { open });
    const { source, results } = JSON.parse(out);
    expect(source.labelled).toBe(false);
    expect(results[0].clusters).toBe(results[0].numberOfClusters.suggested ?? 10);
    expect(Object.keys(results[0])).not.toContain("confusion");
    expect(Object.keys(results[0].metrics).sort()).toEqual([
      ...["calinskiHarabasz", "daviesBouldin", "inertia", "silhouette", "silhouetteError"],
    ]);
    const text = (await record(["cluster", "tiny", ...few, "--out", "b"], { open })).out;
    expect(text).toContain("no labels");
    expect(text).not.toContain("Accuracy");
  });

  test("--score assigns and scores another part than the one that was clustered", async () => {
    const words = ["cluster", "tiny", ...few, "--split", "train", "--score", "test", "--json", "--out", "o"];
    const { out, opened } = await record(words);
    expect(opened.map(([, options]) => options.split)).toEqual(["train", "test"]);
    const [result] = JSON.parse(out).results;
    expect(result.scored).toMatchObject({ split: "test", count: 20 });
    expect(result.sizes.reduce((a: number, b: number) => a + b)).toBe(20);
    const lines = (await readFile("o/assignments.csv", "utf8")).trimEnd().split("\n");
    expect(lines).toHaveLength(21);
    expect((await record(["repeat", "o"])).exitCode).toBe(0);
  });

  test("gives the same labels, metrics and report on any number of threads", async () => {
    await record(["cluster", "tiny", ...few, "--threads", "1", "--out", "one"]);
    await record(["cluster", "tiny", ...few, "--threads", "3", "--out", "three"]);
    expect(await readFile("one/assignments.csv", "utf8")).toBe(
      await readFile("three/assignments.csv", "utf8"),
    );
    const metrics = async (name: string) =>
      parseRun(await readFile(`${name}/run.json`, "utf8"), name).metrics;
    expect(await metrics("one")).toEqual(await metrics("three"));
  });

  test("says when it did not converge, and what to change", async () => {
    const { error, exitCode } = await record(["cluster", "tiny", ...few, "--max-iterations", "1"]);
    expect(error).toMatch(
      /^unlabeled: pixels\+kmeans, seed 0: The iterations ran out \(1\).*--max-iterations.*\n$/,
    );
    expect(exitCode).toBe(0);
  });

  test("refuses an existing folder before it works, and replaces it with --force", async () => {
    await record(["cluster", "tiny", ...few, "--out", "o"]);
    const refused = await record(["cluster", "tiny", ...few, "--out", "o", "--seed", "1"]);
    expect(refused).toMatchObject({ exitCode: 2, out: "" });
    expect(refused.error).toContain("Replace it with --force");
    expect(refused.progress).toEqual(["Opening tiny"]);
    expect((await record(["cluster", "tiny", ...few, "--out", "o", "--seed", "1", "--force"])).exitCode).toBe(
      0,
    );
    expect(parseRun(await readFile("o/run.json", "utf8"), "run.json").seed).toBe(1);
  });

  test("never replaces a folder that it did not write, even with --force", async () => {
    await mkdir("photos");
    await writeFile("photos/cat.png", "");
    const refused = await record(["cluster", "tiny", "--out", "photos", "--force"]);
    expect(refused.exitCode).toBe(2);
    expect(await filesBelow()).toEqual(["photos", "photos/cat.png"]);
  });

  test("cancelled before it has begun leaves nothing behind and ends with 130", async () => {
    const { exitCode, out, error } = await record(["cluster", "tiny", "--json"], { cancelAt: "Opening" });
    expect({ exitCode, out, error }).toEqual({ exitCode: 130, out: "", error: "unlabeled: cancelled.\n" });
    expect(await filesBelow()).toEqual([]);
  });

  test.each(["features", "iteration 1", "scores", "exhibits", "number of clusters: 5"])(
    "cancelled at %j leaves only its partial folder, says how to go on, and ends with 130",
    async (cancelAt) => {
      const { exitCode, out, error } = await record(["cluster", "tiny", ...few, "--json"], { cancelAt });
      const said = "unlabeled: cancelled. Resume with: unlabeled resume runs/tiny-pixels+kmeans-0.partial\n";
      expect({ exitCode, out, error }).toEqual({ exitCode: 130, out: "", error: said });
      expect(await filesBelow()).toEqual([
        "runs",
        ...["", "/resume.json", "/unlabeled-partial.json"].map(
          (name) => `runs/tiny-pixels+kmeans-0.partial${name}`,
        ),
      ]);
    },
  );

  test("an output that disappears in the middle is told in one line, and nothing stays", async () => {
    const onProgress = (text: string): void => {
      if (!text.includes("exhibits")) return;
      rmSync("o.partial", { recursive: true });
      writeFileSync("o.partial", "");
    };
    const { exitCode, error } = await record(["cluster", "tiny", ...few, "--out", "o"], { onProgress });
    expect(error).toMatch(/^[^\n]* must stay in its place until the run is finished; got [^\n]*\n$/);
    expect(exitCode).toBe(2);
    expect(await filesBelow()).toEqual([]);
  });
});
