import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError } from "../errors.ts";
import { createRandom, distinctIntegers, shuffleInPlace } from "./random.ts";

describe("the generator is pinned: stored runs name it by its version", () => {
  test("the first numbers of seed 0", () => {
    const random = createRandom(0);
    expect([1, 2, 3, 4].map(() => random.uint32())).toEqual([1733306739, 1855038647, 2027657424, 4127088084]);
    expect(random.float()).toBe(0.3458503107329707);
  });

  test("the first numbers of a named stream of seed 7", () => {
    const random = createRandom(7).stream("run", 3);
    expect([1, 2, 3].map(() => random.uint32())).toEqual([2800236185, 1744783959, 3264340671]);
  });
});

describe("streams", () => {
  test("a stream depends on its path alone, not on what others have drawn", () => {
    const fresh = createRandom(5).stream("start", 2).uint32();
    const root = createRandom(5);
    for (let i = 0; i < 100; i++) root.uint32();
    root.stream("start", 1).float();
    expect(root.stream("start", 2).uint32()).toBe(fresh);
  });

  test("seeds, names and indices give different streams, also where their texts run together", () => {
    const first = [
      createRandom(1).stream("a", 2),
      createRandom(1).stream("a", 21),
      createRandom(1).stream("a2", 1),
      createRandom(12).stream("a", 1),
      createRandom(1).stream("a", 2).stream("b"),
      createRandom(1),
      createRandom(2 ** 53 - 1),
    ].map((random) => random.uint32());
    expect(new Set(first).size).toBe(first.length);
  });
});

describe("draws", () => {
  test("integers stay below their bound, and each comes up about equally often", () => {
    const random = createRandom(3);
    for (const bound of [1, 2, 3, 10, 1000]) {
      const counts = new Int32Array(bound);
      for (let i = 0; i < 20_000; i++) {
        const value = random.integer(bound);
        counts[value] = (counts[value] as number) + 1;
      }
      expect(counts.reduce((a, b) => a + b, 0)).toBe(20_000);
      const expected = 20_000 / bound;
      // Six standard deviations of a binomial count.
      for (const count of counts)
        expect(Math.abs(count - expected)).toBeLessThan(6 * Math.sqrt(expected) + 1e-9);
    }
  });

  test("floats fill [0, 1) evenly", () => {
    const random = createRandom(4);
    const values = Array.from({ length: 40_000 }, () => random.float());
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(values.reduce((a, b) => a + b, 0) / values.length).toBeCloseTo(0.5, 2);
    expect(values.reduce((a, b) => a + b * b, 0) / values.length).toBeCloseTo(1 / 3, 2);
  });

  test("distinct integers are distinct, in range, in random order, and all of them when all are asked for", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 60 }), fc.nat(), (seed, bound, wish) => {
        const count = wish % (bound + 1);
        const drawn = distinctIntegers(createRandom(seed), count, bound);
        expect(new Set(drawn).size).toBe(count);
        for (const value of drawn) expect(value >= 0 && value < bound).toBe(true);
      }),
    );
    const firsts = new Set(
      Array.from({ length: 50 }, (_, seed) => distinctIntegers(createRandom(seed), 5, 5)[0]),
    );
    expect(firsts.size).toBe(5);
  });

  test("each number is as likely to be among the drawn ones as any other", () => {
    const counts = new Int32Array(10);
    const random = createRandom(8);
    for (let i = 0; i < 5000; i++) {
      for (const value of distinctIntegers(random, 3, 10)) counts[value] = (counts[value] as number) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1500)).toBeLessThan(6 * Math.sqrt(1500 * 0.7));
  });

  test("shuffling keeps the elements", () => {
    const shuffled = shuffleInPlace(
      createRandom(9),
      Int32Array.from({ length: 100 }, (_, i) => i),
    );
    expect([...shuffled].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect([...shuffled]).not.toEqual(Array.from({ length: 100 }, (_, i) => i));
  });
});

test.each([-1, 1.5, Number.NaN, 2 ** 53])("seed %f is an OptionError", (seed) => {
  expect(() => createRandom(seed)).toThrow(OptionError);
  expect(() => createRandom(seed)).toThrow(`seed must be an integer in 0..9007199254740991; got ${seed}.`);
});
