import sharp, { type Sharp } from "sharp";

/** A colour picture with a bright corner at the upper left. */
export function picture(width: number, height: number, channels: 3 | 4 = 3): Sharp {
  const pixels = new Uint8Array(width * height * channels);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const inCorner = x < width / 2 && y < height / 2;
    pixels.set([inCorner ? 240 : 20, (x * 255) / width, (y * 255) / height], i * channels);
    if (channels === 4) pixels[i * channels + 3] = inCorner ? 255 : 0;
  }
  return sharp(pixels, { raw: { width, height, channels } });
}

/** A grey PNG of one channel. */
export function greyPng(width: number, height: number, pixels: Uint8Array): Promise<Buffer> {
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .toColourspace("b-w")
    .png()
    .toBuffer();
}

/** A PNG file whose header claims a size that its few bytes do not hold. */
export async function lyingPng(width: number, height: number): Promise<Buffer> {
  const bytes = Buffer.from(await greyPng(1, 1, Uint8Array.of(7)));
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
