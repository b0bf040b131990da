/** Powers of four numbers at a time, quickly: for forces, where three digits are plenty. The minima are those that a processor has. */

/** Bits of sqrt(1/2): numbers are split so that their fraction lies in [sqrt(1/2), sqrt(2)). */
const HALF_ROOT: i32 = 0x3f3504f3;

/** Added to a small number, 1.5 * 2^23 rounds it, and leaves the integer in the lowest bits. */
const ROUNDING: f32 = 12582912;

/**
 * x^exponent for x in [1e-30, 1e30], to a relative error below 2e-4 for exponents in (0, 4). With x = 2^n (1 + f), it is
 * 2^(exponent (n + log2(1 + f))); both functions are polynomials with the least largest error.
 */
// @ts-ignore: decorator
@inline
export function quickPower(x: v128, exponent: v128): v128 {
  const n = i32x4.shr_s(i32x4.sub(x, i32x4.splat(HALF_ROOT)), 23);
  const f = f32x4.sub(i32x4.sub(x, i32x4.shl(n, 23)), f32x4.splat(1));
  let log = f32x4.splat(0.26116989467931245);
  log = f32x4.add(f32x4.mul(log, f), f32x4.splat(-0.39246159018007876));
  log = f32x4.add(f32x4.mul(log, f), f32x4.splat(0.484648313637546));
  log = f32x4.add(f32x4.mul(log, f), f32x4.splat(-0.7204624229637411));
  log = f32x4.add(f32x4.mul(log, f), f32x4.splat(1.4426558454039269));
  const y = f32x4.mul(f32x4.add(f32x4.convert_i32x4_s(n), f32x4.mul(log, f)), exponent);
  // The result and its product with another factor must remain numbers.
  const t = f32x4.pmax(f32x4.pmin(y, f32x4.splat(60)), f32x4.splat(-100));
  const shifted = f32x4.add(t, f32x4.splat(ROUNDING));
  const r = f32x4.sub(t, f32x4.sub(shifted, f32x4.splat(ROUNDING)));
  let power = f32x4.splat(0.05600585301264587);
  power = f32x4.add(f32x4.mul(power, r), f32x4.splat(0.24263997531189163));
  power = f32x4.add(f32x4.mul(power, r), f32x4.splat(0.6931053177857334));
  power = f32x4.add(f32x4.mul(power, r), f32x4.splat(0.999924495720126));
  return i32x4.add(power, i32x4.shl(shifted, 23));
}
