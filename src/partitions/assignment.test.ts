import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../errors.ts";
import { createRandom } from "../random/index.ts";
import type { CostMatrix } from "./assignment.ts";
import { linearAssignment } from "./assignment.ts";

/** Cost of the cheapest assignment, by trying all. */
function cheapest({ rows, cols, data }: CostMatrix): number {
  const at = (r: number, c: number): number => (rows <= cols ? data[r * cols + c] : data[c * cols + r]);
  const [shorter, longer] = rows <= cols ? [rows, cols] : [cols, rows];
  const search = (r: number, used: number): number => {
    if (r === shorter) return 0;
    let least = Number.POSITIVE_INFINITY;
    for (let c = 0; c < longer; c++) {
      if ((used >> c) & 1) continue;
      least = Math.min(least, at(r, c) + search(r + 1, used | (1 << c)));
    }
    return least;
  };
  return search(0, 0);
}

/** Checks that the assignment is one, and that its potentials prove it cheapest; gives its cost. */
function certifiedCost(costs: CostMatrix, tolerance = 0): number {
  const { rows, cols, data } = costs;
  const { columnOfRow, rowPotentials, columnPotentials } = linearAssignment(costs);
  const columns = Array.from(columnOfRow).filter((c) => c >= 0);
  expect(columnOfRow).toHaveLength(rows);
  expect(columns).toHaveLength(Math.min(rows, cols));
  expect(new Set(columns).size).toBe(columns.length);
  expect(Math.max(...columns)).toBeLessThan(cols);

  let cost = 0;
  let leastSlack = Number.POSITIVE_INFINITY;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < cols; c++) {
      const slack = data[r * cols + c] - rowPotentials[r] - columnPotentials[c];
      leastSlack = Math.min(leastSlack, slack);
      if (columnOfRow[r] !== c) continue;
      expect(Math.abs(slack)).toBeLessThanOrEqual(tolerance);
      cost += data[r * cols + c];
    }
  }
  expect(leastSlack).toBeGreaterThanOrEqual(-tolerance);
  const [longSide, assigned] =
    rows <= cols ? [columnPotentials, new Set(columns)] : [rowPotentials, assignedRows(columnOfRow)];
  longSide.forEach((potential, i) => {
    if (assigned.has(i)) expect(potential).toBeLessThanOrEqual(0);
    else expect(potential).toBe(0);
  });
  const dual = [...rowPotentials, ...columnPotentials].reduce((sum, potential) => sum + potential, 0);
  expect(Math.abs(dual - cost)).toBeLessThanOrEqual(tolerance * (rows + cols));
  return cost;
}

const assignedRows = (columnOfRow: Int32Array): Set<number> =>
  new Set(Array.from(columnOfRow.keys()).filter((r) => columnOfRow[r] >= 0));

const costMatrices = (values: fc.Arbitrary<number>): fc.Arbitrary<CostMatrix> =>
  fc
    .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }))
    .chain(([rows, cols]) =>
      fc
        .array(values, { minLength: rows * cols, maxLength: rows * cols })
        .map((costs) => ({ rows, cols, data: Float64Array.from(costs) })),
    );

function randomCosts(rows: number, cols: number, bound: number, seed: number): CostMatrix {
  const random = createRandom(seed);
  return {
    rows,
    cols,
    data: Int32Array.from({ length: rows * cols }, () => random.integer(bound) - (bound >> 1)),
  };
}

describe("linearAssignment", () => {
  test("gives up the cheapest cell where two others are cheaper together", () => {
    // Taking the 1 forces the 9: 1 + 9 > 2 + 3.
    const { columnOfRow } = linearAssignment({ rows: 2, cols: 2, data: Int32Array.of(1, 2, 3, 9) });
    expect(Array.from(columnOfRow)).toEqual([1, 0]);
  });

  test("leaves a row without a column where there are more rows", () => {
    const { columnOfRow } = linearAssignment({ rows: 3, cols: 1, data: Int32Array.of(5, 4, 6) });
    expect(Array.from(columnOfRow)).toEqual([-1, 0, -1]);
  });

  test("costs what trying all assignments finds, up to 7 x 7, with many ties", () => {
    fc.assert(
      fc.property(costMatrices(fc.integer({ min: -3, max: 3 })), (costs) => {
        expect(certifiedCost(costs)).toBe(cheapest(costs));
      }),
      { numRuns: 300 },
    );
  });

  test("costs what trying all assignments finds, up to 7 x 7, with few ties and fractions", () => {
    const fractions = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => value / 7);
    fc.assert(
      fc.property(costMatrices(fractions), (costs) => {
        expect(certifiedCost(costs, 1e-9)).toBeCloseTo(cheapest(costs), 6);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    [200, 150, 1000],
    [150, 200, 1000],
    [200, 200, 5],
    [200, 150, 2],
    [3, 500, 1_000_000],
    [120, 120, 1],
  ])("proves its answer by its potentials for %i x %i random costs below %i", (rows, cols, bound) => {
    for (let seed = 0; seed < 3; seed++) certifiedCost(randomCosts(rows, cols, bound, seed));
  });

  test("takes rows in their order and the lowest columns where all costs are equal", () => {
    const zeros = (rows: number, cols: number): CostMatrix => ({
      rows,
      cols,
      data: new Int32Array(rows * cols),
    });
    expect(Array.from(linearAssignment(zeros(3, 5)).columnOfRow)).toEqual([0, 1, 2]);
    expect(Array.from(linearAssignment(zeros(5, 3)).columnOfRow)).toEqual([0, 1, 2, -1, -1]);
  });

  test("does not touch its costs", () => {
    const costs = randomCosts(8, 6, 10, 4);
    const before = costs.data.slice();
    linearAssignment(costs);
    expect(costs.data).toEqual(before);
  });

  test.each([
    [
      "do not fill the matrix",
      { rows: 2, cols: 2, data: Int32Array.of(1, 2, 3) },
      /got 2 x 2 with 3 numbers/,
    ],
    ["are none", { rows: 0, cols: 2, data: new Int32Array(0) }, /both at least 1; got 0 x 2/],
    [
      "hold NaN",
      { rows: 1, cols: 2, data: Float64Array.of(1, Number.NaN) },
      /finite; got NaN at row 0, column 1/,
    ],
    [
      "hold infinity",
      { rows: 2, cols: 1, data: Float64Array.of(1, Infinity) },
      /got Infinity at row 1, column 0/,
    ],
  ])("refuses costs that %s", (_, costs, message) => {
    const call = () => linearAssignment(costs);
    expect(call).toThrow(InputError);
    expect(call).toThrow(message);
  });
});
