import type { Viewport } from "@deck.gl/core";
import { describe, expect, test } from "vitest";
import { enclosedBy, nearestTo, nextFrom, type Seen, spotOf, visibleOf } from "./on-screen.ts";
import { gridOf, placesOf } from "./places.ts";

const [width, height] = [200, 100];

/** A camera on the middle of a plane, `scale` pixels for one unit, up being up. */
function viewportOf(scale: number, [cx, cy]: readonly [number, number]): Viewport {
  const project = ([x = 0, y = 0]: number[]): number[] => [
    (x - cx) * scale + width / 2,
    (cy - y) * scale + height / 2,
  ];
  const unproject = ([x = 0, y = 0]: number[]): number[] => [
    (x - width / 2) / scale + cx,
    cy - (y - height / 2) / scale,
  ];
  // Columns of a matrix that does what `project` does.
  const across = [scale, 0, 0, 0];
  const up = [0, -scale, 0, 0];
  const moved = [width / 2 - cx * scale, height / 2 + cy * scale, 0, 1];
  const pixelProjectionMatrix = [...across, ...up, 0, 0, 1, 0, ...moved];
  return { width, height, scale, project, unproject, pixelProjectionMatrix } as unknown as Viewport;
}

/** Images on a raster of 20 x 20 places, one unit apart; those of `hidden` are not shown. */
function rasterSeen(hidden: readonly number[] = []): Seen {
  const values = Float32Array.from({ length: 800 }, (_, i) =>
    i % 2 === 0 ? (i / 2) % 20 : Math.floor(i / 40),
  );
  const places = placesOf(values, 2);
  const colours = new Uint8Array(1600).fill(255);
  for (const index of hidden) colours[index * 4 + 3] = 0;
  return { places, colours, grid: gridOf(places), viewport: viewportOf(8, [10, 10]) };
}

describe("images on the screen", () => {
  test("lie where the camera projects them; beyond the last there is none", () => {
    expect(spotOf(rasterSeen(), 10 * 20 + 10)).toEqual([100, 50]);
    expect(spotOf(rasterSeen(), 400)).toBeNull();
  });

  test("the nearest to a spot is found within its reach, among those that are shown", () => {
    expect(nearestTo(rasterSeen(), 101, 51, 14)).toBe(210);
    expect(nearestTo(rasterSeen([210]), 103, 50, 14)).toBe(211);
    expect(nearestTo(rasterSeen(), 199, 50, 14)).toBeNull();
  });

  test("arrows lead to the next one in their direction, and nowhere from the last", () => {
    const seen = rasterSeen();
    expect(nextFrom(seen, 210, 1, 0)).toBe(211);
    expect(nextFrom(seen, 210, -1, 0)).toBe(209);
    expect(nextFrom(seen, 210, 0, -1)).toBe(230); // up on the screen
    expect(nextFrom(seen, 210, 0, 1)).toBe(190);
    expect(nextFrom(seen, 219, 1, 0)).toBeNull();
  });

  test("a closed line takes in what lies within, and by a grid the same as without", () => {
    const triangle = [
      [60, 20],
      [140, 30],
      [100, 90],
    ] as const;
    const seen = rasterSeen([210, 211]);
    const found = enclosedBy(seen, triangle);
    expect(found.length).toBeGreaterThan(30);
    expect(found).not.toContain(210);
    expect(enclosedBy({ ...seen, grid: null }, triangle)).toEqual(found);
    expect(visibleOf({ ...seen, grid: null }, 1000)).toEqual(visibleOf(seen, 1000).sort((a, b) => a - b));
  });

  test("what is seen is counted up to one more than asked for", () => {
    // 13 rows of 20 are within 100 pixels of height.
    expect(visibleOf(rasterSeen(), 1000)).toHaveLength(13 * 20);
    expect(visibleOf(rasterSeen(), 9)).toHaveLength(10);
  });
});
