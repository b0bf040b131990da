import { concatenate, encodeModel, input, reshape, scale, slice } from "../../neural/index.ts";

/** Every image turned upside down, rows in reverse order: distances are those of the pixels. */
export function upsideDown(side: number): Uint8Array {
  const x = input("x", "float32", ["n", 1, side, side]);
  const rows = Array.from({ length: side }, (_, i) => slice(x, 2, side - 1 - i, side - i));
  const features = reshape(scale(concatenate(rows, 2), 1), ["n", side * side]);
  return encodeModel({ name: "upside down", inputs: [x], outputs: { features } });
}
