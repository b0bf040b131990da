/** Every example runs, and prints what it promises. They import the package by its name, as its users do. */
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";

const folder = new URL("../examples/", import.meta.url);

/** What must be among the lines of each. */
const promises: Readonly<Record<string, readonly RegExp[]>> = {
  "autoencoder.mjs": [
    /^loss of images/,
    /^8 numbers for each image/,
    /^the centers as images: 10 of 28 x 28$/,
  ],
  "cluster-array.mjs": [
    /^sizes of the clusters: 100,100,100$/,
    /belongs to the same cluster as row 1: true$/,
  ],
  "cluster-folder.mjs": [/^500 images in 10 clusters/, /^accuracy 0\.\d+, NMI 0\.\d+$/],
  "export-onnx.mjs": [/^pipeline\.onnx: \d+ bytes$/, /^20 of 20 images/],
  "large-data.mjs": [/converged: true$/, /^sizes: 8000,8000,8000,8000,8000$/],
  "mixture.mjs": [/^mean log-likelihood: -?\d/, /sure \(above 0\.99\): \d+$/, /^the least likely image/],
  "number-of-clusters.mjs": [/^proposals: /, /^suggested: \d+ - /],
  "runs-and-new-images.mjs": [/^pca:hog\+graph: accuracy 0\.[89]/, /^clusters of the first new images: \d/],
  "umap-map.mjs": [/^350 places in 2 dimensions/, /^50 new images found their places$/],
  "views-graph.mjs": [/^modularity: 0\.\d+$/, /^accuracy: 0\.[89]/],
};

afterEach(() => vi.restoreAllMocks());

test("no example is left out", () => {
  expect(readdirSync(folder).filter((name) => name.endsWith(".mjs"))).toEqual(Object.keys(promises));
});

test("every line of code in docs/library.md is a line of the example that it stands for", () => {
  const page = readFileSync(new URL("../docs/library.md", import.meta.url), "utf8");
  const sections = page.split("\n## ").slice(1);
  const named = sections.map((section) => /\(\.\.\/examples\/([\w-]+\.mjs)\)/.exec(section)?.[1] ?? "");
  expect(named.toSorted()).toEqual(Object.keys(promises));
  for (const [i, section] of sections.entries()) {
    const example = readFileSync(new URL(named[i] as string, folder), "utf8");
    const code = /```ts\n([^`]*)```/.exec(section)?.[1] ?? "";
    expect(code).not.toBe("");
    for (const line of code.trim().split("\n")) expect(example).toContain(line.trim());
  }
});

test.each(Object.entries(promises))("%s", async (name, wanted) => {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((...said: unknown[]) => {
    lines.push(
      said.map((one) => (one instanceof Object && !Array.isArray(one) ? JSON.stringify(one) : one)).join(" "),
    );
  });
  await import(new URL(name, folder).href);
  for (const promise of wanted) expect(lines).toContainEqual(expect.stringMatching(promise));
});
