// Cluster more than fits into memory: mini-batch K-Means reads a stream several times, a chunk at a time.
// Run: node examples/large-data.mjs
import { miniBatchKMeans } from "unlabeled";

// Chunks may come from files, a database, a network. Here 40,000 rows are made on the way; each pass must give the same.
const rows = 40_000;
const cols = 4;
async function* chunks() {
  for (let from = 0; from < rows; from += 1500) {
    const count = Math.min(1500, rows - from);
    const data = new Float32Array(count * cols);
    for (let i = 0; i < count; i++) {
      const row = from + i;
      for (let j = 0; j < cols; j++) {
        data[i * cols + j] = ((row * (j + 3)) % 5) * 4 + Math.sin(row * (j + 1) * 12.9898);
      }
    }
    yield { rows: count, cols, data };
  }
}

const fitted = await miniBatchKMeans.fitStream(chunks, { nClusters: 5, batchSize: 512, seed: 1 });
console.log("batches:", fitted.iterations, "in", fitted.passes, "passes; converged:", fitted.converged);
console.log("sizes:", [...fitted.sizes]);
console.log("mean squared distance:", (fitted.inertia / rows).toFixed(3));
