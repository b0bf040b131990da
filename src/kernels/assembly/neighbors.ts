/**
 * Exact nearest neighbours: products of sketches by blocks, and a full look at the few pairs that these cannot exclude.
 *
 * The product of two sketches is one instruction for eight numbers. Four rows meet eight columns at a time; all 32 products
 * start at minus half the squared length of the column, so that one comparison tells whether a pair is too far apart. Each pair
 * of blocks meets once and serves the rows of both. In round r block b meets block b ^ r: no two pairs of a round
 * share a block, and with blocks numbered along a tree of halvings, the nearest meet first.
 */
import { clearList, lookAtPending, PENDING } from "./neighbor-lists";
import { NeighborTask } from "./neighbor-task";

/** Adds a pair to those that wait for row r of a block; looks at them where they fill their table. */
function note<T>(t: NeighborTask, o: NeighborTask, block: u32, r: u32, other: u32, product: i32, table: usize): void {
  const counter = table + (<usize>r << 2);
  let count = load<u32>(counter);
  const pending = table + (<usize>t.blockRows << 2) + ((<usize>r * PENDING) << 3);
  store<u32>(pending + (<usize>count << 3), other);
  store<i32>(pending + (<usize>count << 3), product, 4);
  count++;
  if (count == PENDING) {
    lookAtPending<T>(t, o, block * t.blockRows + r, pending, count);
    count = 0;
  }
  store<u32>(counter, count);
}

function lookAtAll<T>(t: NeighborTask, o: NeighborTask, block: u32, table: usize): void {
  for (let r: u32 = 0; r < t.blockRows; r++) {
    const count = load<u32>(table + (<usize>r << 2));
    if (count == 0) continue;
    store<u32>(table + (<usize>r << 2), 0);
    const pending = table + (<usize>t.blockRows << 2) + ((<usize>r * PENDING) << 3);
    lookAtPending<T>(t, o, block * t.blockRows + r, pending, count);
  }
}

/** Looks through the 32 products of rows from place `x` and columns from place `y`, of which some pass. */
function sift<T>(t: NeighborTask, o: NeighborTask, x: u32, y: u32, mode: u32, products: usize, rows: usize, columns: usize): void {
  const xBlock = x / t.blockRows;
  const yBlock = y / o.blockRows;
  for (let i: u32 = 0; i < 4; i++) {
    const place = x + i;
    for (let j: u32 = 0; j < 8; j++) {
      const other = y + j;
      if (mode == SAME && place == other) continue;
      const product = load<i32>(products + (<usize>(i * 8 + j) << 2));
      if (product > load<i32>(t.rowLimits + (<usize>place << 2))) {
        note<T>(t, o, xBlock, place - xBlock * t.blockRows, other, product, rows);
      }
      if (mode != BOTH) continue;
      const bar = load<i32>(t.columnBars + (<usize>place << 2));
      if (product + load<i32>(o.columnLimits + (<usize>other << 2)) > bar) {
        // The same product as seen from the column: less half the squared length of the row instead.
        const seen = product - load<i32>(o.negativeHalves + (<usize>other << 2)) - (bar + 1);
        note<T>(o, t, yBlock, other - yBlock * o.blockRows, place, seen, columns);
      }
    }
  }
}

/** How two blocks meet: each row of one among the other's; both ways; a block with itself. */
const ONE_WAY: u32 = 0;
const BOTH: u32 = 1;
const SAME: u32 = 2;

// @ts-ignore: decorator
@inline
function passes(product: v128, limit: v128, columns: v128, bar: v128): v128 {
  return v128.or(i32x4.gt_s(product, limit), i32x4.gt_s(i32x4.add(product, columns), bar));
}

function meet<T>(t: NeighborTask, o: NeighborTask, xBlock: u32, yBlock: u32, mode: u32, scratch: usize): void {
  const width = t.width;
  const panelBytes = <usize>width << 4;
  const products = scratch;
  const rows = scratch + 128;
  const columns = rows + <usize>t.blockRows * (4 + PENDING * 8);
  const yEnd = (yBlock + 1) * o.blockRows;
  const xEnd = (xBlock + 1) * t.blockRows;
  for (let y = yBlock * o.blockRows; y < yEnd; y += 8) {
    const panel = o.panels + <usize>(y >> 3) * panelBytes;
    const panelEnd = panel + panelBytes;
    const n0 = v128.load(o.negativeHalves + (<usize>y << 2));
    const n1 = v128.load(o.negativeHalves + (<usize>y << 2), 16);
    for (let x = xBlock * t.blockRows; x < xEnd; x += 4) {
      let a = t.panels + <usize>(x >> 3) * panelBytes + ((x & 4) << 2);
      let a0 = n0;
      let a1 = n1;
      let b0 = n0;
      let b1 = n1;
      let c0 = n0;
      let c1 = n1;
      let d0 = n0;
      let d1 = n1;
      for (let p = panel; p < panelEnd; p += 32) {
        const y0 = v128.load(p);
        const y1 = v128.load(p, 16);
        const xa = v128.load_splat<u32>(a);
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(xa, y0));
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(xa, y1));
        const xb = v128.load_splat<u32>(a, 4);
        b0 = i32x4.add(b0, i32x4.dot_i16x8_s(xb, y0));
        b1 = i32x4.add(b1, i32x4.dot_i16x8_s(xb, y1));
        const xc = v128.load_splat<u32>(a, 8);
        c0 = i32x4.add(c0, i32x4.dot_i16x8_s(xc, y0));
        c1 = i32x4.add(c1, i32x4.dot_i16x8_s(xc, y1));
        const xd = v128.load_splat<u32>(a, 12);
        d0 = i32x4.add(d0, i32x4.dot_i16x8_s(xd, y0));
        d1 = i32x4.add(d1, i32x4.dot_i16x8_s(xd, y1));
        a += 32;
      }
      const limits = t.rowLimits + (<usize>x << 2);
      const bars = t.columnBars + (<usize>x << 2);
      const never = i32x4.splat(-(1 << 30));
      const l0 = mode == BOTH ? v128.load(o.columnLimits + (<usize>y << 2)) : never;
      const l1 = mode == BOTH ? v128.load(o.columnLimits + (<usize>y << 2), 16) : never;
      let limit = v128.load_splat<u32>(limits);
      let bar = v128.load_splat<u32>(bars);
      let any = v128.or(passes(a0, limit, l0, bar), passes(a1, limit, l1, bar));
      limit = v128.load_splat<u32>(limits, 4);
      bar = v128.load_splat<u32>(bars, 4);
      any = v128.or(any, v128.or(passes(b0, limit, l0, bar), passes(b1, limit, l1, bar)));
      limit = v128.load_splat<u32>(limits, 8);
      bar = v128.load_splat<u32>(bars, 8);
      any = v128.or(any, v128.or(passes(c0, limit, l0, bar), passes(c1, limit, l1, bar)));
      limit = v128.load_splat<u32>(limits, 12);
      bar = v128.load_splat<u32>(bars, 12);
      any = v128.or(any, v128.or(passes(d0, limit, l0, bar), passes(d1, limit, l1, bar)));
      if (!v128.any_true(any)) continue;
      v128.store(products, a0);
      v128.store(products, a1, 16);
      v128.store(products, b0, 32);
      v128.store(products, b1, 48);
      v128.store(products, c0, 64);
      v128.store(products, c1, 80);
      v128.store(products, d0, 96);
      v128.store(products, d1, 112);
      sift<T>(t, o, x, y, mode, products, rows, columns);
    }
  }
  lookAtAll<T>(t, o, xBlock, rows);
  if (mode == BOTH) lookAtAll<T>(o, t, yBlock, columns);
}

function meetInRound<T>(t: NeighborTask, block: u32, worker: u32): void {
  const scratch = t.workerScratch + <usize>worker * t.scratchBytes;
  if (t.round == 0) {
    for (let r: u32 = 0; r < t.blockRows; r++) clearList(t, block * t.blockRows + r);
    meet<T>(t, t, block, block, SAME, scratch);
    return;
  }
  // The pair of this number: a zero goes in at the highest bit of the round, so that of two partners the lower comes up.
  const bit = 31 - clz(t.round);
  const low = ((block >> bit) << (bit + 1)) | (block & ((1 << bit) - 1));
  meet<T>(t, t, low, low ^ t.round, BOTH, scratch);
}

/** Pair number `block` of this round; a block meets itself in round 0, where pairs are as many as blocks, then half as many. */
export function meetInRoundFloats(task: usize, block: u32, worker: u32): void {
  meetInRound<f32>(changetype<NeighborTask>(task), block, worker);
}
export function meetInRoundBytes(task: usize, block: u32, worker: u32): void {
  meetInRound<u8>(changetype<NeighborTask>(task), block, worker);
}

function meetOthers<T>(t: NeighborTask, block: u32, worker: u32): void {
  const o = changetype<NeighborTask>(t.other);
  for (let r: u32 = 0; r < t.blockRows; r++) clearList(t, block * t.blockRows + r);
  const scratch = t.workerScratch + <usize>worker * t.scratchBytes;
  for (let other: u32 = 0; other < o.nBlocks; other++) meet<T>(t, o, block, other, ONE_WAY, scratch);
}

/** All neighbours of a block of queries among the other points. */
export function meetOthersFloats(task: usize, block: u32, worker: u32): void {
  meetOthers<f32>(changetype<NeighborTask>(task), block, worker);
}
export function meetOthersBytes(task: usize, block: u32, worker: u32): void {
  meetOthers<u8>(changetype<NeighborTask>(task), block, worker);
}

/** Writes the lists of a block of places to where their rows belong. */
export function deliverNeighbors(task: usize, block: u32, worker: u32): void {
  const t = changetype<NeighborTask>(task);
  const k = t.k;
  for (let r: u32 = 0; r < t.blockRows; r++) {
    const place = block * t.blockRows + r;
    const row = load<i32>(t.order + (<usize>place << 2));
    if (row < 0) continue;
    for (let j: u32 = 0; j < k; j++) {
      const from = <usize>place * k + j;
      const to = (<usize>row * k + j) << 2;
      const squared = load<f64>(t.squares + (from << 3));
      store<i32>(t.outIndices + to, load<i32>(t.indices + (from << 2)));
      store<f32>(t.outDistances + to, t.halfSquares ? <f32>(squared * 0.5) : <f32>(sqrt(squared) * t.unit));
    }
  }
}
