/** Gradients against central differences, in double precision unless told. */
import { expect } from "vitest";
import { createRandom } from "../../random/index.ts";
import {
  apply,
  constant,
  input,
  integers,
  type OperatorNode,
  type Shape,
  type Tensor,
} from "../graph/tensor.ts";
import { gather, gradients, multiply, slice, sum } from "../operators/index.ts";
import type { Runtime } from "../runtime/index.ts";
import { evaluate, type Given, given, numbersOf, randomNumbers, relativeError } from "./evaluate.ts";

export interface GradientCheck {
  readonly seed?: number;
  /** Sizes of named axes. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** Where the parameters are drawn from; see {@link randomNumbers}. Both signs, away from 0, unless told. */
  readonly numbers?: { readonly from?: number; readonly to?: number; readonly signed?: boolean };
  readonly type?: "float64" | "float32";
  /** Half the distance between the two points of a difference. */
  readonly step?: number;
  /** Relative to the largest number of each gradient. */
  readonly tolerance?: number;
}

type Build = (...parameters: Tensor[]) => Tensor;

/**
 * Expects `gradients` to agree with central differences for each parameter.
 *
 * The tensor that `build` makes of the parameters is summed up with random weights in several ways, so that gradients of
 * several shapes come back to it: one number for all elements, one per row, one per column, one for each.
 *
 * @returns the largest error found, relative to the largest number of its gradient
 */
export async function checkGradients(
  runtime: Runtime,
  build: Build,
  shapes: readonly Shape[],
  check: GradientCheck = {},
): Promise<number> {
  const { seed = 1, type = "float64", step = 1e-5, tolerance = 1e-5, sizes = {} } = check;
  const random = createRandom(seed).stream("check-gradients");
  const draw = (name: string, shape: Shape, numbers = check.numbers): Given => {
    const count = shape.reduce<number>((product, size) => product * (sizes[size] ?? Number(size)), 1);
    return given(name, shape, randomNumbers(random, count, numbers), { type, sizes });
  };
  const parameters = shapes.map((shape, i) => draw(`parameter-${i}`, shape));
  const tensors = parameters.map(({ tensor }) => tensor);
  const output = build(...tensors);
  const weights = weightShapes(output.shape).map((shape, i) => draw(`weights-${i}`, shape, {}));
  const losses = weightedSums(output, weights);
  const found = await evaluate(
    runtime,
    losses.flatMap((loss) => gradients(loss, tensors)),
    [...parameters, ...weights],
  );

  const expected = await differences(runtime, build, parameters, weights, step);
  let worst = 0;
  found.forEach((gradient, i) => {
    const p = i % parameters.length;
    const used = weights[Math.floor(i / parameters.length)];
    const what = `gradient by parameter ${p} of ${used ? `weights [${used.tensor.shape}]` : "the sum"}`;
    expect(gradient.shape, what).toEqual((parameters[p] as Given).value.shape);
    const slopes = expected[i] as number[];
    // Where nothing changes, differences are nothing but rounding.
    const error = slopes.every((value) => Math.abs(value) < 1e-9)
      ? Math.max(...numbersOf(gradient).map(Math.abs))
      : relativeError(numbersOf(gradient), slopes);
    expect(error, what).toBeLessThan(tolerance);
    worst = Math.max(worst, error);
  });
  return worst;
}

/** The whole shape, and the shapes that have all but one axis of size 1. */
function weightShapes(shape: Shape): Shape[] {
  const alone = (axis: number): Shape => shape.map((size, i) => (i === axis ? size : 1));
  return [shape, ...(shape.length < 2 ? [] : shape.map((_, axis) => alone(axis)))];
}

/** Sums of the tensor with each of the weights, and without any. */
function weightedSums(tensor: Tensor, weights: readonly Given[]): Tensor[] {
  return [...weights.map((weight) => sum(multiply(tensor, weight.tensor))), sum(tensor)];
}

/** Central differences: for each loss, one list per parameter. A loop goes through all points in one run. */
async function differences(
  runtime: Runtime,
  build: Build,
  parameters: readonly Given[],
  weights: readonly Given[],
  step: number,
): Promise<number[][]> {
  const { points, widths } = pointsAround(parameters, step);
  const iteration = input("iteration", "int64", []);
  const going = input("going", "bool", []);
  const losses = weightedSums(build(...unpack(gather(points.tensor, iteration, 0), parameters)), weights);
  const node: OperatorNode = {
    operator: "Loop",
    inputs: [integers([2 * widths.length]), constant("bool", [], Uint8Array.of(1))],
    attributes: {},
    nOutputs: losses.length,
    body: { inputs: [iteration, going], outputs: [going, ...losses] },
  };
  const outputs = losses.map(
    ({ type }, output): Tensor => ({ type, shape: ["points"], source: { kind: "node", node, output } }),
  );
  const values = (await evaluate(runtime, outputs, [points, ...weights])).map(numbersOf);
  return values.flatMap((loss) => {
    const slopes = widths.map((width, i) => ((loss[2 * i] as number) - (loss[2 * i + 1] as number)) / width);
    let from = 0;
    return parameters.map(({ value }) => {
      from += value.data.length;
      return slopes.slice(from - value.data.length, from);
    });
  });
}

/** All parameters in a row, with one number moved up, then down; each number in turn. */
function pointsAround(parameters: readonly Given[], step: number): { points: Given; widths: number[] } {
  const base = parameters.flatMap(({ value }) => numbersOf(value));
  const moved = base.flatMap((_, i) =>
    [step, -step].map((by) => base.map((value, k) => (k === i ? value + by : value))),
  );
  const type = parameters[0]?.value.type === "float32" ? "float32" : "float64";
  const points = given("points", [moved.length, base.length], moved.flat(), { type });
  const at = (row: number, column: number): number => Number(points.value.data[row * base.length + column]);
  return { points, widths: base.map((_, i) => at(2 * i, i) - at(2 * i + 1, i)) };
}

/** The parameters that lie in a row. */
function unpack(row: Tensor, parameters: readonly Given[]): Tensor[] {
  let from = 0;
  return parameters.map(({ tensor, value }) => {
    from += value.data.length;
    const own = slice(row, 0, from - value.data.length, from);
    return apply("Reshape", [own, integers(value.shape)], tensor);
  });
}
