import protobuf from "protobufjs/minimal.js";
import { FormatError } from "../../errors.ts";
import { type ElementType, elementArrays } from "../graph/tensor.ts";
import { dataTypes, type TensorProto } from "./model.ts";

/** What one wants to know of an `.onnx` file before, or instead of, running it. */
export interface ModelSummary {
  readonly producer: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Constants that the model stores as raw bytes, by name; those of types that we do not use are left out. */
  readonly initializers: ReadonlyMap<string, TensorProto>;
}

/**
 * Reads a model's metadata and stored constants.
 *
 * @param name of the file, for messages
 * @throws {FormatError} if the bytes are no ONNX model, or end too early
 */
export function readModel(bytes: Uint8Array, name: string): ModelSummary {
  try {
    return readModelProto(protobuf.Reader.create(bytes));
  } catch (cause) {
    throw new FormatError(
      `readModel: "${name}" must be an ONNX model; got ${bytes.length} bytes that are none, or not all of one. Write or copy it again.`,
      { cause },
    );
  }
}

type Reader = protobuf.Reader;

/** Reads what follows a tag, or says that it is of no interest. */
type Visit = (tag: number) => boolean;

/** Tags: number of the field and wire type. A known field with another wire type is one that we do not know. */
const number = (field: number): number => field << 3;
const delimited = (field: number): number => (field << 3) | 2;

/** Calls `visit` for each field of a message; what it does not read is skipped. */
function fields(reader: Reader, end: number, visit: Visit): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (!visit(tag)) reader.skipType(tag & 7);
  }
  if (reader.pos !== end) throw new RangeError("a message is longer than it says");
}

/** Reads a nested message, whose length comes first. */
function nested(reader: Reader, visit: Visit): true {
  const length = reader.uint32();
  fields(reader, reader.pos + length, visit);
  return true;
}

function readModelProto(reader: Reader): ModelSummary {
  let producer = "";
  let graphs = 0;
  let operatorSets = 0;
  const metadata = new Map<string, string>();
  const initializers = new Map<string, TensorProto>();
  fields(reader, reader.len, (tag) => {
    if (tag === delimited(2)) producer = reader.string();
    else if (tag === delimited(14)) readEntry(reader, metadata);
    else if (tag === delimited(7)) {
      graphs++;
      nested(reader, (inner) => inner === delimited(5) && readInitializer(reader, initializers));
    } else {
      if (tag === delimited(8)) operatorSets++;
      return false;
    }
    return true;
  });
  if (graphs !== 1) throw new RangeError("a model has one graph");
  if (operatorSets === 0) throw new RangeError("a model says which operators it uses");
  return { producer, metadata: Object.fromEntries(metadata), initializers };
}

function readEntry(reader: Reader, into: Map<string, string>): void {
  let key = "";
  let value = "";
  nested(reader, (tag) => {
    if (tag === delimited(1)) key = reader.string();
    else if (tag === delimited(2)) value = reader.string();
    else return false;
    return true;
  });
  into.set(key, value);
}

function readInitializer(reader: Reader, into: Map<string, TensorProto>): true {
  const shape: number[] = [];
  let code = 0;
  let name = "";
  let raw: Uint8Array | undefined;
  nested(reader, (tag) => {
    if (tag === number(1)) shape.push(Number(reader.int64()));
    else if (tag === delimited(1)) readPackedSizes(reader, shape);
    else if (tag === number(2)) code = reader.int32();
    else if (tag === delimited(8)) name = reader.string();
    else if (tag === delimited(9)) raw = reader.bytes();
    else return false;
    return true;
  });
  const type = typeOf(code);
  if (type && raw) {
    const data = dataOf(type, raw);
    const count = shape.reduce((product, size) => product * size, 1);
    if (data.length !== count || shape.some((size) => size < 0)) {
      throw new RangeError(`tensor "${name}" has not as many elements as its shape says`);
    }
    into.set(name, { name, type, shape, data });
  }
  return true;
}

/** Some writers pack sizes into one field. */
function readPackedSizes(reader: Reader, into: number[]): void {
  const length = reader.uint32();
  const end = reader.pos + length;
  while (reader.pos < end) into.push(Number(reader.int64()));
}

function typeOf(code: number): ElementType | undefined {
  const found = Object.entries(dataTypes).find(([, value]) => value === code);
  return found?.[0] as ElementType | undefined;
}

function dataOf(type: ElementType, raw: Uint8Array): TensorProto["data"] {
  // Its own memory, aligned for any element type; slice() would give a view of Node's buffers.
  const copy = new Uint8Array(raw);
  const Elements = elementArrays[type];
  if (copy.length % Elements.BYTES_PER_ELEMENT !== 0) throw new RangeError("a tensor ends within an element");
  return new Elements(copy.buffer, 0, copy.length / Elements.BYTES_PER_ELEMENT);
}
