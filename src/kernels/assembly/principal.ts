/**
 * Principal components: products of all pairs of columns, and rows in terms of components.
 *
 * Rows arrive in stages. A stage is first turned, so that each column lies in one piece; then the product of two columns
 * is a dot product along the rows, taken for four columns by two at a time, all in registers. Bytes are turned into
 * 16-bit integers and their products are exact. Floats are taken less a provisional center, which keeps their squares
 * from cancelling later, as float32 (sums of 256 rows in float32, sums of those in float64) or as float64.
 *
 * Each cell of the result belongs to one block of work, which adds to it stage by stage: the same bytes on any number
 * of threads.
 */

/** Where everything lies. n = rows of the stage, d = cols; padded = d rounded up to 4. */
@unmanaged
export class PrincipalTask {
  staging: usize; // n x d as they came, u8 or f32
  rows: u32;
  cols: u32;
  capacity: u32; // rows of a full stage, a multiple of 512
  center: usize; // d, f32: provisional center
  scale: f32; // power of two by which centered floats are multiplied

  // turned columns and their products
  columns: usize; // padded x capacity, i16, f32 or f64; rows that are missing to a full stage are zero
  live: usize; // padded, u8: whether a column holds anything but zeros
  sums: usize; // d, f64: of the turned columns, over all stages
  squares: usize; // d, f64: of their squares (not of 16-bit integers)
  others: usize; // nOthers x capacity: right-hand columns; the columns themselves where 0
  nOthers: u32; // even
  cells: usize; // padded x cellStride, f64
  cellStride: u32;

  // projection
  components: usize; // nComponents rounded up to 2 x stride, f32
  nComponents: u32;
  stride: u32; // d rounded up to 4
  offsets: usize; // nComponents, f64: added to what comes out
  output: usize; // f32: component c of row r at r * rowStep + c * componentStep
  rowStep: u32;
  componentStep: u32;
  workerScratch: usize;
  scratchBytes: u32;
}

/** Columns that are turned in one block, and the rows among them that are turned at a time. */
const TURNED: u32 = 64;
const TURNED_ROWS: u32 = 32;

// @ts-ignore: decorator
@inline
function sizeOf<T>(): usize {
  return sizeof<T>();
}

/** Turns 64 columns of the stage, and adds to their sums. */
function turn<From, To>(t: PrincipalTask, block: u32): void {
  const n = t.rows;
  const d = t.cols;
  const capacity = t.capacity;
  const last = min(d, (block + 1) * TURNED);
  const scale = <f64>t.scale;
  for (let r0: u32 = 0; r0 < n; r0 += TURNED_ROWS) {
    const r1 = min(n, r0 + TURNED_ROWS);
    for (let j = block * TURNED; j < last; j++) {
      let from = t.staging + (<usize>r0 * d + j) * sizeOf<From>();
      let to = t.columns + (<usize>j * capacity + r0) * sizeOf<To>();
      if (isInteger<To>()) {
        let sum: u32 = 0;
        for (let r = r0; r < r1; r++) {
          const value = <u32>load<u8>(from);
          store<u16>(to, <u16>value);
          sum += value;
          from += d;
          to += 2;
        }
        note(t, j, r0, sum != 0, <f64>sum, 0);
      } else {
        const center = load<f32>(t.center + (<usize>j << 2));
        let sum: f64 = 0;
        let squares: f64 = 0;
        let any = false;
        for (let r = r0; r < r1; r++) {
          const value = <To>((<f64>load<From>(from) - <f64>center) * scale);
          store<To>(to, value);
          any = any || value != 0;
          sum += <f64>value;
          squares += <f64>value * <f64>value;
          from += <usize>d * sizeOf<From>();
          to += sizeOf<To>();
        }
        note(t, j, r0, any, sum, squares);
      }
    }
  }
  for (let j = block * TURNED; n < capacity && j < last; j++) {
    const rest = t.columns + (<usize>j * capacity + n) * sizeOf<To>();
    memory.fill(rest, 0, <usize>(capacity - n) * sizeOf<To>());
  }
}

// @ts-ignore: decorator
@inline
function note(t: PrincipalTask, j: u32, r0: u32, any: bool, sum: f64, squares: f64): void {
  const live = t.live + j;
  store<u8>(live, u8(any) | (r0 > 0 ? load<u8>(live) : 0));
  const at = <usize>j << 3;
  store<f64>(t.sums + at, load<f64>(t.sums + at) + sum);
  store<f64>(t.squares + at, load<f64>(t.squares + at) + squares);
}

/** Bytes to 16-bit integers. */
export function turnBytesWhole(task: usize, block: u32, worker: u32): void {
  turn<u8, i16>(changetype<PrincipalTask>(task), block);
}
export function turnBytesSingle(task: usize, block: u32, worker: u32): void {
  turn<u8, f32>(changetype<PrincipalTask>(task), block);
}
export function turnFloatsSingle(task: usize, block: u32, worker: u32): void {
  turn<f32, f32>(changetype<PrincipalTask>(task), block);
}
export function turnFloatsDouble(task: usize, block: u32, worker: u32): void {
  turn<f32, f64>(changetype<PrincipalTask>(task), block);
}

/** Columns on each side of a block of products: 128 pieces of columns of 4 KB fit into the second cache. */
const SIDE: u32 = 64;

// @ts-ignore: decorator
@inline
function zero<T>(): v128 {
  return i64x2.splat(0);
}

// @ts-ignore: decorator
@inline
function addProduct<T>(sum: v128, a: v128, b: v128): v128 {
  if (isInteger<T>()) return i32x4.add(sum, i32x4.dot_i16x8_s(a, b));
  if (sizeof<T>() == 4) return f32x4.add(sum, f32x4.mul(a, b));
  return f64x2.add(sum, f64x2.mul(a, b));
}

/** Adds all lanes to a cell. */
// @ts-ignore: decorator
@inline
function addLanes<T>(cell: usize, sum: v128): void {
  let total: f64;
  if (isInteger<T>()) {
    total = <f64>(
      (i32x4.extract_lane(sum, 0) +
        i32x4.extract_lane(sum, 1) +
        i32x4.extract_lane(sum, 2) +
        i32x4.extract_lane(sum, 3))
    );
  } else if (sizeof<T>() == 4) {
    const low = f64x2.promote_low_f32x4(sum);
    const high = f64x2.promote_low_f32x4(i8x16.shuffle(sum, sum, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
    const both = f64x2.add(low, high);
    total = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  } else {
    total = f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
  }
  store<f64>(cell, load<f64>(cell) + total);
}

/** Adds the dot products of four columns at a and two at b, `bytes` of each, to the cells. */
// @ts-ignore: decorator
@inline
function fourByTwo<T>(a: usize, b: usize, column: usize, bytes: usize, cell: usize, cellRow: usize): void {
  let s0 = zero<T>();
  let s1 = zero<T>();
  let s2 = zero<T>();
  let s3 = zero<T>();
  let u0 = zero<T>();
  let u1 = zero<T>();
  let u2 = zero<T>();
  let u3 = zero<T>();
  const a1 = a + column;
  const a2 = a1 + column;
  const a3 = a2 + column;
  const b1 = b + column;
  for (let p: usize = 0; p < bytes; p += 16) {
    const y0 = v128.load(b + p);
    const y1 = v128.load(b1 + p);
    let x = v128.load(a + p);
    s0 = addProduct<T>(s0, x, y0);
    u0 = addProduct<T>(u0, x, y1);
    x = v128.load(a1 + p);
    s1 = addProduct<T>(s1, x, y0);
    u1 = addProduct<T>(u1, x, y1);
    x = v128.load(a2 + p);
    s2 = addProduct<T>(s2, x, y0);
    u2 = addProduct<T>(u2, x, y1);
    x = v128.load(a3 + p);
    s3 = addProduct<T>(s3, x, y0);
    u3 = addProduct<T>(u3, x, y1);
  }
  addLanes<T>(cell, s0);
  addLanes<T>(cell + 8, u0);
  addLanes<T>(cell + cellRow, s1);
  addLanes<T>(cell + cellRow + 8, u1);
  addLanes<T>(cell + 2 * cellRow, s2);
  addLanes<T>(cell + 2 * cellRow + 8, u2);
  addLanes<T>(cell + 3 * cellRow, s3);
  addLanes<T>(cell + 3 * cellRow + 8, u3);
}

/**
 * Adds the products of two groups of 64 columns to their cells. Where there are no other columns, the blocks are those of
 * the lower half: (0, 0), (1, 0), (1, 1), (2, 0), ..., and of those on the diagonal the lower half alone.
 *
 * @param span rows whose sum is taken in registers
 */
function products<T>(t: PrincipalTask, block: u32, span: u32): void {
  const capacity = t.capacity;
  const padded = (t.cols + 3) & ~3;
  const symmetric = t.others == 0;
  let left = block;
  let right: u32 = 0;
  if (symmetric) {
    left = 0;
    right = block;
    while (right > left) right -= ++left;
  } else {
    const across = (t.nOthers + SIDE - 1) / SIDE;
    left = block / across;
    right = block % across;
  }
  const others = symmetric ? t.columns : t.others;
  const column = <usize>capacity * sizeof<T>();
  const bytes = <usize>span * sizeof<T>();
  const cellRow = <usize>t.cellStride << 3;
  const iEnd = min(padded, (left + 1) * SIDE);
  const jEnd = min(symmetric ? padded : t.nOthers, (right + 1) * SIDE);
  for (let r: u32 = 0; r < t.rows; r += span) {
    const from = <usize>r * sizeof<T>();
    for (let i = left * SIDE; i < iEnd; i += 4) {
      if (load<u32>(t.live + i) == 0) continue;
      const a = t.columns + <usize>i * column + from;
      const cells = t.cells + <usize>i * cellRow;
      const end = symmetric ? min(jEnd, i + 4) : jEnd;
      for (let j = right * SIDE; j < end; j += 2) {
        if (symmetric && load<u16>(t.live + j) == 0) continue;
        fourByTwo<T>(a, others + <usize>j * column + from, column, bytes, cells + (<usize>j << 3), cellRow);
      }
    }
  }
}

/** Of 16-bit integers that were bytes: a lane sums 2,048 rows below 2^31 / 60. */
export function productsWhole(task: usize, block: u32, worker: u32): void {
  products<i16>(changetype<PrincipalTask>(task), block, 2048);
}
export function productsSingle(task: usize, block: u32, worker: u32): void {
  products<f32>(changetype<PrincipalTask>(task), block, 256);
}
export function productsDouble(task: usize, block: u32, worker: u32): void {
  products<f64>(changetype<PrincipalTask>(task), block, 512);
}

/** Rows of a block of the projection, and the columns whose products are summed in float32. */
const GROUP: u32 = 64;
const SEGMENT: u32 = 512;

/** Row r less the center, columns j to j + 3; what lies behind the last column is zero. */
// @ts-ignore: decorator
@inline
function centered<From>(t: PrincipalTask, r: u32, j: u32): v128 {
  const d = t.cols;
  const from = t.staging + (<usize>r * d + j) * sizeOf<From>();
  const center = v128.load(t.center + (<usize>j << 2));
  let x: v128;
  if (isInteger<From>()) {
    const words = i16x8.extend_low_i8x16_u(v128.load32_zero(from));
    x = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words));
  } else {
    x = v128.load(from);
  }
  const value = f32x4.mul(f32x4.sub(x, center), f32x4.splat(t.scale));
  if (j + 4 <= d) return value;
  const present = i32x4.lt_s(i32x4.add(i32x4.splat(j), i32x4(0, 1, 2, 3)), i32x4.splat(d));
  return v128.and(value, present);
}

/** Rows of a block in terms of the components; rows that are missing to a full stage become zero where columns are made. */
function project<From>(t: PrincipalTask, block: u32, worker: u32): void {
  const first = block * GROUP;
  const present = first < t.rows ? min(GROUP, t.rows - first) : 0;
  const k = t.nComponents;
  const evenK = (k + 1) & ~1;
  const scratch = t.workerScratch + <usize>worker * t.scratchBytes;
  const totals = scratch + ((<usize>GROUP * SEGMENT) << 2);
  memory.fill(totals, 0, (<usize>GROUP * evenK) << 3);
  const row = <usize>SEGMENT << 2;
  const cellRow = <usize>evenK << 3;
  for (let j0: u32 = 0; j0 < t.stride && present > 0; j0 += SEGMENT) {
    const width = min(SEGMENT, t.stride - j0);
    for (let r: u32 = 0; r < present; r++) {
      const to = scratch + <usize>r * row;
      for (let j: u32 = 0; j < width; j += 4) {
        v128.store(to + (<usize>j << 2), centered<From>(t, first + r, j0 + j));
      }
    }
    for (let r: u32 = 0; r < present; r += 4) {
      const x = scratch + <usize>r * row;
      for (let c: u32 = 0; c < evenK; c += 2) {
        const y = t.components + ((<usize>c * t.stride + j0) << 2);
        rowsByComponents(x, row, y, <usize>t.stride << 2, <usize>width << 2, totals + <usize>r * cellRow + (<usize>c << 3), cellRow);
      }
    }
  }
  for (let r: u32 = 0; r < GROUP; r++) {
    if (first + r >= t.capacity || (r >= present && t.rowStep != 1)) break;
    for (let c: u32 = 0; c < k; c++) {
      const at = <usize>(first + r) * t.rowStep + <usize>c * t.componentStep;
      const total = load<f64>(totals + <usize>r * cellRow + (<usize>c << 3));
      const value = r < present ? total + load<f64>(t.offsets + (<usize>c << 3)) : 0;
      store<f32>(t.output + (at << 2), <f32>value);
    }
  }
}

/** As {@link fourByTwo}, for rows and components whose pieces lie apart by different distances. */
// @ts-ignore: decorator
@inline
function rowsByComponents(x: usize, row: usize, y: usize, component: usize, bytes: usize, cell: usize, cellRow: usize): void {
  let s0 = zero<f32>();
  let s1 = zero<f32>();
  let s2 = zero<f32>();
  let s3 = zero<f32>();
  let u0 = zero<f32>();
  let u1 = zero<f32>();
  let u2 = zero<f32>();
  let u3 = zero<f32>();
  const x1 = x + row;
  const x2 = x1 + row;
  const x3 = x2 + row;
  const y1 = y + component;
  for (let p: usize = 0; p < bytes; p += 16) {
    const c0 = v128.load(y + p);
    const c1 = v128.load(y1 + p);
    let v = v128.load(x + p);
    s0 = addProduct<f32>(s0, v, c0);
    u0 = addProduct<f32>(u0, v, c1);
    v = v128.load(x1 + p);
    s1 = addProduct<f32>(s1, v, c0);
    u1 = addProduct<f32>(u1, v, c1);
    v = v128.load(x2 + p);
    s2 = addProduct<f32>(s2, v, c0);
    u2 = addProduct<f32>(u2, v, c1);
    v = v128.load(x3 + p);
    s3 = addProduct<f32>(s3, v, c0);
    u3 = addProduct<f32>(u3, v, c1);
  }
  addLanes<f32>(cell, s0);
  addLanes<f32>(cell + 8, u0);
  addLanes<f32>(cell + cellRow, s1);
  addLanes<f32>(cell + cellRow + 8, u1);
  addLanes<f32>(cell + 2 * cellRow, s2);
  addLanes<f32>(cell + 2 * cellRow + 8, u2);
  addLanes<f32>(cell + 3 * cellRow, s3);
  addLanes<f32>(cell + 3 * cellRow + 8, u3);
}

export function projectBytes(task: usize, block: u32, worker: u32): void {
  project<u8>(changetype<PrincipalTask>(task), block, worker);
}
export function projectFloats(task: usize, block: u32, worker: u32): void {
  project<f32>(changetype<PrincipalTask>(task), block, worker);
}
