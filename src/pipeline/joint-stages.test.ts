import { expect, test } from "vitest";
import { jointMethods } from "./joint-stages.ts";
import type { StudentModel } from "./models.ts";

test("a joint training assigns by shares of Student's t, worked out by hand", async () => {
  const centers = { rows: 2, cols: 1, data: Float64Array.of(0, 3) };
  const model = { kind: "student-t", centers } as unknown as StudentModel;
  const samples = { rows: 2, cols: 1, data: Float32Array.of(1, 3) };
  // From 1: 1 / (1 + 1) and 1 / (1 + 4), so 5 / 7 and 2 / 7. From 3: 1 / (1 + 9) and 1, so 1 / 11 and 10 / 11.
  for (const { clusterer } of jointMethods.values()) {
    const { labels, probabilities, distances } = await clusterer.assign(model, samples, {});
    expect([...labels]).toEqual([0, 1]);
    expect([...(distances ?? [])]).toEqual([1, 0]);
    const close = (found: Iterable<number>, wanted: readonly number[]): void =>
      [...found].forEach((value, i) => expect(value).toBeCloseTo(wanted[i] as number, 6));
    close(probabilities ?? [], [5 / 7, 10 / 11]);
    close((await clusterer.probabilities?.(model, samples, {}))?.data ?? [], [5 / 7, 2 / 7, 1 / 11, 10 / 11]);
    close(await clusterer.margins(model, samples, labels, {}), [3 / 7, 9 / 11]);
  }
});
