/**
 * What a vertex feels in one epoch of UMAP's layout: the edges that are due, the vertices that push (layout.ts).
 */

@unmanaged
export class LayoutTask {
  first: u32; // vertices that move in this round: from first to end, of n
  end: u32;
  nOthers: u32; // vertices that pull and push, m
  stride: u32; // floats from one place to the next; those behind the dimensions are zero
  vectors: u32; // vectors of four floats that hold a place; not for the plane, whose stride is 2
  blockRows: u32;
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
  scratch: usize; // for each worker workerBytes: four times moverBytes, then the pool
  workerBytes: u32;
  moverBytes: u32; // a Mover
  placeBytes: u32; // of the place in it
  capacity: u32; // forces that can wait: as many as any vertex can have in an epoch, a multiple of 4
  poolSize: u32; // vertices that push, a power of two: their places (poolSize x stride, f32), then their numbers
}

/** A vertex on its way; behind the header lie its place, the forces that wait for it (where they come from, then their kinds), and the edges that are due. */
@unmanaged
export class Mover {
  vertex: u32; // or NONE
  at: usize; // the next four forces
  end: usize;
}

/** Bytes from a Mover to its place. */
export const PLACE: usize = 16;

/** No vertex. */
export const NONE: u32 = 0xffffffff;

/** Instead of a number of vectors: two floats, kept as (x, x, y, y); more vectors than are written out. */
export const PLANE: u32 = 0;
export const MANY: u32 = 0xffffffff;

/** Golden ratio times 2^32: its multiples spread evenly over all integers. */
const GOLDEN: u32 = 0x9e3779b9;

/** One half as a rate. */
const HALF: f32 = 2147483648;

/** Kinds of forces that wait. A push of a vertex upon itself, or a filler, does nothing. */
const PULL: f32 = -1;
export const NOTHING: f32 = 0;
const PUSH: f32 = 1;

// @ts-ignore: decorator
@inline
function mix(value: u32): u32 {
  let x = value;
  x = (x ^ (x >> 16)) * 0x21f0aaad;
  x = (x ^ (x >> 15)) * 0x735a2d97;
  return x ^ (x >> 15);
}

/** Draws the vertices that push in this block and round, and copies their places together. */
export function drawPool(t: LayoutTask, block: u32, pool: usize): void {
  const bytes = <usize>t.stride << 2;
  const numbers = pool + <usize>t.poolSize * bytes;
  let state = mix(mix(t.seed ^ mix(t.epoch)) + t.first + block);
  for (let draw: u32 = 0; draw < t.poolSize; draw++) {
    state = state * 747796405 + 2891336453;
    const drawn = <u32>((<u64>state * <u64>t.nOthers) >> 32);
    store<u32>(numbers + (<usize>draw << 2), drawn);
    copyPlace(t, pool + <usize>draw * bytes, t.others + <usize>drawn * bytes);
  }
}

// @ts-ignore: decorator
@inline
function copyPlace(t: LayoutTask, to: usize, from: usize): void {
  if (t.stride == 2) store<u64>(to, load<u64>(from));
  else copyVectors(to, from, t.vectors);
}

/**
 * Lists the forces upon vertex i in this epoch, for each edge that is due its pulls and pushes: where the vertex lies that pulls or pushes, and
 * behind all of these what kind of force it is.
 *
 * @returns their number, filled up to a multiple of 4
 */
export function collectForces(t: LayoutTask, i: u32, targets: usize, pool: usize): u32 {
  const kinds = <usize>t.capacity << 2;
  const edgesEnd = load<u32>(t.starts + (<usize>i << 2), 4);
  // First where all the others lie, reading a little of each: they come near side by side, while nothing waits for them.
  const list = targets + 2 * kinds;
  let waiting = list;
  let touched: u32 = 0;
  for (let edge = load<u32>(t.starts + (<usize>i << 2)); edge < edgesEnd; edge += 4) {
    for (let due = dueEdges(t, edge, edgesEnd); due != 0; due &= due - 1) {
      const j = load<u32>(t.columns + (<usize>(edge + ctz(due)) << 2));
      const other = t.others + ((<usize>j * t.stride) << 2);
      touched ^= load<u32>(other);
      store<u32>(waiting, <u32>other);
      waiting += 4;
    }
  }
  store<u32>(waiting, touched); // or else the reads would be left out
  let turn = mix(t.seed ^ mix(t.epoch * GOLDEN + i));
  let target = targets;
  for (let at = list; at < waiting; at += 4) {
    addForces(t, i, load<u32>(at), pool, turn, target, kinds);
    turn += t.nPushes;
    target += <usize>(t.nPulls + t.nPushes) << 2;
  }
  v128.store(target, i32x4.splat(<u32>pool));
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

/** Lists the forces of one edge that is due, to a vertex at `other`; those that push are the next of the pool from `turn` on. */
// @ts-ignore: decorator
@inline
function addForces(
  t: LayoutTask,
  i: u32,
  other: usize,
  pool: usize,
  turn: u32,
  targets: usize,
  kinds: usize,
): void {
  const bytes = t.stride << 2;
  const last = t.poolSize - 1;
  const numbers = pool + <usize>t.poolSize * bytes;
  const itself = t.isSame ? i : t.nOthers;
  // The second pull comes after half of the pushes: not in the group of four that the first one is in.
  const half = t.nPulls == 2 ? t.nPushes >> 1 : t.nPushes;
  let target = addForce(targets, kinds, other, PULL);
  for (let draw: u32 = 0; draw < t.nPushes; draw++) {
    if (draw == half) target = addForce(target, kinds, other, PULL);
    const place = (turn + draw) & last;
    const isItself = load<u32>(numbers + (<usize>place << 2)) == itself;
    target = addForce(target, kinds, pool + <usize>place * bytes, isItself ? NOTHING : PUSH);
  }
  if (t.nPulls == 2 && t.nPushes == 0) addForce(target, kinds, other, PULL);
}

// @ts-ignore: decorator
@inline
function addForce(target: usize, kinds: usize, place: usize, kind: f32): usize {
  store<u32>(target, <u32>place);
  store<f32>(target + kinds, kind);
  return target + 4;
}

// @ts-ignore: decorator
@inline
export function copyVectors(to: usize, from: usize, vectors: u32): void {
  const end = <usize>vectors << 4;
  for (let at: usize = 0; at < end; at += 16) v128.store(to + at, v128.load(from + at));
}

