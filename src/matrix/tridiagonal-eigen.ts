/**
 * Eigenvalues and the first eigenvectors of a symmetric tridiagonal matrix. Values: implicit QL with Wilkinson's shifts
 * (Golub and Van Loan 2013, section 8.3.3). Vectors: inverse iteration on T - value, factored with row exchanges; each new
 * vector is kept orthogonal to those before it, so that equal values get different vectors (Peters and Wilkinson 1979).
 *
 * The caller scales: the largest element must lie between 1e-100 and 1e100, or all must be 0.
 */
import { NumericalError } from "../errors.ts";

/** QL steps for one value after which it is given up; about two are usual. */
const MOST_STEPS = 60;

/** Solutions for one vector: the second is accurate already wherever the first was not orthogonal to it by bad luck. */
const SOLUTIONS = 3;

/**
 * All eigenvalues, largest first, to the last digits of the largest one.
 *
 * @param diagonal size entries, finite
 * @param beside   size entries: element (i, i + 1) of the matrix at i; the last is not read
 * @throws {NumericalError} if the steps do not converge, as with numbers that are not finite
 *
 * Time O(size^2).
 */
export function tridiagonalValues(diagonal: Float64Array, beside: Float64Array): Float64Array {
  const n = diagonal.length;
  const d = diagonal.slice();
  const e = beside.slice();
  if (n > 0) e[n - 1] = 0;
  const negligible = Number.EPSILON * largestRowSum(d, e);
  for (let l = 0; l < n; l++) {
    for (let steps = 0; ; steps++) {
      const m = endOfBlock(e, l, negligible);
      if (m === l) break;
      if (steps === MOST_STEPS) {
        throw new NumericalError(
          `tridiagonalValues: the matrix must be finite; value ${l} did not converge in ${MOST_STEPS} steps.`,
        );
      }
      qlStep(d, e, l, m);
    }
  }
  return d.sort().reverse();
}

/** First index from `l` on behind which the matrix falls apart. */
function endOfBlock(e: Float64Array, l: number, negligible: number): number {
  let m = l;
  while (m < e.length - 1 && !(Math.abs(e[m] as number) <= negligible)) m++;
  return m;
}

/** One implicit QL step on rows l to m. */
function qlStep(d: Float64Array, e: Float64Array, l: number, m: number): void {
  const dl = d[l] as number;
  const el = e[l] as number;
  let g = ((d[l + 1] as number) - dl) / (2 * el);
  let r = Math.hypot(g, 1);
  g = (d[m] as number) - dl + el / (g + (g < 0 ? -r : r));
  let s = 1;
  let c = 1;
  let p = 0;
  for (let i = m - 1; i >= l; i--) {
    const f = s * (e[i] as number);
    const b = c * (e[i] as number);
    r = Math.sqrt(f * f + g * g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = (d[i + 1] as number) - p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = (d[i + 1] as number) - p;
    r = ((d[i] as number) - g) * s + 2 * c * b;
    p = s * r;
    d[i + 1] = g + p;
    g = c * r - b;
  }
  d[l] = (d[l] as number) - p;
  e[l] = g;
  e[m] = 0;
}

/**
 * Eigenvectors of the largest values.
 *
 * @param values the largest eigenvalues, largest first, as {@link tridiagonalValues} gives them
 * @returns values.length x size: row i is the vector of value i, of length 1
 *
 * Time O(values.length^2 x size).
 */
export function tridiagonalVectors(
  diagonal: Float64Array,
  beside: Float64Array,
  values: Float64Array,
): Float64Array {
  const n = diagonal.length;
  const vectors = new Float64Array(values.length * n);
  const norm = largestRowSum(diagonal, beside);
  // Equal values are told apart by hairs, so that no two systems are the same.
  const hair = Number.EPSILON * (norm > 0 ? norm : 1);
  const factor = emptyFactor(n);
  let value = Number.POSITIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    value = Math.min(values[i] as number, value - hair);
    const own = vectors.subarray(i * n, (i + 1) * n);
    fillWithNoiseInto(own, i);
    factorize(factor, diagonal, beside, value, hair);
    for (let solution = 0; solution < SOLUTIONS; solution++) {
      if (solution > 0) solveInPlace(factor, own);
      scaleToOne(own);
      // Twice: what the first pass leaves by rounding, the second takes away.
      for (let pass = 0; pass < 2; pass++) {
        for (let j = 0; j < i; j++) removeInPlace(own, vectors.subarray(j * n, (j + 1) * n));
        scaleToOne(own);
      }
    }
  }
  return vectors;
}

/** A tridiagonal matrix, factored: three diagonals of the upper factor, the multipliers, and where rows were exchanged. */
interface TridiagonalFactor {
  readonly u0: Float64Array;
  readonly u1: Float64Array;
  readonly u2: Float64Array;
  readonly multipliers: Float64Array;
  readonly exchanged: Uint8Array;
}

function emptyFactor(n: number): TridiagonalFactor {
  const [u0, u1, u2, multipliers] = [0, 0, 0, 0].map(() => new Float64Array(n)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { u0, u1, u2, multipliers, exchanged: new Uint8Array(n) };
}

/** Factors T - value with row exchanges; a pivot of next to nothing becomes `hair`. */
function factorize(
  { u0, u1, u2, multipliers, exchanged }: TridiagonalFactor,
  diagonal: Float64Array,
  beside: Float64Array,
  value: number,
  hair: number,
): void {
  const n = diagonal.length;
  let pivot = (diagonal[0] as number) - value;
  let right = n > 1 ? (beside[0] as number) : 0;
  for (let i = 0; i < n - 1; i++) {
    const below = beside[i] as number;
    const next = (diagonal[i + 1] as number) - value;
    const nextRight = i + 2 < n ? (beside[i + 1] as number) : 0;
    if (Math.abs(below) > Math.max(hair, Math.abs(pivot))) {
      exchanged[i] = 1;
      const multiplier = pivot / below;
      multipliers[i] = multiplier;
      u0[i] = below;
      u1[i] = next;
      u2[i] = nextRight;
      pivot = right - multiplier * next;
      right = -multiplier * nextRight;
    } else {
      exchanged[i] = 0;
      if (Math.abs(pivot) < hair) pivot = hair;
      const multiplier = below / pivot;
      multipliers[i] = multiplier;
      u0[i] = pivot;
      u1[i] = right;
      u2[i] = 0;
      pivot = next - multiplier * right;
      right = nextRight;
    }
  }
  u0[n - 1] = Math.abs(pivot) < hair ? hair : pivot;
}

/** Solves for the given right-hand side, which has length 1: no number of the solution can overflow. */
function solveInPlace(
  { u0, u1, u2, multipliers, exchanged }: TridiagonalFactor,
  x: Float64Array,
): Float64Array {
  const n = x.length;
  for (let i = 0; i < n - 1; i++) {
    if (exchanged[i]) {
      const kept = x[i] as number;
      x[i] = x[i + 1] as number;
      x[i + 1] = kept;
    }
    x[i + 1] = (x[i + 1] as number) - (multipliers[i] as number) * (x[i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    const one = i + 1 < n ? (u1[i] as number) * (x[i + 1] as number) : 0;
    const two = i + 2 < n ? (u2[i] as number) * (x[i + 2] as number) : 0;
    x[i] = ((x[i] as number) - one - two) / (u0[i] as number);
  }
  return x;
}

/** Numbers in [-1, 1) without pattern, the same in every run: each vector starts from others. */
function fillWithNoiseInto(x: Float64Array, seed: number): void {
  let state = (seed + 1) * 0x9e3779b9;
  for (let i = 0; i < x.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    x[i] = state / 2147483648;
  }
}

/** Takes the part along a vector of length 1 out of x. */
function removeInPlace(x: Float64Array, along: Float64Array): void {
  let dot = 0;
  for (let i = 0; i < x.length; i++) dot += (x[i] as number) * (along[i] as number);
  for (let i = 0; i < x.length; i++) x[i] = (x[i] as number) - dot * (along[i] as number);
}

function scaleToOne(x: Float64Array): void {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i] as number));
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += ((x[i] as number) / largest) ** 2;
  const length = largest * Math.sqrt(sum);
  for (let i = 0; i < x.length; i++) x[i] = (x[i] as number) / length;
}

function largestRowSum(diagonal: Float64Array, beside: Float64Array): number {
  let most = 0;
  for (let i = 0; i < diagonal.length; i++) {
    const left = i > 0 ? Math.abs(beside[i - 1] as number) : 0;
    const right = i + 1 < diagonal.length ? Math.abs(beside[i] as number) : 0;
    most = Math.max(most, Math.abs(diagonal[i] as number) + left + right);
  }
  return most;
}
