/** Values as scripts that a page from disk may load: nothing else is given to it, not even files that lie beside it. */
import { Buffer } from "node:buffer";
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import type { PackedBytes } from "../protocol.ts";

const deflated = promisify(deflate);

/** The script that hands a value over to the page. */
export function dataScript(name: string, value: unknown): string {
  return `unlabeledData(${JSON.stringify(name)},${JSON.stringify(value)});\n`;
}

/**
 * Packs numbers.
 *
 * @param width bytes of one number: what changes little from one to the next (signs, exponents) then stands together, and packs well
 */
export async function packBytes(bytes: Uint8Array, width: 1 | 4): Promise<PackedBytes> {
  const count = bytes.length / width;
  let planes = bytes;
  if (width > 1) {
    planes = new Uint8Array(bytes.length);
    for (let b = 0; b < width; b++) {
      for (let i = 0; i < count; i++) planes[b * count + i] = bytes[i * width + b] as number;
    }
  }
  const packed = await deflated(planes);
  return { length: bytes.length, width, deflated: base64Of(packed) };
}

export function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
