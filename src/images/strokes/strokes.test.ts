import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError } from "../../errors.ts";
import { strokes } from "./index.ts";

const area = 28 * 28;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const standard = strokes();
const image = (pixels: Uint8Array, i: number) => pixels.subarray(i * area, (i + 1) * area);

/** Share of images whose nearest other image (Euclidean, on pixels) has the same label. */
function nearestNeighbourAccuracy(pixels: Uint8Array, labels: Int32Array): number {
  const values = Int32Array.from(pixels);
  let right = 0;
  for (let i = 0; i < labels.length; i++) {
    let least = Number.POSITIVE_INFINITY;
    let nearest = -1;
    for (let j = 0; j < labels.length; j++) {
      if (j === i) continue;
      let distance = 0;
      for (let p = 0; p < area && distance < least; p += 56) {
        for (let q = p; q < p + 56; q++) {
          const difference = (values[i * area + q] as number) - (values[j * area + q] as number);
          distance += difference * difference;
        }
      }
      if (distance < least) [least, nearest] = [distance, j];
    }
    if (labels[nearest] === labels[i]) right++;
  }
  return right / labels.length;
}

describe("strokes", () => {
  test("gives 10,000 labelled grey images of 28 x 28 by default", () => {
    const { count, height, width, channels, pixels, labels, classNames } = standard;
    expect({ count, height, width, channels }).toEqual({ count: 10_000, height: 28, width: 28, channels: 1 });
    expect(pixels).toHaveLength(10_000 * area);
    expect(labels).toHaveLength(10_000);
    expect(classNames).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  });

  test("gives the same bytes on every machine", () => {
    expect(sha256(standard.pixels)).toBe("7366b5d6ce630d94222fda1227f72fa7a4d7830675e71a8f0749f2462ed14c77");
    expect(sha256(Uint8Array.from(standard.labels ?? []))).toBe(
      "af436a0aa3bd130b52433d8daade55c33a8b53d4e2097ec6fe6c215c9c56bb46",
    );
    const other = strokes({ count: 1000, seed: 7 });
    expect(sha256(other.pixels)).toBe("2daf5879c87994025841f911bd45ffe164285e0fce8084906942fc25b6905296");
    expect(sha256(Uint8Array.from(other.labels ?? []))).toBe(
      "cc2642f439e52bea5090bdec3844e8d71b767063b65ebb9a06b714379c187ec6",
    );
  });

  test("begins with the images of every smaller set of the same seed", () => {
    fc.assert(
      fc.property(
        fc.nat(1000),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        (seed, a, b) => {
          const smaller = strokes({ seed, count: Math.min(a, b) });
          const larger = strokes({ seed, count: Math.max(a, b) });
          expect(sha256(larger.pixels.subarray(0, smaller.pixels.length))).toBe(sha256(smaller.pixels));
          expect(larger.labels?.subarray(0, smaller.count)).toEqual(smaller.labels);
        },
      ),
      { seed: 1, numRuns: 40 },
    );
  });

  test("from any image on gives the images and classes that the whole set has there", () => {
    for (const [first, count] of [
      [0, 3],
      [10, 10],
      [8997, 25],
      [9999, 1],
    ] as const) {
      const part = strokes({ first, count });
      expect(part.count).toBe(count);
      expect(sha256(part.pixels)).toBe(
        sha256(standard.pixels.subarray(first * area, (first + count) * area)),
      );
      expect(part.labels).toEqual(standard.labels?.subarray(first, first + count));
    }
  });

  test("holds every class once in each ten, and not always in the same order", () => {
    const orders = new Set<string>();
    for (let first = 0; first < standard.count; first += 10) {
      const ten = [...(standard.labels?.subarray(first, first + 10) ?? [])];
      orders.add(ten.join());
      expect(ten.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
    expect(orders.size).toBeGreaterThan(990);
  });

  test("leaves the outermost pixels blank and inks every image", () => {
    let fullest = 0;
    let emptiest = 1;
    for (let i = 0; i < standard.count; i++) {
      const pixels = image(standard.pixels, i);
      let sum = 0;
      let border = 0;
      for (let p = 0; p < area; p++) {
        const [r, c] = [Math.floor(p / 28), p % 28];
        sum += pixels[p] as number;
        if (r === 0 || c === 0 || r === 27 || c === 27) border += pixels[p] as number;
      }
      expect(border).toBe(0);
      fullest = Math.max(fullest, sum / 255 / area);
      emptiest = Math.min(emptiest, sum / 255 / area);
    }
    expect(emptiest).toBeGreaterThan(0.02);
    expect(fullest).toBeLessThan(0.4);
  });

  test("spreads as much ink as MNIST, whose mean pixel is 0.13, with the 1 lightest", () => {
    const ink = Array<number>(10).fill(0);
    for (let i = 0; i < standard.count; i++) {
      const label = standard.labels?.[i] as number;
      ink[label] =
        (ink[label] as number) + image(standard.pixels, i).reduce((sum, value) => sum + value, 0) / 255;
    }
    const mean = ink.map((sum) => sum / 1000 / area);
    expect(mean.reduce((sum, value) => sum + value) / 10).toBeCloseTo(0.13, 2);
    expect(Math.min(...mean)).toBe(mean[1]);
  });

  test("draws no image twice, and other images for another seed", () => {
    const seen = new Set<string>();
    for (const seed of [0, 1, 2]) {
      const { pixels } = strokes({ count: 1000, seed });
      for (let i = 0; i < 1000; i++) seen.add(sha256(image(pixels, i)));
    }
    expect(seen.size).toBe(3000);
  });

  test("tells the digits apart by the nearest of 600 images, yet not all of them", () => {
    const { pixels, labels = new Int32Array() } = standard;
    const accuracy = nearestNeighbourAccuracy(pixels, labels.subarray(0, 600));
    expect(accuracy).toBeGreaterThan(0.9); // measured: 0.957 among 1,000, 0.985 among all 10,000
    expect(accuracy).toBeLessThan(0.99);
  });

  test.each([
    [{ count: 0 }, "strokes: count must be an integer in 1..1000000; got 0."],
    [{ count: 2.5 }, "strokes: count must be an integer in 1..1000000; got 2.5."],
    [{ count: Number.NaN }, "strokes: count must be an integer in 1..1000000; got NaN."],
    [{ count: 1_000_001 }, "strokes: count must be an integer in 1..1000000; got 1000001."],
    [{ seed: -1 }, "strokes: seed must be an integer in 0..9007199254740991; got -1."],
    [{ first: -1 }, "strokes: first must be an integer in 0..999999; got -1."],
    [{ first: 1_000_000 }, "strokes: first must be an integer in 0..999999; got 1000000."],
    [{ seed: 0.5 }, "strokes: seed must be an integer in 0..9007199254740991; got 0.5."],
  ])("rejects %o", (options, message) => {
    expect(() => strokes(options)).toThrow(OptionError);
    expect(() => strokes(options)).toThrow(message);
  });
});

test("only arithmetic that IEEE 754 fixes to the last bit makes the bytes", () => {
  const allowed = ["sqrt", "floor", "round", "min", "max", "abs", "imul", "fround"];
  const here = new URL("./", import.meta.url);
  const sources = readdirSync(here).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  expect(sources).toContain("hand.ts");
  for (const name of [...sources, "../../random/random.ts"]) {
    const code = readFileSync(new URL(name, here), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*|"[^"]*"/g, "");
    for (const [, member] of code.matchAll(/\bMath\b(?:\.(\w+))?/g)) expect(allowed, name).toContain(member);
    expect(code, name).not.toContain("**"); // powers, like Math.pow, differ between engines
  }
});
