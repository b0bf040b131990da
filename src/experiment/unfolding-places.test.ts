import { expect, test } from "vitest";
import type { Matrix } from "../matrix/index.ts";
import { createRandom } from "../random/index.ts";
import { alignPlaces, unfoldingStep } from "./unfolding-places.ts";

/** Three clouds of 5-dimensional codes, turned within the first two dimensions and perhaps mirrored. */
function clouds(angle: number, mirrored = false): Matrix<Float32Array> {
  const random = createRandom(3).stream("clouds");
  const rows = 90;
  const data = new Float32Array(rows * 5);
  for (let i = 0; i < rows; i++) {
    const x = 9 * (i % 3) + random.float();
    const y = (mirrored ? -1 : 1) * (4 * (i % 2) + random.float());
    data[5 * i] = Math.cos(angle) * x - Math.sin(angle) * y;
    data[5 * i + 1] = Math.sin(angle) * x + Math.cos(angle) * y;
    data[5 * i + 2] = 0.1 * random.float();
  }
  return { rows, cols: 5, data };
}

const furthest = (a: Matrix<Float32Array>, b: Matrix<Float32Array>): number =>
  a.data.reduce((most, value, i) => Math.max(most, Math.abs(value - b.data[i])), 0);

test("places that were turned or mirrored are brought back upon those before", () => {
  const random = createRandom(1).stream("places");
  const target = { rows: 40, cols: 2, data: Float32Array.from({ length: 80 }, () => random.float() - 0.5) };
  for (const angle of [0, 0.3, 2, -2.9]) {
    for (const sign of [1, -1]) {
      const data = new Float32Array(80);
      for (let i = 0; i < 40; i++) {
        const [x, y] = [target.data[2 * i], sign * target.data[2 * i + 1]];
        data[2 * i] = 3 * (Math.cos(angle) * x - Math.sin(angle) * y);
        data[2 * i + 1] = 3 * (Math.sin(angle) * x + Math.cos(angle) * y);
      }
      const back = alignPlaces({ rows: 40, cols: 2, data }, target);
      const wanted = { ...target, data: target.data.map((value) => 3 * value) };
      expect(furthest(back, wanted)).toBeLessThan(1e-5); // single precision of numbers up to 1.5
    }
  }
});

test("places of no extent stay where they are", () => {
  const nothing = { rows: 2, cols: 2, data: new Float32Array(4) };
  expect(alignPlaces(nothing, nothing).data).toEqual(new Float32Array(4));
});

test("the axes of a map do not flip from epoch to epoch, and groups keep their numbers", async () => {
  const options = { nGroups: 3, seed: 0 };
  const first = await unfoldingStep(clouds(0), options, undefined, {});
  const second = await unfoldingStep(clouds(2.5, true), { ...options, seed: 5 }, first, {});
  expect(furthest(first.places, second.places)).toBeLessThan(1e-3); // codes of 20 in single precision, turned twice
  expect(second.groups).toEqual(first.groups);
  expect(new Set(first.groups).size).toBe(3);
});

test("codes of two numbers are their own places around their mean, those of one lie on a line", async () => {
  const two = await unfoldingStep(
    { rows: 2, cols: 2, data: Float32Array.of(0, 1, 4, 3) },
    { seed: 0 },
    undefined,
    {},
  );
  expect([...two.places.data]).toEqual([-2, -1, 2, 1]);
  expect(two.groups).toBeUndefined();
  const one = await unfoldingStep(
    { rows: 2, cols: 1, data: Float32Array.of(1, 5) },
    { seed: 0 },
    undefined,
    {},
  );
  expect([...one.places.data]).toEqual([-2, 0, 2, 0]);
});
