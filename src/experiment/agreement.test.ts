import fc from "fast-check";
import { expect, test } from "vitest";
import { InputError } from "../errors.ts";
import { adjustedRandIndex, contingencyTable } from "../metrics/index.ts";
import { agreementOf, type LabelledRun } from "./index.ts";

const run = (method: string, seed: number, ...labels: number[]): LabelledRun => ({
  method,
  seed,
  labels: Int32Array.from(labels),
});

test("methods agree as worked out by hand, averaged over the seeds that both have", () => {
  // Of n ordered pairs of different images, A together in one, B in the other, C in both: (C - AB/n) / ((A + B)/2 - AB/n).
  const a0 = run("a", 0, 0, 0, 1, 1);
  const a1 = run("a", 1, 0, 0, 1, 1);
  const b0 = run("b", 0, 1, 1, 0, 0); // the same groups as a0 under other numbers: 1
  const b1 = run("b", 1, 0, 1, 0, 1); // every pair of a1 taken apart: (0 - 4 * 4 / 12) / (4 - 4 * 4 / 12) = -1 / 2
  const b2 = run("b", 2, 0, 0, 0, 1); // a has no run with this seed
  const agreement = agreementOf([a0, a1, b0, b1, b2]);
  expect(agreement?.methods).toEqual(["a", "b"]);
  expect(agreement?.ari[0]).toEqual([1, 0.25]);
  // b0 and b1: -1/2; b0 and b2, b1 and b2: (2 - 4 * 6 / 12) / (5 - 4 * 6 / 12) = 0.
  expect(agreement?.ari[1]).toEqual([0.25, -1 / 6]);
});

test("what cannot be compared is null: one method with a single seed, two methods without a seed in common", () => {
  expect(agreementOf([run("a", 0, 0, 1, 1), run("b", 1, 0, 1, 1)])?.ari).toEqual([
    [null, null],
    [null, null],
  ]);
  expect(agreementOf([run("a", 0, 0, 1, 1), run("b", 0, 1, 0, 0)])?.ari).toEqual([
    [null, 1],
    [1, null],
  ]);
});

test("a single run agrees with nobody", () => {
  expect(agreementOf([run("a", 0, 0, 1)])).toBeUndefined();
  expect(agreementOf([])).toBeUndefined();
});

test("the matrix is symmetric, and does not change when clusters are numbered anew", () => {
  const labels = fc.array(fc.nat(3), { minLength: 5, maxLength: 5 });
  const runs = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.nat(2), labels), {
    minLength: 2,
    maxLength: 8,
  });
  fc.assert(
    fc.property(runs, (list) => {
      const made = list.map(([method, seed, values]) => run(method, seed, ...values));
      const turned = list.map(([method, seed, values]) => run(method, seed, ...values.map((v) => 3 - v)));
      const { ari = [] } = agreementOf(made) ?? {};
      ari.forEach((row, a) => row.forEach((value, b) => expect(ari[b]?.[a]).toBe(value)));
      expect(agreementOf(turned)?.ari).toEqual(ari);
    }),
  );
});

test("of two runs it is the adjusted Rand index of their labels, whatever the numbers of clusters", () => {
  const pairs = fc.array(fc.tuple(fc.nat(2), fc.nat(6)), { minLength: 2, maxLength: 40 });
  fc.assert(
    fc.property(pairs, (list) => {
      const a = run("a", 7, ...list.map(([x]) => x));
      const b = run("b", 7, ...list.map(([, y]) => y));
      const expected = adjustedRandIndex(contingencyTable(a.labels, b.labels));
      expect(agreementOf([a, b])?.ari[0]?.[1]).toBe(expected);
    }),
  );
});

test("runs on different numbers of images are refused", () => {
  expect(() => agreementOf([run("a", 0, 0, 1), run("b", 0, 0, 1, 1)])).toThrow(InputError);
});
