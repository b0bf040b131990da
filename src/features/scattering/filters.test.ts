import { describe, expect, test } from "vitest";
import { lowPass, lowPassMatrix, morlet } from "./filters.ts";

/** Every frequency of a map of n x n pixels, along both axes. */
function everyFrequency(n: number): [number, number][] {
  const along = Array.from({ length: n }, (_, k) => (2 * Math.PI * (k < n / 2 ? k : k - n)) / n);
  return along.flatMap((first) => along.map((second): [number, number] => [first, second]));
}

describe("wavelets", () => {
  test("have a mean of 0, and are largest about their frequency, in their direction", () => {
    for (const nOrientations of [4, 8, 12]) {
      for (let scale = 0; scale < 3; scale++) {
        for (let o = 0; o < nOrientations; o++) {
          const wavelet = morlet(scale, o, nOrientations);
          expect(Math.abs(wavelet(0, 0))).toBeLessThan(1e-15);
          const angle = ((nOrientations / 2 - 1 - o) * Math.PI) / nOrientations;
          const xi = (0.75 * Math.PI) / 2 ** scale;
          const peak = wavelet(xi * Math.cos(angle), xi * Math.sin(angle));
          expect(peak).toBeGreaterThan(0.95);
          // The finest, turned to a corner, meets its own alias there.
          const opposite = wavelet(-xi * Math.cos(angle), -xi * Math.sin(angle));
          expect(opposite).toBeLessThan(scale === 0 ? 0.5 : 0.01);
        }
      }
    }
  });

  test("are unchanged by whole periods of frequency, as on a grid they must be", () => {
    const wavelet = morlet(0, 2, 8);
    for (const [first, second] of everyFrequency(8)) {
      // The sum over aliases ends at two periods, which is why this holds only nearly.
      expect(wavelet(first + 2 * Math.PI, second)).toBeCloseTo(wavelet(first, second), 6);
    }
  });

  test("and low-pass together hold at no frequency more than there is, but for a hundredth, and everywhere a share", () => {
    for (const nScales of [2, 3, 4]) {
      const wavelets = Array.from({ length: 8 * nScales }, (_, i) => morlet(Math.floor(i / 8), i % 8, 8));
      const share = everyFrequency(32).map(([first, second]) => {
        const both = wavelets.map((wavelet) => wavelet(first, second) ** 2 + wavelet(-first, -second) ** 2);
        return (
          (lowPass(first, nScales) * lowPass(second, nScales)) ** 2 + both.reduce((a, b) => a + b, 0) / 2
        );
      });
      expect(Math.max(...share)).toBeLessThan(1.02);
      expect(Math.min(...share)).toBeGreaterThan(0.1);
    }
  });
});

describe("low-pass", () => {
  test("leaves a constant as it is, but for the finest, which has few pixels to stand on", () => {
    for (const [n, grid, pixels, nScales] of [
      [32, 4, 1, 3],
      [8, 4, 4, 3],
      [16, 8, 1, 1],
    ] as const) {
      const matrix = lowPassMatrix(n, grid, pixels, nScales);
      for (let g = 0; g < grid; g++) {
        expect(matrix.subarray(g * n, (g + 1) * n).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
      }
    }
  });

  test("at full resolution is a Gaussian around each place of the grid, repeated with the period of the map", () => {
    const matrix = lowPassMatrix(32, 4, 1, 3);
    const gaussian = (x: number): number =>
      Math.exp((-x * x) / (2 * 3.2 ** 2)) / (3.2 * Math.sqrt(2 * Math.PI));
    for (let g = 0; g < 4; g++) {
      for (let x = 0; x < 32; x++) {
        const expected = [-2, -1, 0, 1, 2].reduce((sum, m) => sum + gaussian(x - 8 * g + 32 * m), 0);
        expect(matrix[g * 32 + x]).toBeCloseTo(expected, 9);
      }
    }
  });
});
