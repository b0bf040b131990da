// Cluster an array: any matrix of numbers, one row for each thing.
// Run: node examples/cluster-array.mjs
import { kMeans } from "unlabeled";

// Three groups of points in the plane, rows one after the other.
const rows = 300;
const data = new Float32Array(rows * 2);
for (let i = 0; i < rows; i++) {
  const group = i % 3;
  // A fixed scatter instead of random numbers, so that every run prints the same.
  data[2 * i] = 4 * group + Math.sin(i * 12.9898) * 0.8;
  data[2 * i + 1] = (group === 1 ? 3 : 0) + Math.cos(i * 78.233) * 0.8;
}

const fitted = await kMeans.fit({ rows, cols: 2, data }, { nClusters: 3, seed: 7, nRestarts: 5 });
console.log("sizes of the clusters:", [...fitted.sizes]);
console.log("inertia:", fitted.inertia.toFixed(3), "after", fitted.iterations, "iterations");

// A model is plain data: keep it, clone it, and ask it for the cluster of any other row.
const [label] = await kMeans.predict(fitted, { rows: 1, cols: 2, data: Float32Array.of(4.1, 3.2) });
console.log("a point at (4.1, 3.2) belongs to the same cluster as row 1:", label === fitted.labels[1]);
