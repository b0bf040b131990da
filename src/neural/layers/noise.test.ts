import { expect, test } from "vitest";
import { createRandom, type Random } from "../../random/index.ts";
import { input } from "../graph/tensor.ts";
import { checkGradients } from "../testing/check-gradients.ts";
import { evaluate, type Given, given, numbersOf } from "../testing/evaluate.ts";
import { describeRuntimes } from "../testing/runtimes.ts";
import { addNoise, type Draws, mask, normal } from "./index.ts";

const levels = 65536;
const everyLevel = (): Uint16Array => Uint16Array.from({ length: levels }, (_, i) => i);
const seeded = (random: Random, count: number): Uint16Array =>
  Uint16Array.from({ length: count }, () => random.integer(levels));

/** Draws out of one input, and what to give for it. */
function drawsOf(bits: Uint16Array, rows: number): { readonly draws: Draws; readonly inputs: Given[] } {
  const inputs: Given[] = [];
  const draws: Draws = {
    bits(batch, perImage) {
      const tensor = input("bits", "uint16", [batch, perImage]);
      inputs.push({ tensor, value: { type: "uint16", shape: [rows, perImage], data: bits } });
      return tensor;
    },
  };
  return { draws, inputs };
}

function moments(values: readonly number[]): { readonly mean: number; readonly variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

describeRuntimes("noise", (runtime) => {
  const zeros = (rows: number, columns: number, type: "float32" | "float64" = "float64"): Given =>
    given("x", ["batch", columns], new Array<number>(rows * columns).fill(0), {
      type,
      sizes: { batch: rows },
    });
  const values = async (
    build: (x: Given["tensor"], draws: Draws) => Given["tensor"],
    bits: Uint16Array,
    x: Given,
  ): Promise<number[]> => {
    const { draws, inputs } = drawsOf(bits, x.value.shape[0]);
    const [value] = await evaluate(runtime(), [build(x.tensor, draws)], [x, ...inputs]);
    expect(value.shape).toEqual(x.value.shape);
    expect(value.type).toBe(x.value.type);
    return numbersOf(value);
  };

  test("the steps of normal numbers are the quantiles of the normal distribution", async () => {
    const steps = await values(normal, everyLevel(), zeros(1, levels));
    // Quantiles from tables (Abramowitz and Stegun 26.5); a step is 1 / 65,536 of probability wide.
    const known: [number, number][] = [
      [0.5, 0],
      [0.975, 1.959964],
      [0.8413447, 1],
      [0.9772499, 2],
      [0.9986501, 3],
      [0.01, -2.326348],
      [0.0001, -3.719016],
    ];
    for (const [p, quantile] of known) {
      const at = steps[Math.round(p * levels - 0.5)] as number;
      const density = Math.exp((-quantile * quantile) / 2) / Math.sqrt(2 * Math.PI);
      expect(Math.abs(at - quantile)).toBeLessThan(0.6 / (levels * density) + 1e-6);
    }
    expect(steps.every((step, i) => i === 0 || step > steps[i - 1])).toBe(true);
    const { mean, variance } = moments(steps);
    expect(Math.abs(mean)).toBeLessThan(1e-9);
    // Cutting off the tails costs a little: the mean over a piece is not its middle.
    expect(variance).toBeGreaterThan(0.9999);
    expect(variance).toBeLessThan(1);
  });

  test("seeded normal numbers have mean 0, variance 1 and the normal distribution's shape", async () => {
    const count = 20_000;
    const drawn = await values(normal, seeded(createRandom(3), count), zeros(200, 100, "float32"));
    const { mean, variance } = moments(drawn);
    // Four standard errors: 1 / sqrt(n) of the mean, sqrt(2 / n) of the variance.
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    // Ten bins of equal probability, 9 degrees of freedom: chi-square is above 27.88 once in a thousand times.
    const edges = [-1.2816, -0.8416, -0.5244, -0.2533, 0, 0.2533, 0.5244, 0.8416, 1.2816];
    const bins = new Array<number>(10).fill(0);
    for (const value of drawn) bins[edges.filter((edge) => value > edge).length]++;
    const expected = count / 10;
    const chiSquare = bins.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(27.88);
  });

  test("noise is added with the deviation that is asked for", async () => {
    const bits = seeded(createRandom(4), 60);
    const x = given("x", ["batch", 30], new Array<number>(60).fill(3), { sizes: { batch: 2 } });
    const [plain, noisy] = [
      await values(normal, bits, x),
      await values((tensor, draws) => addNoise(tensor, 0.25, draws), bits, x),
    ];
    noisy.forEach((value, i) => expect(value).toBeCloseTo(3 + 0.25 * plain[i], 12));
  });

  test.each([0, 0.2, 0.5, 0.999])(
    "masking with share %d sets exactly that share of all steps to 0",
    async (share) => {
      const ones = given("x", ["batch", levels], new Array<number>(levels).fill(2), { sizes: { batch: 1 } });
      const kept = await values((x, draws) => mask(x, share, draws), everyLevel(), ones);
      expect(kept.filter((value) => value === 0).length).toBe(Math.round(share * levels));
      expect(kept.filter((value) => value === 2).length).toBe(levels - Math.round(share * levels));
    },
  );

  test("masks of seeded draws keep 1 - share, and differ from image to image", async () => {
    const [rows, columns, share] = [200, 100, 0.3];
    const x = given("x", ["batch", columns], new Array<number>(rows * columns).fill(1), {
      type: "float32",
      sizes: { batch: rows },
    });
    const bits = seeded(createRandom(9), rows * columns);
    const kept = await values((tensor, draws) => mask(tensor, share, draws), bits, x);
    const { mean } = moments(kept);
    expect(Math.abs(mean - (1 - share))).toBeLessThan(
      4 * Math.sqrt((share * (1 - share)) / (rows * columns)),
    );
    const images = Array.from({ length: rows }, (_, i) => kept.slice(i * columns, (i + 1) * columns).join());
    expect(new Set(images).size).toBe(rows);
  });

  test("noise on images of three axes keeps their shape", async () => {
    const x = given("x", ["batch", 6, 2], new Array<number>(24).fill(1), { sizes: { batch: 2 } });
    const bits = Uint16Array.from({ length: 24 }, (_, i) => (i % 2 === 0 ? 0 : levels - 1));
    const kept = await values((tensor, draws) => mask(tensor, 0.5, draws), bits, x);
    expect(kept).toEqual(Array.from({ length: 24 }, (_, i) => i % 2));
  });

  test("gradients pass through what was kept, and through added noise as they are", async () => {
    const bits = seeded(createRandom(6), 12);
    const draws: Draws = {
      bits: (batch, perImage) => ({
        type: "uint16",
        shape: [batch, perImage],
        source: { kind: "constant", data: bits },
      }),
    };
    await checkGradients(runtime(), (x) => mask(addNoise(x, 0.5, draws), 0.4, draws), [[2, 6]]);
  });
});
