/**
 * The order of two columns of clusters in which few ribbons between them cross: each side is sorted by where its ribbons
 * lead on average, in turn, and then neighbours change places as long as that helps. Two ribbons that cross count as the
 * product of their widths.
 */

export interface FlowOrder {
  /** Indices of the first side from the top. */
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** Rounds of sorting; most settle after a few. */
const mostRounds = 24;

/** Changes of neighbours are tried up to so many clusters on a side: each takes as long as counting all crossings. */
const mostSwapped = 40;

/** @param counts images in `counts[row][column]` */
export function orderFlow(counts: readonly (readonly number[])[]): FlowOrder {
  const nColumns = counts[0]?.length ?? 0;
  let now: FlowOrder = {
    rows: counts.map((_, r) => r),
    columns: Array.from({ length: nColumns }, (_, c) => c),
  };
  let best = now;
  let least = crossings(counts, now);
  const keep = (order: FlowOrder): boolean => {
    const value = crossings(counts, order);
    if (value >= least) return false;
    least = value;
    best = order;
    return true;
  };
  for (let round = 0; round < mostRounds; round++) {
    const columns = sortedByMean(now.columns, now.rows, (c, r) => counts[r]?.[c] ?? 0);
    const rows = sortedByMean(now.rows, columns, (r, c) => counts[r]?.[c] ?? 0);
    const settled = rows.join() === now.rows.join() && columns.join() === now.columns.join();
    now = { rows, columns };
    keep(now);
    if (settled) break;
  }
  for (let improved = true; improved && counts.length <= mostSwapped && nColumns <= mostSwapped; ) {
    improved = false;
    for (let i = 0; i + 1 < best.rows.length; i++)
      improved = keep({ ...best, rows: swapped(best.rows, i) }) || improved;
    for (let i = 0; i + 1 < best.columns.length; i++)
      improved = keep({ ...best, columns: swapped(best.columns, i) }) || improved;
  }
  return best;
}

/** How much ribbons cross: the products of the widths of all pairs that do, added up. */
export function crossings(counts: readonly (readonly number[])[], { rows, columns }: FlowOrder): number {
  // above[c]: width of all ribbons of earlier rows that end below column c.
  let sum = 0;
  const seen = new Float64Array(columns.length);
  for (const r of rows) {
    let later = seen.reduce((total, width) => total + width, 0);
    columns.forEach((c, place) => {
      later -= seen[place] as number;
      sum += (counts[r]?.[c] ?? 0) * later;
    });
    columns.forEach((c, place) => {
      seen[place] = (seen[place] as number) + (counts[r]?.[c] ?? 0);
    });
  }
  return sum;
}

function sortedByMean(
  own: readonly number[],
  other: readonly number[],
  width: (own: number, other: number) => number,
): readonly number[] {
  const means = own.map((one, place) => {
    let [total, along] = [0, 0];
    other.forEach((there, at) => {
      total += width(one, there);
      along += width(one, there) * at;
    });
    return { one, place, mean: total > 0 ? along / total : place };
  });
  return means.sort((a, b) => a.mean - b.mean || a.place - b.place).map(({ one }) => one);
}

function swapped(order: readonly number[], i: number): readonly number[] {
  const next = [...order];
  [next[i], next[i + 1]] = [order[i + 1] as number, order[i] as number];
  return next;
}

/** A side's bars, and the ribbons between them, in pixels from the top. */
export interface FlowLayout {
  readonly rows: readonly Bar[];
  readonly columns: readonly Bar[];
  readonly ribbons: readonly Ribbon[];
}

export interface Bar {
  readonly index: number;
  readonly top: number;
  readonly height: number;
}

export interface Ribbon {
  readonly row: number;
  readonly column: number;
  readonly count: number;
  /** Where it leaves its row's bar, and meets its column's. */
  readonly from: number;
  readonly to: number;
  readonly height: number;
}

/** Bars as high as their clusters are large, with gaps between them, and ribbons in the order in which they do not cross at a bar. */
export function layoutFlow(
  counts: readonly (readonly number[])[],
  { rows, columns }: FlowOrder,
  height: number,
  gap: number,
): FlowLayout {
  const total = Math.max(
    1,
    counts.reduce((sum, row) => sum + row.reduce((a, b) => a + b, 0), 0),
  );
  const most = Math.max(rows.length, columns.length);
  const between = Math.min(gap, (height * 0.4) / Math.max(1, most - 1));
  const scale = (height - between * (most - 1)) / total;
  const bars = (order: readonly number[], sizeOf: (index: number) => number): readonly Bar[] => {
    // The side with fewer bars is spread over the same height.
    const apart = order.length > 1 ? (height - total * scale) / (order.length - 1) : 0;
    let top = order.length > 1 ? 0 : (height - total * scale) / 2;
    return order.map((index) => {
      const bar = { index, top, height: sizeOf(index) * scale };
      top += bar.height + apart;
      return bar;
    });
  };
  const rowBars = bars(rows, (r) => (counts[r] ?? []).reduce((a, b) => a + b, 0));
  const columnBars = bars(columns, (c) => counts.reduce((sum, row) => sum + (row[c] ?? 0), 0));
  const ends = new Map(columnBars.map(({ index, top }) => [index, top]));
  const ribbons: Ribbon[] = [];
  for (const { index: row, top } of rowBars) {
    let from = top;
    for (const { index: column } of columnBars) {
      const count = counts[row]?.[column] ?? 0;
      if (count === 0) continue;
      const to = ends.get(column) as number;
      ribbons.push({ row, column, count, from, to, height: count * scale });
      from += count * scale;
      ends.set(column, to + count * scale);
    }
  }
  return { rows: rowBars, columns: columnBars, ribbons };
}
