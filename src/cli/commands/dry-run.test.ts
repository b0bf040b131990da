import { describe, expect, test } from "vitest";
import { record } from "../testing/recorder.ts";
import { filesBelow, inEmptyFolders } from "../testing/working-folder.ts";

inEmptyFolders();

describe("--dry-run", () => {
  test("prints the plan of cluster, opens nothing and writes nothing", async () => {
    const words = ["cluster", "tiny", "--method", "pca:hog+umap+gmm", "--runs", "3", "--dry-run"];
    const { exitCode, out, error, opened } = await record(words);
    expect([exitCode, error, opened]).toEqual([0, "", []]);
    expect(out).toContain("tiny: 60 images of 14 x 14, 10 classes; 10 clusters, 3 runs each\n");
    expect(out).toMatch(
      /pca:hog\+umap\+gmm +pca, hog -> umap -> gmm +about .*\d+ s +\d.* s to \d.* s +about \d+ MiB +\d+ MiB to \d+ MiB/,
    );
    expect(out).toContain("Would write runs/tiny-pca-hog+umap+gmm-0. Nothing was computed or written.\n");
    expect(await filesBelow()).toEqual([]);
  });

  test("sums up the methods of compare, and says what would be sampled", async () => {
    const methods = "pixels+kmeans,conv-ae+gmm,pca+graph";
    const words = [
      "compare",
      "tiny",
      "--methods",
      methods,
      "--sample",
      "50",
      "--clusters",
      "auto",
      "--dry-run",
    ];
    const { exitCode, out } = await record(words);
    expect(exitCode).toBe(0);
    expect(out).toContain("as many clusters as the criteria propose");
    expect(out).toMatch(/In all: about .+ \(.+ to .+\)\.\n/);
    expect(out).toContain("pca+graph: the graph or map will be made of 50 of the images");
    expect(await filesBelow()).toEqual([]);
  });

  test("as JSON, for elbow: likely values lie in their ranges", async () => {
    const { exitCode, out } = await record(["elbow", "tiny", "--to", "9", "--dry-run", "--json"]);
    expect(exitCode).toBe(0);
    const plan = JSON.parse(out);
    expect(plan).toMatchObject({
      dryRun: true,
      command: "elbow",
      panel: { from: 1, to: 9 },
      source: { count: 60, height: 14, width: 14, channels: 1, classes: 10 },
      threads: 2,
      out: "runs/tiny-elbow-0",
    });
    for (const { low, likely, high } of [plan.seconds, plan.bytes, plan.methods[0].seconds]) {
      expect(low).toBeGreaterThan(0);
      expect(likely).toBeGreaterThan(low);
      expect(high).toBeGreaterThan(likely);
    }
    expect(await filesBelow()).toEqual([]);
  });

  test.each([
    [["cluster", "tiny", "--clusters", "61"], "--clusters must be an integer in 1..60"],
    [["elbow", "tiny", "--to", "80"], "--to must be an integer in 1..60"],
    [["cluster", "tiny", "--method", "pixels+kmean"], 'Did you mean "kmeans"?'],
  ])("%j is refused as it would be without", async (words, message) => {
    const { exitCode, error } = await record([...words, "--dry-run"]);
    expect(exitCode).toBe(2);
    expect(error).toContain(message);
  });
});

describe("memory that will not suffice", () => {
  const memory = { available: 2 ** 20, held: 2 ** 20 };

  test("is told before the work begins, and the run goes on", async () => {
    const { exitCode, error } = await record(["cluster", "tiny", "--clusters", "3"], { memory });
    expect(exitCode).toBe(0);
    expect(error).toMatch(
      /^unlabeled cluster: pixels\+kmeans is likely to need \d+ MiB of memory \(\d+ MiB to \d+ MiB\), and 2 MiB can be had: the system may end it\. Use fewer images \(--limit\)/,
    );
  });

  test("is told with a plan too", async () => {
    const { exitCode, error } = await record(["cluster", "tiny", "--dry-run"], { memory });
    expect(exitCode).toBe(0);
    expect(error).toContain("and 1 MiB can be had");
  });
});
