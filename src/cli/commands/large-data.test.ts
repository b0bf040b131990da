import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { record } from "../testing/recorder.ts";
import { inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

const runOf = async (folder: string) => JSON.parse(await readFile(`${folder}/run.json`, "utf8"));

test("mini-batch K-Means is written, read, repeated and assigned with, and the report speaks of batches", async () => {
  const words = ["cluster", "tiny", "--method", "pixels+minibatch-kmeans", "--clusters", "3", "--out", "run"];
  expect(await record(words)).toMatchObject({ exitCode: 0, error: "" });
  const run = await runOf("run");
  expect(run).toMatchObject({ objective: "inertia", converged: true });
  expect(run.settings).toEqual({ init: "k-means++", restarts: 3, maxIterations: 100, tolerance: 1e-4 });
  const report = await readFile("run/report.html", "utf8");
  expect(report).toContain("mini-batch K-Means on raw pixels");
  expect(report).toContain("when batches no longer lower the inertia, or after 100 passes");
  expect(report).not.toContain("Inertia never rises");
  expect((await record(["repeat", "run", "--json"])).out).toContain('"same": true');
  const { exitCode, out } = await record(["assign", "run", "tiny", "--json"]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(out).clusters).toEqual(run.sizes);
});

test("a graph of a sample is told in the terminal, the record and the report, and repeats", async () => {
  const words = [
    "cluster",
    "tiny",
    "--method",
    "pca+graph",
    "--clusters",
    "3",
    "--sample",
    "40",
    "--out",
    "run",
  ];
  const notice =
    "The graph was made of 40 of the 60 images, drawn by the seed; the others joined as new images would. Choose how many with --sample.";
  const { exitCode, error } = await record(words);
  expect([exitCode, error]).toEqual([0, `unlabeled: pca+graph, seed 0: ${notice}\n`]);
  const run = await runOf("run");
  expect(run.notices).toEqual([notice]);
  expect(run.settings.sample).toBe(40);
  expect(run.sizes.reduce((a: number, b: number) => a + b, 0)).toBe(60);
  expect(await readFile("run/report.html", "utf8")).toContain("The graph was made of 40 of the 60 images");
  expect((await record(["repeat", "run", "--json"])).out).toContain('"same": true');
});

test("--sample needs a method that makes a graph or a map", async () => {
  const { exitCode, error } = await record(["cluster", "tiny", "--sample", "40"]);
  expect(exitCode).toBe(2);
  expect(error).toContain("--sample must go with graph, consensus or umap; got pixels+kmeans.");
});
