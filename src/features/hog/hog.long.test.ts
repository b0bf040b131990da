import { afterAll, expect, test } from "vitest";
import { strokes } from "../../images/index.ts";
import { createCompute } from "../../kernels/index.ts";
import * as pca from "../pca/index.ts";
import * as hog from "./index.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());

test("the view has the components of the whole descriptors", async () => {
  const images = strokes({ count: 5000, seed: 3 });
  const cellSize = 5; // 900 numbers: two chunks of descriptors
  const whole = await hog.hog(images, { cellSize }, { compute });
  const { scores, ...model } = await pca.fit(whole, { nComponents: 4 }, { compute });
  const view = await hog.fit(images, { cellSize, nComponents: 4 }, { compute });
  expect(view.pca).toEqual(model);
  expect(view.scores).toEqual(scores);
  expect(view.design.nFeatures).toBe(whole.cols);
});
