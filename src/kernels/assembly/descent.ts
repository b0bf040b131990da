/**
 * NN-descent (Dong, Moses, Li 2011): a neighbour of a neighbour is likely to be a neighbour.
 *
 * A round reads a snapshot of all lists and writes to the lists themselves, each to its own alone; so who computes what cannot be
 * seen. The links of a point are its neighbours in the snapshot and a sample of those points whose neighbour it is. A point is
 * compared with the links of its links, where one of the two links is new since the last round.
 */
import { lookAtPending, PENDING } from "./neighbor-lists";
import { productOf } from "./neighbor-sketches";
import { NeighborTask } from "./neighbor-task";

/** Marks a link that the snapshot before did not have. */
const NEW: u32 = 0x80000000;

/** Sketches of a block of places side by side, for single products. */
export function alignSketches(task: usize, block: u32, worker: u32): void {
  const t = changetype<NeighborTask>(task);
  const end = (block + 1) * t.blockRows;
  for (let place = block * t.blockRows; place < end; place++) {
    const row = load<i32>(t.order + (<usize>place << 2));
    if (row < 0) continue;
    store<u32>(t.placeOfRow + (<usize>row << 2), place);
    const from = t.drafts + ((<usize>row * t.width) << 1);
    memory.copy(t.aligned + ((<usize>place * t.alignedWidth) << 1), from, <usize>t.width << 1);
  }
}

/** Takes the snapshot of a block of places: k links, as places; counts[block] is how many of them are new. */
export function takeSnapshot(task: usize, block: u32, worker: u32): void {
  const t = changetype<NeighborTask>(task);
  const k = t.k;
  const before = t.workerScratch + <usize>worker * t.scratchBytes;
  let fresh: u32 = 0;
  for (let r: u32 = 0; r < t.blockRows; r++) {
    const place = block * t.blockRows + r;
    if (load<i32>(t.order + (<usize>place << 2)) < 0) continue;
    const links = t.links + ((<usize>place * k) << 2);
    const known = load<u32>(t.linkCounts + (<usize>place << 2));
    for (let j: u32 = 0; j < known; j++) {
      store<u32>(before + (<usize>j << 2), load<u32>(links + (<usize>j << 2)) & ~NEW);
    }
    const count = load<u32>(t.counts + (<usize>place << 2));
    for (let j: u32 = 0; j < count; j++) {
      const row = load<i32>(t.indices + ((<usize>place * k + j) << 2));
      const link = load<u32>(t.placeOfRow + (<usize>row << 2));
      let isNew = NEW;
      for (let i: u32 = 0; i < known; i++) if (load<u32>(before + (<usize>i << 2)) == link) isNew = 0;
      store<u32>(links + (<usize>j << 2), link | isNew);
      if (isNew) fresh++;
    }
    store<u32>(t.linkCounts + (<usize>place << 2), count);
  }
  store<u32>(t.freshCounts + (<usize>block << 2), fresh);
}

/** Compares a place with those links of `link` that it was not compared with; gives how many pairs are pending then. */
function visit<T>(t: NeighborTask, place: u32, links: usize, n: u32, always: bool, pending: usize, count: u32, seen: usize): u32 {
  const bytes = <usize>t.alignedWidth << 1;
  const own = t.aligned + <usize>place * bytes;
  for (let j: u32 = 0; j < n; j++) {
    const link = load<u32>(links + (<usize>j << 2));
    if (!always && !(link & NEW)) continue;
    const other = link & ~NEW;
    const mark = seen + (<usize>other << 2);
    if (load<u32>(mark) == place + 1) continue;
    store<u32>(mark, place + 1);
    const score = productOf(own, t.aligned + <usize>other * bytes, bytes) + load<i32>(t.negativeHalves + (<usize>other << 2));
    if (score <= load<i32>(t.rowLimits + (<usize>place << 2))) continue;
    store<u32>(pending + (<usize>count << 3), other);
    store<i32>(pending + (<usize>count << 3), score, 4);
    count++;
    if (count == PENDING) {
      lookAtPending<T>(t, t, place, pending, count);
      count = 0;
    }
  }
  return count;
}

function descend<T>(t: NeighborTask, block: u32, worker: u32): void {
  const k = t.k;
  const pending = t.workerScratch + <usize>worker * t.scratchBytes;
  const seen = t.seen + ((<usize>worker * t.nBlocks * t.blockRows) << 2);
  // Marks of another round name other places than they will now.
  memory.fill(seen, 0, <usize>(t.nBlocks * t.blockRows) << 2);
  for (let r: u32 = 0; r < t.blockRows; r++) {
    const place = block * t.blockRows + r;
    if (load<i32>(t.order + (<usize>place << 2)) < 0) continue;
    const links = t.links + ((<usize>place * k) << 2);
    const n = load<u32>(t.linkCounts + (<usize>place << 2));
    store<u32>(seen + (<usize>place << 2), place + 1);
    for (let j: u32 = 0; j < n; j++) store<u32>(seen + (<usize>(load<u32>(links + (<usize>j << 2)) & ~NEW) << 2), place + 1);
    const backs = t.backs + ((<usize>place * t.nBacks) << 2);
    const nBack = load<u32>(t.backCounts + (<usize>place << 2));
    // A point whose neighbour this is may not be one of its own.
    let count = visit<T>(t, place, backs, nBack, false, pending, 0, seen);
    for (let j: u32 = 0; j < n + nBack; j++) {
      const link = load<u32>(j < n ? links + (<usize>j << 2) : backs + (<usize>(j - n) << 2));
      const always = (link & NEW) != 0;
      const middle = link & ~NEW;
      const far = t.links + ((<usize>middle * k) << 2);
      count = visit<T>(t, place, far, load<u32>(t.linkCounts + (<usize>middle << 2)), always, pending, count, seen);
      const farBacks = t.backs + ((<usize>middle * t.nBacks) << 2);
      count = visit<T>(t, place, farBacks, load<u32>(t.backCounts + (<usize>middle << 2)), always, pending, count, seen);
    }
    if (count > 0) lookAtPending<T>(t, t, place, pending, count);
  }
}

/** One round for a block of places. */
export function descendFloats(task: usize, block: u32, worker: u32): void {
  descend<f32>(changetype<NeighborTask>(task), block, worker);
}
export function descendBytes(task: usize, block: u32, worker: u32): void {
  descend<u8>(changetype<NeighborTask>(task), block, worker);
}
