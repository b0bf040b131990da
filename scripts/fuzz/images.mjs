// Image files: PNG (grey, colour, opacity, 16 bits, palette, interlaced), JPEG (baseline, progressive, turned), WebP, GIF, TIFF, AVIF.
import sharp from "sharp";
import { decodeImage } from "../../dist/node/sources/decode/index.js";

function picture(width, height, channels) {
  const pixels = new Uint8Array(width * height * channels);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i * 37 + ((i >> 3) % 5) * 50) % 256;
  return sharp(pixels, { raw: { width, height, channels } });
}

export async function samples() {
  const deep = sharp(
    Uint16Array.from({ length: 70 }, (_, i) => i * 900),
    { raw: { width: 10, height: 7, channels: 1 } },
  );
  const made = {
    "grey.png": picture(12, 9, 1).toColourspace("b-w").png(),
    "colour.png": picture(70, 20, 3).png(),
    "opacity.png": picture(9, 12, 4).png(),
    "deep.png": deep.toColourspace("grey16").png(),
    "palette.png": picture(12, 9, 3).png({ palette: true, colours: 16 }),
    "interlaced.png": picture(20, 20, 3).png({ progressive: true }),
    "baseline.jpg": picture(90, 70, 3).jpeg({ mozjpeg: false }),
    "progressive.jpg": picture(30, 40, 3).jpeg({ progressive: true }),
    "turned.jpg": picture(16, 24, 1).withMetadata({ orientation: 6 }).jpeg(),
    "lossy.webp": picture(40, 30, 3).webp(),
    "lossless.webp": picture(20, 30, 4).webp({ lossless: true }),
    "still.gif": picture(20, 15, 3).gif(),
    "plain.tif": picture(20, 15, 3).tiff({ compression: "none" }),
    "lzw.tif": picture(20, 15, 4).tiff({ compression: "lzw" }),
    "jpeg.tif": picture(32, 32, 3).tiff({ compression: "jpeg" }),
    "deflate.tif": picture(40, 15, 1)
      .toColourspace("b-w")
      .tiff({ compression: "deflate", predictor: "horizontal" }),
    "photo.avif": picture(32, 24, 3).avif({ effort: 0 }),
  };
  return Promise.all(
    Object.entries(made).map(async ([name, image]) => ({ name, bytes: await image.toBuffer() })),
  );
}

let turn = 0;
/** In each way of fitting in turn. */
export function read(bytes) {
  turn += 1;
  const fit = ["contain", "cover", "stretch"][turn % 3];
  const box = turn % 4 === 0 ? undefined : { height: 24, width: 32 };
  return decodeImage(bytes, { fit, box, grey: turn % 5 === 0 });
}
