/** Samples of a pixel, by the colour type of a PNG file. */
const samplesOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Deflate writes at most 258 bytes for each quarter of a byte that it reads. */
const mostInflated = 1032;

/**
 * Whether a PNG file is too short to hold the pixels that its header promises: less than what the best compression could
 * make of them. Such a file is cut off, or lies; the decoder would first take memory and time for the whole promise.
 *
 * @param bytes of a file that begins as PNG files do (ISO/IEC 15948:2004, 11.2.2)
 */
export function isShorterThanPromised(bytes: Uint8Array): boolean {
  if (bytes.length < 33) return true;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const bitsOfPixel = (samplesOf[view.getUint8(25)] ?? 1) * view.getUint8(24);
  const bytesOfRow = Math.ceil((view.getUint32(16) * bitsOfPixel) / 8);
  return view.getUint32(20) * bytesOfRow > mostInflated * bytes.length;
}
