import sharp from "sharp";
import { expect, test } from "vitest";
import { greyPng, lyingPng } from "../../testing/made-images.ts";
import { isShorterThanPromised } from "./png-length.ts";

test("no true file is too short, however well it compresses", async () => {
  expect(isShorterThanPromised(await greyPng(1, 1, Uint8Array.of(7)))).toBe(false);
  for (const channels of [1, 3, 4] as const) {
    const size = { width: 2000, height: 1200, channels };
    const black = sharp({ create: { ...size, channels: 4, background: "#000" } }).removeAlpha();
    const png = channels === 1 ? black.toColourspace("b-w") : black;
    const bytes = await png.png({ compressionLevel: 9, progressive: channels === 3 }).toBuffer();
    expect(isShorterThanPromised(bytes)).toBe(false);
  }
  const bits = await sharp({ create: { width: 6000, height: 600, channels: 3, background: "#fff" } })
    .png({ palette: true, colours: 2, compressionLevel: 9 })
    .toBuffer();
  expect(isShorterThanPromised(bits)).toBe(false);
});

test("one that promises more than it can hold is", async () => {
  expect(isShorterThanPromised(await lyingPng(8_000_000, 9))).toBe(true);
  expect(isShorterThanPromised((await greyPng(1, 1, Uint8Array.of(7))).subarray(0, 20))).toBe(true);
});
