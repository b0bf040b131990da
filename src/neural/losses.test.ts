import { expect, test } from "vitest";
import type { Tensor } from "./graph/tensor.ts";
import {
  binaryCrossEntropy,
  klDivergence,
  meanAbsolute,
  meanSquaredError,
  standardNormalDivergence,
  totalSquares,
} from "./losses.ts";
import { activations, exp, gradients, softmax } from "./operators/index.ts";
import { checkGradients } from "./testing/check-gradients.ts";
import { evaluate, given, numbersOf } from "./testing/evaluate.ts";
import { describeNative } from "./testing/runtimes.ts";

const sizes = { batch: 3 };
const shape = ["batch", 4];

describeNative("losses", (runtime) => {
  const value = async (loss: Tensor, ...inputs: ReturnType<typeof given>[]): Promise<number> => {
    const [single] = await evaluate(runtime(), [loss], inputs);
    expect(single.shape).toEqual([]);
    return Number(single.data[0]);
  };

  test("the mean squared error is a mean over images and numbers", async () => {
    const [a, b] = [
      given("a", ["batch", 2], [1, 2, 3, 4], { sizes: { batch: 2 } }),
      given("b", [1, 2], [1, 0]),
    ];
    expect(await value(meanSquaredError(a.tensor, b.tensor), a, b)).toBe((0 + 4 + 4 + 16) / 4);
  });

  test("the cross-entropy is a mean over images and numbers, finite for any logit", async () => {
    const logits = given("logits", ["batch", 2], [0, Math.log(3), 1000, -1000], { sizes: { batch: 2 } });
    const target = given("target", ["batch", 2], [1, 0.25, 1, 0.5], { sizes: { batch: 2 } });
    const wanted = (Math.log(2) - 0.25 * Math.log(3 / 4) - 0.75 * Math.log(1 / 4) + 0 + 500) / 4;
    expect(await value(binaryCrossEntropy(logits.tensor, target.tensor), logits, target)).toBeCloseTo(
      wanted,
      12,
    );
  });

  test("the divergence of q from p is the mean over rows of the sum of p log(p / q)", async () => {
    const p = given("p", ["batch", 2], [0.5, 0.5, 0.9, 0.1], { sizes: { batch: 2 } });
    const q = given("q", ["batch", 2], [0.25, 0.75, 0.9, 0.1], { sizes: { batch: 2 } });
    const wanted = (0.5 * Math.log(2) + 0.5 * Math.log(2 / 3)) / 2;
    expect(await value(klDivergence(p.tensor, q.tensor), p, q)).toBeCloseTo(wanted, 14);
  });

  test("the divergence from the standard normal distribution is a sum over dimensions, a mean over rows", async () => {
    const means = given("means", ["batch", 2], [0, 0, 1, -2], { sizes: { batch: 2 } });
    const logVariances = given("log-variances", ["batch", 2], [0, 0, 0, Math.log(4)], {
      sizes: { batch: 2 },
    });
    const wanted = (0 + 1 / 2 + (4 + 4 - 1 - Math.log(4)) / 2) / 2;
    const loss = standardNormalDivergence(means.tensor, logVariances.tensor);
    expect(await value(loss, means, logVariances)).toBeCloseTo(wanted, 14);
  });

  test("penalties are the mean absolute value and the sum of squares", async () => {
    const [a, b] = [given("a", [2], [1, -2]), given("b", [1, 3], [3, 0, -1])];
    expect(await value(meanAbsolute(a.tensor), a)).toBe(1.5);
    expect(await value(totalSquares([a.tensor, b.tensor]), a, b)).toBe(15);
    expect(await value(totalSquares([a.tensor]), a)).toBe(5);
  });

  test.each<[string, (a: Tensor, b: Tensor) => Tensor]>([
    ["mean squared error", meanSquaredError],
    ["binary cross-entropy", binaryCrossEntropy],
    [
      "binary cross-entropy to a target within 0 and 1",
      (a, b) => binaryCrossEntropy(a, activations.sigmoid(b)),
    ],
    ["divergence of two distributions", (a, b) => klDivergence(softmax(a), softmax(b))],
    ["divergence from the standard normal distribution", standardNormalDivergence],
    ["L1 penalty", (a, b) => meanAbsolute(activations.tanh(activations.elu(exp(meanSquaredError(a, b)))))],
    ["L2 penalty", (a, b) => totalSquares([a, b, a])],
  ])("gradients of the %s are differences", async (_, loss) => {
    await checkGradients(runtime(), loss, [shape, shape], { sizes });
  });

  test("the gradient of the L1 penalty is the difference on both sides of 0", async () => {
    await checkGradients(runtime(), meanAbsolute, [shape], { sizes });
  });

  test("the gradient of the cross-entropy is finite and right for logits far from 0", async () => {
    const options = { type: "float32", sizes: { batch: 4 } } as const;
    const logits = given("logits", ["batch"], [-1000, -80, 0, 1000], options);
    const target = given("target", ["batch"], [0.5, 0, 0.25, 1], options);
    const found = gradients(binaryCrossEntropy(logits.tensor, target.tensor), [logits.tensor]);
    const [slopes] = (await evaluate(runtime(), found, [logits, target])).map(numbersOf);
    [-0.125, 0, 0.0625, 0].forEach((slope, i) => expect(slopes[i]).toBeCloseTo(slope, 7));
  });
});
