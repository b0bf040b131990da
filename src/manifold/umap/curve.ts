/**
 * The curve 1 / (1 + a d^2b) by which UMAP turns a distance d in the map into a membership. Its parameters follow from how
 * tightly points may lie (minDist) and over what scale memberships fall (spread): the curve is to come as near as it can
 * to 1 up to minDist and exp(-(d - minDist) / spread) beyond (McInnes, Healy and Melville 2018, section 3.2).
 */

/** Parameters of the curve. */
export interface Curve {
  readonly a: number;
  readonly b: number;
}

/** Distances at which the curve is compared, as in umap-learn: 300 from 0 to 3 spread. */
const nPoints = 300;
const mostRounds = 200;
/** Relative change of the sum of squares at which the fit ends. */
const settled = 1e-14;

/**
 * The curve for `minDist` >= 0 and `spread` > 0 by least squares (Levenberg 1944, Marquardt 1963), from a = b = 1.
 *
 * Agrees with umap-learn's `find_ab_params` to 1e-4.
 */
export function fitCurve(minDist: number, spread: number): Curve {
  const distances = Float64Array.from({ length: nPoints }, (_, i) => (3 * spread * i) / (nPoints - 1));
  const wanted = distances.map((d) => (d < minDist ? 1 : Math.exp(-(d - minDist) / spread)));
  let curve: Curve = { a: 1, b: 1 };
  let error = squaredError(curve, distances, wanted);
  let damping = 1e-3;
  for (let round = 0; round < mostRounds && damping < 1e12; round++) {
    const next = dampedStep(curve, distances, wanted, damping);
    const nextError = next.a > 0 && next.b > 0 ? squaredError(next, distances, wanted) : Number.NaN;
    if (!(nextError < error)) {
      damping *= 4;
      continue;
    }
    const done = error - nextError <= settled * error;
    curve = next;
    error = nextError;
    damping /= 4;
    if (done) break;
  }
  return curve;
}

function curveAt({ a, b }: Curve, d: number): number {
  return 1 / (1 + a * d ** (2 * b));
}

function squaredError(curve: Curve, distances: Float64Array, wanted: Float64Array): number {
  return distances.reduce((sum, d, i) => sum + (curveAt(curve, d) - (wanted[i] as number)) ** 2, 0);
}

/** One step of Gauss and Newton, its diagonal enlarged by the damping. */
function dampedStep(curve: Curve, distances: Float64Array, wanted: Float64Array, damping: number): Curve {
  let [aa, ab, bb, ra, rb] = [0, 0, 0, 0, 0];
  distances.forEach((d, i) => {
    if (d === 0) return; // the curve is 1 there, whatever its parameters
    const value = curveAt(curve, d);
    const rest = (wanted[i] as number) - value;
    const byA = -(value ** 2) * d ** (2 * curve.b);
    const byB = byA * curve.a * 2 * Math.log(d);
    aa += byA * byA;
    ab += byA * byB;
    bb += byB * byB;
    ra += byA * rest;
    rb += byB * rest;
  });
  aa *= 1 + damping;
  bb *= 1 + damping;
  const determinant = aa * bb - ab * ab;
  return {
    a: curve.a + (bb * ra - ab * rb) / determinant,
    b: curve.b + (aa * rb - ab * ra) / determinant,
  };
}
