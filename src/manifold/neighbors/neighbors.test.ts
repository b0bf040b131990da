import { afterAll, expect, test } from "vitest";
import { createCompute } from "../../kernels/index.ts";
import { createRandom } from "../../random/index.ts";
import { blobs } from "../../testing/samples.ts";
import { exactNeighbors, queryNeighbors } from "./index.ts";
import { naiveNeighbors } from "./testing/naive-neighbors.ts";

const compute = createCompute({ threads: 2 });
afterAll(() => compute.close());
test("the neighbours are those of a loop over all pairs", async () => {
  for (const [rows, cols, k] of [
    [5, 1, 2],
    [300, 3, 7],
    [1700, 10, 14],
    [2500, 37, 31],
  ] as const) {
    const samples = blobs(createRandom(rows), rows, cols, 5, 1);
    const expected = naiveNeighbors(samples, samples, k, true);
    const found = await exactNeighbors(samples, { k }, { compute });
    expect(found).toEqual(expected);
    expect(await queryNeighbors(samples, samples, { k }, { compute })).toEqual(
      naiveNeighbors(samples, samples, k, false),
    );
  }
});
