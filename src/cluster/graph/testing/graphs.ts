/** Small graphs for tests. */
import type { SparseMatrix } from "../../../matrix/index.ts";
import type { Random } from "../../../random/index.ts";

/** Edge between two nodes; weight 1 unless said. A loop stands once on the diagonal. */
export type Edge = readonly [from: number, to: number, weight?: number];

/** Graph of `rows` nodes; an edge that is given more than once has the sum of its weights. */
export function graphOf(rows: number, edges: readonly Edge[]): SparseMatrix {
  const table = Array.from({ length: rows }, () => new Map<number, number>());
  const add = (i: number, j: number, weight: number): void => {
    const line = table[i] as Map<number, number>;
    line.set(j, Math.fround((line.get(j) ?? 0) + weight));
  };
  for (const [i, j, weight = 1] of edges) {
    add(i, j, weight);
    if (i !== j) add(j, i, weight);
  }
  const starts = new Int32Array(rows + 1);
  const columns: number[] = [];
  const values: number[] = [];
  table.forEach((line, i) => {
    for (const [j, weight] of [...line].sort(([a], [b]) => a - b)) {
      columns.push(j);
      values.push(weight);
    }
    starts[i + 1] = columns.length;
  });
  return {
    rows,
    cols: rows,
    starts,
    columns: Int32Array.from(columns),
    values: Float32Array.from(values),
  };
}

/** All edges between the nodes first..first+size-1. */
export function clique(first: number, size: number, weight = 1): Edge[] {
  const edges: Edge[] = [];
  for (let i = first; i < first + size; i++) {
    for (let j = i + 1; j < first + size; j++) edges.push([i, j, weight]);
  }
  return edges;
}

/** `count` cliques of `size` nodes, each joined to the next by one edge, the last to the first. */
export function ringOfCliques(count: number, size: number): SparseMatrix {
  const edges = Array.from({ length: count }, (_, c) => clique(c * size, size)).flat();
  for (let c = 0; c < count; c++) edges.push([c * size, ((c + 1) % count) * size + 1]);
  return graphOf(count * size, edges);
}

/** Modularity by its definition, over all pairs of nodes. */
export function naiveModularity(graph: SparseMatrix, labels: ArrayLike<number>, resolution: number): number {
  const { rows, starts, columns, values } = graph;
  const degrees = new Float64Array(rows);
  let total = 0;
  let within = 0;
  for (let i = 0; i < rows; i++) {
    for (let e = starts[i] as number; e < (starts[i + 1] as number); e++) {
      const weight = values[e] as number;
      degrees[i] = (degrees[i] as number) + weight;
      total += weight;
      if (labels[i] === labels[columns[e] as number]) within += weight;
    }
  }
  let expected = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      if (labels[i] === labels[j]) expected += (degrees[i] as number) * (degrees[j] as number);
    }
  }
  return within / total - (resolution * expected) / total ** 2;
}

/** Zachary's karate club (1977): 34 members and their 78 ties. */
export const karateClub: SparseMatrix = graphOf(
  34,
  (
    "1-2 1-3 1-4 1-5 1-6 1-7 1-8 1-9 1-11 1-12 1-13 1-14 1-18 1-20 1-22 1-32 2-3 2-4 2-8 2-14 2-18 2-20 2-22 2-31 3-4 " +
    "3-8 3-9 3-10 3-14 3-28 3-29 3-33 4-8 4-13 4-14 5-7 5-11 6-7 6-11 6-17 7-17 9-31 9-33 9-34 10-34 14-34 15-33 15-34 " +
    "16-33 16-34 19-33 19-34 20-34 21-33 21-34 23-33 23-34 24-26 24-28 24-30 24-33 24-34 25-26 25-28 25-32 26-32 27-30 " +
    "27-34 28-34 29-32 29-34 30-33 30-34 31-33 31-34 32-33 32-34 33-34"
  )
    .split(" ")
    .map((tie) => tie.split("-").map((member) => Number(member) - 1) as unknown as Edge),
);

/** Groups of about equal size: edges within with probability `inside`, between with probability `outside`. */
export function plantedGraph(
  random: Random,
  rows: number,
  nGroups: number,
  inside: number,
  outside: number,
): { graph: SparseMatrix; groups: number[] } {
  const groups = Array.from({ length: rows }, () => random.integer(nGroups));
  const edges: Edge[] = [];
  for (let i = 0; i < rows; i++) {
    for (let j = i + 1; j < rows; j++) {
      if (random.float() < (groups[i] === groups[j] ? inside : outside))
        edges.push([i, j, 0.25 + random.float()]);
    }
  }
  return { graph: graphOf(rows, edges), groups };
}
