import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { scattering } from "./index.ts";

interface Case {
  readonly name: string;
  readonly shape: readonly [number, number, number, number];
  readonly pixels: readonly number[];
  readonly nScales: number;
  readonly nOrientations: number;
  readonly coefficients: readonly number[];
}
const { cases } = JSON.parse(
  readFileSync(new URL("../../../fixtures/scattering/transforms.json", import.meta.url), "utf8"),
) as { readonly cases: readonly Case[] };

describe("reference", () => {
  test.each(cases)("coefficients are those of whole convolutions: $name", async (given) => {
    const [count, height, width, channels] = given.shape;
    const { nScales, nOrientations } = given;
    const pixels = Uint8Array.from(given.pixels);
    const images = { count, height, width, channels, pixels };
    const { rows, cols, data } = await scattering(images, { nScales, nOrientations });
    expect([rows, rows * cols]).toEqual([count, given.coefficients.length]);
    const largest = Math.max(...given.coefficients);
    const worst = Math.max(...data.map((value, i) => Math.abs(value - (given.coefficients[i] as number))));
    console.log(worst / largest);
    expect(worst).toBeLessThan(2e-6 * largest);
  });
});
