/**
 * The linear assignment problem: give each row a column of its own so that the costs add up to the least.
 *
 * Shortest augmenting paths (Jonker and Volgenant 1987, in the rectangular form of Crouse 2016). Rows enter one by one.
 * Dijkstra's search over the reduced costs `cost(r, c) - u_r - v_c`, all of them at least 0, finds the cheapest chain of
 * reassignments that ends in a free column; then the potentials u and v are moved so that they stay at least 0, and 0 on
 * the assignment. The potentials prove that no assignment is cheaper: it would have to cost less than their sum.
 */
import { InputError } from "../errors.ts";

/** Costs of giving row r to column c: `data[r * cols + c]`, finite. */
export interface CostMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Int32Array | Float64Array;
}

/** A cheapest assignment and its proof. */
export interface Assignment {
  /** Column of each row, or -1 for a row that gets none (where there are more rows than columns). */
  readonly columnOfRow: Int32Array;
  /**
   * Potentials u and v with u_r + v_c <= cost(r, c) everywhere and equality on the assignment. Those of the longer side
   * are at most 0, and 0 where nothing is assigned. All of them together add up to the cost of the assignment.
   */
  readonly rowPotentials: Float64Array;
  readonly columnPotentials: Float64Array;
}

/**
 * A cheapest one-to-one assignment of rows to columns; min(rows, cols) pairs are made.
 *
 * Exact while costs are integers whose sums stay below 2^53. Of several cheapest assignments always the same one is
 * given: the shorter side enters in the order of its indices, and among equally short paths one that ends in a free
 * line goes first, then the one with the lowest index.
 *
 * @throws {InputError} if the costs do not fill the matrix or are not finite
 *
 * Time O(min^2 x max) at worst, memory O(rows + cols), and a transposed copy where rows > cols.
 */
export function linearAssignment(costs: CostMatrix): Assignment {
  checkCosts(costs);
  const { rows, cols } = costs;
  if (rows <= cols) return augmentRowByRow(costs);
  const { columnOfRow: rowOfColumn, rowPotentials, columnPotentials } = augmentRowByRow(transposed(costs));
  return {
    columnOfRow: inverse(rowOfColumn, rows),
    rowPotentials: columnPotentials,
    columnPotentials: rowPotentials,
  };
}

/** State of the search: a partial assignment, its potentials, and the paths from the row that enters. */
interface Search {
  readonly columnOfRow: Int32Array;
  readonly rowOfColumn: Int32Array;
  readonly u: Float64Array;
  readonly v: Float64Array;
  /** Length of the shortest path found to each column. */
  readonly distance: Float64Array;
  /** Row before each column on that path. */
  readonly previousRow: Int32Array;
  /** All columns; the first `cols - settled` are open, the others settled, the latest first. */
  readonly columns: Int32Array;
}

/** `rows <= cols` is assumed. */
function augmentRowByRow(costs: CostMatrix): Assignment {
  const { rows, cols } = costs;
  const search: Search = {
    columnOfRow: new Int32Array(rows).fill(-1),
    rowOfColumn: new Int32Array(cols).fill(-1),
    u: new Float64Array(rows),
    v: new Float64Array(cols),
    distance: new Float64Array(cols),
    previousRow: new Int32Array(cols),
    columns: Int32Array.from({ length: cols }, (_, c) => c),
  };
  for (let r = 0; r < rows; r++) {
    const nOpen = searchFrom(r, costs, search);
    updatePotentials(r, nOpen, search);
    augment(r, search.columns[nOpen], search);
  }
  return { columnOfRow: search.columnOfRow, rowPotentials: search.u, columnPotentials: search.v };
}

/** Dijkstra's search from row `start` to the nearest free column, which is then the last one settled. Gives the number of open columns. */
function searchFrom(start: number, costs: CostMatrix, search: Search): number {
  const { cols, data } = costs;
  const { u, v, distance, previousRow, rowOfColumn, columns } = search;
  distance.fill(Number.POSITIVE_INFINITY);
  let nOpen = cols;
  let row = start;
  let reached = 0;
  for (;;) {
    const base = reached - u[row];
    let nearest = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < nOpen; i++) {
      const c = columns[i];
      const length = base + data[row * cols + c] - v[c];
      if (length < distance[c]) {
        distance[c] = length;
        previousRow[c] = row;
      }
      const here = distance[c];
      if (here < least || (here === least && goesFirst(c, columns[nearest], rowOfColumn))) {
        least = here;
        nearest = i;
      }
    }
    const column = columns[nearest];
    nOpen--;
    columns[nearest] = columns[nOpen];
    columns[nOpen] = column;
    if (rowOfColumn[column] < 0) return nOpen;
    reached = least;
    row = rowOfColumn[column];
  }
}

/** Order of equally near columns: free ones end the search sooner; then the index decides. */
function goesFirst(c: number, other: number, rowOfColumn: Int32Array): boolean {
  const free = rowOfColumn[c] < 0;
  return free === rowOfColumn[other] < 0 ? c < other : free;
}

function updatePotentials(start: number, nOpen: number, search: Search): void {
  const { u, v, distance, rowOfColumn, columns } = search;
  const reached = distance[columns[nOpen]];
  u[start] += reached;
  // columns[nOpen] is the free column at the end; the settled ones after it each have a row.
  for (let i = nOpen + 1; i < columns.length; i++) {
    const c = columns[i];
    const slack = reached - distance[c];
    u[rowOfColumn[c]] += slack;
    v[c] -= slack;
  }
}

/** Walks the path back from its free column and gives each row on it its new column. */
function augment(start: number, end: number, search: Search): void {
  const { columnOfRow, rowOfColumn, previousRow } = search;
  let column = end;
  for (;;) {
    const row = previousRow[column];
    const next = columnOfRow[row];
    rowOfColumn[column] = row;
    columnOfRow[row] = column;
    if (row === start) return;
    column = next;
  }
}

function checkCosts({ rows, cols, data }: CostMatrix): void {
  if (
    !(
      Number.isInteger(rows) &&
      Number.isInteger(cols) &&
      rows >= 1 &&
      cols >= 1 &&
      data.length === rows * cols
    )
  ) {
    throw new InputError(
      `linearAssignment: costs must fill rows x cols, both at least 1; got ${rows} x ${cols} with ${data.length} numbers.`,
    );
  }
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) {
      throw new InputError(
        `linearAssignment: costs must be finite; got ${data[i]} at row ${Math.floor(i / cols)}, column ${i % cols}.`,
      );
    }
  }
}

function transposed({ rows, cols, data }: CostMatrix): CostMatrix {
  const turned = data.slice();
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c++) turned[c * rows + r] = data[r * cols + c];
  }
  return { rows: cols, cols: rows, data: turned };
}

/** For each of `length` images of the map, what is mapped to it, or -1. */
function inverse(map: Int32Array, length: number): Int32Array {
  const result = new Int32Array(length).fill(-1);
  for (let i = 0; i < map.length; i++) if (map[i] >= 0) result[map[i]] = i;
  return result;
}
