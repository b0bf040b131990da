/** Sparse matrices by rows: what a graph of neighbours is kept in. */

/**
 * Sparse matrix in compressed rows (CSR): the entries of row `r` stand at `starts[r]` up to, not including, `starts[r + 1]`,
 * columns rising, each column at most once. As a graph: rows and columns are samples, values are weights of edges.
 */
export interface SparseMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly starts: Int32Array; // rows + 1 entries, from 0 to the number of entries
  readonly columns: Int32Array; // 0..cols-1
  readonly values: Float32Array; // as long as columns
}
