/**
 * What the threads share for one set of samples and its clusters, laid out in the shared memory. The names and types below
 * are read by the build, which gives the typed bindings their offsets (src/kernels/workspace.ts), so this file is the one
 * place that knows the layout. Kernels that cluster no samples bring a structure of their own, in their own file.
 *
 * n = rows, d = cols, k = nCenters. Rows of samples and of centers start `stride` elements apart; the elements behind
 * d are zero, so that loops may run over whole vectors. Samples are packed bytes, or floats.
 */
@unmanaged
export class Task {
  // samples
  samples: usize; // n x stride, f32 (floats only)
  rowStarts: usize; // n, u32: address of each packed row (bytes only; see packed.ts)
  norms: usize; // n, f64: squared length of each row (bytes only)
  staging: usize; // rows from firstStaged on as they came: bytes stride apart, floats cols apart
  firstStaged: u32;
  blockStarts: usize; // blocks, u32: size, then address, of each packed block of the staged rows
  rows: u32;
  cols: u32;
  stride: u32;
  blockRows: u32; // rows of one block; a block is one unit of work and of summation
  unit: f64; // worth of one byte; 1 for floats
  fixedPoint: f64; // floats are summed as integers of value x * fixedPoint

  // centers
  nCenters: u32;
  nPadded: u32; // bytes: k rounded up to 5, with far centers behind the last; floats: k rounded up to 4
  centerStride: u32; // columns of a row that has one entry for each center: nPadded rounded up to 4
  centers: usize; // k x stride, f64, in the samples' stored units
  rounded: usize; // k x stride, f32: centers, rounded
  quantized: usize; // stride / 8 x k x 8, i16: centers * 128, rounded; the same group of all centers together (bytes only)
  quantizedNorms: usize; // k, f64: squared lengths of the quantized centers (bytes only)
  centerNorms: usize; // k, f64: squared lengths of the centers (bytes only)
  transposed: usize; // d x centerStride, f32: centers, rounded (floats only)
  roundingErrors: usize; // k, f64: distance between a center and its rounded or quantized form
  gamma: f64; // largest relative error of a quick distance between a sample and a rounded center
  centerGamma: f64; // the same between two rounded centers
  epsilon: f64; // largest rounding error of any center, and what underflow may hide

  // clustering
  tighten: u32; // whether a sample in doubt tries a fresh distance to its own center before all others (Hamerly)
  refresh: f64; // bounds that exclude a center by less than this are renewed (Elkan)
  labels: usize; // n, i32
  upper: usize; // n, f32: no smaller than the distance to the own center, less what that center has moved since
  gaps: usize; // n, f32: no larger than the distance to any other center, plus what those have moved since, less upper
  bounds: usize; // n x boundStride, f32: the same for each center (Elkan) or each group of centers (Yinyang) by itself
  boundStride: u32;
  moved: usize; // centerStride, f32: sum of all movements of each center
  othersMoved: usize; // centerStride, f32: sum over the iterations of the largest movement among the other centers
  drifts: usize; // centerStride, f32: moved + othersMoved
  halfDistances: usize; // k x centerStride, f32: half the distance between two centers
  halfNearest: usize; // centerStride, f32: half the distance to the nearest other center
  groupMoved: usize; // boundStride, f32: sum over the iterations of the largest movement in each group (Yinyang only)
  movements: usize; // k, f64: movement of each center in this iteration
  scatter: usize; // k, f64: size of each cluster times the squared distance of its center to the mean
  mean: usize; // stride, f64: mean of all samples

  // sums, as exact integers, which any order of adding leaves the same
  counts: usize; // k, i32
  sums: usize; // k x stride, i32 (bytes) or i64 (floats)
  workerCounts: usize; // threads x k, i32: what changed since the last update
  workerSums: usize; // threads x k x stride, i32 or i64
  workerCounters: usize; // threads x 16, i32: samples that changed their cluster; were in doubt; settled by tightening
  workerScratch: usize; // threads x scratchBytes
  scratchBytes: u32;
  nWorkers: u32;

  // Gaussian mixtures; nCenters is the number of components, and all is in the samples' stored units
  mixPadded: u32; // d rounded up to 4
  mixMeans: usize; // k x d, f64
  mixFactors: usize; // k x mixFactorBytes: factors of the inverse covariances, f64
  mixFactorBytes: u32; // 0 where all components share one factor
  mixTriangular: u32; // whether factors are triangular, in blocks of four columns; else diagonal
  mixConstants: usize; // k, f64: log of weight and of what normalizes the density
  mixHard: u32; // whether labels say which component a row belongs to
  mixMoments: u32; // what is summed; see mixture.ts
  mixGroupRows: u32; // rows of a group, which is one unit of work and of summation
  mixSums: usize; // groups x k x mixSumBytes: size, then d sums, then squares or products
  mixSumBytes: u32;
  mixTotals: usize; // groups, f64: sum of log densities

  // results, one entry for each sample or block
  distances: usize; // n, f64: squared distance to the own center
  blockTotals: usize; // blocks, f64
  closest: usize; // n, f64: squared distance to the nearest center chosen so far (k-means++)
  candidateTotals: usize; // blocks x k, f64 (k-means++)
  queries: usize; // indices of samples, i32
  nQueries: u32;
  output: usize; // meaning depends on the kernel
}

/** Steps of a byte into which a center is quantized: 255 * 128 still fits into 16 bits with sign. */
export const QUANTIZATION: f64 = 128;

/** Largest relative error of a distance between exact centers, computed in double precision. */
export const EXACT: f64 = 1e-12;
