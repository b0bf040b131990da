// Seeded samples for benchmarks, made outside the timed parts.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

/** Numbers in [0, 1) from a linear congruential generator: the same in every run and process. */
export function generator(seed = 1) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** rows x cols float32 around 20 points of a cube, spread so that neighbouring groups overlap. */
export function blobs(rows, cols, seed = 1) {
  const next = generator(seed);
  const centers = Float32Array.from({ length: 20 * cols }, () => next() * 10);
  const data = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    const blob = Math.floor(next() * 20);
    for (let j = 0; j < cols; j++) {
      data[i * cols + j] = centers[blob * cols + j] + (next() + next() + next() - 1.5) * 3;
    }
  }
  return { rows, cols, data };
}

/** Different row numbers, as starting centers. */
export function startingRows(rows, k, seed = 7) {
  const next = generator(seed);
  const chosen = new Set();
  while (chosen.size < k) chosen.add(Math.floor(next() * rows));
  return [...chosen];
}

/** Folder of the real images, or undefined. */
export const dataFolder = process.env.UNLABELED_DATA;

/** The 60,000 MNIST training images as bytes, rows x 784. */
export function mnistTrain() {
  return mnist(["train"]);
}

/** All 70,000 MNIST images as bytes, those for testing last. */
export function mnistAll() {
  return mnist(["train", "t10k"]);
}

function mnist(parts) {
  const files = parts.map((part) =>
    gunzipSync(readFileSync(`${dataFolder}/mnist/${part}-images-idx3-ubyte.gz`)).subarray(16),
  );
  const data = new Uint8Array(files.reduce((length, file) => length + file.length, 0));
  let next = 0;
  for (const file of files) {
    data.set(file, next);
    next += file.length;
  }
  return { rows: data.length / 784, cols: 784, data, unit: 1 / 255 };
}

/** Rows as a matrix of centers in the samples' own units. */
export function rowsAsCenters({ data, cols, unit = 1 }, rows) {
  const centers = new Float64Array(rows.length * cols);
  rows.forEach((row, c) => {
    for (let j = 0; j < cols; j++) centers[c * cols + j] = data[row * cols + j] * unit;
  });
  return { rows: rows.length, cols, data: centers };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
