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
  stride: u32; // floats from one place to the next; those behind the dimensions are zero
  vectors: u32; // vectors of four floats that hold a place; not for the plane, whose stride is 2
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

/** One half as a rate. */
const HALF: f32 = 2147483648;

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
  // The loops over few vectors are written out, one for each number of them.
  const vectors = changetype<LayoutTask>(task).vectors;
  if (vectors == 1) layoutVectors(task, block, worker, 1);
  else if (vectors == 2) layoutVectors(task, block, worker, 2);
  else if (vectors == 3) layoutVectors(task, block, worker, 3);
  else layoutVectors(task, block, worker, 0);
}

// @ts-ignore: decorator
@inline
function layoutVectors(task: usize, block: u32, worker: u32, vectors: u32): void {
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
      if (at < iEnd) {
        if (vectors > 0) moveInFew(t, x, first + at, kinds, vectors);
        else moveInMany(t, x, first + at, kinds);
      }
      if (at < jEnd) {
        if (vectors > 0) moveInFew(t, y, second + at, kinds, vectors);
        else moveInMany(t, y, second + at, kinds);
      }
    }
    memory.copy(t.moved + <usize>i * bytes, x, bytes);
    if (pair) memory.copy(t.moved + <usize>j * bytes, y, bytes);
  }
}

/** Moves the place `own`, of at most three vectors, by four forces. */
// @ts-ignore: decorator
@inline
function moveInFew(t: LayoutTask, own: usize, target: usize, kinds: usize, vectors: u32): void {
  const p0 = otherInSpace(t, target);
  const p1 = otherInSpace(t, target + 4);
  const p2 = otherInSpace(t, target + 8);
  const p3 = otherInSpace(t, target + 12);
  const y0 = v128.load(own);
  const a0 = f32x4.sub(y0, v128.load(p0));
  const b0 = f32x4.sub(y0, v128.load(p1));
  const c0 = f32x4.sub(y0, v128.load(p2));
  const d0 = f32x4.sub(y0, v128.load(p3));
  let sa = f32x4.mul(a0, a0);
  let sb = f32x4.mul(b0, b0);
  let sc = f32x4.mul(c0, c0);
  let sd = f32x4.mul(d0, d0);
  let y1 = y0;
  let a1 = y0;
  let b1 = y0;
  let c1 = y0;
  let d1 = y0;
  if (vectors > 1) {
    y1 = v128.load(own, 16);
    a1 = f32x4.sub(y1, v128.load(p0, 16));
    b1 = f32x4.sub(y1, v128.load(p1, 16));
    c1 = f32x4.sub(y1, v128.load(p2, 16));
    d1 = f32x4.sub(y1, v128.load(p3, 16));
    sa = f32x4.add(sa, f32x4.mul(a1, a1));
    sb = f32x4.add(sb, f32x4.mul(b1, b1));
    sc = f32x4.add(sc, f32x4.mul(c1, c1));
    sd = f32x4.add(sd, f32x4.mul(d1, d1));
  }
  let y2 = y0;
  let a2 = y0;
  let b2 = y0;
  let c2 = y0;
  let d2 = y0;
  if (vectors > 2) {
    y2 = v128.load(own, 32);
    a2 = f32x4.sub(y2, v128.load(p0, 32));
    b2 = f32x4.sub(y2, v128.load(p1, 32));
    c2 = f32x4.sub(y2, v128.load(p2, 32));
    d2 = f32x4.sub(y2, v128.load(p3, 32));
    sa = f32x4.add(sa, f32x4.mul(a2, a2));
    sb = f32x4.add(sb, f32x4.mul(b2, b2));
    sc = f32x4.add(sc, f32x4.mul(c2, c2));
    sd = f32x4.add(sd, f32x4.mul(d2, d2));
  }
  const c = coefficients(t, sumsOfFour(sa, sb, sc, sd), v128.load(target + kinds));
  const ca = v128.shuffle<i32>(c, c, 0, 0, 0, 0);
  const cb = v128.shuffle<i32>(c, c, 1, 1, 1, 1);
  const cc = v128.shuffle<i32>(c, c, 2, 2, 2, 2);
  const cd = v128.shuffle<i32>(c, c, 3, 3, 3, 3);
  v128.store(own, moved(t, y0, ca, cb, cc, cd, a0, b0, c0, d0));
  if (vectors > 1) v128.store(own, moved(t, y1, ca, cb, cc, cd, a1, b1, c1, d1), 16);
  if (vectors > 2) v128.store(own, moved(t, y2, ca, cb, cc, cd, a2, b2, c2, d2), 32);
}

/** Moves the place `own`, of any length, by four forces. */
function moveInMany(t: LayoutTask, own: usize, target: usize, kinds: usize): void {
  const bytes = <usize>t.vectors << 4;
  const p0 = otherInSpace(t, target);
  const p1 = otherInSpace(t, target + 4);
  const p2 = otherInSpace(t, target + 8);
  const p3 = otherInSpace(t, target + 12);
  let sa = f32x4.splat(0);
  let sb = f32x4.splat(0);
  let sc = f32x4.splat(0);
  let sd = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    const y = v128.load(own + at);
    const a = f32x4.sub(y, v128.load(p0 + at));
    const b = f32x4.sub(y, v128.load(p1 + at));
    const c = f32x4.sub(y, v128.load(p2 + at));
    const d = f32x4.sub(y, v128.load(p3 + at));
    sa = f32x4.add(sa, f32x4.mul(a, a));
    sb = f32x4.add(sb, f32x4.mul(b, b));
    sc = f32x4.add(sc, f32x4.mul(c, c));
    sd = f32x4.add(sd, f32x4.mul(d, d));
  }
  const c = coefficients(t, sumsOfFour(sa, sb, sc, sd), v128.load(target + kinds));
  const ca = v128.shuffle<i32>(c, c, 0, 0, 0, 0);
  const cb = v128.shuffle<i32>(c, c, 1, 1, 1, 1);
  const cc = v128.shuffle<i32>(c, c, 2, 2, 2, 2);
  const cd = v128.shuffle<i32>(c, c, 3, 3, 3, 3);
  for (let at: usize = 0; at < bytes; at += 16) {
    const y = v128.load(own + at);
    const a = f32x4.sub(y, v128.load(p0 + at));
    const b = f32x4.sub(y, v128.load(p1 + at));
    const c = f32x4.sub(y, v128.load(p2 + at));
    const d = f32x4.sub(y, v128.load(p3 + at));
    v128.store(own + at, moved(t, y, ca, cb, cc, cd, a, b, c, d));
  }
}

// @ts-ignore: decorator
@inline
function otherInSpace(t: LayoutTask, target: usize): usize {
  return t.others + ((<usize>load<u32>(target) * t.stride) << 2);
}

/** Four elements of a place, moved by four forces with coefficients ca to cd along a to d. */
// @ts-ignore: decorator
@inline
function moved(
  t: LayoutTask,
  place: v128,
  ca: v128,
  cb: v128,
  cc: v128,
  cd: v128,
  a: v128,
  b: v128,
  c: v128,
  d: v128,
): v128 {
  const ab = f32x4.add(limited(f32x4.mul(ca, a)), limited(f32x4.mul(cb, b)));
  const cdSum = f32x4.add(limited(f32x4.mul(cc, c)), limited(f32x4.mul(cd, d)));
  return f32x4.add(place, f32x4.mul(f32x4.splat(t.learningRate), f32x4.add(ab, cdSum)));
}

/** The sums of the lanes of four vectors, side by side. */
// @ts-ignore: decorator
@inline
function sumsOfFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
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
  let touched: u32 = 0;
  for (let edge = load<u32>(t.starts + (<usize>i << 2)); edge < edgesEnd; edge += 4) {
    for (let due = dueEdges(t, edge, edgesEnd); due != 0; due &= due - 1) {
      const j = load<u32>(t.columns + (<usize>(edge + ctz(due)) << 2));
      state = addForces(t, i, j, state, target, kinds);
      const next = target + (<usize>(t.nPulls + t.nPushes) << 2);
      for (; target < next; target += 4) touched ^= load<u32>(t.others + ((<usize>load<u32>(target) * t.stride) << 2));
    }
  }
  // Reading all places here, where nothing waits for them, brings them near (in ten dimensions 1.5 times as fast); the store,
  // to where the place will lie, keeps the reads from being left out.
  store<u32>(targets + 2 * kinds, touched);
  v128.store(target, i32x4.splat(0));
  v128.store(target + kinds, f32x4.splat(NOTHING));
  return (<u32>((target - targets) >> 2) + 3) & ~3;
}

/**
 * Which of the four edges from `edge` on are due, one bit each. An edge with rate r is due floor((e + 1) r + phase) -
 * floor(e r + phase) times in epoch e, r at most 1, and its phase is its own: or else all edges of a rate would pull at once.
 * It is not due before (e + 1) r reaches a half, so that it comes as often as in umap-learn, whose edges wait for 1: weak edges, due but
 * a few times, would otherwise pull up to twice as much.
 */
// @ts-ignore: decorator
@inline
function dueEdges(t: LayoutTask, edge: u32, end: u32): u32 {
  const rates = v128.load(t.rates + (<usize>edge << 2));
  const lanes = i32x4.add(i32x4.splat(edge), i32x4(0, 1, 2, 3));
  const phases = i32x4.mul(i32x4.add(lanes, i32x4.splat(1)), i32x4.splat(GOLDEN));
  const sums = i32x4.add(i32x4.mul(rates, i32x4.splat(t.epoch + 1)), phases);
  const inRow = i32x4.lt_u(lanes, i32x4.splat(end));
  const elapsed = f32x4.mul(f32x4.convert_i32x4_u(rates), f32x4.splat(<f32>(t.epoch + 1)));
  const awake = f32x4.ge(elapsed, f32x4.splat(HALF));
  return i32x4.bitmask(v128.and(i32x4.lt_u(sums, rates), v128.and(awake, inRow)));
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
