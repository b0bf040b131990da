import { describe, expect, test } from "vitest";
import { crossings, layoutFlow, orderFlow } from "./flow.ts";

/** Crossings counted pair by pair. */
function slowly(counts: number[][], rows: readonly number[], columns: readonly number[]): number {
  let sum = 0;
  rows.forEach((r, i) => {
    rows.slice(i + 1).forEach((s) => {
      columns.forEach((c, j) => {
        for (const d of columns.slice(0, j)) sum += (counts[r]?.[c] ?? 0) * (counts[s]?.[d] ?? 0);
      });
    });
  });
  return sum;
}

function table(rows: number, columns: number, seed: number): number[][] {
  const of = (r: number, c: number): number =>
    Math.round(9 + 12 * Math.sin(seed * 7.3 + r * 12.9 + c * 78.2));
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (_, c) => Math.max(0, of(r, c))),
  );
}

describe("the flow between two runs", () => {
  test("crossings are the products of the widths of ribbons that cross", () => {
    // 0 -> 1 and 1 -> 0 cross: 2 x 3.
    const counts = [
      [5, 2],
      [3, 7],
    ];
    expect(crossings(counts, { rows: [0, 1], columns: [0, 1] })).toBe(6);
    expect(crossings(counts, { rows: [1, 0], columns: [0, 1] })).toBe(35);
    for (let seed = 0; seed < 5; seed++) {
      const random = table(5, 7, seed);
      const order = { rows: [3, 0, 4, 1, 2], columns: [6, 2, 0, 5, 1, 3, 4] };
      expect(crossings(random, order)).toBe(slowly(random, order.rows, order.columns));
    }
  });

  test("two clusterings that differ in their numbers alone lie side by side", () => {
    const to = [3, 0, 4, 1, 2];
    const counts = to.map((c) => to.map((_, d) => (c === d ? 10 : 0)));
    expect(crossings(counts, orderFlow(counts))).toBe(0);
  });

  test("the order is never worse than that of the numbers, holds all clusters, and no neighbours would better change places", () => {
    for (let seed = 0; seed < 12; seed++) {
      const counts = table(3 + (seed % 5), 2 + (seed % 7), seed);
      const order = orderFlow(counts);
      const [rows, columns] = [counts.map((_, r) => r), (counts[0] ?? []).map((_, c) => c)];
      const found = crossings(counts, order);
      expect(found).toBeLessThanOrEqual(crossings(counts, { rows, columns }));
      expect([...order.rows].sort((a, b) => a - b)).toEqual(rows);
      expect([...order.columns].sort((a, b) => a - b)).toEqual(columns);
      for (let i = 0; i + 1 < order.rows.length; i++) {
        const changed = [...order.rows];
        [changed[i], changed[i + 1]] = [changed[i + 1] as number, changed[i] as number];
        expect(crossings(counts, { ...order, rows: changed })).toBeGreaterThanOrEqual(found);
      }
    }
  });

  test("ribbons fill their bars at both ends, and none lies outside", () => {
    const counts = table(4, 6, 3);
    const { rows, columns, ribbons } = layoutFlow(counts, orderFlow(counts), 400, 6);
    for (const [bars, end] of [
      [rows, "from"],
      [columns, "to"],
    ] as const) {
      for (const { index, top, height } of bars) {
        const own = ribbons.filter((ribbon) => (end === "from" ? ribbon.row : ribbon.column) === index);
        const starts = own.map((ribbon) => ribbon[end]).sort((a, b) => a - b);
        expect(own.reduce((sum, ribbon) => sum + ribbon.height, 0)).toBeCloseTo(height, 9);
        if (starts[0] !== undefined) expect(starts[0]).toBeCloseTo(top, 9);
      }
      const last = bars.at(-1);
      expect((last?.top ?? 0) + (last?.height ?? 0)).toBeCloseTo(400, 6);
    }
  });
});
