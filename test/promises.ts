/** What the examples promise to print. */
import { expect, vi } from "vitest";

const folder = new URL("../examples/", import.meta.url);

/** What must be among the lines of each. */
export const promises: Readonly<Record<string, readonly RegExp[]>> = {
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

/** Runs an example and looks at what it prints. */
export async function keepsItsPromises(name: string): Promise<void> {
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((...said: unknown[]) => {
    lines.push(
      said.map((one) => (one instanceof Object && !Array.isArray(one) ? JSON.stringify(one) : one)).join(" "),
    );
  });
  try {
    await import(new URL(name, folder).href);
  } finally {
    log.mockRestore();
  }
  for (const promise of promises[name] ?? []) expect(lines).toContainEqual(expect.stringMatching(promise));
}
