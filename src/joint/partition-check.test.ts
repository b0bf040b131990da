import { afterAll, expect, test } from "vitest";
import { createCompute } from "../kernels/index.ts";
import { checkPartitions, modularity } from "./partition-check.ts";
import { corners } from "./testing/corners.ts";

const compute = createCompute({ threads: 1 });
afterAll(() => compute.close());

test("by hand: two pairs that point at each other, and one link between them", () => {
  // Links 0-1, 1-0, 2-3, 3-1: three within of four; degrees 2, 3, 1, 2: 5 and 3 of 8.
  const neighbors = Int32Array.of(1, 0, 3, 1);
  expect(modularity(neighbors, 1, Int32Array.of(0, 0, 1, 1))).toBeCloseTo(
    3 / 4 - (5 / 8) ** 2 - (3 / 8) ** 2,
    15,
  );
  expect(modularity(neighbors, 1, Int32Array.of(0, 0, 0, 0))).toBe(0);
  expect(modularity(neighbors, 1, Int32Array.of(5, 5, 2, 2))).toBeCloseTo(
    modularity(neighbors, 1, Int32Array.of(0, 0, 1, 1)),
    15,
  );
});

test("the right groups score above others, and the same partition scores the same", async () => {
  const images = corners(80);
  const right = images.labels as Int32Array;
  const wrong = right.map((label, i) => (i % 3 === 0 ? (label + 1) % 4 : label));
  const { start, end, images: used } = await checkPartitions(images, wrong, right, 0, { compute });
  expect(used).toBe(80);
  expect(end).toBeGreaterThan(0.7);
  expect(start).toBeLessThan(0.5);
  const same = await checkPartitions(images, right, right, 0, { compute });
  expect(same.start).toBe(same.end);
});

test("of many images a seeded part is looked at, the same for both partitions", async () => {
  const images = corners(4100);
  const right = images.labels as Int32Array;
  const check = await checkPartitions(images, right, right, 3, { compute });
  expect(check.images).toBe(4000);
  expect(await checkPartitions(images, right, right, 3, { compute })).toEqual(check);
  expect(await checkPartitions(images, right, right, 4, { compute })).not.toEqual(check);
});
