import { expect, test } from "vitest";
import { matrixFromRows } from "../matrix/index.ts";
import { SHIFTED_COLUMNS, vectorExhibit } from "./vector-exhibit.ts";

test("tells of each cluster the columns that differ most, in standard deviations of all vectors", () => {
  const values = matrixFromRows([
    [0, 10, 7, 1],
    [0, 10, 7, -1],
    [2, 10, 7, 1],
    [2, 50, 7, -1],
  ]);
  const { width, varying, shifts } = vectorExhibit(values, Int32Array.of(0, 0, 1, 1), 3);
  // Column 0: mean 1, deviation 1. Column 1: mean 20, deviation sqrt(300). Column 2 never varies. Column 3: the same in both.
  const tens = 10 / Math.sqrt(300);
  expect([width, varying]).toEqual([4, 3]);
  expect(shifts).toEqual([
    [
      { column: 0, mean: 0, shift: -1 },
      { column: 1, mean: 10, shift: -tens },
      { column: 3, mean: 0, shift: 0 },
    ],
    [
      { column: 0, mean: 2, shift: 1 },
      { column: 1, mean: 30, shift: tens },
      { column: 3, mean: 0, shift: 0 },
    ],
    [],
  ]);
});

test("names a few columns of many", () => {
  const row = Array.from({ length: 50 }, (_, j) => j);
  const values = matrixFromRows([row, row.map((j) => -j)]);
  const { shifts } = vectorExhibit(values, Int32Array.of(0, 1), 2);
  expect(shifts.map((of) => of.length)).toEqual([SHIFTED_COLUMNS, SHIFTED_COLUMNS]);
});

test("calls columns what the source calls them", () => {
  const values = matrixFromRows([
    [0, 3],
    [1, 3],
  ]);
  const { named, shifts } = vectorExhibit(values, Int32Array.of(0, 1), 2, ["length", "width"]);
  expect([named, shifts[0]]).toEqual([true, [{ column: 0, name: "length", mean: 0, shift: -1 }]]);
});
