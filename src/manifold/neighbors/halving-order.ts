/**
 * Points in the order of a tree of halvings (a k-d tree): each part is cut at the median of the coordinate in which it spreads
 * most. Points whose parts meet low in the tree are near each other.
 */

/** Points of a part that are looked at to choose its coordinate. */
const looks = 256;

/**
 * @param coordinates rows x width
 * @param shape nBlocks is a power of two; block b takes the entries from floor(b rows / nBlocks) to floor((b + 1) rows / nBlocks)
 * @returns the numbers of the rows, block by block
 */
export function halvingOrder(
  coordinates: Int16Array,
  { rows, width, nBlocks }: { readonly rows: number; readonly width: number; readonly nBlocks: number },
): Int32Array {
  let order = Int32Array.from({ length: rows }, (_, i) => i);
  let next = new Int32Array(rows);
  const edge = (block: number): number => Math.floor((block * rows) / nBlocks);
  for (let size = nBlocks; size > 1; size >>= 1) {
    for (let block = 0; block < nBlocks; block += size) {
      const part = { from: edge(block), middle: edge(block + (size >> 1)), to: edge(block + size) };
      halve(coordinates, width, widestColumn(coordinates, width, order, part), order, next, part);
    }
    [order, next] = [next, order];
  }
  return order;
}

interface Part {
  readonly from: number;
  readonly middle: number;
  readonly to: number;
}

/** The column of largest variance among some rows of the part. */
function widestColumn(coordinates: Int16Array, width: number, order: Int32Array, { from, to }: Part): number {
  const stride = Math.max(1, Math.floor((to - from) / looks));
  let widest = 0;
  let most = -1;
  for (let column = 0; column < width; column++) {
    let count = 0;
    let sum = 0;
    let squares = 0;
    for (let at = from; at < to; at += stride) {
      const value = coordinates[(order[at] as number) * width + column] as number;
      count++;
      sum += value;
      squares += value * value;
    }
    const spread = squares - (sum * sum) / count;
    if (spread > most) {
      most = spread;
      widest = column;
    }
  }
  return widest;
}

const offset = 32768;
const histogram = new Int32Array(65536);

/** Writes the part to `next` so that no value before the middle is larger than one behind it; otherwise the order stays. */
function halve(
  coordinates: Int16Array,
  width: number,
  column: number,
  order: Int32Array,
  next: Int32Array,
  { from, middle, to }: Part,
): void {
  histogram.fill(0);
  for (let at = from; at < to; at++) {
    const value = coordinates[(order[at] as number) * width + column] as number;
    histogram[value + offset] = (histogram[value + offset] as number) + 1;
  }
  // `median` is the value that the middle cuts through; `ties` of its rows belong to the first half.
  let below = 0;
  let bin = 0;
  while (below + (histogram[bin] as number) <= middle - from) below += histogram[bin++] as number;
  const median = bin - offset;
  let ties = middle - from - below;
  let low = from;
  let high = middle;
  for (let at = from; at < to; at++) {
    const row = order[at] as number;
    const value = coordinates[row * width + column] as number;
    if (value < median || (value === median && ties-- > 0)) next[low++] = row;
    else next[high++] = row;
  }
}
