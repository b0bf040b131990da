/**
 * A symmetric matrix made tridiagonal by Householder's reflections (Golub and Van Loan 2013, section 8.3.1), and vectors
 * taken back. Step k reflects row k beyond the diagonal onto one axis: with H = I - beta v v', the rest of the matrix becomes
 * A - v w' - w v', w = p - (beta p'v / 2) v, p = beta A v.
 *
 * One pass over the rest does both: it takes away v w' + w v' of the step before, and multiplies the result with the new v,
 * for which one row had to be brought up to date first. So each number is read and written once in each step.
 */

/** Where everything lies; n = size. */
@unmanaged
export class HouseholderTask {
  matrix: usize; // n x n, f64; row k ends as the reflection of step k, from column k + 1 on
  size: u32;
  step: i32; // the present step; before the first, -1
  diagonal: usize; // n, f64: of the tridiagonal matrix
  beside: usize; // n, f64: its elements (k, k + 1)
  betas: usize; // n, f64
  v: usize; // n, f64: the reflection of the step before
  w: usize; // n, f64: its partner
  next: usize; // n, f64: the reflection of this step
  product: usize; // n, f64: matrix times it
  vectors: usize; // nVectors x n, f64: to be taken back
  nVectors: u32;
}

/** Blocks into which the rows of a step are cut; their bounds change no result. */
const BLOCKS: u32 = 32;

/** The sum of products of two pieces of length n. */
function dot(a: usize, b: usize, n: u32): f64 {
  let s = f64x2.splat(0);
  let u = f64x2.splat(0);
  let i: u32 = 0;
  for (; i + 4 <= n; i += 4) {
    const p = <usize>i << 3;
    s = f64x2.add(s, f64x2.mul(v128.load(a + p), v128.load(b + p)));
    u = f64x2.add(u, f64x2.mul(v128.load(a + p, 16), v128.load(b + p, 16)));
  }
  s = f64x2.add(s, u);
  let total = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
  for (; i < n; i++) total += load<f64>(a + (<usize>i << 3)) * load<f64>(b + (<usize>i << 3));
  return total;
}

/** One block: goes on to the next step, completes the partner of the reflection before, and finds the next one. */
export function reflectRow(task: usize, block: u32, worker: u32): void {
  const t = changetype<HouseholderTask>(task);
  const n = t.size;
  const before = t.step;
  const k = <u32>(before + 1);
  t.step = <i32>k;
  if (before >= 0) {
    const from = <usize>(before + 1) << 3;
    const m = n - <u32>before - 1;
    const beta = load<f64>(t.betas + (<usize>before << 3));
    const half = 0.5 * beta * beta * dot(t.product + from, t.next + from, m);
    for (let p = from; p < (<usize>n << 3); p += 8) {
      const v = load<f64>(t.next + p);
      store<f64>(t.v + p, v);
      store<f64>(t.w + p, beta * load<f64>(t.product + p) - half * v);
    }
  }
  const row = t.matrix + ((<usize>k * n) << 3);
  const own = <usize>k << 3;
  const vk = load<f64>(t.v + own);
  const wk = load<f64>(t.w + own);
  for (let p = own; p < (<usize>n << 3); p += 8) {
    store<f64>(row + p, load<f64>(row + p) - vk * load<f64>(t.w + p) - wk * load<f64>(t.v + p));
  }
  store<f64>(t.diagonal + own, load<f64>(row + own));
  if (k + 1 >= n) return;
  const first = own + 8;
  const x = load<f64>(row + first);
  const rest = dot(row + first + 8, row + first + 8, n - k - 2);
  let beta: f64 = 0;
  if (rest > 0) {
    const length = sqrt(x * x + rest);
    const beside = x > 0 ? -length : length;
    const head = x - beside;
    beta = 2 / (head * head + rest);
    store<f64>(row + first, head);
    store<f64>(t.beside + own, beside);
  } else {
    store<f64>(row + first, 0);
    store<f64>(t.beside + own, x);
  }
  store<f64>(t.betas + own, beta);
  if (beta == 0) memory.fill(row + first, 0, <usize>(n - k - 1) << 3);
  memory.copy(t.next + first, row + first, <usize>(n - k - 1) << 3);
}

/** A share of the rows behind the present one: takes the reflection before into them, and multiplies them with the next. */
export function reflectRest(task: usize, block: u32, worker: u32): void {
  const t = changetype<HouseholderTask>(task);
  const n = t.size;
  const k = <u32>t.step;
  if (k + 1 >= n) return;
  const m = n - k - 1;
  const last = k + 1 + (m * (block + 1)) / BLOCKS;
  const from = <usize>(k + 1) << 3;
  for (let i = k + 1 + (m * block) / BLOCKS; i < last; i++) {
    const row = t.matrix + ((<usize>i * n) << 3) + from;
    const v = t.v + from;
    const w = t.w + from;
    const next = t.next + from;
    const vi = load<f64>(t.v + (<usize>i << 3));
    const wi = load<f64>(t.w + (<usize>i << 3));
    const vs = f64x2.splat(vi);
    const ws = f64x2.splat(wi);
    let s = f64x2.splat(0);
    let u = f64x2.splat(0);
    let j: u32 = 0;
    for (; j + 4 <= m; j += 4) {
      const p = <usize>j << 3;
      let a = v128.load(row + p);
      a = f64x2.sub(a, f64x2.mul(vs, v128.load(w + p)));
      a = f64x2.sub(a, f64x2.mul(ws, v128.load(v + p)));
      v128.store(row + p, a);
      s = f64x2.add(s, f64x2.mul(a, v128.load(next + p)));
      let b = v128.load(row + p, 16);
      b = f64x2.sub(b, f64x2.mul(vs, v128.load(w + p, 16)));
      b = f64x2.sub(b, f64x2.mul(ws, v128.load(v + p, 16)));
      v128.store(row + p, b, 16);
      u = f64x2.add(u, f64x2.mul(b, v128.load(next + p, 16)));
    }
    s = f64x2.add(s, u);
    let total = f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
    for (; j < m; j++) {
      const p = <usize>j << 3;
      const a = load<f64>(row + p) - vi * load<f64>(w + p) - wi * load<f64>(v + p);
      store<f64>(row + p, a);
      total += a * load<f64>(next + p);
    }
    store<f64>(t.product + (<usize>i << 3), total);
  }
}

/** Takes four vectors of the tridiagonal matrix back to those of the matrix it was made of. */
export function reflectBack(task: usize, block: u32, worker: u32): void {
  const t = changetype<HouseholderTask>(task);
  const n = t.size;
  const last = min(t.nVectors, (block + 1) * 4);
  for (let k = <i32>n - 3; k >= 0; k--) {
    const beta = load<f64>(t.betas + (<usize>k << 3));
    if (beta == 0) continue;
    const m = n - <u32>k - 1;
    const from = <usize>(k + 1) << 3;
    const v = t.matrix + ((<usize>k * n) << 3) + from;
    for (let c = block * 4; c < last; c++) {
      const y = t.vectors + ((<usize>c * n) << 3) + from;
      const factor = beta * dot(v, y, m);
      const factors = f64x2.splat(factor);
      let i: u32 = 0;
      for (; i + 2 <= m; i += 2) {
        const p = <usize>i << 3;
        v128.store(y + p, f64x2.sub(v128.load(y + p), f64x2.mul(factors, v128.load(v + p))));
      }
      if (i < m) {
        const p = <usize>i << 3;
        store<f64>(y + p, load<f64>(y + p) - factor * load<f64>(v + p));
      }
    }
  }
}
