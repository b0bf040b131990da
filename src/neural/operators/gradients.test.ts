import { expect, test } from "vitest";
import { apply, input, scalar, type Tensor, withDerivative, withoutDerivative } from "../graph/tensor.ts";
import { checkGradients } from "../testing/check-gradients.ts";
import { evaluate, given, numbersOf } from "../testing/evaluate.ts";
import { describeNative } from "../testing/runtimes.ts";
import { add, exp, multiply, scale, square, toFloat } from "./arithmetic.ts";
import { gradients } from "./gradients.ts";
import { affine } from "./linear.ts";
import { mean, sum } from "./reductions.ts";

const noDependence = new TypeError("gradients: the loss must depend on every parameter.");

test("a loss that does not depend on a parameter is refused", () => {
  const [a, b] = [input("a", "float64", [2]), input("b", "float64", [2])];
  expect(() => gradients(sum(a), [a, b])).toThrow(noDependence);
  expect(() => gradients(scalar("float64", 1), [a])).toThrow(noDependence);
});

test("a loss that depends on a parameter only where no gradient passes is refused", () => {
  const a = input("a", "float64", [2]);
  expect(() => gradients(sum(withoutDerivative(square(a))), [a])).toThrow(noDependence);
  const bytes = input("bytes", "uint8", [2]);
  expect(() => gradients(sum(toFloat(bytes, "float64")), [bytes])).toThrow(noDependence);
});

test("an operator without a rule lets nothing through, though a tensor that has one describes its result", () => {
  const a = input("a", "float64", [2]);
  const rounded = apply("Round", [square(a)], square(a));
  expect(() => gradients(sum(rounded), [a])).toThrow(noDependence);
});

test("a long chain of operations is walked without exhausting the stack", () => {
  const a = input("a", "float64", [2]);
  let end: Tensor = a;
  for (let i = 0; i < 2000; i++) end = scale(end, 1.001);
  const [gradient] = gradients(sum(end), [a]);
  expect(gradient.shape).toEqual([2]);
});

describeNative("gradients", (runtime) => {
  const a = given("a", [2], [3, 5]);

  test("what reaches a tensor on several ways is added", async () => {
    const twice = square(a.tensor);
    const loss = sum(add(multiply(twice, a.tensor), add(twice, a.tensor))); // a^3 + a^2 + a
    const [gradient] = await evaluate(runtime(), gradients(loss, [a.tensor]), [a]);
    expect(numbersOf(gradient)).toEqual([3, 5].map((x) => 3 * x ** 2 + 2 * x + 1));
  });

  test("ways that bring gradients of different shapes are added in the parameter's own", async () => {
    const build = (x: Tensor, row: Tensor): Tensor =>
      add(add(sum(x), sum(multiply(x, row))), sum(multiply(sum(x, [1], true), sum(row))));
    await checkGradients(runtime(), build, [["batch", 3], [3]], { sizes: { batch: 2 } });
  });

  test("a loss that is its own parameter has the gradient 1", async () => {
    const loss = given("loss", [], [7]);
    const [gradient] = await evaluate(runtime(), gradients(loss.tensor, [loss.tensor]), [loss]);
    expect(gradient).toEqual({ type: "float64", shape: [], data: Float64Array.of(1) });
  });

  test("a tensor in the middle of the computation may be asked for as well", async () => {
    const middle = square(a.tensor);
    const found = gradients(sum(square(middle)), [middle, a.tensor]);
    const values = await evaluate(runtime(), found, [a]);
    expect(values.map(numbersOf)).toEqual([
      [18, 50],
      [108, 500],
    ]);
  });

  test("the same parameter may be asked for twice", async () => {
    const values = await evaluate(runtime(), gradients(sum(square(a.tensor)), [a.tensor, a.tensor]), [a]);
    expect(values.map(numbersOf)).toEqual([
      [6, 10],
      [6, 10],
    ]);
  });

  test("no gradient passes a value without derivative, though its operator has a rule", async () => {
    const loss = sum(multiply(withoutDerivative(exp(a.tensor)), a.tensor));
    const [gradient] = await evaluate(runtime(), gradients(loss, [a.tensor]), [a]);
    numbersOf(gradient).forEach((value, i) => expect(value).toBeCloseTo(Math.exp([3, 5][i]), 10));
  });

  test("a rule of one's own replaces those of the operators below", async () => {
    const value = withDerivative(exp(a.tensor), [a.tensor], (gradient) => [scale(gradient, 10)]);
    const [gradient] = await evaluate(runtime(), gradients(sum(value), [a.tensor]), [a]);
    expect(numbersOf(gradient)).toEqual([10, 10]);
  });

  test("a model with a named batch takes batches of any size", async () => {
    const weights = given("weights", [2, 1], [1, 2]);
    const bias = given("bias", [1], [0.5]);
    for (const batch of [1, 2, 5]) {
      const x = given(
        "x",
        ["batch", 2],
        Array.from({ length: 2 * batch }, (_, i) => i),
        { sizes: { batch } },
      );
      const loss = mean(square(affine(x.tensor, weights.tensor, bias.tensor)));
      const found = gradients(loss, [weights.tensor, bias.tensor]);
      const [byWeights, byBias] = await evaluate(runtime(), found, [x, weights, bias]);
      // y_i = 2 i + 2 (2 i + 1) + 1 / 2; the mean of y squared has the slope 2 y_i x_i / batch.
      const outputs = Array.from({ length: batch }, (_, i) => 6 * i + 2.5);
      const slope = (of: (i: number) => number): number =>
        outputs.reduce((total, y, i) => total + (2 * y * of(i)) / batch, 0);
      expect(numbersOf(byWeights)[0]).toBeCloseTo(
        slope((i) => 2 * i),
        10,
      );
      expect(numbersOf(byWeights)[1]).toBeCloseTo(
        slope((i) => 2 * i + 1),
        10,
      );
      expect(numbersOf(byBias)[0]).toBeCloseTo(
        slope(() => 1),
        10,
      );
    }
  });
});
