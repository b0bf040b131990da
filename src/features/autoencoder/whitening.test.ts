import { describe, expect, test } from "vitest";
import type { Matrix } from "../../matrix/index.ts";
import { input } from "../../neural/index.ts";
import { evaluate, type Given } from "../../neural/testing/evaluate.ts";
import { describeRuntimes } from "../../neural/testing/runtimes.ts";
import { createRandom } from "../../random/index.ts";
import { roughlyNormal } from "../../testing/samples.ts";
import { fitWhitening, unwhiten, whiten, whiteningParameters } from "./whitening.ts";

const size = 3;

/** Correlated numbers with a mean, whose directions vary by factors up to about 6. */
function codes(rows: number, seed = 1): Matrix<Float32Array> {
  const random = createRandom(seed).stream("codes");
  const data = new Float32Array(rows * size);
  for (let i = 0; i < rows; i++) {
    const [a, b, c] = [roughlyNormal(random), roughlyNormal(random), roughlyNormal(random)];
    data.set([5 + 2 * a, a - 3 * b, 0.5 * b + c - 7], i * size);
  }
  return { rows, cols: size, data };
}

function covariance({ rows, data }: { rows: number; data: ArrayLike<number> }): number[] {
  const at = (i: number, j: number): number => data[i * size + j];
  const means = [0, 1, 2].map((j) => {
    let total = 0;
    for (let i = 0; i < rows; i++) total += at(i, j) / rows;
    return total;
  });
  return [0, 1, 2].flatMap((a) =>
    [0, 1, 2].map((b) => {
      let total = 0;
      for (let i = 0; i < rows; i++) total += ((at(i, a) - means[a]) * (at(i, b) - means[b])) / rows;
      return total;
    }),
  );
}

/** Eigenvalues of a symmetric 3 x 3 matrix in falling order, by the cubic's trigonometric solution. */
function eigenvalues(m: readonly number[]): number[] {
  const q = (m[0] + m[4] + m[8]) / 3;
  const p1 = m[1] ** 2 + m[2] ** 2 + m[5] ** 2;
  const p = Math.sqrt(((m[0] - q) ** 2 + (m[4] - q) ** 2 + (m[8] - q) ** 2 + 2 * p1) / 6);
  const b = m.map((value, i) => (value - (i % 4 === 0 ? q : 0)) / p);
  const determinant =
    b[0] * (b[4] * b[8] - b[5] * b[7]) -
    b[1] * (b[3] * b[8] - b[5] * b[6]) +
    b[2] * (b[3] * b[7] - b[4] * b[6]);
  const phi = Math.acos(Math.min(1, Math.max(-1, determinant / 2))) / 3;
  return [0, 2, 1]
    .map((third) => q + 2 * p * Math.cos(phi + (2 * Math.PI * third * 2) / 3))
    .sort((x, y) => y - x);
}

describe("parameters of the whitening", () => {
  test("with power 0 there are none", () => {
    expect(fitWhitening(0, codes(10))).toEqual({});
    expect(whiteningParameters(0, size, "forward")).toEqual([]);
    expect(whiteningParameters(0, size, "backward")).toEqual([]);
  });

  test("are what the graphs ask for", () => {
    const fitted = fitWhitening(0.5, codes(10));
    const specs = (["forward", "backward"] as const).flatMap((way) => whiteningParameters(0.5, size, way));
    expect(Object.keys(fitted).sort()).toEqual([...new Set(specs.map(({ name }) => name))].sort());
    for (const { name, shape } of specs) expect(fitted[name].shape).toEqual(shape);
  });

  test("forward and backward undo each other", () => {
    const fitted = fitWhitening(0.5, codes(50));
    const [forward, backward] = [fitted["whitening.forward"].data, fitted["whitening.backward"].data];
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let total = 0;
        for (let k = 0; k < size; k++) total += forward[i * size + k] * backward[k * size + j];
        expect(total).toBeCloseTo(i === j ? 1 : 0, 5);
      }
    }
  });

  test("a code that varies by rounding alone is not blown up", () => {
    const noise = Float32Array.from({ length: 40 }, (_, i) => 3 * (1 + (i % 3) * 2 ** -23));
    const fitted = fitWhitening(1, { rows: 20, cols: 2, data: noise });
    for (const value of fitted["whitening.forward"]?.data ?? []) expect(Math.abs(value)).toBeLessThan(1.01);
  });

  test("a constant code is only centered", () => {
    const constant = { rows: 4, cols: 2, data: Float32Array.of(3, -1, 3, -1, 3, -1, 3, -1) };
    const fitted = fitWhitening(1, constant);
    expect([...fitted["whitening.center"].data]).toEqual([3, -1]);
    expect([...fitted["whitening.forward"].data].map(Math.abs).sort()).toEqual([0, 0, 1, 1]);
  });

  test("a direction without spread is not blown up", () => {
    const flat = codes(100);
    for (let i = 0; i < 100; i++) flat.data[i * size + 1] = flat.data[i * size];
    const { data } = fitWhitening(1, flat)["whitening.forward"];
    expect(data.every(Number.isFinite)).toBe(true);
    // A ten-thousandth of the mean variance bounds the factor: 1 / sqrt(1e-4 x (4 + 4 + 1.25) / 3) is about 57.
    expect(Math.max(...data.map(Math.abs))).toBeLessThan(60);
  });
});

describeRuntimes("whitening", (runtime) => {
  const run = async (power: number, codesGiven: Matrix, back: boolean): Promise<Float32Array> => {
    const fitted = fitWhitening(power, codes(400));
    const x = input("x", "float32", ["batch", size]);
    const specs = whiteningParameters(power, size, back ? "backward" : "forward");
    const parameters = specs.map(({ name, shape }): Given => {
      const tensor = input(name, "float32", shape);
      return { tensor, value: { type: "float32", ...fitted[name] } };
    });
    const tensors = parameters.map(({ tensor }) => tensor);
    const value = {
      type: "float32",
      shape: [codesGiven.rows, size],
      data: Float32Array.from(codesGiven.data),
    } as const;
    const output = back ? unwhiten(x, tensors) : whiten(x, tensors);
    const [result] = await evaluate(runtime(), [output], [{ tensor: x, value }, ...parameters]);
    return result.data as Float32Array;
  };

  test("whole, it gives codes of mean 0 and with the identity as covariance", async () => {
    const made = await run(1, codes(400), false);
    const found = covariance({ rows: 400, data: made });
    // The ridge takes 1e-4 x mean variance / variance off, at most 1e-3 here.
    found.forEach((value, i) => expect(Math.abs(value - (i % 4 === 0 ? 1 : 0))).toBeLessThan(2e-3));
    for (let j = 0; j < size; j++) {
      let total = 0;
      for (let i = 0; i < 400; i++) total += made[i * size + j];
      expect(Math.abs(total / 400)).toBeLessThan(1e-5);
    }
  });

  test("in part, it leaves uncorrelated directions whose variances are roots of what they were", async () => {
    const wanted = eigenvalues(covariance(codes(400))).map(Math.sqrt);
    const found = covariance({ rows: 400, data: await run(0.5, codes(400), false) });
    found.forEach((value, i) => {
      if (i % 4 === 0) expect(Math.abs(value / wanted[i / 4] - 1)).toBeLessThan(2e-3);
      else expect(Math.abs(value)).toBeLessThan(1e-4);
    });
  });

  test.each([0, 0.5, 1])("with power %d, the way back gives the code again", async (power) => {
    const others = codes(20, 2);
    const there = await run(power, others, false);
    const back = await run(power, { rows: 20, cols: size, data: there }, true);
    back.forEach((value, i) => expect(Math.abs(value - others.data[i])).toBeLessThan(2e-5));
  });
});
