/**
 * Fourier transforms of maps of complex vectors. A complex number is 32 bytes: four real parts, then four imaginary ones,
 * one for each of four images; so every operation of a textbook transform becomes one vector operation, and nothing is shuffled.
 *
 * Transforms run in place, by decimation in frequency: input in natural order, output in the order of `frequencyOrder` in
 * src/features/scattering/orders.ts. Nobody puts it into natural order: all who read it take their places from tables.
 * There is no inverse: the modulus of an inverse transform is that of a forward one at mirrored places.
 */

/** Bytes of a complex vector, and where its imaginary part lies. */
export const COMPLEX: usize = 32;
const IMAGINARY: usize = 16;

/** Root k of n is at (k * 32 / n) complex numbers for n <= 32; see `rootTable` in src/features/scattering/orders.ts. */
const HALF_ROOT: usize = 4 * 8; // cos(pi / 4)

// @ts-ignore: decorator
@inline
function plus(a: v128, b: v128): v128 {
  return f32x4.add(a, b);
}

// @ts-ignore: decorator
@inline
function minus(a: v128, b: v128): v128 {
  return f32x4.sub(a, b);
}

/** Stores (re + i im) exp(-i angle), with cosine and sine of the angle at `root`. */
// @ts-ignore: decorator
@inline
function storeTurned(to: usize, re: v128, im: v128, root: usize): void {
  const c = v128.load32_splat(root);
  const s = v128.load32_splat(root, 4);
  v128.store(to, plus(f32x4.mul(re, c), f32x4.mul(im, s)));
  v128.store(to, minus(f32x4.mul(im, c), f32x4.mul(re, s)), IMAGINARY);
}

/** One butterfly of four numbers `step` bytes apart; output m is turned by m times `turn` roots. */
// @ts-ignore: decorator
@inline
function quarter(p: usize, step: usize, roots: usize, turn: usize): void {
  const p1 = p + step;
  const p2 = p1 + step;
  const p3 = p2 + step;
  const ar = v128.load(p);
  const ai = v128.load(p, IMAGINARY);
  const cr = v128.load(p2);
  const ci = v128.load(p2, IMAGINARY);
  const br = v128.load(p1);
  const bi = v128.load(p1, IMAGINARY);
  const dr = v128.load(p3);
  const di = v128.load(p3, IMAGINARY);
  const sr = plus(ar, cr);
  const si = plus(ai, ci);
  const tr = plus(br, dr);
  const ti = plus(bi, di);
  v128.store(p, plus(sr, tr));
  v128.store(p, plus(si, ti), IMAGINARY);
  const er = minus(ar, cr);
  const ei = minus(ai, ci);
  const fr = minus(br, dr);
  const fi = minus(bi, di);
  if (turn == 0) {
    v128.store(p2, minus(sr, tr));
    v128.store(p2, minus(si, ti), IMAGINARY);
    v128.store(p1, plus(er, fi));
    v128.store(p1, minus(ei, fr), IMAGINARY);
    v128.store(p3, minus(er, fi));
    v128.store(p3, plus(ei, fr), IMAGINARY);
  } else {
    storeTurned(p1, plus(er, fi), minus(ei, fr), roots + turn * 8);
    storeTurned(p2, minus(sr, tr), minus(si, ti), roots + 2 * turn * 8);
    storeTurned(p3, minus(er, fi), plus(ei, fr), roots + 3 * turn * 8);
  }
}

/** Four numbers in registers to places 0, 2, 4 and 6 (times `step`) from `to`, in natural order. */
// @ts-ignore: decorator
@inline
function storeQuarter(to: usize, step: usize, ar: v128, ai: v128, br: v128, bi: v128, cr: v128, ci: v128, dr: v128, di: v128): void {
  const sr = plus(ar, cr);
  const si = plus(ai, ci);
  const er = minus(ar, cr);
  const ei = minus(ai, ci);
  const tr = plus(br, dr);
  const ti = plus(bi, di);
  const fr = minus(br, dr);
  const fi = minus(bi, di);
  const two = step * 2;
  v128.store(to, plus(sr, tr));
  v128.store(to, plus(si, ti), IMAGINARY);
  v128.store(to + two, plus(er, fi));
  v128.store(to + two, minus(ei, fr), IMAGINARY);
  v128.store(to + two * 2, minus(sr, tr));
  v128.store(to + two * 2, minus(si, ti), IMAGINARY);
  v128.store(to + two * 3, minus(er, fi));
  v128.store(to + two * 3, plus(ei, fr), IMAGINARY);
}

/** Transform of 8 numbers `step` bytes apart; its output is in natural order. */
function transform8(p: usize, step: usize, roots: usize): void {
  const q = p + step * 4;
  const h = v128.load32_splat(roots + HALF_ROOT);
  const x0r = v128.load(p);
  const x0i = v128.load(p, IMAGINARY);
  const x4r = v128.load(q);
  const x4i = v128.load(q, IMAGINARY);
  const x1r = v128.load(p + step);
  const x1i = v128.load(p + step, IMAGINARY);
  const x5r = v128.load(q + step);
  const x5i = v128.load(q + step, IMAGINARY);
  const x2r = v128.load(p + step * 2);
  const x2i = v128.load(p + step * 2, IMAGINARY);
  const x6r = v128.load(q + step * 2);
  const x6i = v128.load(q + step * 2, IMAGINARY);
  const x3r = v128.load(p + step * 3);
  const x3i = v128.load(p + step * 3, IMAGINARY);
  const x7r = v128.load(q + step * 3);
  const x7i = v128.load(q + step * 3, IMAGINARY);
  storeQuarter(
    p, step,
    plus(x0r, x4r), plus(x0i, x4i), plus(x1r, x5r), plus(x1i, x5i),
    plus(x2r, x6r), plus(x2i, x6i), plus(x3r, x7r), plus(x3i, x7i),
  );
  const b1r = minus(x1r, x5r);
  const b1i = minus(x1i, x5i);
  const b3r = minus(x3r, x7r);
  const b3i = minus(x3i, x7i);
  storeQuarter(
    p + step, step,
    minus(x0r, x4r), minus(x0i, x4i),
    f32x4.mul(plus(b1r, b1i), h), f32x4.mul(minus(b1i, b1r), h),
    minus(x2i, x6i), minus(x6r, x2r),
    f32x4.mul(minus(b3i, b3r), h), f32x4.neg(f32x4.mul(plus(b3r, b3i), h)),
  );
}

/** Transform of 16 numbers: four butterflies that are turned, then four that are not. */
function transform16(p: usize, step: usize, roots: usize): void {
  const far = step * 4;
  quarter(p, far, roots, 0);
  quarter(p + step, far, roots, 2);
  quarter(p + step * 2, far, roots, 4);
  quarter(p + step * 3, far, roots, 6);
  quarter(p, step, roots, 0);
  quarter(p + far, step, roots, 0);
  quarter(p + far * 2, step, roots, 0);
  quarter(p + far * 3, step, roots, 0);
}

/** Transform of 32 numbers: eight butterflies, then four transforms of 8. */
function transform32(p: usize, step: usize, roots: usize): void {
  const far = step * 8;
  quarter(p, far, roots, 0);
  quarter(p + step, far, roots, 1);
  quarter(p + step * 2, far, roots, 2);
  quarter(p + step * 3, far, roots, 3);
  quarter(p + step * 4, far, roots, 4);
  quarter(p + step * 5, far, roots, 5);
  quarter(p + step * 6, far, roots, 6);
  quarter(p + step * 7, far, roots, 7);
  transform8(p, step, roots);
  transform8(p + far, step, roots);
  transform8(p + far * 2, step, roots);
  transform8(p + far * 3, step, roots);
}

/** Transform of n numbers, n a power of two and at least 8. Those above 32 are halved first, with roots of their own. */
function transformLine(p: usize, n: u32, step: usize, roots: usize): void {
  if (n == 8) return transform8(p, step, roots);
  if (n == 16) return transform16(p, step, roots);
  if (n == 32) return transform32(p, step, roots);
  const half = n >> 1;
  const far = step * half;
  let root = roots + ((<usize>half) << 3); // roots of n follow those of all smaller sizes
  let at = p;
  for (let i: u32 = 0; i < half; i++) {
    const ar = v128.load(at);
    const ai = v128.load(at, IMAGINARY);
    const br = v128.load(at + far);
    const bi = v128.load(at + far, IMAGINARY);
    v128.store(at, plus(ar, br));
    v128.store(at, plus(ai, bi), IMAGINARY);
    storeTurned(at + far, minus(ar, br), minus(ai, bi), root);
    at += step;
    root += 8;
  }
  transformLine(p, half, step, roots);
  transformLine(p + far, half, step, roots);
}

/** Transform of a map of rows x cols, its rows `stride` bytes apart. */
export function transformMap(map: usize, rows: u32, cols: u32, stride: usize, roots: usize): void {
  const end = map + stride * rows;
  for (let at = map; at < end; at += stride) transformLine(at, cols, COMPLEX, roots);
  const last = map + COMPLEX * cols;
  for (let at = map; at < last; at += COMPLEX) transformLine(at, rows, stride, roots);
}
