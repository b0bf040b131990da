import type { SparseMatrix } from "../../../matrix/index.ts";
import { createRandom } from "../../../random/index.ts";
import { blockRows, layoutOrder, poolSize, roundsPerEpoch } from "../layout.ts";
import type { GraphLayout } from "../types.ts";

const golden = 0x9e3779b9;

function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

/** The epochs of the layout kernels as a plain loop in double precision, one force after another, from the given start. */
export function naiveEpochs(graph: SparseMatrix, { settings, curve }: GraphLayout): Float64Array {
  const { nDimensions, nEpochs, learningRate, negativeSamples, repulsion, init, seed } = settings;
  if (typeof init === "string") throw new Error("The plain loop starts from a matrix.");
  const key = createRandom(seed).stream("umap").stream("layout").uint32();
  const { rows } = graph;
  const order = layoutOrder({ ...init, data: Float32Array.from(init.data) });
  // Row i of the start's order belongs to round i % roundsPerEpoch; those of a round lie together.
  let first = 0;
  const rounds = Array.from({ length: roundsPerEpoch }, (_, round) => {
    const length = Math.ceil((rows - round) / roundsPerEpoch);
    first += length;
    return Array.from({ length }, (_, i) => first - length + i);
  });
  let places = Float64Array.from(init.data);
  const edges = keptEdges(graph, nEpochs, order);
  for (let epoch = 0; epoch < nEpochs; epoch++) {
    const rate = learningRate * (1 - epoch / nEpochs);
    for (const vertices of rounds) {
      const moved = places.slice();
      const first = vertices[0] ?? 0;
      for (const i of vertices) {
        const block = Math.floor((i - first) / blockRows);
        const pool = drawPool(mix((mix((key ^ mix(epoch)) >>> 0) + first + block) >>> 0), rows);
        let turn = mix((key ^ mix((Math.imul(epoch, golden) + i) >>> 0)) >>> 0);
        const forces: { other: number; kind: "pull" | "push" }[] = [];
        for (const { at, other, rate } of edges[i] as Edge[]) {
          const sum = (Math.imul(rate, epoch + 1) + Math.imul(at + 1, golden)) >>> 0;
          if (sum >= rate || rate * (epoch + 1) < 2 ** 31) continue;
          forces.push({ other, kind: "pull" });
          for (let draw = 0; draw < negativeSamples; draw++) {
            if (draw === negativeSamples >> 1) forces.push({ other, kind: "pull" });
            forces.push({ other: order[pool[turn++ % poolSize] as number] as number, kind: "push" });
          }
        }
        const vertex = order[i] as number;
        moveByFours(places, moved.subarray(vertex * nDimensions, (vertex + 1) * nDimensions), vertex, forces);
      }
      places = moved;
    }

    function moveByFours(
      from: Float64Array,
      own: Float64Array,
      i: number,
      forces: readonly { other: number; kind: "pull" | "push" }[],
    ): void {
      for (let first = 0; first < forces.length; first += 4) {
        const before = own.slice();
        for (const { other, kind } of forces.slice(first, first + 4)) {
          if (other === i) continue;
          const difference = before.map((value, j) => value - (from[other * nDimensions + j] as number));
          const squared = difference.reduce((sum, value) => sum + value * value, 0);
          const power = squared ** curve.b;
          const coefficient =
            kind === "pull"
              ? (-2 * curve.a * curve.b * power) / (squared * (1 + curve.a * power))
              : (2 * curve.b * repulsion) / ((0.001 + squared) * (1 + curve.a * power));
          for (let j = 0; j < nDimensions; j++) {
            const move = Math.max(-4, Math.min(4, coefficient * (difference[j] as number)));
            own[j] = (own[j] as number) + rate * move;
          }
        }
      }
    }
  }
  return places;
}

function drawPool(start: number, rows: number): number[] {
  let state = start;
  return Array.from({ length: poolSize }, () => {
    state = (Math.imul(state, 747796405) + 2891336453) >>> 0;
    return Math.floor((state * rows) / 2 ** 32);
  });
}

interface Edge {
  readonly at: number;
  readonly other: number;
  readonly rate: number;
}

/** Edges of each vertex in the order of the layout; their other ends are rows of the graph. */
function keptEdges({ starts, columns, values }: SparseMatrix, nEpochs: number, order: Int32Array): Edge[][] {
  const strongest = Math.max(...values);
  let at = 0;
  return Array.from(order, (i) => {
    const kept: Edge[] = [];
    for (let e = starts[i] as number; e < (starts[i + 1] as number); e++) {
      const share = (values[e] as number) / strongest;
      if (share * nEpochs < 1) continue;
      const rate = Math.min(2 ** 32 - 1, Math.round(share * 2 ** 32));
      kept.push({ at: at++, other: columns[e] as number, rate });
    }
    return kept;
  });
}
