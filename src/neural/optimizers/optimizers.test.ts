import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { FloatType } from "../graph/tensor.ts";
import { meanSquaredError } from "../losses.ts";
import { affine, gradients } from "../operators/index.ts";
import { evaluate, type Given, given, load, numbersOf, relativeError, runOn } from "../testing/evaluate.ts";
import { describeNative } from "../testing/runtimes.ts";
import { clipByGlobalNorm, createOptimizer, type OptimizerOptions } from "./index.ts";

interface Case {
  readonly options: OptimizerOptions;
  readonly learningRate: number;
  readonly clipNorm?: number;
  readonly norms: readonly number[];
  readonly steps: readonly (readonly number[])[];
}

interface Fixture {
  readonly x: readonly number[];
  readonly target: readonly number[];
  readonly weights: readonly number[];
  readonly bias: readonly number[];
  /** Factor of the learning rate in each step. */
  readonly factors: readonly number[];
  readonly cases: readonly Case[];
}

const path = new URL("../../../fixtures/neural/optimizers.json", import.meta.url);
const fixture = JSON.parse(readFileSync(path, "utf8")) as Fixture;

describeNative("optimizers", (runtime) => {
  /** Parameters after each step: weights and bias, one after the other. */
  const walk = async ({ options, learningRate, clipNorm }: Case, type: FloatType): Promise<number[][]> => {
    const optimizer = createOptimizer(options);
    const x = given("x", [4, 3], fixture.x, { type });
    const target = given("target", [4, 2], fixture.target, { type });
    const rates = optimizer.rates(1, 1).map((_, i) => given(`rate-${i}`, [], [0], { type }));
    expect(rates.length).toBe(optimizer.nRates);
    const start = [fixture.weights, fixture.bias].map((numbers, i) =>
      Array.from({ length: 1 + optimizer.nSlots }, (_, slot) => {
        const values = slot === 0 ? numbers : numbers.map(() => 0);
        return given(`state-${i}-${slot}`, i === 0 ? [3, 2] : [2], values, { type });
      }),
    );
    const tensorsOf = (inputs: readonly Given[]) => inputs.map(({ tensor }) => tensor);
    const parameters = start.map(([{ tensor }]) => tensor);
    const loss = meanSquaredError(affine(x.tensor, parameters[0], parameters[1]), target.tensor);
    const raw = gradients(loss, parameters);
    const directions = clipNorm === undefined ? raw : clipByGlobalNorm(raw, clipNorm);
    const next = start.flatMap(([parameter, ...slots], i) => {
      const made = optimizer.update(parameter.tensor, directions[i], tensorsOf(slots), tensorsOf(rates));
      expect(made.slots.length).toBe(optimizer.nSlots);
      return [made.parameter, ...made.slots];
    });

    let state = start.flat();
    const session = await load(runtime(), next, tensorsOf([x, target, ...rates, ...state]));
    const path: number[][] = [];
    for (const [step, factor] of fixture.factors.entries()) {
      const now = optimizer.rates(step + 1, learningRate * factor);
      const given = rates.map(({ tensor, value }, i) => {
        value.data[0] = now[i];
        return { tensor, value };
      });
      const values = await runOn(session, [x, target, ...given, ...state]);
      state = state.map(({ tensor }, i) => ({ tensor, value: values[i] }));
      path.push(state.flatMap(({ value }, i) => (i % (1 + optimizer.nSlots) === 0 ? numbersOf(value) : [])));
    }
    await session.release();
    return path;
  };

  const named = fixture.cases.map((one) => {
    const { kind, ...constants } = one.options;
    const name = `${kind} ${JSON.stringify({ ...constants, clip: one.clipNorm })}, rate ${one.learningRate}`;
    return { name, one };
  });

  test.each(named)("PyTorch's path is ours, in double and single precision: $name", async ({ one }) => {
    for (const [type, tolerance] of [
      ["float64", 1e-9],
      ["float32", 1e-5],
    ] as const) {
      const path = await walk(one, type);
      path.forEach((parameters, step) => {
        expect(relativeError(parameters, one.steps[step]), `step ${step + 1}, ${type}`).toBeLessThan(
          tolerance,
        );
      });
    }
  });

  test("gradients that are clipped have the limit as their norm; smaller ones stay as they are", async () => {
    const numbers = [[3, 4], [12], [0, 0, 0]];
    const inputs = numbers.map((values, i) => given(`gradient-${i}`, [values.length], values));
    const tensors = inputs.map(({ tensor }) => tensor);
    const outputs = [1, 13, 100].flatMap((limit) => clipByGlobalNorm(tensors, limit));
    const values = (await evaluate(runtime(), outputs, inputs)).map(numbersOf);
    const norm = (lists: number[][]): number => Math.hypot(...lists.flat());
    expect(norm(values.slice(0, 3))).toBeCloseTo(1, 6);
    expect(norm(values.slice(3, 6))).toBeCloseTo(13, 5);
    expect(values.slice(6)).toEqual(numbers);
  });

  test("gradients of 0 stay 0 when they are clipped, and no parameter moves", async () => {
    const zero = given("gradient", [2], [0, 0]);
    const [clipped] = clipByGlobalNorm([zero.tensor], 1);
    expect((await evaluate(runtime(), [clipped], [zero])).map(numbersOf)).toEqual([[0, 0]]);
    for (const { options, learningRate } of fixture.cases) {
      const optimizer = createOptimizer(options);
      const parameter = given("parameter", [2], [3, -5]);
      const rates = optimizer.rates(1, learningRate).map((rate, i) => given(`rate-${i}`, [], [rate]));
      const slots = Array.from({ length: optimizer.nSlots }, (_, i) => given(`slot-${i}`, [2], [0, 0]));
      const made = optimizer.update(
        parameter.tensor,
        zero.tensor,
        slots.map(({ tensor }) => tensor),
        rates.map(({ tensor }) => tensor),
      );
      const inputs = [parameter, zero, ...rates, ...slots];
      expect((await evaluate(runtime(), [made.parameter], inputs)).map(numbersOf)).toEqual([[3, -5]]);
    }
  });
});
