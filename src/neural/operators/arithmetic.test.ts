import { expect, test } from "vitest";
import type { Tensor } from "../graph/tensor.ts";
import { checkGradients } from "../testing/check-gradients.ts";
import { evaluate, given, numbersOf } from "../testing/evaluate.ts";
import { describeNative } from "../testing/runtimes.ts";
import {
  abs,
  add,
  atLeast,
  divide,
  exp,
  log,
  multiply,
  negate,
  power,
  scale,
  shift,
  sqrt,
  square,
  subtract,
  toFloat,
} from "./arithmetic.ts";

type Binary = [
  name: string,
  apply: (a: Tensor, b: Tensor) => Tensor,
  byHand: (a: number, b: number) => number,
];
const binaries: Binary[] = [
  ["a + b", add, (a, b) => a + b],
  ["a - b", subtract, (a, b) => a - b],
  ["a b", multiply, (a, b) => a * b],
  ["a / b", divide, (a, b) => a / b],
];

type Unary = [name: string, apply: (a: Tensor) => Tensor, byHand: (a: number) => number];
const unaries: Unary[] = [
  ["3 a", (a) => scale(a, 3), (a) => 3 * a],
  ["a + 3", (a) => shift(a, 3), (a) => a + 3],
  ["-a", negate, (a) => -a],
  ["a squared", square, (a) => a * a],
  ["square root", sqrt, Math.sqrt],
  ["e to the power", exp, Math.exp],
  ["logarithm", log, Math.log],
  ["absolute value", abs, Math.abs],
  ["a to the power of 2.5", (a) => power(a, 2.5), (a) => a ** 2.5],
  ["a, or 0.9 where it is smaller", (a) => atLeast(a, 0.9), (a) => Math.max(a, 0.9)],
];

// Each way of broadcasting in both directions, axes with a name included.
const shapePairs: [left: (number | string)[], right: (number | string)[]][] = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [
    [2, 3],
    [2, 1],
  ],
  [
    [2, 1],
    [1, 3],
  ],
  [[2, 3], []],
  [
    [2, 3],
    [1, 1],
  ],
  [[4], [2, 3, 4]],
  [
    [3, 1],
    [2, 3, 4],
  ],
  [
    [2, 1, 4],
    [3, 1],
  ],
  [
    ["batch", 3],
    ["batch", 3],
  ],
  [["batch", 3], [3]],
  [
    ["batch", 1],
    ["batch", 3],
  ],
  [
    ["batch", 3],
    [1, 3],
  ],
  [
    ["batch", 1],
    [1, 3],
  ],
  [[], ["batch", 3]],
  [
    ["batch", 2, 3],
    [2, 1],
  ],
];

const sizes = { batch: 4 };

describeNative("arithmetic", (runtime) => {
  test.each(binaries)("%s is what it says", async (_, apply, byHand) => {
    const left = [1.5, -2, 0.25];
    const right = [0.5, 4, -8];
    const [a, b] = [given("a", [3], left), given("b", [3], right)];
    const [result] = await evaluate(runtime(), [apply(a.tensor, b.tensor)], [a, b]);
    expect(numbersOf(result)).toEqual(left.map((value, i) => byHand(value, right[i])));
  });

  test.each(unaries)("%s is what it says", async (_, apply, byHand) => {
    const numbers = [0.3, 1, 2.5];
    const a = given("a", [3], numbers);
    const [result] = await evaluate(runtime(), [apply(a.tensor)], [a]);
    numbersOf(result).forEach((value, i) => expect(value).toBeCloseTo(byHand(numbers[i]), 14));
  });

  test.each(binaries)("the gradients of %s are differences", async (_, apply) => {
    await checkGradients(
      runtime(),
      apply,
      [
        ["batch", 1],
        ["batch", 3],
      ],
      { sizes },
    );
  });

  test.each(unaries)("the gradient of %s is the difference", async (_, apply) => {
    await checkGradients(runtime(), apply, [["batch", 3]], { sizes, numbers: { signed: false } });
  });

  test("signs do not matter to the gradients of -a, a squared and the absolute value", async () => {
    const both = (a: Tensor): Tensor => add(negate(square(a)), multiply(abs(a), exp(a)));
    await checkGradients(runtime(), both, [["batch", 3]], { sizes });
  });

  test("a tensor that meets itself gets both parts of its gradient", async () => {
    await checkGradients(runtime(), (a) => divide(multiply(a, a), add(a, square(a))), [[2, 3]], {
      numbers: { signed: false },
    });
  });

  test("shapes that do not go together are refused", () => {
    expect(() => add(given("a", [2, 3], []).tensor, given("b", [2], []).tensor)).toThrow(
      new TypeError("shapes [2,3] and [2] do not broadcast"),
    );
  });

  test("a gradient passes through a change of precision", async () => {
    const narrow = (a: Tensor): Tensor => toFloat(square(toFloat(a, "float32")), "float64");
    await checkGradients(runtime(), narrow, [[5]], { step: 1e-2, tolerance: 1e-4 });
  });
});

describeNative("broadcasting", (runtime) => {
  test.each(shapePairs)(
    "the gradients of a b - a / b are differences for [%s] and [%s]",
    async (left, right) => {
      const build = (a: Tensor, b: Tensor): Tensor => subtract(multiply(a, b), divide(a, b));
      await checkGradients(runtime(), build, [left, right], { sizes });
    },
  );
});
