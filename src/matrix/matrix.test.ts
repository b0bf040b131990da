import { describe, expect, test } from "vitest";
import { InputError } from "../errors.ts";
import {
  checkShape,
  isByteMatrix,
  matrixFromRows,
  nonFiniteError,
  row,
  sliceRows,
  takeRows,
} from "./matrix.ts";

test("a matrix keeps its rows, and a row is a view", () => {
  const matrix = matrixFromRows([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  expect(matrix).toEqual({ rows: 3, cols: 2, data: Float32Array.of(1, 2, 3, 4, 5, 6) });
  row(matrix, 1)[0] = 9;
  expect(matrix.data[2]).toBe(9);
});

test("rows of different lengths are refused, with the row and both lengths", () => {
  expect(() => matrixFromRows([[1, 2], [3]])).toThrow(InputError);
  expect(() => matrixFromRows([[1, 2], [3]])).toThrow("length of the first, 2; row 1 has 1.");
});

test("a slice of rows is a view of the same numbers, in the same units", () => {
  const bytes = { rows: 3, cols: 2, data: Uint8Array.of(1, 2, 3, 4, 5, 6), unit: 0.5 };
  const slice = sliceRows(bytes, 1, 3);
  expect(slice).toEqual({ rows: 2, cols: 2, data: Uint8Array.of(3, 4, 5, 6), unit: 0.5 });
  slice.data[0] = 9;
  expect(bytes.data[2]).toBe(9);
  expect(sliceRows(bytes, 2, 2).rows).toBe(0);
});

test("taken rows are copies in the order asked for; bytes stay bytes and keep their unit", () => {
  const bytes = { rows: 3, cols: 2, data: Uint8Array.of(1, 2, 3, 4, 5, 6), unit: 0.5 };
  const taken = takeRows(bytes, [2, 0, 2]);
  expect(taken).toEqual({ rows: 3, cols: 2, data: Uint8Array.of(5, 6, 1, 2, 5, 6), unit: 0.5 });
  taken.data[0] = 0;
  expect(bytes.data[4]).toBe(5);
  expect(isByteMatrix(taken)).toBe(true);
  expect(takeRows(matrixFromRows([[1], [2]]), [1]).data).toEqual(Float32Array.of(2));
});

describe("samples that no estimator can use are named", () => {
  test.each([
    [{ rows: 0, cols: 2, data: new Float32Array(0) }, "at least one row and one column; got 0 x 2."],
    [{ rows: 1.5, cols: 2, data: new Float32Array(3) }, "at least one row and one column; got 1.5 x 2."],
    [{ rows: 2, cols: 2, data: new Float32Array(3) }, "2 x 2 must hold 4 numbers; got 3."],
    [
      { rows: 1, cols: 2, data: new Float64Array(2) },
      "a Float32Array, or a Uint8Array with a unit; got Float64Array.",
    ],
    [
      { rows: 1, cols: 1, data: new Uint8Array(1), unit: 0 },
      "unit of byte samples must be positive and finite; got 0.",
    ],
    [
      { rows: 1, cols: 1, data: new Uint8Array(1) },
      "unit of byte samples must be positive and finite; got undefined.",
    ],
  ])("%o", (samples, message) => {
    expect(() => checkShape("fit", samples as never)).toThrow(InputError);
    expect(() => checkShape("fit", samples as never)).toThrow(message);
  });

  test("the first number that is not finite has its row and column", () => {
    const samples = {
      rows: 2,
      cols: 3,
      data: Float32Array.of(0, 1, 2, 3, Number.NaN, Number.POSITIVE_INFINITY),
    };
    expect(nonFiniteError("fit", samples)?.message).toContain("got NaN at row 1, column 1.");
    expect(nonFiniteError("fit", { rows: 1, cols: 1, data: Float32Array.of(1) })).toBe(undefined);
  });
});
