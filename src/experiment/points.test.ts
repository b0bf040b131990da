import { describe, expect, test } from "vitest";
import type { Matrix } from "../matrix/index.ts";
import { createRandom } from "../random/index.ts";
import { codeAt, codePlaces, placeOf, runPoints } from "./points.ts";

/** Two clouds in five dimensions, apart along the first. */
function clouds(count: number): Matrix<Float32Array> {
  const random = createRandom(3).stream("clouds");
  const data = Float32Array.from({ length: count * 5 }, (_, at) => {
    const i = Math.floor(at / 5);
    return random.float() + (at % 5 === 0 ? (i % 2) * 20 : 0);
  });
  return { rows: count, cols: 5, data };
}

describe("the points of a run", () => {
  test("codes of up to three numbers are their own places", async () => {
    const samples = { rows: 2, cols: 2, data: Float32Array.of(1, 2, 3, 4) };
    const { places, plane } = await codePlaces(samples, {});
    expect(places).toEqual(samples);
    expect(codeAt(plane, [5, 6]).data).toEqual(Float64Array.of(5, 6));
  });

  test("longer codes are projected, and a place is turned back to the code that it came from", async () => {
    const samples = clouds(40);
    const { places, plane } = await codePlaces(samples, {});
    expect(places.cols).toBe(3);
    const apart = (places.data[0] as number) - (places.data[3] as number);
    expect(Math.abs(apart)).toBeGreaterThan(15);
    const back = codeAt(plane, Array.from(places.data.subarray(0, 3)));
    expect(placeOf(plane, back.data)).toEqual(
      Array.from(places.data.subarray(0, 3), (v) => expect.closeTo(v, 4)),
    );
    // Two of five dimensions are lost, in which the cloud is less than 1 wide.
    expect(Math.abs((back.data[0] as number) - (samples.data[0] as number))).toBeLessThan(1);
  });

  test("the second cluster is the nearest center that is not the own one", async () => {
    const samples = { rows: 3, cols: 1, data: Float32Array.of(0, 4, 10) };
    const centers = { rows: 3, cols: 1, data: Float64Array.of(0, 5, 11) };
    const labels = Int32Array.of(0, 0, 2);
    const points = await runPoints({ samples, labels, centers, margins: Float64Array.of(1, 0.5, 1) }, {});
    expect(points.seconds).toEqual(Int32Array.of(1, 1, 1));
    expect(points.margins).toEqual(Float32Array.of(1, 0.5, 1));
    expect("errors" in points).toBe(false);
  });

  test("a single cluster has no second", async () => {
    const samples = { rows: 2, cols: 1, data: Float32Array.of(0, 4) };
    const centers = { rows: 1, cols: 1, data: Float64Array.of(2) };
    const { seconds } = await runPoints(
      { samples, labels: new Int32Array(2), centers, margins: Float64Array.of(1, 1) },
      {},
    );
    expect(seconds).toEqual(Int32Array.of(-1, -1));
  });
});
