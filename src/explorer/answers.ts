/** Answers that are not JSON: numbers, and pictures. */
import type { Context } from "hono";
import type { ImageSet } from "../images/index.ts";
import { pngOf } from "./pictures.ts";
import { Refusal } from "./refusal.ts";

/** Numbers leave from where they lie, uncopied. */
export function numbersAnswer(
  context: Context,
  { buffer, byteOffset, byteLength }: ArrayBufferView,
): Response {
  const content = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  return context.body(content, 200, {
    "Content-Type": "application/octet-stream",
    "Content-Length": String(byteLength),
  });
}

/**
 * An image as PNG, as large as the address asks (`?scale=` 1..16).
 *
 * @throws {Refusal} 400 for another scale
 */
export function pictureAnswer(
  context: Context,
  { images, index }: { readonly images: ImageSet; readonly index: number },
): Response {
  const asked = context.req.query("scale") ?? "1";
  if (!/^([1-9]|1[0-6])$/.test(asked)) {
    throw new Refusal(400, "explorer: scale must be an integer in 1..16; got something else.");
  }
  const png = pngOf(images, index, Number(asked));
  return context.body(png as Uint8Array<ArrayBuffer>, 200, { "Content-Type": "image/png" });
}
