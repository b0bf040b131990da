/**
 * Eigenvectors of a sparse symmetric matrix by subspace iteration: products of the matrix with a block of vectors, and
 * the small tables of scalar products that the Rayleigh-Ritz step takes. Sums are double and by block.
 */

@unmanaged
export class SpectralTask {
  rows: u32; // n
  width: u32; // vectors side by side, m, a multiple of 4
  blockRows: u32;
  starts: usize; // n + 1, u32
  columns: usize; // entries, u32
  values: usize; // entries, f32
  x: usize; // n x m, f32
  y: usize; // n x m, f32
  out: usize; // n x m, f32
  product: f32; // out = product * A x + same * x + before * y
  same: f32;
  before: f32;
  scalars: usize; // blocks x 2 x m x m, f64: of each block x'x and x'y
  turn: usize; // m x m, f32: row r holds what column r of x gives to each column of out
}

/** out = product A x + same x + before y, for the rows of a block. */
export function multiplyGraph(task: usize, block: u32, worker: u32): void {
  const t = changetype<SpectralTask>(task);
  const bytes = <usize>t.width << 2;
  const end = min((block + 1) * t.blockRows, t.rows);
  const product = f32x4.splat(t.product);
  const same = f32x4.splat(t.same);
  const before = f32x4.splat(t.before);
  for (let i = block * t.blockRows; i < end; i++) {
    const first = load<u32>(t.starts + (<usize>i << 2));
    const last = load<u32>(t.starts + (<usize>i << 2), 4);
    const row = <usize>i * bytes;
    for (let at: usize = 0; at < bytes; at += 16) {
      let sum = f32x4.splat(0);
      for (let edge = first; edge < last; edge++) {
        const value = v128.load32_splat(t.values + (<usize>edge << 2));
        const column = load<u32>(t.columns + (<usize>edge << 2));
        sum = f32x4.add(sum, f32x4.mul(value, v128.load(t.x + <usize>column * bytes + at)));
      }
      let result = f32x4.mul(product, sum);
      result = f32x4.add(result, f32x4.mul(same, v128.load(t.x + row + at)));
      if (t.before != 0) result = f32x4.add(result, f32x4.mul(before, v128.load(t.y + row + at)));
      v128.store(t.out + row + at, result);
    }
  }
}

/** Scalar products of the columns of x with those of x and y, over the rows of a block. */
export function scalarProducts(task: usize, block: u32, worker: u32): void {
  const t = changetype<SpectralTask>(task);
  const m = t.width;
  const bytes = <usize>m << 2;
  const table = t.scalars + ((<usize>block * 2 * m * m) << 3);
  memory.fill(table, 0, (2 * <usize>m * m) << 3);
  const end = min((block + 1) * t.blockRows, t.rows);
  for (let i = block * t.blockRows; i < end; i++) {
    const x = t.x + <usize>i * bytes;
    addProducts(table, x, x, m);
    addProducts(table + ((<usize>m * m) << 3), x, t.y + <usize>i * bytes, m);
  }
}

/** table += x y' */
// @ts-ignore: decorator
@inline
function addProducts(table: usize, x: usize, y: usize, m: u32): void {
  let cell = table;
  for (let r: u32 = 0; r < m; r++) {
    const value = f64x2.splat(<f64>load<f32>(x + (<usize>r << 2)));
    for (let c: u32 = 0; c < m; c += 2) {
      const pair = f64x2.promote_low_f32x4(v128.load64_zero(y + (<usize>c << 2)));
      v128.store(cell, f64x2.add(v128.load(cell), f64x2.mul(value, pair)));
      cell += 16;
    }
  }
}

/** out = x turn, for the rows of a block. */
export function turnVectors(task: usize, block: u32, worker: u32): void {
  const t = changetype<SpectralTask>(task);
  const m = t.width;
  const bytes = <usize>m << 2;
  const end = min((block + 1) * t.blockRows, t.rows);
  for (let i = block * t.blockRows; i < end; i++) {
    const row = <usize>i * bytes;
    for (let at: usize = 0; at < bytes; at += 16) {
      let sum = f32x4.splat(0);
      for (let r: u32 = 0; r < m; r++) {
        const value = v128.load32_splat(t.x + row + (<usize>r << 2));
        sum = f32x4.add(sum, f32x4.mul(value, v128.load(t.turn + <usize>r * bytes + at)));
      }
      v128.store(t.out + row + at, sum);
    }
  }
}
