/** Graphs of neighbours as sparse matrices: made symmetric, averaged, taken apart. */
import { InputError } from "../../errors.ts";
import type { SparseMatrix } from "../../matrix/index.ts";
import { type MembershipScales, membershipScales, membershipStrengths } from "./membership.ts";
import type { Neighbors } from "./types.ts";

/**
 * The graph of UMAP: two points are joined by w(i, j) + w(j, i) - w(i, j) w(j, i), the probability that at least one of two
 * independent edges exists, with the strengths of {@link membershipStrengths}.
 *
 * @param neighbors of points among themselves
 * @param scales those of the points, where they are known already
 * @returns rows x rows, symmetric, without diagonal or zeros
 */
export function fuzzyGraph(
  neighbors: Neighbors,
  scales: MembershipScales = membershipScales(neighbors),
): SparseMatrix {
  const directed = neighborMatrix(neighbors, membershipStrengths(neighbors, scales));
  return combine([directed, transpose(directed)], ([a, b]) => {
    const [there, back] = [a as number, b as number];
    return Math.fround(Math.fround(there + back) - Math.fround(there * back));
  });
}

/**
 * The plain mean of several graphs of the same points: an edge that some lack counts as 0 there.
 *
 * @throws {InputError} for no graph, or graphs of different sizes
 */
export function meanGraph(graphs: readonly SparseMatrix[]): SparseMatrix {
  const [first] = graphs;
  if (!first) throw new InputError("meanGraph: graphs must be at least one; got none.");
  for (const { rows, cols } of graphs) {
    if (rows === first.rows && cols === first.cols) continue;
    throw new InputError(
      `meanGraph: every graph must have the size of the first, ${first.rows} x ${first.cols}; got ${rows} x ${cols}.`,
    );
  }
  if (graphs.length === 1) return first;
  return combine(graphs, (values) => {
    let sum = 0;
    for (const value of values) sum += value;
    return sum / values.length;
  });
}

/**
 * A table of neighbours as a sparse matrix.
 *
 * @param values one for each entry of the table; zeros are kept
 * @returns rows x rows
 */
export function neighborMatrix({ rows, k, indices }: Neighbors, values: Float32Array): SparseMatrix {
  const columns = new Int32Array(rows * k);
  const sorted = new Float32Array(rows * k);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < k; j++) {
      const column = indices[i * k + j] as number;
      let at = i * k + j;
      for (; at > i * k && (columns[at - 1] as number) > column; at--) {
        columns[at] = columns[at - 1] as number;
        sorted[at] = sorted[at - 1] as number;
      }
      columns[at] = column;
      sorted[at] = values[i * k + j] as number;
    }
  }
  return {
    rows,
    cols: rows,
    starts: Int32Array.from({ length: rows + 1 }, (_, i) => i * k),
    columns,
    values: sorted,
  };
}

/** Rows become columns. */
export function transpose({ rows, cols, starts, columns, values }: SparseMatrix): SparseMatrix {
  const counts = new Int32Array(cols + 1);
  for (const column of columns) counts[column + 1] = (counts[column + 1] as number) + 1;
  for (let c = 0; c < cols; c++) counts[c + 1] = (counts[c + 1] as number) + (counts[c] as number);
  const next = counts.slice();
  const turned = { columns: new Int32Array(columns.length), values: new Float32Array(columns.length) };
  for (let r = 0; r < rows; r++) {
    for (let at = starts[r] as number; at < (starts[r + 1] as number); at++) {
      const place = next[columns[at] as number] as number;
      next[columns[at] as number] = place + 1;
      turned.columns[place] = r;
      turned.values[place] = values[at] as number;
    }
  }
  return { rows: cols, cols: rows, starts: counts, ...turned };
}

/**
 * Matrices of one size joined entry by entry, over the union of their patterns; what comes out as 0 is left out.
 *
 * @param join gets the values of all matrices at one place, 0 where one has none, in an array that is used again
 */
function combine(graphs: readonly SparseMatrix[], join: (values: readonly number[]) => number): SparseMatrix {
  const { rows, cols } = graphs[0] as SparseMatrix;
  const most = graphs.reduce((sum, graph) => sum + graph.columns.length, 0);
  const starts = new Int32Array(rows + 1);
  const columns = new Int32Array(most);
  const values = new Float32Array(most);
  const cursors = new Int32Array(graphs.length);
  const found: number[] = graphs.map(() => 0);
  let length = 0;
  for (let r = 0; r < rows; r++) {
    for (let g = 0; g < graphs.length; g++) cursors[g] = (graphs[g] as SparseMatrix).starts[r] as number;
    for (;;) {
      let column = cols;
      for (let g = 0; g < graphs.length; g++) {
        const graph = graphs[g] as SparseMatrix;
        const at = cursors[g] as number;
        if (at < (graph.starts[r + 1] as number)) column = Math.min(column, graph.columns[at] as number);
      }
      if (column === cols) break;
      for (let g = 0; g < graphs.length; g++) {
        const graph = graphs[g] as SparseMatrix;
        const at = cursors[g] as number;
        const here = at < (graph.starts[r + 1] as number) && graph.columns[at] === column;
        found[g] = here ? (graph.values[at] as number) : 0;
        if (here) cursors[g] = at + 1;
      }
      const value = Math.fround(join(found));
      if (value === 0) continue;
      columns[length] = column;
      values[length++] = value;
    }
    starts[r + 1] = length;
  }
  return { rows, cols, starts, columns: columns.slice(0, length), values: values.slice(0, length) };
}

/** The parts of a graph between which there is no edge. */
export interface Components {
  readonly count: number;
  /** Component of each row, 0..count-1, numbered by their first rows. */
  readonly labels: Int32Array;
}

/** Connected components; an edge joins both ways, whichever way it is stored. */
export function connectedComponents({ rows, starts, columns }: SparseMatrix): Components {
  const parents = Int32Array.from({ length: rows }, (_, i) => i);
  const rootOf = (start: number): number => {
    let i = start;
    while (parents[i] !== i) {
      const above = parents[parents[i] as number] as number;
      parents[i] = above;
      i = above;
    }
    return i;
  };
  for (let r = 0; r < rows; r++) {
    for (let at = starts[r] as number; at < (starts[r + 1] as number); at++) {
      const [a, b] = [rootOf(r), rootOf(columns[at] as number)];
      // The lower row is the root, so that roots come first when components are numbered.
      if (a !== b) parents[Math.max(a, b)] = Math.min(a, b);
    }
  }
  const labels = new Int32Array(rows);
  let count = 0;
  for (let r = 0; r < rows; r++) {
    const root = rootOf(r);
    labels[r] = root === r ? count++ : (labels[root] as number);
  }
  return { count, labels };
}
