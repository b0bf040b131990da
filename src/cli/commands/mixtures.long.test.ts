import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parseRun } from "../../node/index.ts";
import { record } from "../testing/recorder.ts";
import { filesBelow, inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

const mixture = ["cluster", "tiny", "--method", "pixels+gmm", "--clusters", "3", "--out", "run"];

describe("a run of a mixture", () => {
  test("has the scores of a mixture, probabilities, and the files of its model", async () => {
    const { out, exitCode } = await record([...mixture, "--covariance", "spherical", "--json"]);
    expect(exitCode).toBe(0);
    const [{ metrics, settings, objective, run }] = JSON.parse(out).results;
    expect(objective).toBe("meanLogLikelihood");
    expect(settings).toEqual({
      ...{ init: "k-means", restarts: 1, maxIterations: 200, tolerance: 1e-5, covariance: "spherical" },
    });
    for (const name of ["meanLogLikelihood", "bic", "aic", "icl", "inertia"]) {
      expect(Number.isFinite(metrics[name])).toBe(true);
    }
    expect(parseRun(await readFile(`${run}/run.json`, "utf8"), "run.json").metrics).toEqual(metrics);
    const lines = (await readFile("run/assignments.csv", "utf8")).trim().split("\n").slice(1);
    for (const line of lines) {
      const probability = Number(line.split(",")[4]);
      expect(probability).toBeGreaterThanOrEqual(1 / 3);
      expect(probability).toBeLessThanOrEqual(1);
    }
    expect(await filesBelow("run/model")).toEqual(
      expect.arrayContaining(["centers.npy", "covariances.npy", "model.json", "pipeline.onnx"]),
    );
  });

  test("assigns the same images the same clusters and probabilities, and repeats to the same labels", async () => {
    await record(mixture);
    await record(["assign", "run", "tiny", "--out", "a.csv"]);
    const columns = async (file: string): Promise<string[][]> =>
      (await readFile(file, "utf8")).split("\n").map((line) => line.split(",").slice(0, 6));
    expect(await columns("a.csv")).toEqual(await columns("run/assignments.csv"));
    const { out } = await record(["repeat", "run", "--json"]);
    expect(JSON.parse(out)).toMatchObject({ same: true, metricsSame: true });
  });

  test("scored on other images has their likelihood", async () => {
    const { out } = await record([...mixture, "--split", "train", "--score", "test", "--json"]);
    const [{ metrics, scored }] = JSON.parse(out).results;
    expect(scored.split).toBe("test");
    expect(Number.isFinite(metrics.meanLogLikelihood)).toBe(true);
  });

  test("tells its starts and its likelihood while it runs", async () => {
    const { progress } = await record([...mixture, "--restarts", "2"]);
    expect(progress).toContainEqual(
      expect.stringMatching(
        /^pixels\+gmm, seed 0: iteration \d+, start 2, log-likelihood -?[\d.]+ per image$/,
      ),
    );
  });

  test("of a comparison with K-Means gives a command whose settings follow from the methods", async () => {
    const words = [
      "compare",
      "tiny",
      "--methods",
      "pixels+kmeans,pixels+gmm",
      "--clusters",
      "3",
      "--out",
      "both",
    ];
    await record(words);
    const report = await readFile("both/report.html", "utf8");
    expect(report).toContain("--methods pixels+kmeans,pixels+gmm --clusters 3 --seed 0 --restarts 1</code>");
  });
});

describe("--clusters auto", () => {
  test("takes the number that the criteria propose, as elbow does, keeps them, and shows them", async () => {
    const method = ["--method", "pca+kmeans"]; // fewer numbers than pixels
    const { out } = await record([
      "cluster",
      "tiny",
      ...method,
      "--clusters",
      "auto",
      "--out",
      "run",
      "--json",
    ]);
    const [result] = JSON.parse(out).results;
    const { numberOfClusters } = result;
    expect(result.clusters).toBe(numberOfClusters.suggested ?? 10);
    expect(result.sizes).toHaveLength(result.clusters);
    expect(numberOfClusters.k).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(parseRun(await readFile("run/run.json", "utf8"), "run.json").numberOfClusters).toEqual(
      numberOfClusters,
    );
    expect(await readFile("run/report.html", "utf8")).toContain('id="elbow"');
    const again = await record(["repeat", "run", "--json"]);
    expect(JSON.parse(again.out)).toMatchObject({ same: true, metricsSame: true });
    // The same features have the same curves, whoever asks.
    const elbow = JSON.parse((await record(["elbow", "tiny", ...method, "--json"])).out);
    expect(elbow).toMatchObject(numberOfClusters);
  });
});
