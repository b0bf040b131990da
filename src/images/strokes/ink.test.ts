import { describe, expect, test } from "vitest";
import { createScratch, inkInto } from "./ink.ts";

const side = 9;
const line = (x: number[], y: number[], radius: number, blur = 0) => ({
  lines: [{ x, y }],
  radiusStart: radius,
  radiusEnd: radius,
  blur,
});
const draw = (writing: Parameters<typeof inkInto>[0]) =>
  inkInto(writing, side, createScratch(side), new Uint8Array(side * side));

describe("inkInto", () => {
  test("inks by the distance to the line: full inside, a ramp at the edge, nothing beyond", () => {
    // Level line at y = 4.25 from x = 2 to x = 6, radius 1: cover is 1.5 - distance, within 0..1.
    // Rows 3, 4, 5, 6 lie 1.25, 0.25, 0.75, 1.75 away: 0.25, 1, 0.75, 0; shown as 1.35 (cover - 0.06).
    const pixels = draw(line([2, 6], [4.25, 4.25], 1));
    const column = Array.from({ length: side }, (_, r) => pixels[r * side + 4]);
    expect(column).toEqual([
      0,
      0,
      0,
      Math.round(255 * 1.35 * 0.19),
      255,
      Math.round(255 * 1.35 * 0.69),
      0,
      0,
      0,
    ]);
    // Left of its end, column 1 lies sqrt(1 + 1/16) away on row 4, column 0 out of reach.
    expect(pixels[4 * side + 1]).toBe(Math.round(255 * 1.35 * (1.5 - Math.sqrt(1.0625) - 0.06)));
    expect(pixels[4 * side]).toBe(0);
  });

  test("draws a point as a disc, the same in all four directions", () => {
    const pixels = draw(line([4, 4], [4, 4], 1.2));
    const at = (r: number, c: number) => pixels[r * side + c];
    expect(at(4, 4)).toBe(255);
    expect([at(3, 4), at(5, 4), at(4, 3), at(4, 5)]).toEqual(Array(4).fill(Math.round(255 * 1.35 * 0.64)));
    expect([at(2, 4), at(6, 4), at(4, 2), at(4, 6)]).toEqual([0, 0, 0, 0]);
  });

  test("blurs along rows and columns alike", () => {
    // A single covered pixel (radius 0.5 at its centre) spreads to (1 - 2b)^2, b (1 - 2b) and b^2.
    const pixels = draw(line([4, 4], [4, 4], 0.5, 0.2));
    const shown = (cover: number) => Math.round(255 * Math.max(0, 1.35 * (cover - 0.06)));
    const around = [3, 4, 5].map((r) => [3, 4, 5].map((c) => pixels[r * side + c]));
    expect(around).toEqual([
      [shown(0.04), shown(0.12), shown(0.04)],
      [shown(0.12), shown(0.36), shown(0.12)],
      [shown(0.04), shown(0.12), shown(0.04)],
    ]);
  });

  test("keeps nothing of the image drawn before", () => {
    const scratch = createScratch(side);
    const out = new Uint8Array(side * side);
    inkInto(line([1, 7], [1, 7], 2), side, scratch, out);
    const second = line([2, 6], [4, 4], 1, 0.05);
    expect(inkInto(second, side, scratch, out)).toEqual(draw(second));
  });
});
