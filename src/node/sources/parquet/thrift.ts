/**
 * Thrift's compact protocol, in which Parquet writes its footer and the headers of its pages. Whatever the bytes claim, no more
 * memory is taken than they can fill.
 */

/** Bytes that are no Parquet, or not whole. */
export class DamagedError extends Error {}

/** The bytes end before the value does. */
export class CutOffError extends DamagedError {}

export type ThriftValue = number | bigint | boolean | Uint8Array | readonly ThriftValue[] | ThriftStruct;
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;

/** Deeper than any part of a Parquet file. */
const deepest = 24;
/** The shortest and the longest type that the protocol knows. */
const types = {
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  struct: 12,
};

/** @throws {DamagedError} if no struct stands there; {CutOffError} if it goes on behind the end */
export function readStruct(
  bytes: Uint8Array,
  start: number,
): { readonly struct: ThriftStruct; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = start;
  const struct = structAt(0);
  return { struct, end: at };

  function byte(): number {
    if (at >= bytes.length) throw new CutOffError("a struct that is cut off");
    return bytes[at++] as number;
  }
  function varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const next = byte();
      value |= BigInt(next & 0x7f) << shift;
      if (next < 0x80) return value;
    }
    throw new DamagedError("a number that does not end");
  }
  function zigzag(): bigint {
    const value = varint();
    return (value >> 1n) ^ -(value & 1n);
  }
  function count(): number {
    const value = Number(varint());
    if (value > bytes.length - at) throw new CutOffError("a length beyond the end");
    return value;
  }
  function structAt(depth: number): ThriftStruct {
    if (depth > deepest) throw new DamagedError("structs too deep in each other");
    const fields = new Map<number, ThriftValue>();
    let id = 0;
    for (;;) {
      const head = byte();
      const type = head & 15;
      if (type === 0) return fields;
      id = head >> 4 === 0 ? Number(zigzag()) : id + (head >> 4);
      fields.set(id, type <= types.false ? type === types.true : valueAt(type, depth));
    }
  }
  function valueAt(type: number, depth: number): ThriftValue {
    switch (type) {
      case types.true:
      case types.false: // in a list, where each takes a byte
        return byte() === 1;
      case types.byte:
        return (byte() << 24) >> 24;
      case types.i16:
      case types.i32:
        return Number(zigzag());
      case types.i64:
        return zigzag();
      case types.double:
        at += 8;
        if (at > bytes.length) throw new CutOffError("a number beyond the end");
        return view.getFloat64(at - 8, true);
      case types.binary: {
        const length = count();
        at += length;
        return bytes.subarray(at - length, at);
      }
      case types.list: {
        const head = byte();
        // Each item takes a byte at least, so that a count beyond the rest of the bytes is a lie.
        const length = head >> 4 === 15 ? count() : head >> 4;
        const items: ThriftValue[] = [];
        for (let i = 0; i < length; i++) items.push(valueAt(head & 15, depth));
        return items;
      }
      case types.struct:
        return structAt(depth + 1);
      default:
        throw new DamagedError(`a value of unknown type ${type}`);
    }
  }
}
