import { describe, expect, test } from "vitest";
import { createRandom } from "../random/index.ts";
import { type Initializer, initialValues } from "./initializers.ts";
import type { ParameterSpec } from "./layers/index.ts";

const weights: ParameterSpec = {
  name: "a.weights",
  shape: [300, 200],
  fanIn: 300,
  fanOut: 200,
  role: "weights",
};
const bias: ParameterSpec = { name: "a.bias", shape: [2001], fanIn: 300, fanOut: 200, role: "bias" };
const count = 300 * 200;

function moments(values: Float32Array): { readonly mean: number; readonly variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

describe("uniform weights", () => {
  test.each<[Initializer, number]>([
    ["glorot", Math.sqrt(6 / 500)],
    ["glorot-sigmoid", 4 * Math.sqrt(6 / 500)],
    ["fan-in", 1 / Math.sqrt(300)],
  ])("%s fills its interval evenly, from end to end", (initializer, limit) => {
    const values = initialValues(weights, initializer, createRandom(1));
    expect(values.length).toBe(count);
    const { mean, variance } = moments(values);
    // Four standard errors; the variance of a uniform number's square is (1/5 - 1/9) limit^4.
    expect(Math.abs(mean)).toBeLessThan((4 * limit) / Math.sqrt(3 * count));
    expect(Math.abs(variance / (limit * limit) - 1 / 3)).toBeLessThan(4 * Math.sqrt((1 / 5 - 1 / 9) / count));
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeLessThanOrEqual(Math.fround(limit));
    expect(largest).toBeGreaterThan(0.999 * limit);
  });
});

describe("normal weights", () => {
  test("he has variance 2 / fanIn, and the tails of a normal distribution", () => {
    const values = initialValues(weights, "he", createRandom(2));
    const { mean, variance } = moments(values);
    const wanted = 2 / 300;
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(wanted / count));
    expect(Math.abs(variance / wanted - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    const share = (k: number): number =>
      values.filter((value) => Math.abs(value) > k * Math.sqrt(wanted)).length / count;
    for (const [k, p] of [
      [1, 0.3173],
      [2, 0.0455],
      [3, 0.0027],
    ] as const) {
      expect(Math.abs(share(k) - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / count));
    }
  });

  test("an odd number of weights is filled to the last", () => {
    const odd = { ...weights, shape: [7, 3] };
    const values = initialValues(odd, "he", createRandom(2));
    expect(values.length).toBe(21);
    expect(values.every((value) => value !== 0 && Number.isFinite(value))).toBe(true);
  });

  test("the two numbers of a pair are unrelated", () => {
    const values = initialValues(weights, "he", createRandom(7));
    let products = 0;
    for (let i = 0; i < count; i += 2) products += values[i] * values[i + 1];
    expect(Math.abs(products / (count / 2) / (2 / 300))).toBeLessThan(4 / Math.sqrt(count / 2));
  });
});

describe("biases", () => {
  test.each<Initializer>(["glorot", "glorot-sigmoid", "he"])("%s starts them at 0", (initializer) => {
    expect(initialValues(bias, initializer, createRandom(1))).toEqual(new Float32Array(2001));
  });

  test("fan-in draws them from the interval of the weights", () => {
    const values = initialValues(bias, "fan-in", createRandom(1));
    const limit = 1 / Math.sqrt(300);
    const { variance } = moments(values);
    expect(Math.abs(variance / (limit * limit) - 1 / 3)).toBeLessThan(4 * Math.sqrt((1 / 5 - 1 / 9) / 2001));
    expect(values.every((value) => Math.abs(value) <= Math.fround(limit))).toBe(true);
  });
});

test("the same stream gives the same values, another stream others", () => {
  const random = createRandom(0);
  const small = { ...weights, shape: [30, 20] };
  const values = (name: string): Float32Array => initialValues(small, "glorot", random.stream(name));
  expect(values("one")).toEqual(values("one"));
  expect(values("one")).not.toEqual(values("two"));
});
