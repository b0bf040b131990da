/**
 * Headers of NumPy's `.npy` format, versions 1 to 3: magic, version, header length, a Python dictionary of element type, order and shape.
 * Source: numpy.lib.format.
 */
import { FormatError } from "../../../errors.ts";

/** What a file says of itself. */
export interface NpyHeader {
  readonly element: ElementType;
  /** Lengths of the axes. */
  readonly shape: readonly number[];
  /** Whether the first axis runs fastest. */
  readonly fortran: boolean;
  /** Bytes before the data. */
  readonly start: number;
}

/** Type of the elements: kind as NumPy writes it, and bytes. */
export interface ElementType {
  readonly kind: "f" | "i" | "u" | "b";
  readonly bytes: 1 | 2 | 4 | 8;
  readonly bigEndian: boolean;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]; // "\x93NUMPY"

/** Bytes that tell how long the header is. */
export const npyPrefixBytes = 12;

/** Headers of arrays of plain numbers take some hundred bytes. */
const mostHeaderBytes = 1 << 16;
const mostAxes = 32;

/** NumPy's own names of the types that there are, each with the bytes that it can have. */
const elementBytes: Readonly<Record<ElementType["kind"], readonly number[]>> = {
  f: [2, 4, 8],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  b: [1],
};

/**
 * Where the data begin, from the first 12 bytes of a file.
 *
 * @throws {FormatError} if it is no `.npy` file of a known version, or its header is longer than any of use
 */
export function npyDataStart(prefix: Uint8Array, path: string): number {
  if (prefix.length < npyPrefixBytes || MAGIC.some((byte, i) => prefix[i] !== byte)) {
    const start = Array.from(prefix.subarray(0, 6), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw refused(path, "start with the bytes of an .npy file, 93 4e 55 4d 50 59", start || "an empty file");
  }
  const version = prefix[6] as number;
  if (version < 1 || version > 3) throw refused(path, "have .npy version 1, 2 or 3", `${version}`);
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const start = version === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
  if (start > mostHeaderBytes)
    throw refused(path, `have a header of at most ${mostHeaderBytes} bytes`, `${start}`);
  return start;
}

/**
 * @param bytes all before the data
 * @throws {FormatError} if the header is damaged, or its elements are no plain numbers
 */
export function parseNpyHeader(bytes: Uint8Array, path: string): NpyHeader {
  const from = bytes[6] === 1 ? 10 : 12;
  const text = new TextDecoder("latin1").decode(bytes.subarray(from));
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape'\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  const type = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  if (order === undefined || shape === undefined) {
    throw refused(path, "name its element type, order and shape", shortened(text.trim()));
  }
  return {
    element: elementType(type, text, path),
    shape: axesOf(shape, path),
    fortran: order === "True",
    start: bytes.length,
  };
}

function elementType(type: string | undefined, text: string, path: string): ElementType {
  const parts = /^([<>|=])([a-zA-Z])(\d*)$/.exec(type ?? "");
  if (parts?.[2] === "O") {
    throw new FormatError(
      `openSource: "${path}" must hold plain numbers; got Python objects, which are pickled: they could run any program, and are never read. Save it with a numeric dtype, as in numpy.save(file, numpy.stack(list)).`,
    );
  }
  const [, order, kind, digits] = parts ?? [];
  const bytes = Number(digits);
  if (!isKind(kind) || !elementBytes[kind].includes(bytes)) {
    throw refused(
      path,
      "hold integers, booleans or floating-point numbers of up to 8 bytes",
      type === undefined ? `named fields (${shortened(text.trim())})` : `"${type}"`,
    );
  }
  return { kind, bytes: bytes as ElementType["bytes"], bigEndian: order === ">" };
}

function isKind(kind: string | undefined): kind is ElementType["kind"] {
  return kind === "f" || kind === "i" || kind === "u" || kind === "b";
}

function axesOf(text: string, path: string): readonly number[] {
  const axes = text
    .split(",")
    .map((axis) => axis.trim().replace(/L$/, ""))
    .filter((axis) => axis !== "");
  if (axes.length > mostAxes || axes.some((axis) => !/^\d{1,15}$/.test(axis))) {
    throw refused(path, "have a shape of whole numbers", `(${shortened(text)})`);
  }
  return axes.map(Number);
}

function refused(path: string, rule: string, got: string): FormatError {
  return new FormatError(`openSource: "${path}" must ${rule}; got ${got}. Save it again with numpy.save.`);
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
