/**
 * Exponential and logarithm without tables: those of AssemblyScript's library would lie in the memory that the kernels
 * share and hand out.
 */

const LOG2_E: f64 = 1.4426950408889634;
/** ln 2 in two parts; the first has so few digits that its product with an exponent is exact. */
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
/** Below, the result would not be a normal number. */
const LEAST: f64 = -708;

// @ts-ignore: decorator
@inline
function horner(sum: v128, r: v128, coefficient: f64): v128 {
  return f64x2.add(f64x2.mul(sum, r), f64x2.splat(coefficient));
}

/**
 * e^x of two numbers in (-infinity, 700]; 0 below -708. With x = n ln 2 + r, |r| <= ln 2 / 2, it is 2^n times the Taylor
 * series of e^r to r^13, whose next term is below 5e-18.
 */
// @ts-ignore: decorator
@inline
export function exponentialOf(given: v128): v128 {
  const x = f64x2.max(given, f64x2.splat(LEAST));
  const n = f64x2.nearest(f64x2.mul(x, f64x2.splat(LOG2_E)));
  const rough = f64x2.sub(x, f64x2.mul(n, f64x2.splat(LN2_HIGH)));
  const r = f64x2.sub(rough, f64x2.mul(n, f64x2.splat(LN2_LOW)));
  let sum = f64x2.splat(1.0 / 6227020800.0);
  sum = horner(sum, r, 1.0 / 479001600.0);
  sum = horner(sum, r, 1.0 / 39916800.0);
  sum = horner(sum, r, 1.0 / 3628800.0);
  sum = horner(sum, r, 1.0 / 362880.0);
  sum = horner(sum, r, 1.0 / 40320.0);
  sum = horner(sum, r, 1.0 / 5040.0);
  sum = horner(sum, r, 1.0 / 720.0);
  sum = horner(sum, r, 1.0 / 120.0);
  sum = horner(sum, r, 1.0 / 24.0);
  sum = horner(sum, r, 1.0 / 6.0);
  sum = horner(sum, r, 0.5);
  sum = horner(sum, r, 1.0);
  sum = horner(sum, r, 1.0);
  const exponents = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(n));
  const powers = i64x2.shl(i64x2.add(exponents, i64x2.splat(1023)), 52);
  const result = f64x2.mul(sum, powers);
  return v128.and(result, f64x2.ge(given, f64x2.splat(LEAST)));
}

/**
 * Natural logarithm of a normal positive number. With x = 2^n m, m about 1, and f = (m - 1) / (m + 1), it is n ln 2 plus
 * twice the series f + f^3 / 3 + f^5 / 5 + ..., |f| < 0.172.
 */
export function logarithmOf(x: f64): f64 {
  const bits = reinterpret<i64>(x);
  let n = <i32>((bits >> 52) & 2047) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    n += 1;
  }
  const f = (m - 1) / (m + 1);
  const square = f * f;
  let sum: f64 = 0;
  for (let power: i32 = 23; power > 1; power -= 2) sum = (sum + 1.0 / <f64>power) * square;
  return <f64>n * LN2_HIGH + (2 * f + (2 * f * sum + <f64>n * LN2_LOW));
}
