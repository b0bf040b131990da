import { expect, test } from "vitest";
import type { Shape, Tensor } from "../graph/tensor.ts";
import { checkGradients } from "../testing/check-gradients.ts";
import { evaluate, given, numbersOf } from "../testing/evaluate.ts";
import { describeNative } from "../testing/runtimes.ts";
import { add, square } from "./arithmetic.ts";
import { mean, meanOfSquares, sum, sumOfSquares } from "./reductions.ts";
import { elementCount } from "./shapes.ts";

const sizes = { batch: 3, rows: 2 };

// Sums along every choice of axes.
const sums: [shape: Shape, axes: number[], keep: boolean, result: Shape][] = [
  [[2, 3], [0], false, [3]],
  [[2, 3], [1], false, [2]],
  [[2, 3], [1], true, [2, 1]],
  [[2, 3], [0, 1], false, []],
  [[2, 3], [0, 1], true, [1, 1]],
  [["batch", 3], [0], false, [3]],
  [["batch", 3], [1], false, ["batch"]],
  [["batch", 3], [1], true, ["batch", 1]],
  [[2, 3, 4], [1], false, [2, 4]],
  [[2, 3, 4], [0, 2], false, [3]],
  [[2, 3, 4], [1, 0], false, [4]],
  [["batch", 2, 3], [2], true, ["batch", 2, 1]],
  [["batch", 2, 3], [1, 2], false, ["batch"]],
];

describeNative("reductions", (runtime) => {
  const x = given("x", ["batch", 2], [1, 2, 3, 4, 5, -6], { sizes });

  test("sums, means and their squares are what they say", async () => {
    const tensors = [sum, mean, sumOfSquares, meanOfSquares].map((reduce) => reduce(x.tensor));
    const values = await evaluate(
      runtime(),
      [...tensors, sum(x.tensor, [0]), sum(x.tensor, [1], true), elementCount(x.tensor)],
      [x],
    );
    expect(values.map(numbersOf)).toEqual([[9], [1.5], [91], [91 / 6], [9, 0], [3, 7, -1], [6]]);
    expect(values.map(({ shape }) => shape)).toEqual([[], [], [], [], [2], [3, 1], []]);
  });

  test("a sum along no axis is the tensor itself, not the sum of everything", () => {
    expect(sum(x.tensor, [])).toBe(x.tensor);
  });

  test.each([
    ["mean", mean],
    ["sum of squares", sumOfSquares],
    ["mean of squares", meanOfSquares],
  ] as const)("the gradient of the %s is the difference", async (_, reduce) => {
    for (const shape of [[], [4], ["batch", 3], ["batch", "rows", 2]]) {
      await checkGradients(runtime(), reduce, [shape], { sizes });
    }
  });
});

describeNative("sums along axes", (runtime) => {
  test("axes may come in any order", async () => {
    const build = (x: Tensor): Tensor => add(sum(x, [1, 0]), sum(square(x), [0, 1]));
    await checkGradients(runtime(), build, [[2, 3, 4]]);
  });

  test.each(sums)(
    "the gradient is the difference: [%s] along %j, kept: %s",
    async (shape, axes, keep, result) => {
      const build = (x: Tensor): Tensor => {
        const total = sum(x, axes, keep);
        expect(total.shape).toEqual(result);
        return total;
      };
      await checkGradients(runtime(), build, [shape], { sizes });
    },
  );
});
