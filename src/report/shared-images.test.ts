import { decode } from "fast-png";
import { expect, test } from "vitest";
import { sharedBytes, sharedImages } from "./shared-images.ts";
import { noiseImages } from "./testing/records.ts";

test.each([
  [1, 28, 1, 28],
  [80, 28, 1, 28],
  [80, 8, 1, 32],
  [80, 64, 3, 32],
  [3, 64, 3, 38],
])(
  "%i images of %i pixels and %i channels are shown %i pixels wide, within the budget",
  (count, side, channels, width) => {
    const images = noiseImages(count, side, channels);
    const shared = sharedImages(images, "x");
    expect([shared.width, shared.height]).toEqual([width, width]);
    expect(sharedBytes(images)).toBeLessThanOrEqual(250_000);
    const [, address = ""] = /href="data:image\/png;base64,([^"]*)"/.exec(shared.source.markup) ?? [];
    const png = decode(Buffer.from(address, "base64"));
    const last = shared.picture(count - 1, "last").markup;
    const [x = 0, y = 0, wide = 0, high = 0] =
      /viewBox="([^"]*)"/.exec(last)?.[1]?.split(" ").map(Number) ?? [];
    // The last image ends where the sprite ends, in its row and below.
    expect(y + high).toBe(png.height);
    expect(x + wide).toBeLessThanOrEqual(png.width);
    expect(sharedBytes(images)).toBe(count * wide * high * channels);
  },
);

test("the text of a picture is escaped, and stands for it", () => {
  const { markup } = sharedImages(noiseImages(2, 4, 1), "x").picture(1, "a <b>");
  expect(markup).toContain('role="img"');
  expect(markup).toContain("<title>a &#60;b&#62;</title>");
});
