/**
 * UMAP's layout (McInnes, Healy and Melville 2018) with the same bytes on any number of threads.
 *
 * In each epoch every edge that is due pulls its vertex i towards its other end j, and some vertices drawn at random push
 * i away. With d^2 = |y_i - y_j|^2 and the curve 1 / (1 + a d^2b), a pull moves y_i by the learning rate times
 * -2ab d^2(b-1) / (1 + a d^2b) (y_i - y_j), a push by 2b repulsion / ((0.001 + d^2) (1 + a d^2b)) (y_i - y_j), each element
 * of both limited to [-4, 4].
 *
 * Of the vertices that push, each block of vertices draws some hundreds in each round and copies their places together; every
 * vertex takes its own ones in turn from a place of its own among them. So most of what a force reads lies near.
 *
 * The threads never see each other's moves: a vertex moves by itself alone, reading the others from where they were when
 * the round began, while its own place runs on from force to force. An edge stands in the graph once for each end, and the
 * field's program moves both ends each time; so here each end is pulled `nPulls` = 2 times. What is due, and which vertices
 * push, follows from counters.
 *
 * Four forces are computed side by side, from one place of i, and then added; four vertices move in turn, so that the one's
 * arithmetic fills the time in which the others' waits for its results.
 */
import { collectForces, copyVectors, drawPool, LayoutTask, MANY, Mover, NONE, NOTHING, PLACE, PLANE } from "./layout-forces";
import { quickPower } from "./power";

/** Most of a move along one axis, before the learning rate. */
const MOST: f32 = 4;

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
  layoutVectors(task, block, worker, PLANE);
}

/** One round in any number of dimensions. */
export function layoutSpace(task: usize, block: u32, worker: u32): void {
  // The loops over few vectors are written out, one for each number of them.
  const vectors = changetype<LayoutTask>(task).vectors;
  if (vectors == 1) layoutVectors(task, block, worker, 1);
  else if (vectors == 2) layoutVectors(task, block, worker, 2);
  else if (vectors == 3) layoutVectors(task, block, worker, 3);
  else layoutVectors(task, block, worker, MANY);
}

/** Moves the vertices of a block, four side by side; one that has taken all its forces makes room for the next. */
// @ts-ignore: decorator
@inline
function layoutVectors(task: usize, block: u32, worker: u32, vectors: u32): void {
  const t = changetype<LayoutTask>(task);
  const s0 = t.scratch + <usize>worker * t.workerBytes;
  const s1 = s0 + t.moverBytes;
  const s2 = s1 + t.moverBytes;
  const s3 = s2 + t.moverBytes;
  const pool = s3 + t.moverBytes;
  drawPool(t, block, pool);
  let next = t.first + block * t.blockRows;
  const end = min(next + t.blockRows, t.end);
  next = enter(t, s0, next, end, pool);
  next = enter(t, s1, next, end, pool);
  next = enter(t, s2, next, end, pool);
  next = enter(t, s3, next, end, pool);
  while ((vertexOf(s0) & vertexOf(s1) & vertexOf(s2) & vertexOf(s3)) != NONE) {
    const d0 = squares(t, s0, vectors);
    const d1 = squares(t, s1, vectors);
    const d2 = squares(t, s2, vectors);
    const d3 = squares(t, s3, vectors);
    const c0 = coefficients(t, d0, kindsOf(t, s0));
    const c1 = coefficients(t, d1, kindsOf(t, s1));
    const c2 = coefficients(t, d2, kindsOf(t, s2));
    const c3 = coefficients(t, d3, kindsOf(t, s3));
    move(t, s0, c0, d0, vectors);
    move(t, s1, c1, d1, vectors);
    move(t, s2, c2, d2, vectors);
    move(t, s3, c3, d3, vectors);
    next = advance(t, s0, next, end, pool);
    next = advance(t, s1, next, end, pool);
    next = advance(t, s2, next, end, pool);
    next = advance(t, s3, next, end, pool);
  }
}

// @ts-ignore: decorator
@inline
function vertexOf(mover: usize): u32 {
  return changetype<Mover>(mover).vertex;
}

// @ts-ignore: decorator
@inline
function kindsOf(t: LayoutTask, mover: usize): v128 {
  return v128.load(changetype<Mover>(mover).at + (<usize>t.capacity << 2));
}

/** Goes on to the next four forces, or to the next vertex. */
// @ts-ignore: decorator
@inline
function advance(t: LayoutTask, mover: usize, next: u32, end: u32, pool: usize): u32 {
  const m = changetype<Mover>(mover);
  m.at += 16;
  if (m.at < m.end) return next;
  leave(t, mover);
  return enter(t, mover, next, end, pool);
}

/** Lets the first vertex from `next` on that feels a force move here; gives the one after it. */
function enter(t: LayoutTask, mover: usize, next: u32, end: u32, pool: usize): u32 {
  const m = changetype<Mover>(mover);
  const forces = mover + PLACE + t.placeBytes;
  let vertex = next;
  for (; vertex < end; vertex++) {
    loadPlace(t, vertex, mover);
    m.vertex = vertex;
    m.at = forces;
    m.end = forces + (<usize>collectForces(t, vertex, forces, pool) << 2);
    if (m.end > forces) return vertex + 1;
    leave(t, mover);
  }
  // Nobody is left: four forces that do nothing, again and again.
  m.vertex = NONE;
  m.at = forces;
  m.end = forces + 16;
  v128.store(forces, i32x4.splat(<u32>pool));
  v128.store(forces + (<usize>t.capacity << 2), f32x4.splat(NOTHING));
  return vertex;
}

// @ts-ignore: decorator
@inline
function loadPlace(t: LayoutTask, i: u32, mover: usize): void {
  const own = mover + PLACE;
  if (t.stride == 2) {
    const place = v128.load64_zero(t.positions + (<usize>i << 3));
    v128.store(own, v128.shuffle<i32>(place, place, 0, 0, 1, 1));
  } else copyVectors(own, t.positions + ((<usize>i * t.stride) << 2), t.vectors);
}

/** Stores the place of the vertex that has moved, if there is one. */
function leave(t: LayoutTask, mover: usize): void {
  const i = vertexOf(mover);
  if (i == NONE) return;
  const own = mover + PLACE;
  if (t.stride == 2) {
    const place = v128.load(own);
    v128.store64_lane(t.moved + (<usize>i << 3), v128.shuffle<i32>(place, place, 0, 2, 0, 2), 0);
  } else copyVectors(t.moved + ((<usize>i * t.stride) << 2), own, t.vectors);
}

/** Squared distances to the four vertices whose forces come next. */
// @ts-ignore: decorator
@inline
function squares(t: LayoutTask, mover: usize, vectors: u32): v128 {
  const own = mover + PLACE;
  const at = changetype<Mover>(mover).at;
  if (vectors == PLANE) {
    const dx = planeX(own, at);
    const dy = planeY(own, at);
    return f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dy, dy));
  }
  const a = <usize>load<u32>(at);
  const b = <usize>load<u32>(at, 4);
  const c = <usize>load<u32>(at, 8);
  const d = <usize>load<u32>(at, 12);
  let sa = squared(own, a, 0);
  let sb = squared(own, b, 0);
  let sc = squared(own, c, 0);
  let sd = squared(own, d, 0);
  if (vectors == MANY) {
    const bytes = <usize>t.vectors << 4;
    for (let from: usize = 16; from < bytes; from += 16) {
      sa = f32x4.add(sa, squared(own, a, from));
      sb = f32x4.add(sb, squared(own, b, from));
      sc = f32x4.add(sc, squared(own, c, from));
      sd = f32x4.add(sd, squared(own, d, from));
    }
  }
  if (vectors == 2 || vectors == 3) {
    sa = f32x4.add(sa, squared(own, a, 16));
    sb = f32x4.add(sb, squared(own, b, 16));
    sc = f32x4.add(sc, squared(own, c, 16));
    sd = f32x4.add(sd, squared(own, d, 16));
  }
  if (vectors == 3) {
    sa = f32x4.add(sa, squared(own, a, 32));
    sb = f32x4.add(sb, squared(own, b, 32));
    sc = f32x4.add(sc, squared(own, c, 32));
    sd = f32x4.add(sd, squared(own, d, 32));
  }
  return sumsOfFour(sa, sb, sc, sd);
}

// @ts-ignore: decorator
@inline
function squared(own: usize, other: usize, from: usize): v128 {
  const difference = f32x4.sub(v128.load(own + from), v128.load(other + from));
  return f32x4.mul(difference, difference);
}

/** Differences in x of a place kept as (x, x, y, y) to those of four vertices. */
// @ts-ignore: decorator
@inline
function planeX(own: usize, at: usize): v128 {
  const place = v128.load(own);
  const low = planePair(at);
  const high = planePair(at + 8);
  return f32x4.sub(v128.shuffle<i32>(place, place, 0, 1, 0, 1), v128.shuffle<i32>(low, high, 0, 2, 4, 6));
}

// @ts-ignore: decorator
@inline
function planeY(own: usize, at: usize): v128 {
  const place = v128.load(own);
  const low = planePair(at);
  const high = planePair(at + 8);
  return f32x4.sub(v128.shuffle<i32>(place, place, 2, 3, 2, 3), v128.shuffle<i32>(low, high, 1, 3, 5, 7));
}

// @ts-ignore: decorator
@inline
function planePair(at: usize): v128 {
  return v128.load64_lane(load<u32>(at, 4), v128.load64_zero(load<u32>(at)), 1);
}

/** Moves a vertex by four forces with coefficients c, from squared distances d2. */
// @ts-ignore: decorator
@inline
function move(t: LayoutTask, mover: usize, c: v128, d2: v128, vectors: u32): void {
  const own = mover + PLACE;
  const at = changetype<Mover>(mover).at;
  if (vectors == PLANE) {
    const mx = limited(f32x4.mul(c, planeX(own, at)));
    const my = limited(f32x4.mul(c, planeY(own, at)));
    const halves = f32x4.add(v128.shuffle<i64>(mx, my, 0, 2), v128.shuffle<i64>(mx, my, 1, 3));
    const sum = f32x4.add(halves, v128.shuffle<i32>(halves, halves, 1, 0, 3, 2));
    v128.store(own, f32x4.add(v128.load(own), f32x4.mul(f32x4.splat(t.learningRate), sum)));
    return;
  }
  const ca = v128.shuffle<i32>(c, c, 0, 0, 0, 0);
  const cb = v128.shuffle<i32>(c, c, 1, 1, 1, 1);
  const cc = v128.shuffle<i32>(c, c, 2, 2, 2, 2);
  const cd = v128.shuffle<i32>(c, c, 3, 3, 3, 3);
  // No element of a move is longer than the whole move.
  const isLong = v128.any_true(f32x4.gt(f32x4.mul(f32x4.mul(c, c), d2), f32x4.splat(MOST * MOST)));
  const bytes = <usize>(vectors == MANY ? t.vectors : vectors) << 4;
  if (isLong) {
    for (let from: usize = 0; from < bytes; from += 16) {
      moveVector(t, own, at, from, ca, cb, cc, cd, true);
    }
  } else if (vectors == MANY) {
    for (let from: usize = 0; from < bytes; from += 16) {
      moveVector(t, own, at, from, ca, cb, cc, cd, false);
    }
  } else {
    moveVector(t, own, at, 0, ca, cb, cc, cd, false);
    if (vectors > 1) moveVector(t, own, at, 16, ca, cb, cc, cd, false);
    if (vectors > 2) moveVector(t, own, at, 32, ca, cb, cc, cd, false);
  }
}

/** Moves four elements of a place by four forces with coefficients ca to cd. */
// @ts-ignore: decorator
@inline
function moveVector(
  t: LayoutTask,
  own: usize,
  at: usize,
  from: usize,
  ca: v128,
  cb: v128,
  cc: v128,
  cd: v128,
  limit: bool,
): void {
  const y = v128.load(own + from);
  let a = f32x4.mul(ca, f32x4.sub(y, v128.load(load<u32>(at) + from)));
  let b = f32x4.mul(cb, f32x4.sub(y, v128.load(load<u32>(at, 4) + from)));
  let c = f32x4.mul(cc, f32x4.sub(y, v128.load(load<u32>(at, 8) + from)));
  let d = f32x4.mul(cd, f32x4.sub(y, v128.load(load<u32>(at, 12) + from)));
  if (limit) {
    a = limited(a);
    b = limited(b);
    c = limited(c);
    d = limited(d);
  }
  const sum = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
  v128.store(own + from, f32x4.add(y, f32x4.mul(f32x4.splat(t.learningRate), sum)));
}

/** The sums of the lanes of four vectors, side by side. */
// @ts-ignore: decorator
@inline
function sumsOfFour(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
}

/** After a round: what has moved is where the others find it in the next. */
export function settleLayout(task: usize, block: u32, worker: u32): void {
  const t = changetype<LayoutTask>(task);
  const bytes = <usize>t.stride << 2;
  const from = t.first + block * t.blockRows;
  const end = min(from + t.blockRows, t.end);
  memory.copy(t.positions + <usize>from * bytes, t.moved + <usize>from * bytes, <usize>(end - from) * bytes);
}
