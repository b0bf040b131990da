/**
 * What the threads share for one set of points whose neighbours are sought, or among which they are sought.
 *
 * n = nRows, d = cols. The search looks at short integer images of the rows, their *sketches*, which lie no farther apart than
 * the rows themselves; only pairs whose sketches lie near enough are compared in full. Points are sorted into `nBlocks` blocks
 * of nearby sketches, `blockRows` places each; a *place* is a number of block and row together, block * blockRows + r.
 */
@unmanaged
export class NeighborTask {
  // rows as they came
  rows: usize; // n x stride, f32 or u8; once there are places, each at its place
  nRows: u32;
  cols: u32;
  stride: u32; // elements from one row to the next; those behind d are zero
  groupRows: u32; // rows of one block of the passes over rows in their own order
  groupSums: usize; // groups x (d + 1), f64: sum of each column, then what a group reports

  // sketches
  mean: usize; // stride, f64: taken from each row first
  basis: usize; // nBasis x stride, f64: orthonormal directions; 0 where the sketch is the row itself
  nBasis: u32;
  nLeading: u32; // directions of a sketch, the first of the basis; long sketches have all of them
  width: u32; // numbers of a sketch, even
  lengths: usize; // n, f64: distance of each row to the mean
  reach: f64; // rows farther from the mean than this are drawn in to it
  step: f64; // what one step of a sketch's number is worth
  drafts: usize; // n x width, i16: sketches in the order of the rows
  longWidth: u32; // numbers of a long sketch, a multiple of 8; 0 where there are none
  longs: usize; // n x longWidth, i16: long sketches, for a second look at what sketches let pass; as `rows`, each at its place later
  slack: f64; // largest distance, in steps, between a sketch and what it rounds, of both points of a pair together

  // places
  nBlocks: u32;
  blockRows: u32; // a multiple of 8
  order: usize; // places, i32: row at each place; -1 for none
  panels: usize; // places / 8 x width / 2 x 8 x 2, i16: sketches of eight places, two numbers of each in turn
  norms: usize; // places, i32: squared length of the sketch
  longNorms: usize; // places, i32: squared length of the long sketch
  negativeHalves: usize; // places, i32: minus half of that, rounded up; far below for no row
  rowLimits: usize; // places, i32: products above this deserve a full look, as seen from a row
  columnLimits: usize; // places, i32: the same as seen from a column, to be added to the product
  columnBars: usize; // places, i32: what that sum must exceed

  // search
  other: usize; // address of the task of the points among which neighbours are sought
  round: u32; // block b meets block b ^ round
  k: u32;
  counts: usize; // places, u32: neighbours so far
  squares: usize; // places x k, f64: squared distances, rising
  indices: usize; // places x k, i32: rows
  workerScratch: usize; // threads x scratchBytes
  scratchBytes: u32;

  // NN-descent
  aligned: usize; // places x alignedWidth, i16: sketches
  alignedWidth: u32; // width rounded up to 8
  placeOfRow: usize; // n, u32
  links: usize; // places x k, u32: places of the neighbours, the highest bit set where new since the last snapshot
  linkCounts: usize; // places, u32
  freshCounts: usize; // blocks, u32: new links of each block
  nBacks: u32;
  backs: usize; // places x nBacks, u32: places of some that link here, marked likewise
  backCounts: usize; // places, u32
  seen: usize; // threads x places, u32: place + 1 of the last that was compared with each place

  // results in the order of the rows
  outIndices: usize; // n x k, i32
  outDistances: usize; // n x k, f32
  unit: f64; // what a distance of 1 between stored rows is worth
  halfSquares: u32; // whether the result is half the squared distance (cosine), rather than the distance
}

/** Squared distance of two sketches is at most this: they are no longer than 20,000 steps. */
export const FARTHEST: i32 = 1600000032;

/** Half of the squared length of a place that holds no row. */
export const NOWHERE: i32 = 1 << 30;
