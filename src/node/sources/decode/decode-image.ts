/**
 * One image file to pixels, through sharp (libvips).
 *
 * Turned as its EXIF orientation says, its first frame or page alone, colours brought to sRGB by its profile, opacity
 * put onto black (as the margins of `contain` are), 16 bits to their upper 8. Grey files give one channel, others three.
 *
 * Images up to 64 x 64 are decoded as they are and resized, where they have to be, by `resizeImages`: exactly what
 * happens to images of an array. Greater ones are resized by libvips, which averages (JPEG files already while they are
 * decoded); where they come to lie in the box is the same.
 */
import type { Sharp, SharpOptions } from "sharp";
import { FormatError } from "../../../errors.ts";
import {
  type Box,
  defaultSize,
  type Fit,
  placeImage,
  resizeImages,
  withChannels,
} from "../../../images/index.ts";
import { isShorterThanPromised } from "./png-length.ts";
import { imageFormat, imageFormats } from "./sniff.ts";

/** How image files become pixels. */
export interface DecodeSettings {
  /** What images are brought to; without it, images up to 64 x 64 stay as they are, and others are brought to 64 x 64. */
  readonly box?: Box | undefined;
  readonly fit: Fit;
  /** Whether colours become grey. */
  readonly grey: boolean;
}

export interface DecodedImage extends Box {
  /** 1 or 3. */
  readonly channels: number;
  /** height x width x channels. */
  readonly pixels: Uint8Array;
  /** Whether it was greater than 64 x 64, and thus resized while it was decoded. */
  readonly shrunk?: boolean;
}

/** More pixels than this are refused, before any memory is taken for them. */
const mostPixels = 100_000_000;

/** A decoder that is at work for longer gives up. */
const mostSeconds = 60;

const decoderOptions: SharpOptions = {
  limitInputPixels: mostPixels,
  // Damage is told, not painted over: half an image is no image.
  failOn: "warning",
  pages: 1,
  sequentialRead: true,
};

type Decoder = typeof import("sharp").default;

let loading: Promise<Decoder> | undefined;

/** The decoder, loaded once: each image on one thread, as many images at a time as there are threads; nothing is kept. */
function loadSharp(): Promise<Decoder> {
  loading ??= import("sharp").then(({ default: sharp }) => {
    sharp.concurrency(1);
    sharp.cache(false);
    return sharp;
  });
  return loading;
}

/** What decodes, with its version: another one may give slightly other pixels. */
export async function decoderVersion(): Promise<string> {
  const { versions } = await loadSharp();
  return `sharp ${versions.sharp}, libvips ${versions.vips}`;
}

/**
 * @param bytes of a file of one of the {@link imageFormats}, whatever its name says
 * @throws {FormatError} saying why, if it is none, is damaged or cut off, or has more than 100 million pixels
 */
export async function decodeImage(bytes: Uint8Array, settings: DecodeSettings): Promise<DecodedImage> {
  if (bytes.length === 0) throw new FormatError("an empty file");
  if (imageFormat(bytes) === undefined) {
    throw new FormatError(`not the content of an image file (${imageFormats.join(", ")})`);
  }
  const sharp = await loadSharp();
  try {
    return await decode(bytes, sharp(bytes, decoderOptions), settings);
  } catch (error) {
    if (error instanceof FormatError || !(error instanceof Error)) throw error;
    throw new FormatError(reasonOf(error), { cause: error });
  }
}

async function decode(bytes: Uint8Array, file: Sharp, settings: DecodeSettings): Promise<DecodedImage> {
  const header = await file.metadata();
  const native = header.autoOrient;
  if (native.height * native.width > mostPixels) {
    throw new FormatError(`${native.width} x ${native.height} pixels, more than ${mostPixels}`);
  }
  if (header.format === "png" && isShorterThanPromised(bytes)) throw new FormatError("damaged or truncated");
  const grey = header.space === "b-w" || header.space === "grey16";
  const isSmall = defaultSize(native) === undefined;
  const box = settings.box ?? defaultBox(native);

  let pipeline = file.autoOrient().timeout({ seconds: mostSeconds });
  if (header.hasAlpha) pipeline = pipeline.flatten({ background: "#000" });
  const placed = isSmall ? { ...native, top: 0, left: 0 } : placeImage(native, box, settings.fit);
  if (!isSmall) pipeline = scaled(pipeline, placed, box);
  // Straight from 16-bit grey to 8-bit grey, libvips would not take the upper bits but convert by a table.
  const colours = header.space === "b-w" ? "b-w" : "srgb";
  const { data, info } = await pipeline.toColourspace(colours).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  if (channels !== (colours === "b-w" ? 1 : 3) || data.length !== width * height * channels) {
    throw new FormatError(`${channels} channels, which are neither grey nor colours`);
  }
  const all = { height, width, channels, pixels: Uint8Array.from(data) }; // out of the decoder's own memory
  const one = settings.grey || grey ? ofChannels(all, 1) : all;
  if (isSmall) return resizeOne(one, box, settings.fit);
  return { ...framed(one, Math.max(0, placed.top), Math.max(0, placed.left), box), shrunk: true };
}

function defaultBox(native: Box): Box {
  const side = defaultSize(native);
  return side === undefined ? native : { height: side, width: side };
}

function scaled(pipeline: Sharp, placed: ReturnType<typeof placeImage>, box: Box): Sharp {
  const { height, width, top, left } = placed;
  const whole = pipeline.resize({ width, height, fit: "fill", kernel: "linear" });
  if (top >= 0 && left >= 0) return whole;
  const cut = { top: Math.max(0, -top), left: Math.max(0, -left) };
  return whole.extract({ ...cut, height: Math.min(height, box.height), width: Math.min(width, box.width) });
}

/** An image in the midst of zeros. */
function framed(image: DecodedImage, top: number, left: number, box: Box): DecodedImage {
  const { height, width, channels, pixels } = image;
  if (height === box.height && width === box.width) return image;
  const frame = new Uint8Array(box.height * box.width * channels);
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray(y * width * channels, (y + 1) * width * channels);
    frame.set(row, ((top + y) * box.width + left) * channels);
  }
  return { ...box, channels, pixels: frame };
}

/** Brings one image to a box by whole-number arithmetic. */
export function resizeOne(image: DecodedImage, box: Box, fit: Fit): DecodedImage {
  const { height, width, channels, pixels } = resizeImages({ ...image, count: 1 }, box, fit);
  return { height, width, channels, pixels };
}

/** One image with 1 or 3 channels. */
export function ofChannels(image: DecodedImage, channels: number): DecodedImage {
  return { ...image, channels, pixels: withChannels({ ...image, count: 1 }, channels).pixels };
}

/**
 * What the decoder says of a file. libvips keeps the texts of its errors in one place for all threads, where an image
 * that ends at the same time may wipe them; sharp then names its own setting, which tells a user nothing.
 */
function reasonOf(error: Error): string {
  const text = error.message.replace(/\s+/g, " ").trim();
  if (text.startsWith("Warning treated as error")) return "damaged or truncated";
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}
