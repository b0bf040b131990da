/**
 * Soft assignments of codes z_i to centers m_j by Student's t distribution with one degree of freedom (van der Maaten and
 * Hinton 2008, as Xie et al. 2016 use it), and the targets that sharpen them:
 *
 *     q_ij = (1 + |z_i - m_j|^2)^-1 / sum_l (1 + |z_i - m_l|^2)^-1
 *     p_ij = (q_ij^2 / f_j) / sum_l (q_il^2 / f_l),    f_j = sum_i q_ij
 *
 * Squaring raises what is sure already; dividing by a cluster's soft size keeps large clusters from taking all.
 */
import type { Matrix } from "../matrix/index.ts";

/** What centers say of codes. */
export interface SoftAssignments {
  /** Nearest center, which is the one of the highest probability; the lowest index among equals. */
  readonly labels: Int32Array;
  /** nCodes x nClusters: q, rows sum to 1. */
  readonly probabilities: Matrix<Float32Array>;
}

/**
 * Soft assignments of codes, in double precision.
 *
 * @param codes nCodes x codeSize, finite
 * @param centers nClusters x codeSize
 *
 * Time O(nCodes x nClusters x codeSize).
 */
export function softAssignments(codes: Matrix, centers: Matrix): SoftAssignments {
  const { rows, cols } = codes;
  const k = centers.rows;
  const labels = new Int32Array(rows);
  const probabilities = new Float32Array(rows * k);
  const kernels = new Float64Array(k);
  for (let i = 0; i < rows; i++) {
    let nearest = 0;
    let total = 0;
    for (let j = 0; j < k; j++) {
      let distance = 0;
      for (let c = 0; c < cols; c++) {
        const apart = (codes.data[i * cols + c] as number) - (centers.data[j * cols + c] as number);
        distance += apart * apart;
      }
      const kernel = 1 / (1 + distance);
      kernels[j] = kernel;
      total += kernel;
      if (kernel > (kernels[nearest] as number)) nearest = j;
    }
    labels[i] = nearest;
    for (let j = 0; j < k; j++) probabilities[i * k + j] = (kernels[j] as number) / total;
  }
  return { labels, probabilities: { rows, cols: k, data: probabilities } };
}

/**
 * Targets of soft assignments; they need all images at once, since each cluster's soft size is in them.
 *
 * @param probabilities n x nClusters: q
 * @returns p, of the same shape
 */
export function targetDistribution({ rows, cols, data }: Matrix<Float32Array>): Matrix<Float32Array> {
  const sizes = new Float64Array(cols);
  for (let i = 0; i < data.length; i++) {
    const j = i % cols;
    sizes[j] = (sizes[j] as number) + (data[i] as number);
  }
  const targets = new Float32Array(data.length);
  const sharpened = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    let total = 0;
    for (let j = 0; j < cols; j++) {
      const q = data[i * cols + j] as number;
      const p = q === 0 ? 0 : (q * q) / (sizes[j] as number);
      sharpened[j] = p;
      total += p;
    }
    for (let j = 0; j < cols; j++) targets[i * cols + j] = (sharpened[j] as number) / total;
  }
  return { rows, cols, data: targets };
}

/** Share of images whose label is another. */
export function shareChanged(before: Int32Array, after: Int32Array): number {
  let changed = 0;
  for (let i = 0; i < after.length; i++) if (after[i] !== before[i]) changed++;
  return changed / after.length;
}
