/**
 * UMAP's layout (McInnes, Healy and Melville 2018) with the same bytes on any number of threads.
 *
 * In each epoch every edge that is due pulls its vertex i towards its other end j, and some vertices drawn at random push
 * i away. With d^2 = |y_i - y_j|^2 and the curve 1 / (1 + a d^2b), a pull moves y_i by the learning rate times
 * -2ab d^2(b-1) / (1 + a d^2b) (y_i - y_j), a push by 2b repulsion / ((0.001 + d^2) (1 + a d^2b)) (y_i - y_j), each element
 * of both limited to [-4, 4].
 *
 * The threads never see each other's moves: a vertex moves by itself alone, reading the others from where they were when
 * the round began, while its own place runs on from force to force. An edge stands in the graph once for each end, and the
 * field's program moves both ends each time; so here each end is pulled `nPulls` = 2 times. What is due, and which vertices
 * push, follows from counters.
 *
 * Four forces are computed side by side, from one place of i, and then added; two vertices move in turn, so that the one's
 * arithmetic fills the time in which the other's waits for its results.
 */
import { quickPower } from "./power";

@unmanaged
export class LayoutTask {
  rows: u32; // vertices that move, n
  nOthers: u32; // vertices that pull and push, m
  stride: u32; // floats of a place: 2, or the dimensions rounded up to 4; those behind the dimensions are zero
  blockRows: u32;
  nRounds: u32;
  round: u32; // in 0..nRounds-1: the vertices i with i % nRounds == round move
  isSame: u32; // 1 where the moving vertices are the others themselves
  positions: usize; // n x stride, f32: where the vertices are when the round begins
  moved: usize; // n x stride, f32: where they are when it ends
  others: usize; // m x stride, f32
  starts: usize; // n + 1, u32: first edge of each vertex
  columns: usize; // edges, u32: their other end
  rates: usize; // edges, u32: how often an edge is due, 2^32 times per epoch
  epoch: u32;
  seed: u32;
  nPulls: u32; // 1 or 2
  nPushes: u32; // vertices drawn for each edge that is due
  learningRate: f32;
  a: f32;
  b: f32;
  repulsion: f32;
  scratch: usize; // for each worker two times scratchBytes: forces that wait for a vertex, and its place
  scratchBytes: u32;
  capacity: u32; // forces that can wait: as many as any vertex can have in an epoch, a multiple of 4
}

/** Golden ratio times 2^32: its multiples spread evenly over all integers. */
const GOLDEN: u32 = 0x9e3779b9;

/** Kinds of forces that wait. A push of a vertex upon itself, or a filler, does nothing. */
const PULL: f32 = -1;
const NOTHING: f32 = 0;
const PUSH: f32 = 1;

/** Most of a move along one axis, before the learning rate. */
const MOST: f32 = 4;

// @ts-ignore: decorator
@inline
function mix(value: u32): u32 {
  let x = value;
  x = (x ^ (x >> 16)) * 0x21f0aaad;
  x = (x ^ (x >> 15)) * 0x735a2d97;
  return x ^ (x >> 15);
}

/** Coefficients of (y_i - y_j) for four forces at squared distances d2. */
// @ts-ignore: decorator
@inline
function coefficients(t: LayoutTask, d2: v128, kinds: v128): v128 {
  const squared = f32x4.pmax(d2, f32x4.splat(1e-20));
  const power = quickPower(squared, f32x4.splat(t.b));
  const curve = f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.splat(t.a), power));
  const pulls = f32x4.lt(kinds, f32x4.splat(0));
  const above = v128.bitselect(
    f32x4.mul(f32x4.splat(-2 * t.a * t.b), power),
    f32x4.mul(f32x4.splat(2 * t.b * t.repulsion), kinds),
    pulls,
  );
  const shift = v128.andnot(f32x4.splat(0.001), pulls);
  return f32x4.div(above, f32x4.mul(curve, f32x4.add(squared, shift)));
}

// @ts-ignore: decorator
@inline
function limited(move: v128): v128 {
  return f32x4.pmax(f32x4.pmin(move, f32x4.splat(MOST)), f32x4.splat(-MOST));
}

/** One round in two dimensions. */
export function layoutPlane(task: usize, block: u32, worker: u32): void {
  const t = changetype<LayoutTask>(task);
  const first = t.scratch + <usize>worker * 2 * t.scratchBytes;
  const second = first + t.scratchBytes;
  const kinds = <usize>t.capacity << 2; // behind the targets
  const end = min((block + 1) * t.blockRows, t.rows);
  for (let i = firstOfRound(t, block * t.blockRows); i < end; i += 2 * t.nRounds) {
    const j = i + t.nRounds;
    const pair = j < end;
    const iEnd = <usize>collectForces(t, i, first) << 2;
    const jEnd = pair ? <usize>collectForces(t, j, second) << 2 : 0;
    let x = placeInPlane(t, i);
    let y = pair ? placeInPlane(t, j) : x;
    const both = min(iEnd, jEnd);
    let at: usize = 0;
    for (; at < both; at += 16) {
      x = moveInPlane(t, x, first + at, kinds);
      y = moveInPlane(t, y, second + at, kinds);
    }
    for (let rest = at; rest < iEnd; rest += 16) x = moveInPlane(t, x, first + rest, kinds);
    for (let rest = at; rest < jEnd; rest += 16) y = moveInPlane(t, y, second + rest, kinds);
    storePlace(t, i, x);
    if (pair) storePlace(t, j, y);
  }
}

/** The place of vertex i as (x, x, y, y). */
// @ts-ignore: decorator
@inline
function placeInPlane(t: LayoutTask, i: u32): v128 {
  const place = v128.load64_zero(t.positions + (<usize>i << 3));
  return v128.shuffle<i32>(place, place, 0, 0, 1, 1);
}

// @ts-ignore: decorator
@inline
function storePlace(t: LayoutTask, i: u32, place: v128): void {
  v128.store64_lane(t.moved + (<usize>i << 3), v128.shuffle<i32>(place, place, 0, 2, 0, 2), 0);
}

/** Moves the place (x, x, y, y) by four forces. */
// @ts-ignore: decorator
@inline
function moveInPlane(t: LayoutTask, place: v128, target: usize, kinds: usize): v128 {
  const low = v128.load64_lane(otherInPlane(t, target + 4), v128.load64_zero(otherInPlane(t, target)), 1);
  const high = v128.load64_lane(otherInPlane(t, target + 12), v128.load64_zero(otherInPlane(t, target + 8)), 1);
  const dx = f32x4.sub(v128.shuffle<i32>(place, place, 0, 1, 0, 1), v128.shuffle<i32>(low, high, 0, 2, 4, 6));
  const dy = f32x4.sub(v128.shuffle<i32>(place, place, 2, 3, 2, 3), v128.shuffle<i32>(low, high, 1, 3, 5, 7));
  const d2 = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
  const c = coefficients(t, d2, v128.load(target + kinds));
  const mx = limited(f32x4.mul(c, dx));
  const my = limited(f32x4.mul(c, dy));
  const halves = f32x4.add(v128.shuffle<i64>(mx, my, 0, 2), v128.shuffle<i64>(mx, my, 1, 3));
  const sum = f32x4.add(halves, v128.shuffle<i32>(halves, halves, 1, 0, 3, 2));
  return f32x4.add(place, f32x4.mul(f32x4.splat(t.learningRate), sum));
}

// @ts-ignore: decorator
@inline
function otherInPlane(t: LayoutTask, target: usize): usize {
  return t.others + (<usize>load<u32>(target) << 3);
}

/** One round in any number of dimensions. */
export function layoutSpace(task: usize, block: u32, worker: u32): void {
  const t = changetype<LayoutTask>(task);
  const first = t.scratch + <usize>worker * 2 * t.scratchBytes;
  const second = first + t.scratchBytes;
  const kinds = <usize>t.capacity << 2; // behind the targets; the place lies behind the kinds
  const bytes = <usize>t.stride << 2;
  const end = min((block + 1) * t.blockRows, t.rows);
  for (let i = firstOfRound(t, block * t.blockRows); i < end; i += 2 * t.nRounds) {
    const j = i + t.nRounds;
    const pair = j < end;
    const iEnd = <usize>collectForces(t, i, first) << 2;
    const jEnd = pair ? <usize>collectForces(t, j, second) << 2 : 0;
    const x = first + 2 * kinds;
    const y = second + 2 * kinds;
    memory.copy(x, t.positions + <usize>i * bytes, bytes);
    if (pair) memory.copy(y, t.positions + <usize>j * bytes, bytes);
    const longer = max(iEnd, jEnd);
    for (let at: usize = 0; at < longer; at += 16) {
      if (at < iEnd) moveInSpace(t, x, first + at, kinds);
      if (at < jEnd) moveInSpace(t, y, second + at, kinds);
    }
    memory.copy(t.moved + <usize>i * bytes, x, bytes);
    if (pair) memory.copy(t.moved + <usize>j * bytes, y, bytes);
  }
}

/** Four forces upon the place `own`. */
function moveInSpace(t: LayoutTask, own: usize, target: usize, kinds: usize): void {
  const bytes = <usize>t.stride << 2;
  const p0 = t.others + <usize>load<u32>(target) * bytes;
  const p1 = t.others + <usize>load<u32>(target, 4) * bytes;
  const p2 = t.others + <usize>load<u32>(target, 8) * bytes;
  const p3 = t.others + <usize>load<u32>(target, 12) * bytes;
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const y = v128.load(own + at);
    const d0 = f32x4.sub(y, v128.load(p0 + at));
    const d1 = f32x4.sub(y, v128.load(p1 + at));
    const d2 = f32x4.sub(y, v128.load(p2 + at));
    const d3 = f32x4.sub(y, v128.load(p3 + at));
    s0 = f32x4.add(s0, f32x4.mul(d0, d0));
    s1 = f32x4.add(s1, f32x4.mul(d1, d1));
    s2 = f32x4.add(s2, f32x4.mul(d2, d2));
    s3 = f32x4.add(s3, f32x4.mul(d3, d3));
  }
  const s01 = f32x4.add(v128.shuffle<i32>(s0, s1, 0, 4, 1, 5), v128.shuffle<i32>(s0, s1, 2, 6, 3, 7));
  const s23 = f32x4.add(v128.shuffle<i32>(s2, s3, 0, 4, 1, 5), v128.shuffle<i32>(s2, s3, 2, 6, 3, 7));
  const squared = f32x4.add(v128.shuffle<i64>(s01, s23, 0, 2), v128.shuffle<i64>(s01, s23, 1, 3));
  const c = coefficients(t, squared, v128.load(target + kinds));
  const c0 = v128.shuffle<i32>(c, c, 0, 0, 0, 0);
  const c1 = v128.shuffle<i32>(c, c, 1, 1, 1, 1);
  const c2 = v128.shuffle<i32>(c, c, 2, 2, 2, 2);
  const c3 = v128.shuffle<i32>(c, c, 3, 3, 3, 3);
  const rate = f32x4.splat(t.learningRate);
  for (let at: usize = 0; at < bytes; at += 16) {
    const y = v128.load(own + at);
    const m0 = limited(f32x4.mul(c0, f32x4.sub(y, v128.load(p0 + at))));
    const m1 = limited(f32x4.mul(c1, f32x4.sub(y, v128.load(p1 + at))));
    const m2 = limited(f32x4.mul(c2, f32x4.sub(y, v128.load(p2 + at))));
    const m3 = limited(f32x4.mul(c3, f32x4.sub(y, v128.load(p3 + at))));
    const sum = f32x4.add(f32x4.add(m0, m1), f32x4.add(m2, m3));
    v128.store(own + at, f32x4.add(y, f32x4.mul(rate, sum)));
  }
}

/** Least vertex of this round that is not below `from`. */
// @ts-ignore: decorator
@inline
function firstOfRound(t: LayoutTask, from: u32): u32 {
  return from + ((t.round + t.nRounds - (from % t.nRounds)) % t.nRounds);
}

/**
 * Lists the forces upon vertex i in this epoch: for each edge that is due its pulls and pushes.
 *
 * @returns their number, filled up to a multiple of 4
 */
function collectForces(t: LayoutTask, i: u32, targets: usize): u32 {
  const kinds = <usize>t.capacity << 2;
  const edgesEnd = load<u32>(t.starts + (<usize>i << 2), 4);
  let state = mix(t.seed ^ mix(t.epoch * GOLDEN + i));
  let target = targets;
  for (let edge = load<u32>(t.starts + (<usize>i << 2)); edge < edgesEnd; edge += 4) {
    for (let due = dueEdges(t, edge, edgesEnd); due != 0; due &= due - 1) {
      const j = load<u32>(t.columns + (<usize>(edge + ctz(due)) << 2));
      state = addForces(t, i, j, state, target, kinds);
      target += <usize>(t.nPulls + t.nPushes) << 2;
    }
  }
  v128.store(target, i32x4.splat(0));
  v128.store(target + kinds, f32x4.splat(NOTHING));
  return (<u32>((target - targets) >> 2) + 3) & ~3;
}

/**
 * Which of the four edges from `edge` on are due, one bit each. An edge with rate r is due floor((e + 1) r + phase) -
 * floor(e r + phase) times in epoch e, r at most 1, and its phase is its own: or else all edges of a rate would pull at once.
 */
// @ts-ignore: decorator
@inline
function dueEdges(t: LayoutTask, edge: u32, end: u32): u32 {
  const rates = v128.load(t.rates + (<usize>edge << 2));
  const lanes = i32x4.add(i32x4.splat(edge), i32x4(0, 1, 2, 3));
  const phases = i32x4.mul(i32x4.add(lanes, i32x4.splat(1)), i32x4.splat(GOLDEN));
  const sums = i32x4.add(i32x4.mul(rates, i32x4.splat(t.epoch + 1)), phases);
  const inRow = i32x4.lt_u(lanes, i32x4.splat(end));
  return i32x4.bitmask(v128.and(i32x4.lt_u(sums, rates), inRow));
}

/** Lists the forces of one edge that is due; gives the state of the generator behind them. */
// @ts-ignore: decorator
@inline
function addForces(t: LayoutTask, i: u32, j: u32, before: u32, targets: usize, kinds: usize): u32 {
  let state = before;
  let target = targets;
  const itself = t.isSame ? i : t.nOthers;
  // The second pull comes after half of the pushes: not in the group of four that the first one is in.
  const half = t.nPulls == 2 ? t.nPushes >> 1 : t.nPushes;
  target = addForce(target, kinds, j, PULL);
  for (let draw: u32 = 0; draw < t.nPushes; draw++) {
    if (draw == half) target = addForce(target, kinds, j, PULL);
    state = state * 747796405 + 2891336453;
    const drawn = <u32>((<u64>state * <u64>t.nOthers) >> 32);
    target = addForce(target, kinds, drawn, drawn == itself ? NOTHING : PUSH);
  }
  if (t.nPulls == 2 && t.nPushes == 0) addForce(target, kinds, j, PULL);
  return state;
}

// @ts-ignore: decorator
@inline
function addForce(target: usize, kinds: usize, vertex: u32, kind: f32): usize {
  store<u32>(target, vertex);
  store<f32>(target + kinds, kind);
  return target + 4;
}

/** After a round: what has moved is where the others find it in the next. */
export function settleLayout(task: usize, block: u32, worker: u32): void {
  const t = changetype<LayoutTask>(task);
  const bytes = <usize>t.stride << 2;
  const end = min((block + 1) * t.blockRows, t.rows);
  for (let i = firstOfRound(t, block * t.blockRows); i < end; i += t.nRounds) {
    memory.copy(t.positions + <usize>i * bytes, t.moved + <usize>i * bytes, bytes);
  }
}
