import { readdir, readFile, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { parseRun } from "../../node/index.ts";
import { recipes } from "../../pipeline/index.ts";
import { record } from "../testing/recorder.ts";
import { inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

const tinyNetwork = ["--epochs", "1", "--widths", "16", "--code-size", "4"];

describe.each([
  ["pca:hog+graph", [], ["clusterer.safetensors", "hog.safetensors", "pca.safetensors", "pipeline.onnx"]],
  [
    "scattering+consensus",
    ["--restarts", "1"],
    ["clusterer.safetensors", "pipeline.onnx", "scattering.safetensors"],
  ],
  ["pixels+umap+gmm", ["--covariance", "diagonal"], ["centers.npy", "map.safetensors", "pipeline.onnx"]],
  [
    "pca:deep-ae+graph",
    tinyNetwork,
    ["clusterer.safetensors", "decoder.onnx", "encoder.onnx", "pca.safetensors", "pipeline.onnx"],
  ],
  [
    "idec",
    [...tinyNetwork, "--max-iterations", "2"],
    ["clusterer.safetensors", "decoder.onnx", "encoder.onnx", "pipeline.onnx"],
  ],
] as const)("cluster --method %s", (method, flags, files) => {
  const words = ["cluster", "tiny", "--clusters", "4", "--method", method, ...flags, "--out", "o"];

  test("writes a model that assign and repeat read, and says which file of it is damaged", async () => {
    expect((await record(words)).exitCode).toBe(0);
    const { metrics, clusters } = parseRun(await readFile("o/run.json", "utf8"), "run.json");
    expect(clusters).toBe(4);
    expect(metrics.accuracy).toBeGreaterThan(0.1);
    expect(await readdir("o/model")).toEqual(expect.arrayContaining([...files, "model.json"]));
    const assigned = await record(["assign", "o", "tiny", "--out", "a.csv", "--json"]);
    expect(assigned.exitCode).toBe(0);
    const { count, clusters: sizes } = JSON.parse(assigned.out);
    expect([count, sizes.length]).toEqual([60, 4]);
    const again = await record(["repeat", "o", "--json"]);
    expect(JSON.parse(again.out)).toMatchObject({ same: true, metricsSame: true });

    const [packed] = files.filter((file) => file.endsWith(".safetensors"));
    const bytes = await readFile(`o/model/${packed}`);
    bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
    await writeFile(`o/model/${packed}`, bytes);
    const { exitCode, error } = await record(["assign", "o", "tiny", "--out", "b.csv"]);
    expect(exitCode).toBe(2);
    expect(error).toContain(`"o/model/${packed}" must be as it was written`);
  });
});

test("a graph has a modularity, by which the number of clusters is chosen where nobody gives it", async () => {
  const words = ["cluster", "tiny", "--method", "pca+graph", "--clusters", "auto", "--json"];
  const [result] = JSON.parse((await record(words)).out).results;
  const { k, modularity, suggested, suggestedBy } = result.numberOfClusters;
  const best = Math.max(...modularity);
  expect(result.objective).toBe("modularity");
  expect(suggestedBy).toEqual(["modularity"]);
  expect(suggested).toBe(k[modularity.indexOf(best)]);
  expect([result.clusters, result.metrics.modularity]).toEqual([suggested, best]);
});

test("auto runs its recipe under its own name, and tells both", async () => {
  const { out } = await record(["cluster", "tiny", "--method", "auto", "--json"]);
  const [result] = JSON.parse(out).results;
  expect(result).toMatchObject({ method: recipes.fast, requested: "auto", run: "runs/tiny-auto-0" });
  const thorough = await record([
    "cluster",
    "tiny",
    "--method",
    "auto",
    "--thorough",
    "--json",
    "--out",
    "t",
  ]);
  const [other] = JSON.parse(thorough.out).results;
  expect(other).toMatchObject({ method: recipes.thorough, requested: "auto" });
  expect(other.metrics.agreement).toBeGreaterThan(0.3);
});

test("new images are scored by the rule of their nearest neighbours", async () => {
  const words = [
    "cluster",
    "tiny",
    "--split",
    "train",
    "--score",
    "test",
    "--method",
    "pca:hog+graph",
    "--json",
  ];
  const [result] = JSON.parse((await record(words)).out).results;
  expect(result.scored).toMatchObject({ split: "test", count: 20 });
  expect(result.sizes.reduce((a: number, b: number) => a + b)).toBe(20);
});
