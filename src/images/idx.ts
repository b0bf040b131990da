/**
 * IDX, the format in which MNIST is published (LeCun, Cortes and Burges 1998): two zero bytes, one byte for the
 * element type, one for the number of dimensions, each dimension as an unsigned 32-bit integer, then the values with
 * the last dimension varying fastest; everything big-endian.
 */
import { FormatError, InputError } from "../errors.ts";

/** Element types of IDX. */
export type IdxElementType = "uint8" | "int8" | "int16" | "int32" | "float32" | "float64";

/** Values of an IDX file. */
export type IdxArray = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** An array with its shape, as an IDX file holds it. */
export interface Idx {
  readonly elementType: IdxElementType;
  /** 1 to 255 dimensions, outermost first. */
  readonly shape: readonly number[];
  /** As many values as the product of the shape says, the last dimension varying fastest. */
  readonly data: IdxArray;
}

/** What the first bytes of an IDX file promise about the whole. */
export interface IdxHeader {
  readonly elementType: IdxElementType;
  readonly shape: readonly number[];
  /** Number of bytes before the first value. */
  readonly headerBytes: number;
  /** Number of bytes of the whole file, header included; Infinity beyond 2^53 - 1. */
  readonly fileBytes: number;
}

/** No IDX header is longer: 4 bytes of magic and 255 dimensions. */
export const longestIdxHeader: number = 4 + 4 * 255;

interface Element {
  readonly type: IdxElementType;
  readonly code: number;
  readonly array:
    | Uint8ArrayConstructor
    | Int8ArrayConstructor
    | Int16ArrayConstructor
    | Int32ArrayConstructor
    | Float32ArrayConstructor
    | Float64ArrayConstructor;
  readonly get: (view: DataView, offset: number) => number;
  readonly set: (view: DataView, offset: number, value: number) => void;
}

const elements: readonly Element[] = [
  {
    type: "uint8",
    code: 0x08,
    array: Uint8Array,
    get: (v, o) => v.getUint8(o),
    set: (v, o, x) => v.setUint8(o, x),
  },
  {
    type: "int8",
    code: 0x09,
    array: Int8Array,
    get: (v, o) => v.getInt8(o),
    set: (v, o, x) => v.setInt8(o, x),
  },
  {
    type: "int16",
    code: 0x0b,
    array: Int16Array,
    get: (v, o) => v.getInt16(o),
    set: (v, o, x) => v.setInt16(o, x),
  },
  {
    type: "int32",
    code: 0x0c,
    array: Int32Array,
    get: (v, o) => v.getInt32(o),
    set: (v, o, x) => v.setInt32(o, x),
  },
  {
    type: "float32",
    code: 0x0d,
    array: Float32Array,
    get: (v, o) => v.getFloat32(o),
    set: (v, o, x) => v.setFloat32(o, x),
  },
  {
    type: "float64",
    code: 0x0e,
    array: Float64Array,
    get: (v, o) => v.getFloat64(o),
    set: (v, o, x) => v.setFloat64(o, x),
  },
];

/**
 * Reads an IDX file. Values of type uint8 are a view of `bytes`; others are copied.
 *
 * @param bytes the whole file, not compressed
 * @param name  of the file, for messages
 * @throws {FormatError} if the bytes are not exactly one IDX file
 */
export function readIdx(bytes: Uint8Array, name: string): Idx {
  const header = readIdxHeader(bytes, name);
  checkIdxLength(header, bytes.length, name);
  const { elementType, shape, headerBytes } = header;
  const { array, get } = elementOf(elementType);
  const width = array.BYTES_PER_ELEMENT;
  const length = (bytes.length - headerBytes) / width;
  const values = bytes.subarray(headerBytes);
  if (elementType === "uint8") return { elementType, shape, data: values };
  const view = new DataView(values.buffer, values.byteOffset);
  const data = new array(length);
  for (let i = 0; i < length; i++) data[i] = get(view, i * width);
  return { elementType, shape, data };
}

/**
 * Reads the header of an IDX file. No memory is taken for the values, whatever the header promises.
 *
 * @param start the first {@link longestIdxHeader} bytes of the file, or all of a shorter one
 * @param name  of the file, for messages
 * @throws {FormatError} if no IDX file starts like this
 */
export function readIdxHeader(start: Uint8Array, name: string): IdxHeader {
  const element = readMagic(start, name);
  const nDimensions = start[3] as number;
  const headerBytes = 4 + 4 * nDimensions;
  if (start.length < headerBytes) {
    throw new FormatError(
      `readIdx: "${name}" must have a header of ${headerBytes} bytes (${nDimensions} dimensions); got ${start.length}. The file is cut off: fetch or copy it again.`,
    );
  }
  const view = new DataView(start.buffer, start.byteOffset, start.length);
  const shape = Array.from({ length: nDimensions }, (_, i) => view.getUint32(4 + 4 * i));
  // A dimension of 0 makes any product 0, even one that would otherwise overflow.
  let values = shape.includes(0) ? 0 : 1;
  for (const size of shape) values *= size;
  const fileBytes = headerBytes + values * element.array.BYTES_PER_ELEMENT;
  return {
    elementType: element.type,
    shape,
    headerBytes,
    fileBytes: fileBytes <= Number.MAX_SAFE_INTEGER ? fileBytes : Number.POSITIVE_INFINITY,
  };
}

/**
 * Checks the length of an IDX file against its header.
 *
 * @param length of the whole file, in bytes
 * @param name of the file, for the error
 * @throws {FormatError} if the file is shorter or longer than its header promises
 */
export function checkIdxLength(header: IdxHeader, length: number, name: string): void {
  const { fileBytes } = header;
  if (length === fileBytes) return;
  const promise = Number.isFinite(fileBytes) ? `${fileBytes}` : "more than 2^53";
  const got =
    length < fileBytes
      ? `${length}. The file is cut off or its header damaged: fetch or copy it again.`
      : "more. The file is damaged: fetch or copy it again.";
  throw new FormatError(
    `readIdx: "${name}" must hold the ${promise} bytes that its header promises (${describeIdx(header)}); got ${got}`,
  );
}

/**
 * The bytes of an IDX file; the element type is that of the array.
 *
 * @throws {InputError} if shape and values do not fit together, or no IDX file can hold them
 */
export function writeIdx(idx: Pick<Idx, "shape" | "data">): Uint8Array {
  const { shape, data } = idx;
  const element = elements.find((candidate) => data instanceof candidate.array);
  if (element === undefined) {
    const got = Object.prototype.toString.call(data).slice(8, -1);
    throw new InputError(
      `writeIdx: data must be an array of an IDX element type (Uint8Array, say); got ${got}.`,
    );
  }
  if (shape.length < 1 || shape.length > 255) {
    throw new InputError(`writeIdx: shape must have 1 to 255 dimensions; got ${shape.length}.`);
  }
  const wrong = shape.find((size) => !Number.isInteger(size) || size < 0 || size > 0xffffffff);
  if (wrong !== undefined) {
    throw new InputError(`writeIdx: each dimension must be an integer in 0..4294967295; got ${wrong}.`);
  }
  const expected = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
  if (expected !== data.length) {
    throw new InputError(
      `writeIdx: data must hold ${expected} values (${describeShape(shape)}); got ${data.length}.`,
    );
  }
  const headerBytes = 4 + 4 * shape.length;
  const width = element.array.BYTES_PER_ELEMENT;
  const bytes = new Uint8Array(headerBytes + data.length * width);
  const view = new DataView(bytes.buffer);
  bytes[2] = element.code;
  bytes[3] = shape.length;
  shape.forEach((size, i) => {
    view.setUint32(4 + 4 * i, size);
  });
  for (let i = 0; i < data.length; i++) element.set(view, headerBytes + i * width, data[i] as number);
  return bytes;
}

/** Shape and element type for messages: `60000 x 28 x 28 uint8`. */
export function describeIdx(idx: Pick<Idx, "shape" | "elementType">): string {
  return `${describeShape(idx.shape)} ${idx.elementType}`;
}

function describeShape(shape: readonly number[]): string {
  const shown = shape.slice(0, 6).join(" x ");
  return shape.length > 6 ? `${shown} x ... (${shape.length} dimensions)` : shown;
}

function readMagic(start: Uint8Array, name: string): Element {
  if (start.length === 0) {
    throw new FormatError(
      `readIdx: "${name}" must be an IDX file; got an empty file. Fetch or copy it again.`,
    );
  }
  const element = elements.find((candidate) => candidate.code === start[2]);
  if (start.length >= 4 && start[0] === 0 && start[1] === 0 && element && start[3] !== 0) return element;
  const got = Array.from(start.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const gzip = start[0] === 0x1f && start[1] === 0x8b;
  const remedy = gzip
    ? "The file looks gzip-compressed: decompress it first."
    : "The file is not IDX, or is damaged: give another file, or fetch it again.";
  throw new FormatError(
    `readIdx: "${name}" must start with magic 0x0000TTNN (TT: element type 08, 09, 0b, 0c, 0d or 0e; NN: number of dimensions, at least 01); got 0x${got}. ${remedy}`,
  );
}

function elementOf(type: IdxElementType): Element {
  return elements.find((candidate) => candidate.type === type) as Element;
}
