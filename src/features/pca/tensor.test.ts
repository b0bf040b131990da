import { afterAll, expect, test } from "vitest";
import { createCompute } from "../../kernels/index.ts";
import { evaluate, given, relativeError } from "../../neural/testing/evaluate.ts";
import { describeNative } from "../../neural/testing/runtimes.ts";
import { createRandom } from "../../random/index.ts";
import { blobs } from "../../testing/samples.ts";
import * as pca from "./index.ts";

const compute = createCompute({ threads: 1 });
afterAll(() => compute.close());

describeNative("as a tensor", (runtime) => {
  test.each([false, true])("scores agree with the kernel's (whitened: %s)", async (whiten) => {
    const samples = blobs(createRandom(2), 50, 13, 4, 1);
    const { scores, ...model } = await pca.fit(samples, { nComponents: 5, whiten }, { compute });
    const features = given("features", [50, 13], Array.from(samples.data), { type: "float32" });
    const [made] = await evaluate(runtime(), [pca.pcaTensor(model, features.tensor)], [features]);
    expect(made?.shape).toEqual([50, 5]);
    expect(relativeError(made?.data as Float32Array, scores.data)).toBeLessThan(1e-5);
  });
});
