import { describe, expect, test } from "vitest";
import type { Matrix } from "../matrix/index.ts";
import { createRandom } from "../random/index.ts";
import { uniformReference } from "./reference.ts";

/** Points of a long box, 10 x 1, turned by `angle` and moved. */
function turnedBox(angle: number, count: number): Matrix<Float32Array> {
  const random = createRandom(3);
  const data = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) {
    const along = 10 * random.float() - 5;
    const across = random.float() - 0.5;
    data[2 * i] = 7 + along * Math.cos(angle) - across * Math.sin(angle);
    data[2 * i + 1] = -2 + along * Math.sin(angle) + across * Math.cos(angle);
  }
  return { rows: count, cols: 2, data };
}

describe("uniformReference", () => {
  test("fills the box along the principal axes, not the one along the features", () => {
    const angle = 0.6;
    const reference = uniformReference(turnedBox(angle, 2000))(createRandom(1));
    expect([reference.rows, reference.cols]).toEqual([2000, 2]);
    const alongs: number[] = [];
    for (let i = 0; i < 2000; i++) {
      const x = reference.data[2 * i] - 7;
      const y = reference.data[2 * i + 1] + 2;
      alongs.push(x * Math.cos(angle) + y * Math.sin(angle));
      expect(Math.abs(y * Math.cos(angle) - x * Math.sin(angle))).toBeLessThan(0.6);
    }
    expect(Math.min(...alongs)).toBeLessThan(-4.9);
    expect(Math.max(...alongs)).toBeGreaterThan(4.9);
    // Evenly: a fifth of the points in each fifth, within six standard deviations of a binomial count.
    for (let fifth = 0; fifth < 5; fifth++) {
      const count = alongs.filter((along) => Math.floor((along + 5) / 2) === fifth).length;
      expect(Math.abs(count - 400)).toBeLessThan(6 * Math.sqrt(2000 * 0.2 * 0.8) + 20);
    }
  });

  test("gives the same for the same stream, and other samples for another", () => {
    const draw = uniformReference(turnedBox(0.6, 50));
    expect(draw(createRandom(1))).toEqual(draw(createRandom(1)));
    expect(draw(createRandom(1)).data).not.toEqual(draw(createRandom(2)).data);
  });

  test("of equal rows is these rows, and a constant column stays constant", () => {
    const equal = { rows: 4, cols: 2, data: Float32Array.of(3, 5, 3, 5, 3, 5, 3, 5) };
    expect([...uniformReference(equal)(createRandom(1)).data]).toEqual([...equal.data]);
    const flat = { rows: 4, cols: 2, data: Float32Array.of(1, 5, 2, 5, 3, 5, 9, 5) };
    const { data } = uniformReference(flat)(createRandom(1));
    for (let i = 0; i < 4; i++) expect(data[2 * i + 1]).toBeCloseTo(5, 6);
  });

  test("of more than 64 features, and of bytes, fills the box along the features in their unit", () => {
    const random = createRandom(5);
    const cols = 70;
    const data = Uint8Array.from({ length: 40 * cols }, (_, at) =>
      at % cols === 3 ? 9 : random.integer(256),
    );
    const reference = uniformReference({ rows: 40, cols, data, unit: 1 / 255 })(createRandom(1));
    reference.data.forEach((value, at) => {
      if (at % cols === 3) expect(value).toBeCloseTo(9 / 255, 6);
      else expect(value >= -1e-6 && value <= 1 + 1e-6).toBe(true);
    });
    expect(Math.max(...reference.data)).toBeGreaterThan(0.95);
  });
});
