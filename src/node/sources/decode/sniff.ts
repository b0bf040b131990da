/** Formats of image files that are read. */
export const imageFormats = ["PNG", "JPEG", "WebP", "GIF", "TIFF", "AVIF"] as const;
export type ImageFormat = (typeof imageFormats)[number];

/** Extensions of image files, small, with the dot. */
export const imageExtensions: readonly string[] = [
  ...[".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".tif", ".tiff", ".avif"],
];

/** Brands of AVIF files; the last two are shared with HEIC, which the decoder then refuses. */
const avifBrands = ["avif", "avis", "mif1", "msf1"];

/**
 * The format of an image file, told by its first bytes and never by its name; undefined for anything else.
 *
 * Only what is told here is given to the decoder: its library would also read SVG, PDF and others, which can name
 * further files.
 */
export function imageFormat(bytes: Uint8Array): ImageFormat | undefined {
  const ascii = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to));
  if (ascii(0, 8) === "\x89PNG\r\n\x1a\n") return "PNG";
  if (ascii(0, 3) === "\xff\xd8\xff") return "JPEG";
  if (ascii(0, 6) === "GIF87a" || ascii(0, 6) === "GIF89a") return "GIF";
  if (ascii(0, 4) === "RIFF" && ascii(8, 12) === "WEBP") return "WebP";
  if (["II*\0", "MM\0*", "II+\0", "MM\0+"].includes(ascii(0, 4))) return "TIFF";
  if (ascii(4, 8) === "ftyp" && avifBrands.includes(ascii(8, 12))) return "AVIF";
  return undefined;
}
