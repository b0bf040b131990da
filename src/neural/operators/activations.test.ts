import { expect, test } from "vitest";
import type { Tensor } from "../graph/tensor.ts";
import { checkGradients } from "../testing/check-gradients.ts";
import { evaluate, given, numbersOf } from "../testing/evaluate.ts";
import { describeRuntimes } from "../testing/runtimes.ts";
import { type Activation, activations, relu, softmax } from "./activations.ts";
import { gradients } from "./gradients.ts";
import { sum } from "./reductions.ts";

const byHand: Record<Activation, (x: number) => number> = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  "leaky-relu": (x) => (x > 0 ? x : 0.01 * x),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
};
// As PyTorch has them.
const slopesAtZero: Record<Activation, number> = {
  linear: 1,
  relu: 0,
  "leaky-relu": 0.01,
  elu: 1,
  softplus: 0.5,
  sigmoid: 0.25,
  tanh: 1,
};
const names = Object.keys(activations) as Activation[];

describeRuntimes("activations", (runtime) => {
  const slopes = async (apply: (x: Tensor) => Tensor, numbers: number[], type: "float32" | "float64") => {
    const x = given("x", [numbers.length], numbers, { type });
    const [slope] = await evaluate(runtime(), gradients(sum(apply(x.tensor)), [x.tensor]), [x]);
    return numbersOf(slope);
  };

  test.each(names)("%s is what it says, in double and single precision", async (name) => {
    const numbers = [-800, -30, -1.5, -1e-3, 0, 1e-3, 0.7, 30, 800];
    for (const [type, error] of [
      ["float64", 1e-15],
      ["float32", 3e-7],
    ] as const) {
      const x = given("x", [numbers.length], numbers, { type });
      const [y] = await evaluate(runtime(), [activations[name](x.tensor)], [x]);
      numbersOf(y).forEach((value, i) => {
        const wanted = byHand[name](numbers[i]);
        expect(Math.abs(value - wanted), `at ${numbers[i]}`).toBeLessThanOrEqual(
          error * Math.max(1, Math.abs(wanted)),
        );
      });
    }
  });

  test.each(names)("the gradient of %s is the difference on both sides of 0", async (name) => {
    await checkGradients(runtime(), activations[name], [["batch", 5]], { sizes: { batch: 3 } });
  });

  test.each(names)(
    "the gradient of %s at 0 is the limit's or PyTorch's choice, and far from 0 finite",
    async (name) => {
      const near = { linear: [1, 1], relu: [0, 1], "leaky-relu": [0.01, 1], elu: [0, 1] } as const;
      const [low, high] =
        name in near ? near[name as keyof typeof near] : name === "softplus" ? [0, 1] : [0, 0];
      for (const type of ["float64", "float32"] as const) {
        const [zero, below, above] = await slopes(activations[name], [0, -1000, 1000], type);
        expect(zero).toBe(type === "float64" ? slopesAtZero[name] : Math.fround(slopesAtZero[name]));
        expect(below).toBeCloseTo(low, 6);
        expect(above).toBeCloseTo(high, 6);
      }
    },
  );

  test("softmax gives rows that sum to 1, of numbers in the proportion of their powers of e", async () => {
    const x = given("x", ["batch", 3], [0, Math.log(2), Math.log(5), 1000, 1000, -1000], {
      sizes: { batch: 2 },
    });
    const [y] = await evaluate(runtime(), [softmax(x.tensor)], [x]);
    const wanted = [1 / 8, 2 / 8, 5 / 8, 0.5, 0.5, 0];
    numbersOf(y).forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 15));
  });

  test.each([[[4]], [["batch", 3]], [[2, 3, 4]]])(
    "the gradient of softmax is the difference, [%s]",
    async (shape) => {
      await checkGradients(runtime(), softmax, [shape], { sizes: { batch: 3 } });
    },
  );

  test("activations compose", async () => {
    const chain = (x: Tensor): Tensor => activations.elu(activations.softplus(activations.tanh(relu(x))));
    await checkGradients(runtime(), chain, [[3, 4]]);
  });

  test("the mask of relu is exact for every normal float, and for denormal ones from 1.2e-38 / 3.5 on", async () => {
    const smallest = 2 ** -126;
    const numbers = [smallest, 1e-30, 1e-3, 1, 3e38, Number.POSITIVE_INFINITY];
    expect(await slopes(relu, numbers, "float32")).toEqual(numbers.map(() => 1));
    const none = [0, -0, -smallest, -1, -3e38, Number.NEGATIVE_INFINITY];
    expect(await slopes(relu, none, "float32")).toEqual(none.map(() => 0));
    expect(await slopes(relu, [3.4e-39], "float32")).toEqual([1]);
  });
});
