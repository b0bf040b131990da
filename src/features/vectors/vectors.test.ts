import fc from "fast-check";
import { expect, test } from "vitest";
import { OptionError } from "../../errors.ts";
import type { Scaling } from "../../images/index.ts";
import { matrixFromRows, sliceRows } from "../../matrix/index.ts";
import { fit, transform } from "./index.ts";

const values = matrixFromRows([
  [1, 5, 0.1, 0],
  [3, 5, 0.1, 0],
  [5, 8, 0.1, 0],
]);

test("none copies nothing", () => {
  const { model, samples } = fit(values);
  expect(samples).toBe(values);
  expect(model).toEqual({ kind: "vectors", scaling: "none", width: 4 });
});

test("standard gives columns mean 0 and standard deviation 1, and constant ones 0", () => {
  const { model, samples } = fit(values, { scaling: "standard" });
  // 1, 3, 5: mean 3, variance 8 / 3. 5, 5, 8: mean 6, variance 2. The float nearest to 0.1 has no exact mean but itself.
  const a = Math.fround(2 / Math.sqrt(8 / 3));
  const b = Math.fround(1 / Math.SQRT2);
  expect(Array.from(samples.data)).toEqual([-a, -b, 0, 0, 0, -b, 0, 0, a, Math.fround(Math.SQRT2), 0, 0]);
  expect(model.mean?.[2]).toBe(values.data[2]);
  // One vector alone is scaled by what all had.
  expect(transform(model, sliceRows(values, 2, 3))).toEqual(sliceRows(samples, 2, 3));
});

test("l2 gives vectors length 1, and leaves those of zeros", () => {
  const { samples } = fit(
    matrixFromRows([
      [3, -4],
      [0, 0],
      [1e-30, 0],
      [3e38, 3e38],
    ]),
    { scaling: "l2" },
  );
  const half = Math.fround(Math.SQRT1_2);
  expect(Array.from(samples.data)).toEqual([0.6, -0.8, 0, 0, 1, 0, half, half].map(Math.fround));
});

test("moving and stretching columns does not change standardized vectors", () => {
  const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(
      numbers,
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: -4096, max: 4096 }),
      (of, by, to) => {
        const scaled = (column: readonly number[]) =>
          fit(matrixFromRows(column.map((value) => [value])), { scaling: "standard" }).samples.data;
        const [before, after] = [scaled(of), scaled(of.map((value) => value * by + to))];
        before.forEach((value, i) => {
          expect(after[i]).toBeCloseTo(value, 5);
        });
      },
    ),
  );
});

test("does not write to what it is given", () => {
  const before = values.data.slice();
  for (const scaling of ["standard", "l2"] as const) fit(values, { scaling });
  expect(values.data).toEqual(before);
});

test("refuses another scaling, and vectors of another length", () => {
  expect(() => fit(values, { scaling: "max" as Scaling })).toThrow(OptionError);
  expect(() => fit(values, { scaling: "max" as Scaling })).toThrow('one of none, standard, l2; got "max"');
  const { model } = fit(values, { scaling: "l2" });
  expect(() => transform(model, matrixFromRows([[1]]))).toThrow("must have the model's 4 features; got 1");
});
