import { expect, test } from "vitest";
import type { TensorValue } from "../runtime/index.ts";
import { checkGradients } from "../testing/check-gradients.ts";
import { evaluate, given, numbersOf } from "../testing/evaluate.ts";
import { describeNative } from "../testing/runtimes.ts";
import { affine, matrixProduct, matrixProducts } from "./linear.ts";

const sizes = { batch: 3, rows: 2 };
const flags = [false, true];
const transposes = flags.flatMap((transposeA) => flags.map((transposeB) => ({ transposeA, transposeB })));

describeNative("linear maps", (runtime) => {
  test("an affine map is x W + b", async () => {
    const x = given("x", ["rows", 2], [1, 2, 3, 4], { sizes });
    const weights = given("weights", [2, 3], [1, 0, -1, 2, 5, 10]);
    const bias = given("bias", [3], [100, 200, 300]);
    const outputs = [affine(x.tensor, weights.tensor, bias.tensor), affine(x.tensor, weights.tensor)];
    const values = await evaluate(runtime(), outputs, [x, weights, bias]);
    expect(values.map(numbersOf)).toEqual([
      [105, 210, 319, 111, 220, 337],
      [5, 10, 19, 11, 20, 37],
    ]);
  });

  test.each(transposes)(
    "a product of matrices transposes first: $transposeA, $transposeB",
    async (options) => {
      const [left, right] = [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ];
      const at = (m: number[], r: number, c: number, turned: boolean) => m[turned ? 2 * c + r : 2 * r + c];
      const { transposeA, transposeB } = options;
      const wanted = [0, 1].flatMap((r) =>
        [0, 1].map((c) =>
          [0, 1].reduce((total, i) => total + at(left, r, i, transposeA) * at(right, i, c, transposeB), 0),
        ),
      );
      const [a, b] = [given("a", [2, 2], left), given("b", [2, 2], right)];
      const [product] = await evaluate(runtime(), [matrixProduct(a.tensor, b.tensor, options)], [a, b]);
      expect(numbersOf(product)).toEqual(wanted);
    },
  );

  test("one matrix times several", async () => {
    const a = given("a", [2, 2], [1, 2, 3, 4]);
    const b = given("b", [2, 2, "batch"], [1, 0, 2, 0, 1, 1, 10, 20, 30, 0, 1, -1], { sizes });
    const [products] = await evaluate(runtime(), [matrixProducts(a.tensor, b.tensor)], [a, b]);
    expect(products?.shape).toEqual([2, 2, 3]);
    expect(numbersOf(products as TensorValue)).toEqual([1, 2, 4, 3, 4, 10, 10, 22, 28, 30, 64, 86]);
  });

  test("gradients of an affine map are differences", async () => {
    const errors = [
      await checkGradients(runtime(), affine, [["batch", 4], [4, 2], [2]], { sizes }),
      await checkGradients(runtime(), (x, weights) => affine(x, weights), [
        [2, 3],
        [3, 4],
      ]),
    ];
    expect(Math.max(...errors)).toBeLessThan(1e-8); // nothing bends, so differences are as good as rounding lets them be
  });

  test.each(transposes)(
    "gradients of a product of matrices are differences, transposed: $transposeA, $transposeB",
    async (options) => {
      const { transposeA, transposeB } = options;
      const shapes = [transposeA ? [4, "batch"] : ["batch", 4], transposeB ? [2, 4] : [4, 2]];
      await checkGradients(runtime(), (a, b) => matrixProduct(a, b, options), shapes, { sizes });
    },
  );
});
