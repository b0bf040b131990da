/**
 * NumPy's `.npy` format, version 1.0, for matrices of float32 and float64: magic, version, header length, a Python
 * dictionary of element type, order and shape, padded so that the data start at a multiple of 64 bytes.
 * Source: numpy.lib.format.
 */
import { FormatError } from "../errors.ts";
import type { FloatArray, Matrix } from "./matrix.ts";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // "\x93NUMPY"
const PREFIX_BYTES = 10; // magic, two bytes of version, two bytes of header length
const HEADER =
  /^\{'descr': '(?<type><f[48])', 'fortran_order': (?<fortran>True|False), 'shape': \((?<rows>\d+), (?<cols>\d+)\),? ?\} *\n$/;

/** The bytes of an `.npy` file that holds the matrix; numpy.load reads them. */
export function encodeNpy(matrix: Matrix): Uint8Array {
  const { rows, cols, data } = matrix;
  const bytesEach = data.BYTES_PER_ELEMENT;
  const dictionary = `{'descr': '<f${bytesEach}', 'fortran_order': False, 'shape': (${rows}, ${cols}), }`;
  const padding = 63 - ((PREFIX_BYTES + dictionary.length) % 64);
  const header = `${dictionary}${" ".repeat(padding)}\n`;
  const bytes = new Uint8Array(PREFIX_BYTES + header.length + data.length * bytesEach);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint8(6, 1); // version 1.0
  view.setUint16(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), PREFIX_BYTES);
  const start = PREFIX_BYTES + header.length;
  for (let i = 0; i < data.length; i++) {
    if (bytesEach === 4) view.setFloat32(start + i * 4, data[i] as number, true);
    else view.setFloat64(start + i * 8, data[i] as number, true);
  }
  return bytes;
}

/**
 * Reads a matrix from the bytes of an `.npy` file: version 1.0, little-endian float32 or float64, C order, two axes.
 *
 * @param what name of the file, for messages
 * @throws {FormatError} for anything else, and for data shorter or longer than the shape says
 */
export function decodeNpy(bytes: Uint8Array, what: string): Matrix {
  const fail = (rule: string, got: string): FormatError =>
    new FormatError(`decodeNpy: "${what}" must ${rule}; got ${got}.`);
  if (bytes.length < PREFIX_BYTES || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    const start = Array.from(bytes.subarray(0, 6), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw fail("start with the bytes of an .npy file, 93 4e 55 4d 50 59", start || "an empty file");
  }
  if (bytes[6] !== 1 || bytes[7] !== 0)
    throw fail("have .npy version 1.0", `version ${bytes[6]}.${bytes[7]}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = PREFIX_BYTES + view.getUint16(8, true);
  const header = new TextDecoder("latin1").decode(bytes.subarray(PREFIX_BYTES, start));
  const fields = HEADER.exec(header)?.groups;
  if (!fields || fields.fortran === "True" || start > bytes.length) {
    throw fail(
      "hold little-endian float32 or float64 in C order with two axes",
      JSON.stringify(header.trim()),
    );
  }
  const rows = Number(fields.rows);
  const cols = Number(fields.cols);
  const bytesEach = fields.type === "<f4" ? 4 : 8;
  const expected = start + rows * cols * bytesEach;
  if (bytes.length !== expected) {
    throw fail(`have ${expected} bytes for its shape ${rows} x ${cols}`, `${bytes.length}`);
  }
  const data: FloatArray = bytesEach === 4 ? new Float32Array(rows * cols) : new Float64Array(rows * cols);
  for (let i = 0; i < data.length; i++) {
    const at = start + i * bytesEach;
    data[i] = bytesEach === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true);
  }
  return { rows, cols, data };
}
