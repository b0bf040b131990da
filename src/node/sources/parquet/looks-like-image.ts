/** Whether bytes begin as an image file does that can be decoded: PNG, JPEG, GIF, WebP, TIFF, AVIF. */
export function looksLikeImage(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.subarray(0, 12)).toString("latin1");
  return (
    text.startsWith("\x89PNG") ||
    text.startsWith("\xff\xd8\xff") ||
    text.startsWith("GIF8") ||
    (text.startsWith("RIFF") && text.startsWith("WEBP", 8)) ||
    text.startsWith("II*\0") ||
    text.startsWith("MM\0*") ||
    text.startsWith("ftypavi", 4)
  );
}
