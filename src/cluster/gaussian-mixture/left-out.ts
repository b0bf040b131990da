/**
 * Densities of samples that a mixture was fitted to, as if each had been left out. With its responsibilities r held, a
 * component of N samples with mean m and covariance S becomes, without x = m + e and with N' = N - r,
 *
 *   x - m' = e N / N',   S' = (N / N') (S - (r / N') e e^T),
 *
 * so that by the formulas of Sherman and Morrison, with q = e^T S^-1 e,
 *
 *   q' = (N / N') q / (1 - r q / N'),   ln |S'| = d ln(N / N') + ln |S| + ln(1 - r q / N').
 *
 * Diagonal covariances follow the same, feature by feature. A common covariance of all components loses what the sample
 * gave it through each, of which the largest part is taken.
 */
import { precisions } from "./parameters.ts";
import type { GaussianMixtureModel } from "./types.ts";

/** What at least remains of a variance: a component that a single sample holds up has no other without it. */
const LEAST_REST = 1e-6;

/** A component of fewer samples than this is gone. */
const STARVED = 1e-8;

/**
 * The natural log density of a sample, had it been left out.
 *
 * @returns a function of one sample of those that the model was fitted to, nFeatures numbers in their units
 */
export function leftOutDensity(model: GaussianMixtureModel): (sample: Float64Array) => number {
  const { means, weights, nSamples, settings } = model;
  const { rows: k, cols: d } = means;
  const { triangular, factors, logPeaks } = precisions(model);
  const type = settings.covarianceType;
  const squares = new Float64Array(k * d);
  const logs = new Float64Array(k);

  /** Squares of the standardized numbers of a sample from a component; their sum is q. */
  const standardize = (sample: Float64Array, c: number): number => {
    const factor = factors[factors.length === 1 ? 0 : c] as Float64Array;
    let q = 0;
    for (let i = 0; i < d; i++) {
      let value = 0;
      if (triangular) {
        for (let j = 0; j <= i; j++) {
          value +=
            (factor[i * d + j] as number) * ((sample[j] as number) - (means.data[c * d + j] as number));
        }
      } else {
        value = (factor[i] as number) * ((sample[i] as number) - (means.data[c * d + i] as number));
      }
      squares[c * d + i] = value * value;
      q += value * value;
    }
    return q;
  };

  /** ln N(x) of a component without the sample, which had the responsibility r there. */
  const without = (c: number, q: number, r: number): number => {
    const size = (weights[c] as number) * nSamples;
    const rest = size - r;
    const ratio = size / rest;
    const peak = logPeaks[c] as number;
    const left = (square: number, share: number): number => Math.max(LEAST_REST, 1 - share * square);
    switch (type) {
      case "full": {
        const kept = left(q, r / rest);
        return peak - (d * Math.log(ratio) + Math.log(kept)) / 2 - (ratio * q) / kept / 2;
      }
      case "tied": {
        // The covariance is of all samples together; the center moves by those of its own.
        const [all, share] = [nSamples / (nSamples - r), (r * ratio) / nSamples];
        const kept = left(q, share);
        return peak - (d * Math.log(all) + Math.log(kept)) / 2 - (ratio * ratio * q) / (all * kept) / 2;
      }
      case "spherical": {
        const kept = left(q / d, r / rest);
        return peak - (d * Math.log(ratio * kept)) / 2 - (ratio * q) / kept / 2;
      }
      case "diagonal": {
        let sum = 0;
        for (let j = 0; j < d; j++) {
          const square = squares[c * d + j] as number;
          const kept = left(square, r / rest);
          sum += Math.log(ratio * kept) + (ratio * square) / kept;
        }
        return peak - sum / 2;
      }
    }
  };

  return (sample) => {
    const qs = Float64Array.from({ length: k }, (_, c) => standardize(sample, c));
    for (let c = 0; c < k; c++) {
      logs[c] = Math.log(weights[c] as number) + (logPeaks[c] as number) - (qs[c] as number) / 2;
    }
    const whole = logSum(logs);
    const shares = logs.map((value) => Math.exp(value - whole));
    for (let c = 0; c < k; c++) {
      const r = shares[c] as number;
      const rest = (weights[c] as number) * nSamples - r;
      logs[c] =
        rest <= STARVED || nSamples === 1
          ? Number.NEGATIVE_INFINITY
          : Math.log(rest / (nSamples - 1)) + without(c, qs[c] as number, r);
    }
    return logSum(logs);
  };
}

function logSum(values: Float64Array): number {
  const largest = Math.max(...values);
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}
