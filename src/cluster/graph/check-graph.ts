import { InputError } from "../../errors.ts";
import type { SparseMatrix } from "../../matrix/index.ts";

/**
 * Checks a graph that was given.
 *
 * @param where named by the error
 * @throws {InputError} unless the graph is square, symmetric and well formed, with finite weights of at least 0
 *
 * Time O(entries).
 */
export function checkGraph(where: string, graph: SparseMatrix): void {
  const fail = (rule: string, got: string): never => {
    throw new InputError(`${where}: the graph must ${rule}; got ${got}.`);
  };
  const { rows, cols, starts, columns, values } = graph;
  if (!Number.isInteger(rows) || rows < 1 || rows !== cols)
    fail("be square, with a row for each sample", `${rows} x ${cols}`);
  const entries = starts[rows];
  if (
    starts.length !== rows + 1 ||
    starts[0] !== 0 ||
    columns.length !== entries ||
    values.length !== entries
  ) {
    fail(
      "have rows + 1 starts, from 0 to the number of its columns and values",
      `${starts.length} starts up to ${entries}, ${columns.length} columns and ${values.length} values`,
    );
  }
  for (let i = 0; i < rows; i++) {
    let before = -1;
    for (let e = starts[i] as number; e < (starts[i + 1] as number); e++) {
      const j = columns[e] as number;
      const weight = values[e] as number;
      if (!(j > before && j < rows)) fail("have rising columns below its number of rows", `${j} in row ${i}`);
      if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
        fail("have finite weights of at least 0", `${weight} at (${i}, ${j})`);
      before = j;
    }
  }
  if (imbalance(graph) === 0) return;
  const [i, j, weight] = firstUnmatched(graph);
  fail("be symmetric", `${weight} at (${i}, ${j}) and another weight, or none, at (${j}, ${i})`);
}

/**
 * Sum of a random number for each entry, which its mirror image takes away again. It is 0 for a symmetric graph, and for
 * another by a chance of 2^-32. Looking up all mirror images would take 30 times as long, since they lie far apart.
 */
function imbalance({ rows, starts, columns, values }: SparseMatrix): number {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    for (let e = starts[i] as number; e < (starts[i + 1] as number); e++) {
      const j = columns[e] as number;
      if (i < j) sum = (sum + numberOf(i, j, bits[e] as number)) | 0;
      else if (i > j) sum = (sum - numberOf(j, i, bits[e] as number)) | 0;
    }
  }
  return sum;
}

/** 32 bits that look random, for three integers (the mixing steps of MurmurHash3). */
function numberOf(a: number, b: number, c: number): number {
  let mixed = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ b, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 13) ^ c, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0xc2b2ae35);
  return mixed ^ (mixed >>> 15);
}

/** The first entry whose mirror image is missing or has another weight. */
function firstUnmatched({ rows, starts, columns, values }: SparseMatrix): [number, number, number] {
  for (let i = 0; i < rows; i++) {
    for (let e = starts[i] as number; e < (starts[i + 1] as number); e++) {
      const j = columns[e] as number;
      const mirror = columns.subarray(0, starts[j + 1]).indexOf(i, starts[j]);
      if (mirror < 0 || values[mirror] !== values[e]) return [i, j, values[e] as number];
    }
  }
  throw new RangeError("The graph is symmetric.");
}
