import { contingencyTable, externalScores, kMeans, pixels, strokes } from "unlabeled";
import { describe, expect, test } from "vitest";

describe("the drawn digits stand in for handwriting", () => {
  test("K-Means on their pixels is neither lost nor perfect: accuracy 0.45 to 0.75 from every start", async () => {
    const images = strokes({ count: 3000 });
    for (const init of ["k-means++", "random"] as const) {
      for (let seed = 0; seed < 5; seed++) {
        const fitted = await kMeans.fit(pixels(images), { nClusters: 10, init, seed });
        const { accuracy } = externalScores(contingencyTable(fitted.labels, images.labels as Int32Array));
        expect(accuracy).toBeGreaterThan(0.45);
        expect(accuracy).toBeLessThan(0.75);
      }
    }
  });
});
