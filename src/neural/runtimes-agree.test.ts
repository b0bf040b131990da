import { afterAll, beforeAll, expect, test } from "vitest";
import { createRandom } from "../random/index.ts";
import type { FloatType, Shape, Tensor } from "./graph/tensor.ts";
import { binaryCrossEntropy, klDivergence, meanSquaredError, standardNormalDivergence } from "./losses.ts";
import {
  abs,
  activations,
  add,
  affine,
  concatenate,
  divide,
  exp,
  gradients,
  log,
  matrixProduct,
  mean,
  multiply,
  negate,
  pad,
  reshape,
  slice,
  softmax,
  sqrt,
  square,
  subtract,
  sum,
  sumOfSquares,
  transpose,
} from "./operators/index.ts";
import { clipByGlobalNorm } from "./optimizers/index.ts";
import { openRuntime, type Runtime } from "./runtime/index.ts";
import { evaluate, type Given, given, numbersOf, randomNumbers, relativeError } from "./testing/evaluate.ts";
import { nativeExpected, runtimeNames } from "./testing/runtimes.ts";

type Case = [name: string, build: (...tensors: Tensor[]) => Tensor, shapes: Shape[]];
const sizes = { batch: 3 };
const row: Shape = ["batch", 4];
const cases: Case[] = [
  ["broadcasting", (a, b) => subtract(multiply(a, b), divide(add(a, b), square(b))), [row, [4]]],
  ["powers", (a) => add(exp(negate(a)), sqrt(log(add(exp(abs(a)), square(a))))), [row]],
  ["softmax", softmax, [row]],
  ["layout", (a) => transpose(concatenate([slice(a, 1, 1, 3), pad(a, 1, 2, 1)], 1), [1, 0]), [row]],
  ["reshape", (a) => reshape(a, ["batch", 2, 2]), [row]],
  ["sums", (a) => multiply(sum(a, [1], true), multiply(sum(a, [0]), add(mean(a), sumOfSquares(a)))), [row]],
  ["affine", affine, [row, [4, 2], [2]]],
  [
    "product",
    (a, b) => matrixProduct(a, b, { transposeA: true, transposeB: true }),
    [
      [4, 3],
      [2, 4],
    ],
  ],
  ["mean squared error", meanSquaredError, [row, row]],
  ["cross-entropy", binaryCrossEntropy, [row, row]],
  ["divergence", (a, b) => klDivergence(softmax(a), softmax(b)), [row, row]],
  ["divergence from the standard", standardNormalDivergence, [row, row]],
  [
    "clipping",
    (a, b) => concatenate(clipByGlobalNorm([a, b], 0.5), 0),
    [
      [2, 3],
      [1, 3],
    ],
  ],
  ...Object.entries(activations).map(([name, apply]): Case => [name, apply, [row]]),
];

/** All cases' values and gradients, and what they are made of. */
function everything(type: FloatType): { names: string[]; outputs: Tensor[]; inputs: Given[] } {
  const random = createRandom(5).stream("runtimes");
  const inputs: Given[] = [];
  const draw = (shape: Shape): Tensor => {
    const count = shape.reduce<number>((product, size) => product * (size === "batch" ? 3 : Number(size)), 1);
    const made = given(`input-${inputs.length}`, shape, randomNumbers(random, count), { type, sizes });
    inputs.push(made);
    return made.tensor;
  };
  const named = cases.flatMap(([name, build, shapes]) => {
    const tensors = shapes.map(draw);
    const value = build(...tensors);
    const slopes = gradients(sum(multiply(value, draw(value.shape))), tensors);
    return [value, ...slopes].map((tensor, i) => ({ name: `${name}, ${i}`, tensor }));
  });
  return { names: named.map(({ name }) => name), outputs: named.map(({ tensor }) => tensor), inputs };
}

let runtimes: Runtime[] = [];
beforeAll(async () => {
  if (!nativeExpected) return;
  runtimes = await Promise.all(runtimeNames.map((only) => openRuntime({ only, threads: 1 })));
  expect(runtimes.map(({ name }) => name)).toEqual(runtimeNames);
});
afterAll(() => {
  for (const runtime of runtimes) runtime.close();
});

test.skipIf(!nativeExpected).each([
  ["float64", 1e-14],
  ["float32", 1e-6],
] as const)(
  "both runtimes give the same values and gradients for every operator and loss, in %s",
  async (type, tolerance) => {
    const { names, outputs, inputs } = everything(type);
    const [native, wasm] = await Promise.all(runtimes.map((runtime) => evaluate(runtime, outputs, inputs)));
    names.forEach((name, i) => {
      expect(wasm[i].shape, name).toEqual(native[i].shape);
      expect(relativeError(numbersOf(wasm[i]), numbersOf(native[i])), name).toBeLessThan(tolerance);
    });
  },
);
