/**
 * How strongly a point belongs to the surroundings of another (McInnes, Healy, Melville 2018, section 3.1): point i takes its
 * neighbour j with the strength
 *
 *   w(i, j) = exp(-max(0, d(i, j) - rho_i) / sigma_i),
 *
 * rho_i its smallest distance that is not zero, sigma_i such that the strengths of its neighbours add up to log2(nNeighbors).
 * As in umap-learn, nNeighbors counts the point itself, so it is k + 1 here. The constants are those of umap-learn 0.5.
 */
import type { Neighbors } from "./types.ts";

/** The two scales of each point. */
export interface MembershipScales {
  readonly rho: Float32Array;
  readonly sigma: Float32Array;
}

/** Halvings of the interval that holds sigma. */
const maxHalvings = 64;
/** How far the sum of strengths may be off. */
const sumTolerance = 1e-5;
/** Sigma is at least this share of the mean distance to the neighbours, or of the mean over all points where rho is 0. */
const leastScale = 1e-3;

/**
 * The scales at which each point sees its neighbours.
 *
 * @param neighbors of points among themselves
 */
export function membershipScales({ rows, k, distances }: Neighbors): MembershipScales {
  const rho = new Float32Array(rows);
  const sigma = new Float32Array(rows);
  // Means count the point itself, at distance 0.
  const meanOfAll = distances.reduce((sum, distance) => sum + distance, 0) / (rows * (k + 1));
  const own = new Float64Array(k);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    let nearest = 0;
    for (let j = 0; j < k; j++) {
      const distance = distances[i * k + j] as number;
      if (nearest === 0 && distance > 0) nearest = distance;
      own[j] = distance;
      sum += distance;
    }
    rho[i] = nearest;
    for (let j = 0; j < k; j++) own[j] = Math.max(0, (own[j] as number) - nearest);
    const least = leastScale * (nearest > 0 ? sum / (k + 1) : meanOfAll);
    sigma[i] = Math.max(least, solveSigma(own, Math.log2(k + 1)));
  }
  return { rho, sigma };
}

/** The sigma for which the strengths at these distances beyond rho add up to `target`, by bisection. */
function solveSigma(beyond: Float64Array, target: number): number {
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let middle = 1;
  for (let halving = 0; halving < maxHalvings; halving++) {
    let sum = 0;
    for (let j = 0; j < beyond.length; j++) sum += Math.exp(-(beyond[j] as number) / middle);
    if (Math.abs(sum - target) < sumTolerance) break;
    if (sum > target) {
      high = middle;
      middle = (low + high) / 2;
    } else {
      low = middle;
      middle = high === Number.POSITIVE_INFINITY ? middle * 2 : (low + high) / 2;
    }
  }
  return middle;
}

/**
 * The strength with which each point takes each of its neighbours.
 *
 * @returns rows x k entries in [0, 1], in the order of `neighbors.indices`
 */
export function membershipStrengths(
  { rows, k, distances }: Neighbors,
  { rho, sigma }: MembershipScales,
): Float32Array {
  const strengths = new Float32Array(rows * k);
  for (let i = 0; i < rows; i++) {
    for (let at = i * k; at < (i + 1) * k; at++) {
      const beyond = (distances[at] as number) - (rho[i] as number);
      strengths[at] = beyond <= 0 || sigma[i] === 0 ? 1 : Math.exp(-beyond / (sigma[i] as number));
    }
  }
  return strengths;
}

/**
 * The share that each stored neighbour has in a new point: the strength with which that neighbour would take the point, by the
 * neighbour's own scales, divided by the sum over the point's neighbours.
 *
 * Points far from all samples have shares too: exponents are taken relative to the largest of them.
 *
 * @param neighbors of new points among stored samples, as `queryNeighbors` gives them
 * @param scales of the stored samples, as {@link membershipScales} gave them
 * @returns rows x k entries; each row adds up to 1
 */
export function membershipShares(
  { rows, k, indices, distances }: Neighbors,
  { rho, sigma }: MembershipScales,
): Float32Array {
  const shares = new Float32Array(rows * k);
  const exponents = new Float64Array(k);
  for (let i = 0; i < rows; i++) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < k; j++) {
      const neighbor = indices[i * k + j] as number;
      const beyond = (distances[i * k + j] as number) - (rho[neighbor] as number);
      const exponent = beyond <= 0 || sigma[neighbor] === 0 ? 0 : -beyond / (sigma[neighbor] as number);
      exponents[j] = exponent;
      if (exponent > largest) largest = exponent;
    }
    let sum = 0;
    for (let j = 0; j < k; j++) sum += Math.exp((exponents[j] as number) - largest);
    for (let j = 0; j < k; j++) shares[i * k + j] = Math.exp((exponents[j] as number) - largest) / sum;
  }
  return shares;
}
