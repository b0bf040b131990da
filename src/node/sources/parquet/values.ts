/** The values of a page, one at a time, as numbers, bytes or texts. */
import { DeltaReader, RunReader } from "./runs.ts";
import { CutOffError, DamagedError } from "./thrift.ts";

/** Parquet's physical types that can be read. */
export type Physical =
  | "BOOLEAN"
  | "INT32"
  | "INT64"
  | "FLOAT"
  | "DOUBLE"
  | "BYTE_ARRAY"
  | "FIXED_LEN_BYTE_ARRAY";

/** What values become. */
export interface Decode<V> {
  readonly type: Physical;
  /** Bytes of a FIXED_LEN_BYTE_ARRAY. */
  readonly length: number;
  /** Of BOOLEAN, INT32 (as it is signed), FLOAT and DOUBLE. */
  number(value: number): V;
  /** Of INT64, as it is signed. */
  whole(value: bigint): V;
  /** Of byte arrays. */
  bytes(value: Uint8Array): V;
}

export type Next<V> = () => V;

const plain = 0;
const plainDictionary = 2;
const rle = 3;
const deltaBinaryPacked = 5;
const deltaLengthByteArray = 6;
const deltaByteArray = 7;
const rleDictionary = 8;
const byteStreamSplit = 9;

/**
 * @param encoding as the header of the page has it
 * @param dictionary values of the dictionary page, where there has been one
 * @throws {DamagedError} if the encoding is unknown or does not suit the type; so does what is returned, if a value is missing
 */
export function valuesOf<V>(
  bytes: Uint8Array,
  encoding: number,
  decode: Decode<V>,
  dictionary: Dictionary<V> | undefined,
): Next<V> {
  const { type } = decode;
  if (usesDictionary(encoding)) return dictionaryValues(bytes, dictionary);
  if (encoding === plain) return plainValues(bytes, decode);
  if (encoding === byteStreamSplit) return plainValues(joined(bytes, widthOf(decode)), decode);
  if (encoding === rle && type === "BOOLEAN") {
    const runs = new RunReader(bytes.subarray(4), 1);
    return () => decode.number(runs.next());
  }
  if (encoding === deltaBinaryPacked && (type === "INT32" || type === "INT64")) {
    const deltas = new DeltaReader(bytes);
    if (type === "INT64") return () => decode.whole(deltas.next());
    return () => decode.number(Number(BigInt.asIntN(32, deltas.next())));
  }
  if (encoding === deltaLengthByteArray && type === "BYTE_ARRAY") {
    const next = lengthPrefixed(bytes);
    return () => decode.bytes(next());
  }
  if (encoding === deltaByteArray && type.endsWith("BYTE_ARRAY")) return prefixed(bytes, decode);
  throw new DamagedError(`values of type ${type} in encoding ${encoding}`);
}

/** Whether the values of a page in this encoding stand in a dictionary. */
export function usesDictionary(encoding: number): boolean {
  return encoding === plainDictionary || encoding === rleDictionary;
}

/** The values of a dictionary page. */
export interface Dictionary<V> {
  readonly length: number;
  at(index: number): V;
}

/** Values of one width stay as the bytes that they are, which take less memory. */
export function dictionaryOf<V>(bytes: Uint8Array, count: number, decode: Decode<V>): Dictionary<V> {
  const { type } = decode;
  if (type === "BYTE_ARRAY" || type === "BOOLEAN") {
    const next = plainValues(bytes, decode);
    const values: V[] = [];
    for (let i = 0; i < count; i++) values.push(next()); // ends at the end of the bytes at the latest
    return { length: count, at: (index) => values[index] as V };
  }
  const width = widthOf(decode);
  if (count * width > bytes.length) throw new CutOffError("a dictionary that is cut off");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = {
    INT32: (i: number) => decode.number(view.getInt32(i * 4, true)),
    INT64: (i: number) => decode.whole(view.getBigInt64(i * 8, true)),
    FLOAT: (i: number) => decode.number(view.getFloat32(i * 4, true)),
    DOUBLE: (i: number) => decode.number(view.getFloat64(i * 8, true)),
    FIXED_LEN_BYTE_ARRAY: (i: number) => decode.bytes(bytes.subarray(i * width, (i + 1) * width)),
  }[type];
  return { length: count, at };
}

function dictionaryValues<V>(bytes: Uint8Array, dictionary: Dictionary<V> | undefined): Next<V> {
  if (!dictionary) throw new DamagedError("a page that misses its dictionary");
  const indices = new RunReader(bytes.subarray(1), bytes[0] ?? 0);
  return () => {
    const index = indices.next();
    if (index >= dictionary.length)
      throw new DamagedError(`entry ${index} of a dictionary of ${dictionary.length}`);
    return dictionary.at(index);
  };
}

function plainValues<V>(bytes: Uint8Array, decode: Decode<V>): Next<V> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const step = (width: number): number => {
    at += width;
    if (at > bytes.length) throw new CutOffError("values that are cut off");
    return at - width;
  };
  switch (decode.type) {
    case "BOOLEAN": {
      let bit = 0;
      return () => {
        const byte = bytes[bit >> 3];
        if (byte === undefined) throw new CutOffError("values that are cut off");
        return decode.number((byte >> (bit++ & 7)) & 1);
      };
    }
    case "INT32":
      return () => decode.number(view.getInt32(step(4), true));
    case "INT64":
      return () => decode.whole(view.getBigInt64(step(8), true));
    case "FLOAT":
      return () => decode.number(view.getFloat32(step(4), true));
    case "DOUBLE":
      return () => decode.number(view.getFloat64(step(8), true));
    case "FIXED_LEN_BYTE_ARRAY":
      return () => {
        const from = step(widthOf(decode));
        return decode.bytes(bytes.subarray(from, from + decode.length));
      };
    case "BYTE_ARRAY":
      return () => {
        const length = view.getUint32(step(4), true);
        const from = step(length);
        return decode.bytes(bytes.subarray(from, from + length));
      };
  }
}

function widthOf({ type, length }: Pick<Decode<unknown>, "type" | "length">): number {
  if (type === "INT32" || type === "FLOAT") return 4;
  if (type === "INT64" || type === "DOUBLE") return 8;
  if (type === "FIXED_LEN_BYTE_ARRAY" && length > 0) return length;
  throw new DamagedError(`values of type ${type} without a length`);
}

/** The bytes of each value side by side again: BYTE_STREAM_SPLIT has the first of all values, then the second, ... */
function joined(bytes: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(bytes.length / width);
  const out = new Uint8Array(count * width);
  for (let b = 0; b < width; b++) {
    for (let i = 0; i < count; i++) out[i * width + b] = bytes[b * count + i] as number;
  }
  return out;
}

/** All deltas of a list of lengths, which are known before the first value is. */
function lengthsOf(bytes: Uint8Array): { readonly lengths: readonly number[]; readonly end: number } {
  const deltas = new DeltaReader(bytes);
  // Writers have blocks of 128 numbers, of five bytes at least.
  if (deltas.count > 64 * bytes.length + 1024)
    throw new DamagedError(`${deltas.count} values in ${bytes.length} bytes`);
  const lengths: number[] = [];
  for (let i = 0; i < deltas.count; i++) lengths.push(Number(deltas.next()));
  return { lengths, end: deltas.end() };
}

function lengthPrefixed(bytes: Uint8Array): Next<Uint8Array> {
  const { lengths, end } = lengthsOf(bytes);
  let at = end;
  let i = 0;
  return () => {
    const length = lengths[i++] ?? Number.NaN;
    if (!(length >= 0 && length <= bytes.length - at)) throw new CutOffError("values that are cut off");
    at += length;
    return bytes.subarray(at - length, at);
  };
}

function prefixed<V>(bytes: Uint8Array, decode: Decode<V>): Next<V> {
  const { lengths, end } = lengthsOf(bytes);
  const suffix = lengthPrefixed(bytes.subarray(end));
  let last: Uint8Array = new Uint8Array();
  let i = 0;
  return () => {
    const shared = lengths[i++] ?? Number.NaN;
    if (!(shared >= 0 && shared <= last.length))
      throw new DamagedError("values that share more than there is");
    const rest = suffix();
    const value = new Uint8Array(shared + rest.length);
    value.set(last.subarray(0, shared));
    value.set(rest, shared);
    last = value;
    return decode.bytes(value);
  };
}
