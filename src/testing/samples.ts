/** Seeded samples for tests. */
import type { ByteMatrix, Matrix } from "../matrix/index.ts";
import type { Random } from "../random/index.ts";

/** About normal numbers (the sum of four uniform ones), with mean 0 and standard deviation 1. */
export function roughlyNormal(random: Random): number {
  return (random.float() + random.float() + random.float() + random.float() - 2) * Math.sqrt(3);
}

/** Rows around `nBlobs` points of a cube. */
export function blobs(
  random: Random,
  rows: number,
  cols: number,
  nBlobs: number,
  spread: number,
): Matrix<Float32Array> {
  const centers = Float32Array.from({ length: nBlobs * cols }, () => random.float() * 10 - 5);
  const data = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    const blob = random.integer(nBlobs);
    for (let j = 0; j < cols; j++) {
      data[i * cols + j] = (centers[blob * cols + j] as number) + spread * roughlyNormal(random);
    }
  }
  return { rows, cols, data };
}

/** The same as bytes in 0..255. */
export function byteBlobs(
  random: Random,
  rows: number,
  cols: number,
  nBlobs: number,
  spread: number,
): ByteMatrix {
  const { data } = blobs(random, rows, cols, nBlobs, spread);
  const bytes = Uint8Array.from(data, (v) => Math.min(255, Math.max(0, Math.round(127 + 25 * v))));
  return { rows, cols, data: bytes, unit: 1 / 255 };
}
