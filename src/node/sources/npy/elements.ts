import { halfFloat } from "../tables/index.ts";
import type { ElementType } from "./header.ts";

/** Elements as numbers of 32 bits; integers beyond 2^24 and floats of 64 bits are rounded to the nearest. */
export function decodeElements(
  bytes: Uint8Array,
  { kind, bytes: each, bigEndian }: ElementType,
): Float32Array {
  const count = bytes.length / each;
  const numbers = new Float32Array(count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = !bigEndian;
  const read = readers[`${kind}${each}`] as (view: DataView, at: number, little: boolean) => number;
  for (let i = 0; i < count; i++) numbers[i] = read(view, i * each, little);
  return numbers;
}

const readers: Readonly<Record<string, (view: DataView, at: number, little: boolean) => number>> = {
  b1: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
  u1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  i2: (view, at, little) => view.getInt16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  f2: (view, at, little) => halfFloat(view.getUint16(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};
