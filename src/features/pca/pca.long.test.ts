import { afterAll, expect, test } from "vitest";
import { createCompute } from "../../kernels/index.ts";
import { createRandom } from "../../random/index.ts";
import { blobs } from "../../testing/samples.ts";
import * as pca from "./index.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

test("products in single precision, which many floats get, lose little", async () => {
  const samples = blobs(createRandom(6), 4100, 1000, 8, 1);
  const fit = await pca.fit(samples, { nComponents: 5 }, { compute });
  for (let c = 0; c < 5; c++) {
    let squares = 0;
    for (let r = 0; r < 4100; r++) squares += (fit.scores.data[r * 5 + c] as number) ** 2;
    expect(squares / 4099 / (fit.explainedVariance[c] as number)).toBeCloseTo(1, 5);
  }
});
