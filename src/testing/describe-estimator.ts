/** The laws that every estimator obeys, whatever it computes. */
import { afterAll, describe, expect, test } from "vitest";
import { CancelledError } from "../errors.ts";
import type { RunContext } from "../estimator.ts";
import { createCompute } from "../kernels/index.ts";
import type { Samples } from "../matrix/index.ts";

interface Fitted {
  readonly labels: Int32Array;
}

/** An estimator under test, with its options bound. */
export interface EstimatorUnderTest<Model extends Fitted> {
  readonly samples: Samples;
  fit(samples: Samples, seed: number, context: RunContext<unknown>): Promise<Model>;
  steps(samples: Samples, seed: number, context: RunContext<unknown>): AsyncGenerator<unknown, Model, void>;
  predict(model: Model, samples: Samples, context: RunContext): Promise<Int32Array>;
}

export function describeEstimator<Model extends Fitted>(
  name: string,
  { samples, fit, steps, predict }: EstimatorUnderTest<Model>,
): void {
  describe(`${name} is a proper estimator`, () => {
    const compute = createCompute({ threads: 2 });
    afterAll(() => compute.close());

    test("the same seed gives the same bytes", async () => {
      expect(await fit(samples, 3, { compute })).toEqual(await fit(samples, 3, { compute }));
    });

    test.each([1, 3, 8])("%i threads give the bytes that two give", async (threads) => {
      const other = createCompute({ threads });
      expect(await fit(samples, 4, { compute: other })).toEqual(await fit(samples, 4, { compute }));
      other.close();
    });

    test("the samples are left as they were", async () => {
      const copy = samples.data.slice();
      await fit(samples, 0, { compute });
      expect(samples.data).toEqual(copy);
    });

    test("predicting the fitted samples gives the labels of the fit", async () => {
      const model = await fit(samples, 1, { compute });
      expect(await predict(model, samples, { compute })).toEqual(model.labels);
    });

    test("drained steps give the fit, and the fit reports the same steps", async () => {
      const reported: unknown[] = [];
      const model = await fit(samples, 2, { compute, onProgress: (step) => reported.push(step) });
      const drained: unknown[] = [];
      const generator = steps(samples, 2, { compute });
      let next = await generator.next();
      for (; !next.done; next = await generator.next()) drained.push(next.value);
      expect(next.value).toEqual(model);
      expect(drained).toEqual(reported);
      expect(reported.length).toBeGreaterThan(0);
    });

    test("a clone predicts what the model predicts", async () => {
      const model = await fit(samples, 1, { compute });
      expect(await predict(structuredClone(model), samples, { compute })).toEqual(model.labels);
    });

    test("an aborted signal cancels before any work", async () => {
      const failure = fit(samples, 0, { compute, signal: AbortSignal.abort() });
      await expect(failure).rejects.toThrow(CancelledError);
    });

    test("leaving the steps early gives the memory back: a hundred times does not fill it", async () => {
      for (let round = 0; round < 100; round++) {
        const generator = steps(samples, 0, { compute });
        await generator.next();
        await generator.return(undefined as never);
      }
      const { memory } = compute as unknown as { memory: { memory: WebAssembly.Memory } };
      expect(memory.memory.buffer.byteLength).toBeLessThan(64 * 2 ** 20);
    });
  });
}
