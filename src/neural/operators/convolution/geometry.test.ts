import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OptionError } from "../../../errors.ts";
import { samePadding, smallSize } from "./geometry.ts";

const none = { top: 0, left: 0, bottom: 0, right: 0 };

describe("sizes", () => {
  test("the kernel stands wherever it is whole", () => {
    const geometry = { height: 28, width: 5, kernel: [5, 3], stride: 2, padding: none } as const;
    expect(smallSize(geometry)).toEqual({ height: 12, width: 2 });
    const padding = { top: 2, left: 1, bottom: 1, right: 0 };
    expect(smallSize({ ...geometry, padding })).toEqual({ height: 14, width: 2 });
  });

  test.each([
    [[6, 3], "kernel must fit into the image with its padding (5 x 4); got 6 x 3."],
    [[5, 5], "kernel must fit into the image with its padding (5 x 4); got 5 x 5."],
  ] as const)("a kernel of %j is larger than the image with its padding", (kernel, message) => {
    const geometry = { height: 3, width: 4, kernel, stride: 1, padding: { ...none, top: 2 } };
    expect(() => smallSize(geometry)).toThrow(
      new OptionError(`convolution: ${message} Use a smaller kernel, larger images or more padding.`),
    );
  });

  test('padding "same" gives a place for each stride, evenly, the odd one at the end', () => {
    expect(samePadding({ height: 28, width: 28 }, [5, 5], 2)).toEqual({
      top: 1,
      left: 1,
      bottom: 2,
      right: 2,
    });
    expect(samePadding({ height: 7, width: 4 }, [3, 1], 1)).toEqual({ ...none, top: 1, bottom: 1 });
    const side = fc.integer({ min: 1, max: 40 });
    const kernels = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }));
    fc.assert(
      fc.property(side, side, kernels, fc.integer({ min: 1, max: 4 }), (height, width, kernel, stride) => {
        const padding = samePadding({ height, width }, kernel, stride);
        expect(smallSize({ height, width, kernel, stride, padding })).toEqual({
          height: Math.ceil(height / stride),
          width: Math.ceil(width / stride),
        });
        for (const more of [padding.bottom - padding.top, padding.right - padding.left]) {
          expect(more === 0 || more === 1).toBe(true);
        }
      }),
    );
  });
});
