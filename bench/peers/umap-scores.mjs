// Scores of one map, whoever made it: node umap-scores.mjs '{"samples": file, "rows", "cols", "nDimensions", "map": file}'
import { readFileSync } from "node:fs";
import { mapScores } from "unlabeled";

const { samples: path, rows, cols, nDimensions, map } = JSON.parse(process.argv[2]);
const samples = { rows, cols, data: new Uint8Array(readFileSync(path)), unit: 1 / 255 };
const bytes = new Uint8Array(readFileSync(map));
const embedding = { rows, cols: nDimensions, data: new Float32Array(bytes.buffer, 0, rows * nDimensions) };
console.log(JSON.stringify(await mapScores(samples, embedding, { k: 15, sampleSize: 1000 })));
